/** The library itself: sections, the items in them, and what becomes of their files. */
import { randomUUID } from 'node:crypto';
import { type ItemContent, lockNames, withContent } from './content.ts';
import { Disk, type NewFile, scannerTitle } from './disk.ts';
import { IMAGE_LOCKS, type ImageKind, withoutImage, withUpload } from './images.ts';
import {
  baseName,
  type Entry,
  type ItemState,
  type Part,
  sortTitleOf,
  type TagKind,
  type TagLink,
} from './item.ts';
import type { NewItem, NewSection, PlexLibrary } from './libraryFace.ts';
import { refreshed } from './refresh.ts';
import { Section } from './section.ts';
import { type ItemSnapshot, snapshotOf } from './snapshot.ts';
import type { PlexSwitches } from './switches.ts';
import { TagTable } from './tags.ts';
import { OWNER, type Seen, seenBy, withSeen } from './viewing.ts';

export class Library implements PlexLibrary {
  readonly tags = new TagTable();
  readonly sections = new Map<string, Section>();
  readonly #disk = new Disk();
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

  setAgent(sectionId: string, agent: string): void {
    const section = this.#sectionOf(sectionId);
    section.info = { ...section.info, agent };
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
      images: {},
      locked: [],
      parts: item.files.map((file) => this.#newPart(file)),
      sortTitle: '',
    };
    const found = withContent(bare, item, this.#link);
    const entry: Entry = { state: found, found };
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
    if (!entry.state.parts.some((part) => part.file === oldPath)) {
      throw new RangeError(`item ${ratingKey} has no part ${oldPath}`);
    }
    this.#setParts(
      entry,
      entry.state.parts.map((part) => (part.file === oldPath ? { ...part, file: newPath } : part)),
    );
  }

  addUnscannedFile(sectionId: string, file: NewFile): void {
    this.#disk.add(this.#sectionOf(sectionId).info.id, { file });
  }

  unscannedFiles(sectionId: string): string[] {
    return this.#disk.unscanned(sectionId).map(({ file }) => file.path);
  }

  scan(sectionId: string, folder?: string): string[] {
    this.#sectionOf(sectionId).scannedAt = this.nowSeconds();
    return this.#disk.take(sectionId, folder).map(({ file, movedFrom }) => {
      const known = movedFrom !== undefined && this.#holding(movedFrom) !== undefined;
      return known ? this.moveFile(movedFrom, file.path) : this.#addFound(sectionId, file);
    });
  }

  moveFile(oldPath: string, newPath: string): string {
    const { entry, part } = this.#held(oldPath);
    const { ratingKey, sectionId, parts } = entry.state;
    if (this.switches.movedFile === 'same-item') {
      this.movePart(ratingKey, oldPath, newPath);
      return ratingKey;
    }
    if (parts.length === 1) this.removeItem(ratingKey);
    else {
      this.#setParts(
        entry,
        parts.filter((other) => other !== part),
      );
    }
    return this.#addFound(sectionId, fileOf(part, newPath));
  }

  moveFileUnscanned(oldPath: string, newPath: string): void {
    const { entry, part } = this.#held(oldPath);
    const file = fileOf(part, newPath);
    this.#disk.add(entry.state.sectionId, { file, movedFrom: oldPath });
  }

  analyse(ratingKey: string): void {
    const entry = this.#entryOf(ratingKey);
    const parts = entry.state.parts.map((part) => ({ ...part, analysed: true }));
    this.replace(entry, { ...entry.state, parts });
  }

  refresh(ratingKey: string): void {
    if (this.switches.refresh === 'keeps') return;
    const entry = this.#entryOf(ratingKey);
    const state = refreshed(entry.state, entry.found);
    this.replace(entry, { ...state, updatedAt: this.nowSeconds() });
  }

  setByPerson(ratingKey: string, content: ItemContent): void {
    const entry = this.#entryOf(ratingKey);
    const locked = content.locked ?? [...new Set([...entry.state.locked, ...lockNames(content)])];
    const state = withContent(entry.state, { ...content, locked }, this.#link);
    this.replace(entry, { ...state, updatedAt: this.nowSeconds() });
  }

  seen(ratingKey: string, account: string = OWNER): Seen {
    return seenBy(this.#entryOf(ratingKey).state, account);
  }

  setSeen(ratingKey: string, seen: Partial<Seen>, account: string = OWNER): void {
    const entry = this.#entryOf(ratingKey);
    const before = seenBy(entry.state, account);
    this.replace(entry, withSeen(entry.state, account, { ...before, ...seen }));
  }

  setImageByPerson(
    ratingKey: string,
    kind: ImageKind,
    bytes: Uint8Array,
    locked: boolean = true,
  ): string {
    const entry = this.#entryOf(ratingKey);
    const state = withUpload(entry.state, kind, bytes, 'image/jpeg');
    const locks = new Set(state.locked);
    if (locked) locks.add(IMAGE_LOCKS[kind]);
    this.replace(entry, { ...state, locked: [...locks], updatedAt: this.nowSeconds() });
    return state.images[kind]?.find(({ selected }) => selected)?.name ?? '';
  }

  removeImageByPerson(ratingKey: string, kind: ImageKind, locked: boolean = true): void {
    const entry = this.#entryOf(ratingKey);
    const locks = new Set(entry.state.locked);
    if (locked) locks.add(IMAGE_LOCKS[kind]);
    else locks.delete(IMAGE_LOCKS[kind]);
    const state = withoutImage(entry.state, kind);
    this.replace(entry, { ...state, locked: [...locks], updatedAt: this.nowSeconds() });
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

  #addFound(sectionId: string, file: NewFile): string {
    return this.addItem(sectionId, { title: scannerTitle(file.path), files: [file] });
  }

  #setParts(entry: Entry, parts: readonly Part[]): void {
    const section = this.#sectionOf(entry.state.sectionId);
    section.remove(entry);
    entry.state = { ...entry.state, updatedAt: this.nowSeconds(), parts };
    section.add(entry);
    this.#contentChanged(section);
  }

  #newPart({ path, size, durationMs, analysed = true }: NewFile): Part {
    return {
      mediaId: (this.#lastMediaId += 1),
      partId: (this.#lastPartId += 1),
      file: path,
      sizeBytes: size,
      analysed,
      ...(durationMs === undefined ? {} : { durationMs }),
    };
  }

  #contentChanged(section: Section): void {
    section.version += 1;
    section.contentChangedAt += 1;
    section.updatedAt = this.nowSeconds();
  }

  #holding(path: string): { entry: Entry; part: Part } | undefined {
    for (const section of this.sections.values()) {
      for (const entry of section.withBaseName(baseName(path))) {
        const part = entry.state.parts.find(({ file }) => file === path);
        if (part) return { entry, part };
      }
    }
    return undefined;
  }

  #held(path: string): { entry: Entry; part: Part } {
    const found = this.#holding(path);
    if (!found) throw new RangeError(`no item has the file ${path}`);
    return found;
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

function fileOf({ sizeBytes, durationMs, analysed }: Part, path: string): NewFile {
  return { path, size: sizeBytes, analysed, ...(durationMs === undefined ? {} : { durationMs }) };
}

/** Guids without an online match: `local://` of the older agent, the newer one's own scheme. */
function guidOf(agent: string, ratingKey: string): string {
  if (agent === 'com.plexapp.agents.none') return `local://${ratingKey}`;
  if (agent === 'tv.plex.agents.none') return `tv.plex.agents.none://${ratingKey}`;
  return `plex://movie/${ratingKey.padStart(24, '0')}`;
}
