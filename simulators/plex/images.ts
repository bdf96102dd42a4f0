/** An item's pictures: uploads are addressed by their SHA-1, and the newest upload is shown. */
import { createHash } from 'node:crypto';
import { type Answer, container, failure } from './answer.ts';
import type { ItemState } from './item.ts';
import { listed } from './tree.ts';

/** As paths name them, in the plural; the item's own picture is the singular. */
export const IMAGE_KINDS = ['posters', 'arts'] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];
export const IMAGE_LOCKS = { posters: 'thumb', arts: 'art' } as const;

export interface ItemImage {
  /** `upload://posters/<sha1>` (python-plexapi's fixtures); of arts nobody has shown it [?]. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly selected: boolean;
}

/** Above this Plex fails (Kometa #2160, Mediux-Posters #44: "10 MB"); where exactly is not known. */
export const IMAGE_LIMIT_BYTES = 10 * 1024 * 1024;

/** The state with the picture added, unless it is there, and selected. */
export function withUpload(
  state: ItemState,
  kind: ImageKind,
  bytes: Uint8Array,
  contentType: string,
): ItemState {
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  const name = `upload://${kind}/${sha1}`;
  const known = (state.images[kind] ?? []).some((image) => image.name === name);
  const upload = { name, sizeBytes: bytes.length, contentType, selected: true };
  const images = known ? (state.images[kind] ?? []) : [...(state.images[kind] ?? []), upload];
  return selecting({ ...state, images: { ...state.images, [kind]: images } }, kind, name);
}

/** The state with that picture shown, or undefined if the item has none of that name. */
export function withSelected(
  state: ItemState,
  kind: ImageKind,
  name: string,
): ItemState | undefined {
  const known = (state.images[kind] ?? []).some((image) => image.name === name);
  return known ? selecting(state, kind, name) : undefined;
}

/** The state with no picture shown; what was uploaded stays in the list. */
export function withoutImage(state: ItemState, kind: ImageKind): ItemState {
  const bare = selecting(state, kind, '');
  return kind === 'posters' ? { ...bare, noPoster: true } : bare;
}

function selecting(state: ItemState, kind: ImageKind, name: string): ItemState {
  const images = (state.images[kind] ?? []).map((image) => ({
    ...image,
    selected: image.name === name,
  }));
  const shown = { ...state, images: { ...state.images, [kind]: images } };
  return kind === 'posters' ? { ...shown, noPoster: false } : shown;
}

/** Whether the bytes are a picture; what a real server says to others is not known [?]. */
export function isPicture(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return /^(\u00ff\u00d8\u00ff|\u0089PNG|GIF8|RIFF[^]{4}WEBP)/.test(start);
}

/** `GET /library/metadata/{id}/posters` (python-plexapi `media.py` `BaseResource`). */
export function imageList(state: ItemState | undefined, kind: ImageKind): Answer {
  if (!state) return failure(404);
  const nodes = (state.images[kind] ?? []).map(({ name, selected }) => {
    const key = `/library/metadata/${state.ratingKey}/file?url=${encodeURIComponent(name)}`;
    return { key, ratingKey: name, selected, thumb: key };
  });
  return container({ size: nodes.length, identifier: IDENTIFIER, ...listed('Metadata', nodes) });
}

const IDENTIFIER = 'com.plexapp.plugins.library';
