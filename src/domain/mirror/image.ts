// What is decided about pictures: of which kind bytes are, whether Plex has them already, and whether
// what Plex shows is a person's choice. Pure.
import type { PlexItem } from '../base/plexItem.ts';
import { type ImageKind, imageLocks } from '../base/imageKind.ts';

/**
 * Plex fails with 500 on pictures above 10 MB, and tools that send many stay a little below
 * (Kometa `MAX_IMAGE_SIZE`). Bytes.
 */
export const largestImageBytes = 10_480_000;

export type PlexImageType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

/** By the first bytes of each format's specification; null for everything else. */
export function imageTypeOf(bytes: Uint8Array): PlexImageType | null {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\u00ff\u00d8\u00ff')) return 'image/jpeg';
  if (start.startsWith('\u0089PNG\r\n\u001a\n')) return 'image/png';
  if (/^RIFF[^]{4}WEBP$/.test(start)) return 'image/webp';
  return /^GIF8[79]a/.test(start) ? 'image/gif' : null;
}

/** An item's picture that was looked at before, and the cover that was read for it then. */
export interface KnownImage {
  readonly ratingKey: string;
  /** Whose cover it was. */
  readonly sceneId: number;
  /** Address of the cover when it was read last, as Stash gave it. */
  readonly address: string;
  /** Unix ms before that read. */
  readonly readAt: number;
}

/**
 * Whether the cover is the one that was read last, told by its address alone: it carries the second
 * of the scene's last change (stashapp/stash `internal/api/urlbuilders/scene.go`), and giving a scene
 * a cover is one. A read within the same second, or the next, proves nothing: the cover may have
 * come after it.
 */
export function isSameCover(known: KnownImage, sceneId: number, address: string): boolean {
  const changedAtSeconds = stampOf(address);
  if (
    known.sceneId !== sceneId ||
    changedAtSeconds === null ||
    stampOf(known.address) !== changedAtSeconds
  )
    return false;
  return known.readAt >= (changedAtSeconds + 2) * 1_000;
}

function stampOf(address: string): number | null {
  const stamp = /[?&]t=(\d{1,12})(?:&|$)/.exec(address)?.[1];
  return stamp === undefined ? null : Number(stamp);
}

/** A picture of an item as Plex lists it. */
export interface PlexImage {
  /** `upload://posters/…` for one that was uploaded, `metadata://…` or an address for others. */
  readonly name: string;
  readonly selected: boolean;
}

/** What the item itself tells of its picture, without a list of them. */
export interface PictureInPlex {
  readonly locked: boolean;
  readonly shown: boolean;
}

export function pictureOf(
  { locked, pictures }: Pick<PlexItem, 'locked' | 'pictures'>,
  kind: ImageKind,
): PictureInPlex {
  return { locked: locked.has(imageLocks[kind]), shown: pictures?.has(kind) ?? true };
}

/** What PlexSync has sent, or was about to send, as an item's picture. */
export interface OwnImages {
  /** SHA-1 of the bytes, hexadecimal. */
  readonly sha1s: ReadonlySet<string>;
  /** As Plex was seen to call them. */
  readonly names: ReadonlySet<string>;
}

/**
 * Whether the picture that Plex shows is a person's choice, and so to be kept: it is not one of ours,
 * and locked, which choosing one in Plex does. One that was uploaded is a person's without a lock as
 * well: no agent uploads, and tools that do set none (python-plexapi `uploadPoster`).
 */
export function isChosenByPerson(
  isLocked: boolean,
  images: readonly PlexImage[],
  own: OwnImages,
): boolean {
  const selected = images.find((image) => image.selected);
  if (!isLocked) return selected?.name.startsWith('upload://') === true && !isOwn(selected, own);
  // Locked with nothing chosen: a person wants what there is, or none.
  return selected === undefined || !isOwn(selected, own);
}

function isOwn({ name }: PlexImage, { names, sha1s }: OwnImages): boolean {
  return names.has(name) || [...sha1s].some((sha1) => isUploadOf(name, sha1));
}

/**
 * Whether the picture that Plex shows after an upload is the one that was sent. A Plex that calls its
 * uploads in another way than by their SHA-1 is believed.
 */
export function isSentImage({ name }: PlexImage, sha1: string): boolean {
  if (!name.startsWith('upload://')) return false;
  return isUploadOf(name, sha1) || !/\/[0-9a-f]{40}$/i.test(name);
}

/**
 * Uploads are called by the SHA-1 of their bytes, `upload://posters/<sha1>` (python-plexapi's tests;
 * Kometa compares so).
 */
export function isUploadOf(name: string, sha1: string): boolean {
  return name.startsWith('upload://') && name.toLowerCase().endsWith(`/${sha1.toLowerCase()}`);
}
