// The forms of Plex's JSON answers as far as PlexSync relies on them: strict there, forgiving
// elsewhere. Plex writes numbers as text and booleans as 1 now and then, and leaves out an array
// that would be empty (OpenAPI `mediaContainerWithMetadata`; answers recorded by python-plexapi).
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import { imageKinds, imageLocks } from '../domain/base/imageKind.ts';
import type { ListedItem, PlexItem, PlexPart, PlexSection } from '../domain/base/plexItem.ts';
import { isPlexId } from './ratingKeys.ts';

const text = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const filledText = v.pipe(text, v.minLength(1));
const textOrEmpty = v.nullish(text, '');
export const plexId = v.pipe(text, v.check(isPlexId));
export const count = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))]),
  v.integer(),
  v.minValue(0),
);
const countOrNull = v.nullish(count, null);
const rating = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.decimal(), v.transform(Number))]),
  v.minValue(0),
  v.maxValue(10),
);
const flag = v.pipe(
  v.nullish(v.union([v.boolean(), v.number(), v.string()]), false),
  v.transform((value) => value === true || value === 1 || value === '1' || value === 'true'),
);

export const listOf = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.nullish(v.array(schema), []);
/** The frame around every answer but a 503's. */
export const inContainer = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.object({ MediaContainer: v.object(entries) });

const tags = v.pipe(
  listOf(v.object({ tag: text })),
  // One without a name is nobody's, and could not be sent again.
  v.transform((list) => list.map((entry) => entry.tag).filter((tag) => tag.trim() !== '')),
);

const media = v.object({
  Part: listOf(
    v.object({
      file: textOrEmpty,
      size: v.fallback(countOrNull, null),
      duration: v.fallback(countOrNull, null),
    }),
  ),
});

/** A part without a file, such as one made for another device, is no part of ours. */
const parts = v.pipe(
  listOf(media),
  v.transform((list): readonly PlexPart[] =>
    list
      .flatMap((entry) => entry.Part)
      .filter((part) => part.file !== '')
      .map((part) => ({ file: part.file, size: part.size, durationMs: part.duration })),
  ),
);

const detail = v.object({
  ratingKey: plexId,
  librarySectionID: v.nullish(plexId, null),
  title: textOrEmpty,
  titleSort: textOrEmpty,
  summary: textOrEmpty,
  originallyAvailableAt: textOrEmpty,
  studio: textOrEmpty,
  contentRating: textOrEmpty,
  Genre: tags,
  Label: tags,
  Role: listOf(v.object({ tag: text, role: v.fallback(textOrEmpty, '') })),
  Director: tags,
  Collection: tags,
  Field: listOf(v.object({ name: text, locked: flag })),
  Media: parts,
  userRating: v.fallback(v.nullish(rating, null), null),
  // Addresses of the poster and the background; left out where it shows none (python-plexapi
  // `video.py` `Video.thumb`, `Video.art`).
  thumb: v.fallback(textOrEmpty, ''),
  art: v.fallback(textOrEmpty, ''),
});

/** `GET /identity` and `GET /`; the first has no `friendlyName`. */
export const serverAnswer = inContainer({
  machineIdentifier: filledText,
  version: filledText,
  friendlyName: textOrEmpty,
});

/** `GET /library/sections`. */
const sectionsAnswer = inContainer({
  size: countOrNull,
  Directory: listOf(
    v.pipe(
      v.object({
        key: plexId,
        title: textOrEmpty,
        type: filledText,
        agent: textOrEmpty,
        Location: listOf(v.object({ path: text })),
      }),
      v.transform(
        (section): PlexSection => ({
          id: section.key,
          title: section.title,
          type: section.type,
          agent: section.agent,
          locations: section.Location.map((location) => location.path),
        }),
      ),
    ),
  ),
});

/** `GET /library/sections/{id}/all`; its rows are parsed one by one, see `listedItem`. */
export const listAnswer = inContainer({
  size: countOrNull,
  totalSize: countOrNull,
  offset: countOrNull,
  Metadata: listOf(v.unknown()),
});

/**
 * The sections of a `GET /library/sections` answer.
 *
 * @throws PlexSyncError `plex-bad-answer` if one of them is not understood.
 */
export function parseSections(body: string): readonly PlexSection[] {
  const what = 'the list of libraries';
  const container = parseAnswer(sectionsAnswer, body, what);
  refuseHalf(container.Directory, container.size, what);
  return container.Directory;
}

/** One row of a listing. What only helps to recognise an item must not make its row unreadable. */
export const listedItem = v.pipe(
  v.object({
    ratingKey: plexId,
    title: textOrEmpty,
    originallyAvailableAt: v.fallback(v.pipe(v.string(), v.isoDate()), ''),
    studio: v.fallback(textOrEmpty, ''),
    duration: v.fallback(countOrNull, null),
    addedAt: v.fallback(v.nullish(count, 0), 0),
    updatedAt: v.fallback(countOrNull, null),
    Media: parts,
  }),
  v.transform(
    (row): ListedItem => ({
      ratingKey: row.ratingKey,
      title: row.title,
      date: row.originallyAvailableAt,
      studio: row.studio,
      durationMs: row.duration,
      addedAt: row.addedAt,
      // Absent until Plex first changes the item.
      updatedAt: row.updatedAt ?? row.addedAt,
      parts: row.Media,
    }),
  ),
);

/** `GET /library/metadata/{ids}`. */
const itemsAnswer = inContainer({
  size: countOrNull,
  librarySectionID: v.nullish(plexId, null),
  Metadata: listOf(detail),
});

/**
 * The items of a `GET /library/metadata/{ids}` answer. Their section stands on each of them or once
 * on the container.
 *
 * @throws PlexSyncError `plex-bad-answer` if one of them, or its section, is not understood.
 */
export function parseItems(body: string): readonly PlexItem[] {
  const what = 'library items';
  const container = parseAnswer(itemsAnswer, body, what);
  refuseHalf(container.Metadata, container.size, what);
  return container.Metadata.map((item, at) => {
    const sectionId = item.librarySectionID ?? container.librarySectionID;
    if (sectionId === null) {
      throw badForm(what, `MediaContainer.Metadata.${at}.librarySectionID`);
    }
    return toItem(item, sectionId);
  });
}

function toItem(item: v.InferOutput<typeof detail>, sectionId: string): PlexItem {
  return {
    ratingKey: item.ratingKey,
    sectionId,
    scalars: {
      title: item.title,
      // Plex leaves it out where it is the title (python-plexapi `video.py` `Movie.titleSort`).
      titleSort: item.titleSort === '' ? item.title : item.titleSort,
      summary: item.summary,
      originallyAvailableAt: item.originallyAvailableAt,
      studio: item.studio,
      contentRating: item.contentRating,
    },
    // Written as `actor`, read as `Role` (python-plexapi `mixins.py`).
    tags: {
      genre: item.Genre,
      label: item.Label,
      actor: item.Role.map(({ tag }) => tag),
      director: item.Director,
      collection: item.Collection,
    },
    roleTexts: Object.fromEntries(
      item.Role.flatMap(({ tag, role }) => (role === '' ? [] : [[tag, role]])),
    ),
    locked: new Set(item.Field.filter((field) => field.locked).map((field) => field.name)),
    parts: item.Media,
    userRating: item.userRating,
    pictures: new Set(imageKinds.filter((kind) => item[imageLocks[kind]] !== '')),
  };
}

/**
 * The body of a 2xx answer in the form that was asked for.
 *
 * @param what names the answer in messages, e.g. "the list of libraries".
 * @throws PlexSyncError `plex-bad-answer`; where JSON came, `field` is the path to what is wrong.
 *   Nothing of the body is repeated: a server may echo a token.
 */
export function parseAnswer<Container>(
  schema: v.GenericSchema<unknown, { readonly MediaContainer: Container }>,
  body: string,
  what: string,
): Container {
  const parsed = parseJson(body, what);
  const result = v.safeParse(schema, parsed);
  if (result.success) return result.output.MediaContainer;
  throw badForm(what, v.getDotPath(result.issues[0]) ?? 'MediaContainer');
}

/**
 * Plex leaves out an array that would be empty but says `size: 0`. An answer with neither is not
 * proof that there is nothing.
 *
 * @throws PlexSyncError `plex-bad-answer`, field `MediaContainer.size`.
 */
export function refuseSilence(rows: readonly unknown[], size: number | null, what: string): void {
  if (rows.length === 0 && size !== 0) throw badForm(what, 'MediaContainer.size');
}

/**
 * The same, and an answer that holds fewer than it says: what is not in it is not proven absent.
 *
 * @throws PlexSyncError `plex-bad-answer`, field `MediaContainer.size`.
 */
function refuseHalf(rows: readonly unknown[], size: number | null, what: string): void {
  refuseSilence(rows, size, what);
  if (size !== null && rows.length < size) throw badForm(what, 'MediaContainer.size');
}

/** The error for an answer that lacks what is relied on, or has it in another form. */
export function badForm(what: string, field: string): PlexSyncError {
  const message = `Plex's answer with ${what} is not of the documented form at ${field}.`;
  return new PlexSyncError('plex-bad-answer', message, { field });
}

function parseJson(body: string, what: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const words = body.trimStart().startsWith('<')
      ? 'a page instead; is plexUrl the address of Plex itself'
      : 'no complete JSON; was the answer cut off';
    throw new PlexSyncError('plex-bad-answer', `Asked for ${what}, Plex sent ${words}?`);
  }
}
