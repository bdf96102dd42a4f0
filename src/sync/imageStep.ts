// What is to be done about one picture of an item: first by what is known, then by the cover's bytes,
// then by what Plex shows. Without a side effect: the worker and whoever only wants to know ask the
// same.
import type { FieldPolicy } from '../contract/fieldPolicies.ts';
import {
  imageLocks,
  isChosenByPerson,
  isSameCover,
  isUploadOf,
  type PlexImage,
} from '../domain/image.ts';
import { type ImageRow, ownImages } from '../store/image.ts';
import type { ExtraResult } from './extraTask.ts';

/** null where the cover has to be read. */
export function stepAsKnown(
  known: ImageRow | null,
  isLocked: boolean,
  cover: {
    readonly sceneId: number;
    readonly address: string;
    readonly policy: FieldPolicy;
  },
): ExtraResult | null {
  if (known === null || !isSettled(known, isLocked)) return null;
  const isFilled = cover.policy === 'fill' && known.sha1 !== null;
  if (!isFilled && !isSameCover(known, cover.sceneId, cover.address)) return null;
  return unchanged(known, isLocked);
}

/**
 * null where Plex has to be asked for the item's pictures.
 * @param sha1 of the cover's bytes
 */
export function stepByBytes(
  known: ImageRow | null,
  isLocked: boolean,
  sha1: string,
): ExtraResult | null {
  if (known?.sha1 !== sha1 || !isSettled(known, isLocked) || known.kept) return null;
  return unchanged(known, isLocked);
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
export function isSettledImage(known: ImageRow, locked: ReadonlySet<string>): boolean {
  return isSettled(known, locked.has(imageLocks[known.kind]));
}

function isSettled({ intent, kept }: ImageRow, isLocked: boolean): boolean {
  return intent === null && !(kept && !isLocked);
}

/** A lock of ours that is gone was taken away by a person: it is not set again. */
function unchanged({ sha1, kept, locked }: ImageRow, isLocked: boolean): ExtraResult {
  if (kept) return { kind: 'kept', toLock: false };
  if (sha1 === null) return { kind: 'none', toLock: false };
  return { kind: 'current', toLock: !locked && !isLocked };
}
