/** An item's state: an immutable value, so that before and after of a write can be kept for free. */

import type { ImageKind, ItemImage } from './images.ts';
import type { Seen, Viewing } from './viewing.ts';

/** Fields that an edit writes as `NAME.value` (python-plexapi `mixins/edit.py`). */
export const TEXT_FIELDS = [
  'title',
  'titleSort',
  'originalTitle',
  'editionTitle',
  'originallyAvailableAt',
  'contentRating',
  'studio',
  'tagline',
  'summary',
] as const;
export const NUMBER_FIELDS = ['userRating', 'rating', 'audienceRating'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export type NumberField = (typeof NUMBER_FIELDS)[number];

/** Tag types by their write name, with the element they are read back as: `actor` is `Role`. */
export const TAG_ELEMENTS = {
  genre: 'Genre',
  collection: 'Collection',
  label: 'Label',
  director: 'Director',
  writer: 'Writer',
  producer: 'Producer',
  country: 'Country',
  actor: 'Role',
} as const;
export type TagKind = keyof typeof TAG_ELEMENTS;
export const TAG_KINDS: readonly TagKind[] = [
  'genre',
  'collection',
  'label',
  'director',
  'writer',
  'producer',
  'country',
  'actor',
];

/** An association of an item with a tag; `role` belongs to the association, not to the tag. */
export interface TagLink {
  readonly tagId: number;
  readonly role?: string;
}

export interface Part {
  readonly mediaId: number;
  readonly partId: number;
  readonly file: string;
  readonly sizeBytes: number;
  readonly durationMs?: number;
  /** Until then Plex tells neither size nor duration. */
  readonly analysed: boolean;
}

export interface ItemState {
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly guid: string;
  /** Unix seconds, as everywhere in Plex. */
  readonly addedAt: number;
  readonly updatedAt: number;
  readonly text: Readonly<Partial<Record<TextField, string>>>;
  readonly numbers: Readonly<Partial<Record<NumberField, number>>>;
  readonly tags: Readonly<Partial<Record<TagKind, readonly TagLink[]>>>;
  readonly images: Readonly<Partial<Record<ImageKind, readonly ItemImage[]>>>;
  /** The poster was taken away: not even the still that Plex made of the video is shown. */
  readonly noPoster?: boolean;
  readonly locked: readonly string[];
  /** The owner's; none yet where it is left out. */
  readonly viewing?: Viewing;
  /** Of everybody else, by account. */
  readonly others?: Readonly<Record<string, Seen>>;
  readonly parts: readonly Part[];
  /** What a listing by name sorts by; kept, since a sort asks for it a million times. */
  readonly sortTitle: string;
}

/** The one mutable place of an item; sorted listings keep entries, so that they stay valid. */
export interface Entry {
  state: ItemState;
  /** As scanner and agent found it: what a refresh goes back to. */
  readonly found: ItemState;
}

/** Name to sort by: the sort title, else the title without its article. */
export function sortTitleOf(text: ItemState['text']): string {
  const explicit = text.titleSort;
  return (explicit || (text.title ?? '').replace(/^(the|a|an)\s+/i, '')).toLowerCase();
}

/** Of an item, in milliseconds: its longest version's; undefined while no version was analysed. */
export function durationOf({ parts }: ItemState): number | undefined {
  const known = parts.flatMap((part) => (part.analysed ? (part.durationMs ?? []) : []));
  return known.length === 0 ? undefined : Math.max(...known);
}

/** `year` is no field of its own: it follows the date. */
export function yearOf(state: ItemState): number | undefined {
  const year = /^\d{4}/.exec(state.text.originallyAvailableAt ?? '')?.[0];
  return year === undefined ? undefined : Number(year);
}

/** The last component of a path of any operating system. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
