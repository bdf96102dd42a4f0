// One picture of one scene on its way into its item: sent if Plex does not have it and no person has
// chosen another one.
import { createHash } from 'node:crypto';
import { PlexSyncError } from '../contract/errors.ts';
import {
  imageLocks,
  isChosenByPerson,
  isSameCover,
  isSentImage,
  isUploadOf,
} from '../domain/image.ts';
import type { StashImage } from '../stash/image.ts';
import { type Change, recordChanges } from '../store/change.ts';
import {
  imageOf,
  type ImagePlace,
  type ImageRow,
  ownImages,
  recordImageIntent,
  recordImageSeen,
  recordImageSent,
} from '../store/image.ts';
import { transaction } from '../store/sql.ts';
import { type ExtraContext, type ExtraResult, freshMs, type ImageTask } from './extraTask.ts';

/**
 * For want of anything better the background is the cover as well: Stash has no other still of a
 * whole scene.
 * @param readAt Unix ms of the read of the job's item
 * @param readCover the scene's cover from Stash; null where it has none
 * @throws PlexSyncError of Stash's or Plex's, `plex-not-confirmed` among them
 */
export async function sendImage(
  { db, clock, plex }: ExtraContext,
  { extra, item, policy }: ImageTask,
  readAt: number,
  readCover: () => Promise<StashImage | null>,
): Promise<ExtraResult> {
  const { sceneId, kind, what: address } = extra;
  const { ratingKey, sectionId } = item;
  let isLocked = item.locked.has(imageLocks[kind]);
  const known = imageOf(db, ratingKey, kind);
  if (known !== null && isSettled(known, isLocked)) {
    const isFilled = policy === 'fill' && known.sha1 !== null;
    if (isFilled || isSameCover(known, sceneId, address)) return unchanged(known, isLocked);
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
  const images = await plex.images(ratingKey, kind);
  const shown = images.find((one) => one.selected);
  const own = ownImages(known);
  // Bytes equal to the cover's are ours, also where nothing is known any more.
  const ours = { ...own, sha1s: new Set([...own.sha1s, sha1]) };
  const isGivenBack = known?.kept === true && !isLocked;
  if (!isGivenBack && isChosenByPerson(isLocked, images, ours)) {
    recordImageSeen(db, place, isLocked);
    return { kind: 'kept', toLock: false };
  }
  if (shown !== undefined && isUploadOf(shown.name, sha1)) {
    recordImageSeen(db, place, false);
    recordImageSent(db, place, sha1, shown.name);
    return { kind: 'current', toLock: !isLocked && known?.locked !== true };
  }
  // Sent by a worker that did not live to see it arrive: ours, though another is sent now.
  const arrived = known?.intent ?? null;
  if (shown !== undefined && arrived !== null && isUploadOf(shown.name, arrived)) {
    recordImageSent(db, place, arrived, shown.name);
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
  const at = clock.now();
  const change: Change = {
    sceneId,
    ratingKey,
    sectionId,
    field: imageLocks[kind],
    before: shown?.name ?? '',
    after: selected.name,
    lockedBefore: isLocked,
    lockedAfter: true,
    run: extra.correlation,
    at,
  };
  transaction(db, () => {
    recordImageSent(db, place, sha1, selected.name);
    recordChanges(db, [change], at);
  });
  return { kind: 'sent', toLock: !isLocked };
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
