// Keeps account of what was changed in Stash and has not been seen in Plex yet, and of how long
// the rest took.

export interface Wait {
  /** Unix ms at which the oldest change that is not in Plex was sent to Stash. */
  readonly since: number;
  /** How many times the scene was changed since then. */
  readonly changes: number;
  /** All of these were edits of this scene alone. */
  readonly single: boolean;
}

export interface Totals {
  /** Times that somebody pressed "save", for one scene or for many. */
  readonly edits: number;
  /** Scenes changed by these; one that was changed twice counts twice. */
  readonly changes: number;
  /** Of the changes: those that were seen in Plex, or overtaken by a later one that was. */
  readonly arrived: number;
  readonly outages: number;
  /** Median wait of edits of one scene, in ms; null before the first. */
  readonly singleMs: number | null;
  /** Of all waits, in ms. */
  readonly longestMs: number | null;
}

export class Ledger {
  readonly #waiting = new Map<number, Wait>();
  readonly #singleWaitsMs: number[] = [];
  #longestMs: number | null = null;
  #edits = 0;
  #changes = 0;
  #arrived = 0;
  #outages = 0;

  get waiting(): ReadonlyMap<number, Wait> {
    return this.#waiting;
  }

  /** @param at when the edit was sent, Unix ms */
  edited(sceneIds: readonly number[], at: number): void {
    this.#edits += 1;
    this.#changes += sceneIds.length;
    for (const id of sceneIds) {
      const before = this.#waiting.get(id);
      const changes = (before?.changes ?? 0) + 1;
      const single = sceneIds.length === 1 && before?.single !== false;
      this.#waiting.set(id, { since: before?.since ?? at, changes, single });
    }
  }

  /** @returns how long it took in ms, or undefined if nothing of the scene was waiting */
  arrived(sceneId: number, at: number): number | undefined {
    const wait = this.#waiting.get(sceneId);
    if (wait === undefined) return undefined;
    this.#waiting.delete(sceneId);
    this.#arrived += wait.changes;
    const ms = Math.max(0, at - wait.since);
    if (wait.single) this.#singleWaitsMs.push(ms);
    this.#longestMs = Math.max(ms, this.#longestMs ?? 0);
    return ms;
  }

  outage(): void {
    this.#outages += 1;
  }

  totals(): Totals {
    const ordered = this.#singleWaitsMs.toSorted((a, b) => a - b);
    return {
      edits: this.#edits,
      changes: this.#changes,
      arrived: this.#arrived,
      outages: this.#outages,
      singleMs: ordered[Math.floor((ordered.length - 1) / 2)] ?? null,
      longestMs: this.#longestMs,
    };
  }
}
