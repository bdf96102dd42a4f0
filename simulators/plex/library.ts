/** The library as tests, demo and bench drive it: sections, items, a person at Plex Web. */
import { randomUUID } from 'node:crypto';
import { type ItemContent, lockNames, withContent } from './content.ts';
import {
  type Entry,
  type ItemState,
  type Part,
  sortTitleOf,
  type TagKind,
  type TagLink,
} from './item.ts';
import { Section, type SectionType } from './section.ts';
import { type ItemSnapshot, snapshotOf } from './snapshot.ts';
import type { PlexSwitches } from './switches.ts';
import { TagTable } from './tags.ts';

export interface NewSection {
  readonly title: string;
  readonly type?: SectionType;
  readonly agent?: string;
  readonly locations?: readonly string[];
}

export interface NewFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly durationMs?: number;
}

export interface NewItem extends ItemContent {
  readonly title: string;
  readonly files: readonly NewFile[];
  /** Unix seconds; now when left out. */
  readonly addedAt?: number;
}

export interface PlexLibrary {
  /** Adds a section and returns its id. The default is a movie section without an agent. */
  addSection(section: NewSection): string;
  /** The scanner finds files: returns the new rating key. */
  addItem(sectionId: string, item: NewItem): string;
  item(ratingKey: string): ItemSnapshot | undefined;
  items(sectionId?: string): ItemSnapshot[];
  /** The item is gone; its rating key answers 404 from now on. */
  removeItem(ratingKey: string): void;
  /** A file keeps its item under a new path. Throws when no part has the old one. */
  movePart(ratingKey: string, oldPath: string, newPath: string): void;
  /** As in Plex Web: what is set is locked too, unless `locked` says otherwise. */
  setByPerson(ratingKey: string, content: ItemContent): void;
}

export class Library implements PlexLibrary {
  readonly tags = new TagTable();
  readonly sections = new Map<string, Section>();
  readonly #entries = new Map<string, Entry>();
  readonly switches: PlexSwitches;
  readonly #nowMs: () => number;
  // Ids of different things start apart, so that mixing them up is seen at once.
  #lastRatingKey = 1000;
  #lastMediaId = 5_000_000;
  #lastPartId = 7_000_000;
  #lastLocationId = 0;

  constructor(switches: PlexSwitches, nowMs: () => number) {
    this.switches = switches;
    this.#nowMs = nowMs;
  }

  nowSeconds(): number {
    return Math.floor(this.#nowMs() / 1000);
  }

  addSection({
    title,
    type = 'movie',
    agent = 'tv.plex.agents.none',
    locations = [],
  }: NewSection): string {
    const id = String(this.sections.size + 1);
    const section = new Section({
      id,
      title,
      type,
      agent,
      scanner: type === 'movie' ? 'Plex Video Files Scanner' : 'Plex TV Series',
      uuid: randomUUID(),
      locations: locations.map((path) => ({ id: (this.#lastLocationId += 1), path })),
      createdAt: this.nowSeconds(),
    });
    this.sections.set(id, section);
    return id;
  }

  addItem(sectionId: string, item: NewItem): string {
    const section = this.#sectionOf(sectionId);
    if (section.info.type !== 'movie') throw new TypeError('only movie sections hold items here');
    const ratingKey = String((this.#lastRatingKey += 1));
    const addedAt = item.addedAt ?? this.nowSeconds();
    const bare: ItemState = {
      ratingKey,
      sectionId,
      guid: guidOf(section.info.agent, ratingKey),
      addedAt,
      updatedAt: addedAt,
      text: {},
      numbers: {},
      tags: {},
      locked: [],
      parts: item.files.map((file) => this.#newPart(file)),
      sortTitle: '',
    };
    const entry: Entry = { state: withContent(bare, item, this.#link) };
    this.#entries.set(ratingKey, entry);
    section.add(entry);
    this.#contentChanged(section);
    return ratingKey;
  }

  item(ratingKey: string): ItemSnapshot | undefined {
    const entry = this.#entries.get(ratingKey);
    return entry && snapshotOf(entry.state, this.tags);
  }

  items(sectionId?: string): ItemSnapshot[] {
    const entries = sectionId ? this.#sectionOf(sectionId).entries : this.#entries.values();
    return Array.from(entries, (entry) => snapshotOf(entry.state, this.tags));
  }

  removeItem(ratingKey: string): void {
    const entry = this.#entryOf(ratingKey);
    const section = this.#sectionOf(entry.state.sectionId);
    this.#entries.delete(ratingKey);
    section.remove(entry);
    this.#contentChanged(section);
  }

  movePart(ratingKey: string, oldPath: string, newPath: string): void {
    const entry = this.#entryOf(ratingKey);
    const section = this.#sectionOf(entry.state.sectionId);
    if (!entry.state.parts.some((part) => part.file === oldPath)) {
      throw new RangeError(`item ${ratingKey} has no part ${oldPath}`);
    }
    section.remove(entry);
    entry.state = {
      ...entry.state,
      updatedAt: this.nowSeconds(),
      parts: entry.state.parts.map((part) =>
        part.file === oldPath ? { ...part, file: newPath } : part,
      ),
    };
    section.add(entry);
    this.#contentChanged(section);
  }

  setByPerson(ratingKey: string, content: ItemContent): void {
    const entry = this.#entryOf(ratingKey);
    const locked = content.locked ?? [...new Set([...entry.state.locked, ...lockNames(content)])];
    const state = withContent(entry.state, { ...content, locked }, this.#link);
    this.replace(entry, { ...state, updatedAt: this.nowSeconds() });
  }

  /** The entry behind a rating key, for the HTTP face. */
  find(ratingKey: string): Entry | undefined {
    return this.#entries.get(ratingKey);
  }

  /** Puts a new state in the place of an item's old one. */
  replace(entry: Entry, state: ItemState): void {
    entry.state = { ...state, sortTitle: sortTitleOf(state.text) };
    this.#sectionOf(state.sectionId).version += 1;
  }

  readonly #link = (kind: TagKind, name: string): TagLink => ({
    tagId: this.tags.obtain(kind, name, this.switches.tagCase).id,
  });

  #newPart({ path, size, durationMs }: NewFile): Part {
    return {
      mediaId: (this.#lastMediaId += 1),
      partId: (this.#lastPartId += 1),
      file: path,
      sizeBytes: size,
      ...(durationMs === undefined ? {} : { durationMs }),
    };
  }

  #contentChanged(section: Section): void {
    section.version += 1;
    section.contentChangedAt += 1;
    section.updatedAt = this.nowSeconds();
  }

  #sectionOf(id: string): Section {
    const section = this.sections.get(id);
    if (!section) throw new RangeError(`no section ${id}`);
    return section;
  }

  #entryOf(ratingKey: string): Entry {
    const entry = this.#entries.get(ratingKey);
    if (!entry) throw new RangeError(`no item ${ratingKey}`);
    return entry;
  }
}

/** Guids without an online match: `local://` of the older agent, the newer one's own scheme. */
function guidOf(agent: string, ratingKey: string): string {
  if (agent === 'com.plexapp.agents.none') return `local://${ratingKey}`;
  if (agent === 'tv.plex.agents.none') return `tv.plex.agents.none://${ratingKey}`;
  return `plex://movie/${ratingKey.padStart(24, '0')}`;
}
