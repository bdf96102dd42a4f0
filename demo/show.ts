// The running demo: makes edits in Stash, takes Plex away and gives it back, and sees what arrives.
// Story, terminal and page all act through this.
import type { Status } from '../src/contract/status.ts';
import { inventBulkEdit, inventEdit, save } from './edits.ts';
import type { Arrival, DemoEvent } from './events.ts';
import type { Installation } from './installation.ts';
import { Ledger } from './ledger.ts';
import { pickSome, type Random } from './random.ts';
import { changesBetween, differingFields, plexView, type SceneView, stashView } from './view.ts';

export type PlexAway = { readonly since: number; readonly by: 'story' | 'person' };

/** How PlexSync is, in its own words; the last ones stand while it cannot be asked. */
export interface Report {
  readonly status: Status | null;
  /** Why it could not be asked. */
  readonly error: string | null;
}

export interface SideBySide {
  readonly stash: SceneView;
  readonly plex: SceneView;
}

export class Show {
  readonly ledger = new Ledger();
  readonly #installation: Installation;
  readonly #random: Random;
  readonly #onEvent: (event: DemoEvent) => void;
  readonly #ratingKeys: ReadonlyMap<number, string>;
  /** Scenes that PlexSync was told of, in the order of their last change. */
  readonly #touched = new Map<number, number>();
  readonly #lastAfterMs = new Map<number, number>();
  #lastTask: Promise<unknown> = Promise.resolve();
  #away: PlexAway | null = null;
  #report: Report = { status: null, error: null };

  constructor(installation: Installation, random: Random, onEvent: (event: DemoEvent) => void) {
    this.#installation = installation;
    this.#random = random;
    this.#onEvent = onEvent;
    const { pairs } = installation.library;
    this.#ratingKeys = new Map(pairs.map(({ sceneId, ratingKey }) => [sceneId, ratingKey]));
  }

  get away(): PlexAway | null {
    return this.#away;
  }

  get report(): Report {
    return this.#report;
  }

  /** Scenes changed so far with the time of the last change, oldest first. */
  get touched(): ReadonlyMap<number, number> {
    return this.#touched;
  }

  /** How long the scene's last change took to arrive, in ms. */
  lastAfterMs(sceneId: number): number | undefined {
    return this.#lastAfterMs.get(sceneId);
  }

  sideBySide(sceneId: number): SideBySide {
    return { stash: this.#stash(sceneId), plex: plexView(this.#item(sceneId)) };
  }

  /** Edits one scene, mostly one that Plex has seen. Edits wait for each other. */
  async editOne(): Promise<void> {
    const known = [...this.#touched.keys()];
    const all = this.#sceneIds();
    const ids = known.length > 0 && this.#random() < 0.8 ? known : all;
    await this.edit(pickSome(ids, 1, this.#random));
  }

  /** Edits that many scenes at once, as Stash's bulk edit does. */
  async editMany(count: number): Promise<void> {
    await this.edit(pickSome(this.#sceneIds(), count, this.#random));
  }

  async edit(
    sceneIds: readonly number[],
    given?: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#inTurn(async () => {
      const { stash, library } = this.#installation;
      const [first] = sceneIds;
      if (first === undefined) return;
      const invented =
        sceneIds.length === 1
          ? inventEdit(stash.store, library, first, this.#random)
          : inventBulkEdit(stash.store, library, sceneIds, this.#random);
      const before = new Map(sceneIds.map((id) => [id, this.#stash(id)]));
      const at = Date.now();
      await save(stash, sceneIds, given ?? invented);
      const scenes = [...before].flatMap(([sceneId, view]) => {
        const { stash: after, plex } = this.sideBySide(sceneId);
        const changes = changesBetween(view, after);
        // A bulk edit may give a scene what it has already: then there is nothing to wait for.
        if (changes.length === 0 && differingFields(after, plex).length === 0) return [];
        this.#touched.delete(sceneId);
        this.#touched.set(sceneId, at);
        return [{ sceneId, title: after.title, changes }];
      });
      if (scenes.length === 0) return;
      this.ledger.edited(
        scenes.map(({ sceneId }) => sceneId),
        at,
      );
      this.#onEvent({ kind: 'edited', at, scenes });
    });
  }

  async stopPlex(by: PlexAway['by']): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#away !== null) return;
      await this.#installation.plex.goAway();
      const at = Date.now();
      this.#away = { since: at, by };
      this.ledger.outage();
      this.#onEvent({ kind: 'away', at });
    });
  }

  async startPlex(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#away === null) return;
      await this.#installation.plex.comeBack();
      this.#away = null;
      this.#onEvent({ kind: 'back', at: Date.now() });
    });
  }

  /** Sees what has arrived in Plex since the last look. */
  look(): void {
    const scenes = [...this.ledger.waiting].flatMap(([sceneId, { since }]): Arrival[] => {
      const { stash, plex } = this.sideBySide(sceneId);
      if (differingFields(stash, plex).length > 0) return [];
      const history = this.#installation.plex.history(this.#ratingKey(sceneId));
      const writes = history.filter(({ at }) => at >= since);
      const [first] = writes;
      const afterMs = this.ledger.arrived(sceneId, writes.at(-1)?.at ?? Date.now()) ?? 0;
      this.#lastAfterMs.set(sceneId, afterMs);
      const changes = first === undefined ? [] : changesBetween(plexView(first.before), plex);
      return [{ sceneId, title: plex.title, changes, afterMs }];
    });
    if (scenes.length > 0) this.#onEvent({ kind: 'arrived', at: Date.now(), scenes });
  }

  /** Asks PlexSync how it is. */
  async ask(): Promise<void> {
    try {
      this.#report = { status: await this.#installation.status(), error: null };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#report = { status: this.#report.status, error: message };
    }
  }

  async #inTurn(task: () => Promise<void>): Promise<void> {
    const turn = this.#lastTask.then(task);
    this.#lastTask = turn.catch(() => {});
    await turn;
  }

  #sceneIds(): readonly number[] {
    return [...this.#ratingKeys.keys()];
  }

  #stash(sceneId: number): SceneView {
    return stashView(this.#installation.stash.store, sceneId);
  }

  #ratingKey(sceneId: number): string {
    const ratingKey = this.#ratingKeys.get(sceneId);
    if (ratingKey === undefined) throw new Error(`The demo has no scene ${sceneId}.`);
    return ratingKey;
  }

  #item(sceneId: number) {
    const item = this.#installation.plex.library.item(this.#ratingKey(sceneId));
    if (item === undefined) throw new Error(`Plex has no item for scene ${sceneId}.`);
    return item;
  }
}
