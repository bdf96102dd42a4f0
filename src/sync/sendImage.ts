// One picture of one scene on its way into its item: sent if Plex does not have it and no person has
// chosen another one.
import { createHash } from 'node:crypto';
import { PlexSyncError } from '../contract/errors.ts';
import {
  type ImageKind,
  imageLocks,
  isChosenByPerson,
  isSameCover,
  isSentImage,
  isUploadOf,
} from '../domain/image.ts';
import type { PlexItem } from '../domain/plexItem.ts';
import type { StashImage } from '../stash/image.ts';
import {
  imageOf,
  type ImagePlace,
  type ImageRow,
  ownImages,
  recordImageIntent,
  recordImageSeen,
  recordImageSent,
} from '../store/image.ts';
import type { DrainContext } from './context.ts';

/** A scene whose text is in Plex, with its item as Plex has it. */
export interface ImageJob {
  readonly sceneId: number;
  /** Address of the scene's cover as Stash gives it, `paths.screenshot`. */
  readonly cover: string;
  readonly item: Pick<PlexItem, 'ratingKey' | 'sectionId' | 'locked'>;
  readonly correlation: string;
}

export interface ImageTask {
  readonly job: ImageJob;
  readonly kind: ImageKind;
}

export interface ImageResult {
  /** `kept`: a person's choice; `none`: the scene has no cover. */
  readonly kind: 'sent' | 'current' | 'kept' | 'none';
  /** Plex shows our picture, and nothing says so as yet that lasts. */
  readonly toLock: boolean;
}

export type ImageContext = Pick<DrainContext, 'db' | 'clock' | 'log' | 'stash' | 'plex'>;

/** An item read longer ago is read again before it is written: a person may have chosen meanwhile. */
const freshMs = 2_000;

/**
 * For want of anything better the background is the cover as well: Stash has no other still of a
 * whole scene.
 * @param readAt Unix ms of the read of the job's item
 * @param readCover the scene's cover from Stash; null where it has none
 * @throws PlexSyncError of Stash's or Plex's, `plex-not-confirmed` among them
 */
export async function sendImage(
  { db, clock, plex }: ImageContext,
  { job, kind }: ImageTask,
  readAt: number,
  readCover: () => Promise<StashImage | null>,
): Promise<ImageResult> {
  const { sceneId, item, cover: address } = job;
  const { ratingKey, sectionId } = item;
  let isLocked = item.locked.has(imageLocks[kind]);
  const known = imageOf(db, ratingKey, kind);
  if (known !== null && isSettled(known, isLocked) && isSameCover(known, sceneId, address)) {
    return unchanged(known, isLocked);
  }
  const place: ImagePlace = { ratingKey, kind, sectionId, sceneId, address, readAt: clock.now() };
  const image = await readCover();
  if (image === null) {
    recordImageSeen(db, place, known?.kept === true && isLocked);
    return { kind: 'none', toLock: false };
  }
  const sha1 = createHash('sha1').update(image.bytes).digest('hex');
  if (known?.sha1 === sha1 && isSettled(known, isLocked) && !known.kept) {
    recordImageSeen(db, place, false);
    return unchanged(known, isLocked);
  }
  if (clock.now() - readAt > freshMs) {
    const now = (await plex.items([ratingKey])).get(ratingKey);
    if (now === undefined) throw new PlexSyncError('plex-not-found', 'Plex has the item no more.');
    isLocked = now.locked.has(imageLocks[kind]);
  }
  if (isLocked) {
    const images = await plex.images(ratingKey, kind);
    const own = ownImages(known);
    // Bytes equal to the cover's are ours, also where nothing is known any more.
    const ours = { ...own, sha1s: new Set([...own.sha1s, sha1]) };
    if (isChosenByPerson(isLocked, images, ours)) {
      recordImageSeen(db, place, true);
      return { kind: 'kept', toLock: false };
    }
    const shown = images.find((one) => one.selected && isUploadOf(one.name, sha1));
    if (shown !== undefined) {
      recordImageSeen(db, place, false);
      recordImageSent(db, place, sha1, shown.name);
      return { kind: 'current', toLock: false };
    }
  }
  recordImageIntent(db, place, sha1);
  const { bytes, contentType } = image;
  if (kind === 'poster') await plex.uploadPoster(ratingKey, bytes, contentType);
  else await plex.uploadArt(ratingKey, bytes, contentType);
  const selected = (await plex.images(ratingKey, kind)).find((one) => one.selected);
  if (selected === undefined || !isSentImage(selected, sha1)) {
    const message = `Plex took the ${kind} and does not show it.`;
    throw new PlexSyncError('plex-not-confirmed', message, { field: imageLocks[kind] });
  }
  recordImageSent(db, place, sha1, selected.name);
  return { kind: 'sent', toLock: !isLocked };
}

/** Nothing was under way, and no choice was given back that had been a person's. */
function isSettled({ intent, kept }: ImageRow, isLocked: boolean): boolean {
  return intent === null && !(kept && !isLocked);
}

/** A lock of ours that is gone was taken away by a person: it is not set again. */
function unchanged({ sha1, kept, locked }: ImageRow, isLocked: boolean): ImageResult {
  if (kept) return { kind: 'kept', toLock: false };
  if (sha1 === null) return { kind: 'none', toLock: false };
  return { kind: 'current', toLock: !locked && !isLocked };
}
