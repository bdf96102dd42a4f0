/** The library as tests, demo and bench drive it: what happens on the disk and at Plex Web. */
import type { ItemContent } from './content.ts';
import type { NewFile } from './disk.ts';
import type { ImageKind } from './images.ts';
import type { SectionType } from './section.ts';
import type { ItemSnapshot } from './snapshot.ts';
import type { Seen } from './viewing.ts';

export interface NewSection {
  readonly title: string;
  readonly type?: SectionType;
  readonly agent?: string;
  readonly locations?: readonly string[];
}

export interface NewItem extends ItemContent {
  readonly title: string;
  /** Several are versions of one item, each with a `Media` of its own. */
  readonly files: readonly NewFile[];
  /** Unix seconds; now when left out. */
  readonly addedAt?: number;
}

export interface PlexLibrary {
  /** Adds a section and returns its id. The default is a movie section without an agent. */
  addSection(section: NewSection): string;
  /** As in Plex Web under Edit library. Items keep the guids that they have. */
  setAgent(sectionId: string, agent: string): void;
  /** The scanner finds files: returns the new rating key. */
  addItem(sectionId: string, item: NewItem): string;
  item(ratingKey: string): ItemSnapshot | undefined;
  items(sectionId?: string): ItemSnapshot[];
  /** The item is gone; its rating key answers 404 from now on. */
  removeItem(ratingKey: string): void;
  /** A file appears on the disk. Plex does not know it until it scans its folder. */
  addUnscannedFile(sectionId: string, file: NewFile): void;
  /** Paths of what a scan of the section would find now. */
  unscannedFiles(sectionId: string): string[];
  /**
   * Plex scans a folder and those below it, or the whole section. Each file found becomes an item
   * under the name of the file; a moved one becomes what the switch `movedFile` says. Returns the
   * rating keys of what was found.
   */
  scan(sectionId: string, folder?: string): string[];
  /**
   * A file was moved or renamed, and Plex has seen it. Returns the rating key that it has now, by
   * the switch `movedFile`. Throws when no item has a part with the old path.
   */
  moveFile(oldPath: string, newPath: string): string;
  /** The same, but Plex still shows the old path until it scans the new folder. */
  moveFileUnscanned(oldPath: string, newPath: string): void;
  /**
   * Plex has looked into the files of an item, and tells their size and duration from now on.
   * Whether that moves `updatedAt` is not known [?]; here it does not.
   */
  analyse(ratingKey: string): void;
  /** A file keeps its item under a new path. Throws when no part has the old one. */
  movePart(ratingKey: string, oldPath: string, newPath: string): void;
  /**
   * Plex refreshes the item's metadata, which undoes what is not locked unless the switch `refresh`
   * says otherwise.
   */
  refresh(ratingKey: string): void;
  /** As in Plex Web: what is set is locked too, unless `locked` says otherwise. */
  setByPerson(ratingKey: string, content: ItemContent): void;
  /** The same for a picture that a person uploads. Returns what Plex calls it. */
  setImageByPerson(ratingKey: string, kind: ImageKind, bytes: Uint8Array, locked?: boolean): string;
  /** What an account left on the item; the owner's unless another is named. */
  seen(ratingKey: string, account?: string): Seen;
  /** An account watches or rates with a player of its own: what is given replaces what there was. */
  setSeen(ratingKey: string, seen: Partial<Seen>, account?: string): void;
  /** A person takes the picture away, which locks it too unless `locked` says otherwise. */
  removeImageByPerson(ratingKey: string, kind: ImageKind, locked?: boolean): void;
}
