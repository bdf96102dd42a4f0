/** Writes of one item that are no edits: its pictures. */
import { type Answer, failure } from './answer.ts';
import type { EditOutcome } from './edit.ts';
import { strikes } from './faults.ts';
import {
  IMAGE_LIMIT_BYTES,
  IMAGE_LOCKS,
  type ImageKind,
  isPicture,
  withoutImage,
  withSelected,
  withUpload,
} from './images.ts';
import type { ItemState } from './item.ts';
import type { Library } from './library.ts';
import { argument, plexHeader, type QueryPair } from './query.ts';
import type { PlexSwitches } from './switches.ts';

interface Sent {
  readonly rawHeaders: readonly string[];
  readonly pairs: readonly QueryPair[];
  readonly body: Uint8Array;
}

/** Why an upload is not even looked at, if so. */
export function refusedUpload(
  { body }: Sent,
  failUploads: PlexSwitches['failUploads'],
): Answer | undefined {
  if (failUploads && strikes(failUploads, true)) return failure(failUploads.status);
  // HTML and 500, as for every failure within (Kometa #2160).
  return body.length > IMAGE_LIMIT_BYTES ? failure(500) : undefined;
}

/**
 * Uploads bytes (an address to fetch from is not followed here), shows another picture, or none, which
 * locks it too (OpenAPI operation libraryMetadataDeleteElement).
 */
export function changeImage(
  library: Library,
  {
    name,
    ids,
    kind,
  }: { name: 'upload' | 'select' | 'takeAway'; ids: readonly string[]; kind: ImageKind },
  { rawHeaders, pairs, body }: Sent,
  switches: PlexSwitches,
): EditOutcome {
  return changed(library, ids[0] ?? '', (state) => {
    if (name === 'select') return withSelected(state, kind, argument(pairs, 'url') ?? '');
    if (name === 'takeAway') {
      const locked = [...new Set([...state.locked, IMAGE_LOCKS[kind]])];
      return { ...withoutImage(state, kind), locked, updatedAt: library.nowSeconds() };
    }
    if (!isPicture(body)) return undefined;
    // python-plexapi sends no type at all.
    const type = plexHeader(rawHeaders, [], 'Content-Type') ?? '';
    const after = withUpload(state, kind, body, type);
    const lock = IMAGE_LOCKS[kind];
    const locks = switches.uploadLocks ? new Set([...state.locked, lock]) : state.locked;
    return { ...after, locked: [...locks], updatedAt: library.nowSeconds() };
  });
}

/** An item that is not there is 404, a change that makes no sense 400. */
export function changed(
  library: Library,
  ratingKey: string,
  change: (state: ItemState) => ItemState | undefined,
): EditOutcome {
  const entry = library.find(ratingKey);
  if (!entry) return { answer: failure(404), applied: [] };
  const before = entry.state;
  const after = change(before);
  if (!after) return { answer: failure(400), applied: [] };
  library.replace(entry, after);
  return { answer: { kind: 'empty' }, applied: [{ before, after, everyItem: false }] };
}
