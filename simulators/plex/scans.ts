/** The scans that clients ask for: each is answered at once, and carried out when its time comes. */
import type { Library } from './library.ts';
import { argument, type QueryPair } from './query.ts';
import type { Section } from './section.ts';
import type { PlexSwitches } from './switches.ts';

export interface ScanRecord {
  /** When it was asked for, in milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly sectionId: string;
  /** The folder as the client named it; undefined is the whole section. */
  readonly path: string | undefined;
  /** The client also asked for all metadata anew: the mistake that undoes unlocked fields. */
  readonly force: boolean;
  /** `lost`: the server went away before. */
  readonly state: 'waiting' | 'done' | 'lost';
  /** Rating keys of what it found. */
  readonly found: readonly string[];
}

type OpenRecord = { -readonly [Name in keyof ScanRecord]: ScanRecord[Name] };

export class Scans {
  readonly records: ScanRecord[] = [];
  readonly #library: Library;
  readonly #switches: PlexSwitches;
  readonly #nowMs: () => number;
  readonly #waiting = new Map<OpenRecord, NodeJS.Timeout | undefined>();

  constructor(library: Library, switches: PlexSwitches, nowMs: () => number) {
    this.#library = library;
    this.#switches = switches;
    this.#nowMs = nowMs;
  }

  /**
   * `/library/sections/{id}/refresh`. An empty `path` counts as none [?], so that a client that
   * forgets it is seen to scan everything.
   */
  request(method: string, section: Section, pairs: readonly QueryPair[]): void {
    const record: OpenRecord = {
      at: this.#nowMs(),
      method,
      sectionId: section.info.id,
      path: argument(pairs, 'path') || undefined,
      force: argument(pairs, 'force') === '1',
      state: 'waiting',
      found: [],
    };
    this.records.push(record);
    const { scanDelayMs } = this.#switches;
    section.scansWaiting += 1;
    this.#waiting.set(record, undefined);
    if (scanDelayMs === 0) this.#carryOut(record);
    else if (scanDelayMs !== 'held') {
      const timer = setTimeout(() => this.#carryOut(record), scanDelayMs);
      this.#waiting.set(record, timer.unref());
    }
  }

  /** Carries out what waits, oldest first, and returns the rating keys of what was found. */
  finish(): string[] {
    return [...this.#waiting.keys()].flatMap((record) => this.#carryOut(record));
  }

  /** What waits is lost, as when a server is killed. */
  crash(): void {
    for (const record of this.#waiting.keys()) this.#end(record, 'lost');
  }

  #carryOut(record: OpenRecord): readonly string[] {
    record.found = this.#library.scan(record.sectionId, record.path);
    // With a folder it is of the items there alone [?]; nothing here asks for that.
    if (record.force && record.path === undefined) this.#refreshAll(record.sectionId);
    this.#end(record, 'done');
    return record.found;
  }

  #refreshAll(sectionId: string): void {
    for (const { ratingKey } of this.#library.items(sectionId)) this.#library.refresh(ratingKey);
  }

  #end(record: OpenRecord, state: ScanRecord['state']): void {
    record.state = state;
    clearTimeout(this.#waiting.get(record));
    this.#waiting.delete(record);
    const section = this.#library.sections.get(record.sectionId);
    if (section) section.scansWaiting -= 1;
  }
}
