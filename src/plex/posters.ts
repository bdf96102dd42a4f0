// Requests about an item's pictures, and what Plex answers about them. Pure.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import { imageTypeOf, largestImageBytes, type PlexImage } from '../domain/mirror/image.ts';
import { type ImageKind, type ImageLock, imageLocks } from '../domain/base/imageKind.ts';
import { escapeValue } from './escape.ts';
import { isPlexId, type NonEmptyKeys } from './ratingKeys.ts';
import { parseAnswer, refuseSilence } from './schemas.ts';

/**
 * The plural is what every client posts to (python-plexapi `mixins/resources.py` `uploadPoster`,
 * `uploadArt`); the OpenAPI document knows the singular only (operation libraryMetadataPostElement).
 */
const elements = { poster: 'posters', background: 'arts' } as const satisfies Record<
  ImageKind,
  string
>;

/**
 * Where an item's pictures are listed (GET) and uploaded (POST, the bytes as body).
 * @throws PlexSyncError `internal`, field `ratingKey`: a key that is not a number.
 */
export function imagesTarget(ratingKey: string, kind: ImageKind): string {
  if (!isPlexId(ratingKey)) {
    throw new PlexSyncError('internal', 'Refused to ask Plex for an item without a number.', {
      field: 'ratingKey',
    });
  }
  return `/library/metadata/${ratingKey}/${elements[kind]}`;
}

/**
 * @throws PlexSyncError `image-too-large`: Plex would fail on it (Kometa issue 2160);
 *   `image-unsupported`: the bytes are no picture that it shows.
 */
export function checkUpload(bytes: Uint8Array): void {
  if (bytes.length > largestImageBytes) {
    const size = (bytes.length / 1_000_000).toFixed(1);
    const limit = (largestImageBytes / 1_000_000).toFixed(1);
    const message = `The picture has ${size} MB, Plex takes ${limit} MB at most.`;
    throw new PlexSyncError('image-too-large', message);
  }
  if (imageTypeOf(bytes) === null) {
    throw new PlexSyncError('image-unsupported', 'The picture is not a JPEG, PNG, WebP or GIF.');
  }
}

const imagesAnswer = v.object({
  MediaContainer: v.object({
    size: v.nullish(v.number(), null),
    Metadata: v.nullish(
      v.array(
        v.object({
          ratingKey: v.nullish(v.string(), ''),
          selected: v.pipe(
            v.nullish(v.union([v.boolean(), v.number(), v.string()]), false),
            v.transform((is) => is === true || is === 1 || is === '1' || is === 'true'),
          ),
        }),
      ),
      [],
    ),
  }),
});

/**
 * The pictures that a list of them holds (python-plexapi `media.py` `BaseResource`).
 * @throws PlexSyncError `plex-bad-answer`.
 */
export function parseImages(body: string): readonly PlexImage[] {
  const what = "a list of an item's pictures";
  const { Metadata, size } = parseAnswer(imagesAnswer, body, what);
  refuseSilence(Metadata, size, what);
  return Metadata.map(({ ratingKey, selected }) => ({ name: ratingKey, selected }));
}

/**
 * The request target that locks (true) or unlocks (false) pictures of some items, on the section edit
 * form, as `editQuery.ts` does for every other field. PUT, no body.
 * @param keys at most 50, so that the target stays short
 * @throws PlexSyncError `internal`: a section id that is not a number, or no lock at all, which would
 *   name nothing to edit.
 */
export function lockTarget(
  sectionId: string,
  keys: NonEmptyKeys,
  locks: Readonly<Partial<Record<ImageLock, boolean>>>,
): string {
  const wanted = Object.values(imageLocks).flatMap((name) => {
    const lock = locks[name];
    return lock === undefined ? [] : [`&${name}.locked=${lock ? '1' : '0'}`];
  });
  if (!isPlexId(sectionId) || wanted.length === 0) {
    throw new PlexSyncError('internal', 'Refused an edit of locks that names nothing.', {
      field: wanted.length === 0 ? 'locks' : 'sectionId',
    });
  }
  const ids = escapeValue(keys.join(','));
  return `/library/sections/${sectionId}/all?type=1&id=${ids}${wanted.join('')}`;
}
