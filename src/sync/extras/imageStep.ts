// What is to be done about one picture of an item: first by what is known, then by the cover's bytes,
// then by what Plex shows. Without a side effect: the worker and whoever only wants to know ask the
// same.
import type { FieldPolicy } from '../../contract/fieldPolicies.ts';
import {
  isChosenByPerson,
  isSameCover,
  isUploadOf,
  type PictureInPlex,
  type PlexImage,
} from '../../domain/mirror/image.ts';
import { type ImageRow, ownImages } from '../../store/mirror/image.ts';
import type { ExtraResult } from './extraTask.ts';

/** null where the cover has to be read. */
export function stepAsKnown(
  known: ImageRow | null,
  picture: PictureInPlex,
  cover: Cover,
): ExtraResult | null {
  return known !== null && isAsKnown(known, picture, cover) ? unchanged(known, picture) : null;
}

export interface Cover {
  readonly sceneId: number;
  readonly address: string;
  readonly policy: FieldPolicy;
}

/** Whether the picture is known to be the one that Stash has, or one that is left as it is. */
export function isAsKnown(
  known: ImageRow,
  picture: PictureInPlex,
  { policy, sceneId, address }: Cover,
): boolean {
  if (!isSettled(known, picture)) return false;
  if (policy === 'fill' && known.sha1 !== null) return true;
  return !isTakenAway(known, picture) && isSameCover(known, sceneId, address);
}

/**
 * Whether Plex shows none where PlexSync sent one, and nobody wants it so: who takes a picture away in
 * Plex locks it (OpenAPI operation libraryMetadataDeleteElement), and that is a person's choice.
 */
export function isTakenAway({ sha1 }: ImageRow, { locked, shown }: PictureInPlex): boolean {
  return sha1 !== null && !shown && !locked;
}

/**
 * null where Plex has to be asked for the item's pictures.
 * @param sha1 of the cover's bytes
 */
export function stepByBytes(
  known: ImageRow | null,
  picture: PictureInPlex,
  sha1: string,
): ExtraResult | null {
  if (known?.sha1 !== sha1 || !isSettled(known, picture) || known.kept) return null;
  return isTakenAway(known, picture) ? null : unchanged(known, picture);
}

/** @param images the item's, as Plex lists them */
export function stepByImages(
  known: ImageRow | null,
  isLocked: boolean,
  images: readonly PlexImage[],
  sha1: string,
): 'kept' | 'current' | 'send' {
  const own = ownImages(known);
  // Bytes equal to the cover's are ours, also where nothing is known any more.
  const ours = { ...own, sha1s: new Set([...own.sha1s, sha1]) };
  const isGivenBack = known?.kept === true && !isLocked;
  if (!isGivenBack && isChosenByPerson(isLocked, images, ours)) return 'kept';
  const shown = images.find((one) => one.selected);
  return shown !== undefined && isUploadOf(shown.name, sha1) ? 'current' : 'send';
}

/** Whether nothing is under way, and no choice was given back that had been a person's. */
function isSettled({ intent, kept }: ImageRow, { locked }: PictureInPlex): boolean {
  return intent === null && !(kept && !locked);
}

/** A lock of ours that is gone was taken away by a person: it is not set again. */
function unchanged({ sha1, kept, locked }: ImageRow, picture: PictureInPlex): ExtraResult {
  if (kept) return { kind: 'kept', toLock: false };
  if (sha1 === null) return { kind: 'none', toLock: false };
  return { kind: 'current', toLock: !locked && !picture.locked };
}
