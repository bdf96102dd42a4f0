/** One library section: its items, what finds them by file name, and their sorted order. */
import { baseName, type Entry } from './item.ts';

export type SectionType = 'movie' | 'show' | 'artist' | 'photo';

/** Type numbers of what a section lists (OpenAPI, List of Metadata Types). */
export const SECTION_TYPE_NUMBERS: Record<SectionType, number> = {
  movie: 1,
  show: 2,
  artist: 8,
  photo: 14,
};

const REMEMBERED_QUERIES = 16;

export interface SectionInfo {
  readonly id: string;
  readonly title: string;
  readonly type: SectionType;
  readonly agent: string;
  readonly scanner: string;
  readonly uuid: string;
  readonly locations: readonly { readonly id: number; readonly path: string }[];
  /** Unix seconds. */
  readonly createdAt: number;
}

export class Section {
  info: SectionInfo;
  readonly entries = new Set<Entry>();
  /** Raised by every change; a remembered listing of another version is stale. */
  version = 0;
  /** Raised when an item comes, goes or moves, as Plex's own counter of the same name is. */
  contentChangedAt = 1;
  updatedAt: number;
  /** Unix seconds. */
  scannedAt: number;
  /** Scans that were asked for and are not through. */
  scansWaiting = 0;
  readonly #byBaseName = new Map<string, Set<Entry>>();
  readonly #found = new Map<string, { version: number; items: readonly Entry[] }>();
  readonly #sorted = new Map<string, { version: number; content: number; items: Entry[] }>();

  constructor(info: SectionInfo) {
    this.info = info;
    this.updatedAt = info.createdAt;
    this.scannedAt = info.createdAt;
  }

  add(entry: Entry): void {
    this.entries.add(entry);
    for (const part of entry.state.parts) {
      const name = baseName(part.file);
      const sharing = this.#byBaseName.get(name) ?? new Set();
      this.#byBaseName.set(name, sharing.add(entry));
    }
  }

  remove(entry: Entry): void {
    this.entries.delete(entry);
    for (const part of entry.state.parts) this.#byBaseName.get(baseName(part.file))?.delete(entry);
  }

  withBaseName(name: string): readonly Entry[] {
    return [...(this.#byBaseName.get(name) ?? [])];
  }

  /**
   * All entries in the order that `compare` gives and `key` names. What was sorted before is
   * sorted again after a change: nearly sorted already, so a walk in pages through 100,000 items
   * that are being written stays cheap.
   */
  sorted(key: string, compare: (a: Entry, b: Entry) => number): readonly Entry[] {
    const known = this.#sorted.get(key);
    if (known?.version === this.version) return known.items;
    const sameItems = known?.content === this.contentChangedAt;
    const items = sameItems ? known.items : this.#refreshed(known?.items ?? []);
    items.sort(compare);
    this.#sorted.set(key, { version: this.version, content: this.contentChangedAt, items });
    return items;
  }

  /**
   * What `find` found for this query, until something changes: every page of a walk would else
   * filter and sort anew.
   */
  remembered(query: string, find: () => readonly Entry[]): readonly Entry[] {
    const known = this.#found.get(query);
    if (known?.version === this.version) return known.items;
    const items = find();
    this.#found.delete(query);
    this.#found.set(query, { version: this.version, items });
    const [oldest] = this.#found.keys();
    if (this.#found.size > REMEMBERED_QUERIES && oldest) this.#found.delete(oldest);
    return items;
  }

  #refreshed(items: readonly Entry[]): Entry[] {
    const kept = items.filter((entry) => this.entries.has(entry));
    if (kept.length === this.entries.size) return kept;
    const present = new Set(kept);
    for (const entry of this.entries) if (!present.has(entry)) kept.push(entry);
    return kept;
  }
}
