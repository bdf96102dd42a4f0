// A Plex library item as PlexSync works with it, and the names of the fields it mirrors.
import type { ImageKind } from './imageKind.ts';

/** Scalar fields by their write name on Plex's edit form (python-plexapi `mixins.py`). */
export const scalarFields = [
  'title',
  'titleSort',
  'summary',
  'originallyAvailableAt',
  'studio',
  'contentRating',
] as const;
export type ScalarField = (typeof scalarFields)[number];

/**
 * Tag lists by their write name. A closed set: Plex accepts unknown names with 200 and files them
 * somewhere else (pushingkarmaorg/python-plexapi issue 477).
 */
export const tagFields = ['genre', 'label', 'actor', 'director', 'collection'] as const;
export type TagField = (typeof tagFields)[number];

/**
 * Lists that no scanner or agent of personal videos fills: what stands in them before PlexSync's
 * first write is a person's even where nobody locked them, and stays.
 */
export const personalTagFields: ReadonlySet<TagField> = new Set(['label', 'collection']);

export type Field = ScalarField | TagField;

/** All mirrored fields, in the order in which they are compared and shown. */
export const fields: readonly Field[] = [...scalarFields, ...tagFields];

export function isTagField(field: Field): field is TagField {
  return tagFields.some((known) => known === field);
}

export interface PlexPart {
  /** Absolute path as the Plex server sees it. */
  readonly file: string;
  /** Bytes; null where Plex has not analysed the file yet. */
  readonly size: number | null;
  readonly durationMs: number | null;
}

export type RoleTexts = Readonly<Record<string, string>>;

/** From a full item read; a listing is truncated and must never be taken for one. */
export interface PlexItem {
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly scalars: Readonly<Record<ScalarField, string>>;
  readonly tags: Readonly<Record<TagField, readonly string[]>>;
  /**
   * What actors play, by their name as Plex spells it; those that play nothing are left out. Stash
   * knows no roles, so whatever stands there is a person's or an agent's.
   */
  readonly roleTexts?: RoleTexts;
  /** Names as Plex reads them back, e.g. `title`, `genre`, `actor`. */
  readonly locked: ReadonlySet<string>;
  readonly parts: readonly PlexPart[];
  /** Of the token's owner, 0 to 10; null where there is none. */
  readonly userRating: number | null;
  /** The pictures that it shows, whosever they are; left out where nobody read that. */
  readonly pictures?: ReadonlySet<ImageKind>;
}

/** From a section listing: enough for the index of parts, nothing else. */
export interface ListedItem {
  readonly ratingKey: string;
  readonly title: string;
  /** `YYYY-MM-DD`, or '' where Plex has none. */
  readonly date: string;
  readonly studio: string;
  /** Of the item, which is its longest version's; null where Plex has not analysed it yet. */
  readonly durationMs: number | null;
  /** Unix seconds. */
  readonly addedAt: number;
  readonly updatedAt: number;
  readonly parts: readonly PlexPart[];
}

export interface PlexSection {
  readonly id: string;
  readonly title: string;
  /** `movie`, `show`, `artist`, `photo`. */
  readonly type: string;
  readonly agent: string;
  readonly locations: readonly string[];
}

/** One change to one or several items: only what it names is touched. */
export interface ItemEdit {
  readonly scalars: Readonly<Partial<Record<ScalarField, string>>>;
  /** The whole wanted list: right whether the server appends to what it has or replaces it. */
  readonly tags: Readonly<Partial<Record<TagField, readonly string[]>>>;
  /**
   * Of the lists in `tags`, what stands in the item and is not PlexSync's: repeated in each part of a
   * list that takes several requests, so that a server which replaces loses none of it.
   */
  readonly standing?: Readonly<Partial<Record<TagField, readonly string[]>>>;
  /** Sent with the actors of these names; a server that replaces the list would drop them else. */
  readonly roleTexts?: RoleTexts;
  /** Tags to take away, sent as a removal list. */
  readonly removeTags: Readonly<Partial<Record<TagField, readonly string[]>>>;
  /** Fields to lock (true) or unlock (false). */
  readonly locks: Readonly<Partial<Record<Field, boolean>>>;
}
