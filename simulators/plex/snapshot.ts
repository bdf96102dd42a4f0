/** What a test sees of an item: flat, complete, and detached from the running server. */
import type { ItemImage } from './images.ts';
import { type ItemState, type TagKind, yearOf } from './item.ts';
import type { TagTable } from './tags.ts';

export interface ItemSnapshot {
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly guid: string;
  readonly title: string;
  /** Empty when nobody set one; Plex then leaves it out of its answers. */
  readonly titleSort: string;
  readonly originalTitle: string;
  readonly summary: string;
  readonly tagline: string;
  readonly studio: string;
  readonly contentRating: string;
  readonly originallyAvailableAt: string;
  readonly year: number | undefined;
  readonly userRating: number | undefined;
  readonly rating: number | undefined;
  readonly audienceRating: number | undefined;
  readonly genres: readonly string[];
  readonly collections: readonly string[];
  readonly labels: readonly string[];
  readonly directors: readonly string[];
  readonly writers: readonly string[];
  readonly producers: readonly string[];
  readonly countries: readonly string[];
  /** In the order in which Plex lists them. */
  readonly actors: readonly string[];
  readonly roles: readonly {
    readonly actor: string;
    readonly role: string | undefined;
    readonly thumb: string | undefined;
  }[];
  /** Pictures that were uploaded, oldest first; one of them at most is shown. */
  readonly posters: readonly ItemImage[];
  readonly arts: readonly ItemImage[];
  /** Names of locked fields and tag types, oldest lock first. */
  readonly locked: readonly string[];
  /** Unix seconds. */
  readonly addedAt: number;
  readonly updatedAt: number;
  readonly parts: readonly {
    readonly file: string;
    readonly sizeBytes: number;
    readonly durationMs: number | undefined;
    /** Whether Plex tells size and duration; this snapshot does in any case. */
    readonly analysed: boolean;
  }[];
}

export function snapshotOf(state: ItemState, tags: TagTable): ItemSnapshot {
  const names = (kind: TagKind): string[] =>
    (state.tags[kind] ?? []).map((link) => tags.nameOf(link.tagId));
  const text = state.text;
  return {
    ratingKey: state.ratingKey,
    sectionId: state.sectionId,
    guid: state.guid,
    title: text.title ?? '',
    titleSort: text.titleSort ?? '',
    originalTitle: text.originalTitle ?? '',
    summary: text.summary ?? '',
    tagline: text.tagline ?? '',
    studio: text.studio ?? '',
    contentRating: text.contentRating ?? '',
    originallyAvailableAt: text.originallyAvailableAt ?? '',
    year: yearOf(state),
    userRating: state.numbers.userRating,
    rating: state.numbers.rating,
    audienceRating: state.numbers.audienceRating,
    genres: names('genre'),
    collections: names('collection'),
    labels: names('label'),
    directors: names('director'),
    writers: names('writer'),
    producers: names('producer'),
    countries: names('country'),
    actors: names('actor'),
    roles: (state.tags.actor ?? []).map((link) => ({
      actor: tags.nameOf(link.tagId),
      role: link.role,
      thumb: tags.byId(link.tagId)?.thumb,
    })),
    posters: state.images.posters ?? [],
    arts: state.images.arts ?? [],
    locked: [...state.locked],
    addedAt: state.addedAt,
    updatedAt: state.updatedAt,
    parts: state.parts.map(({ file, sizeBytes, durationMs, analysed }) => ({
      file,
      sizeBytes,
      durationMs,
      analysed,
    })),
  };
}
