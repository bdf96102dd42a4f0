// One picture of one scene on its way into its item: sent if Plex does not have it and no person has
// chosen another one.
import { createHash } from 'node:crypto';
import { PlexSyncError } from '../../contract/errors.ts';
import { isSentImage, isUploadOf, pictureOf } from '../../domain/mirror/image.ts';
import { imageLocks } from '../../domain/base/imageKind.ts';
import type { StashImage } from '../../stash/image.ts';
import { type Change, recordChanges } from '../../store/mirror/change.ts';
import {
  imageOf,
  type ImagePlace,
  recordImageIntent,
  recordImageSeen,
  recordImageSent,
} from '../../store/mirror/image.ts';
import { transaction } from '../../store/file/sql.ts';
import { type ExtraContext, type ExtraResult, freshMs, type ImageTask } from './extraTask.ts';
import { stepAsKnown, stepByBytes, stepByImages } from './imageStep.ts';

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
  const picture = pictureOf(item, kind);
  let isLocked = picture.locked;
  const known = imageOf(db, ratingKey, kind);
  const asKnown = stepAsKnown(known, picture, { sceneId, address, policy });
  if (asKnown !== null) return asKnown;
  const place: ImagePlace = { ratingKey, kind, sectionId, sceneId, address, readAt: clock.now() };
  const image = await readCover();
  if (image === null) {
    recordImageSeen(db, place, known?.kept === true && isLocked);
    return { kind: 'none', toLock: false };
  }
  const sha1 = createHash('sha1').update(image.bytes).digest('hex');
  const byBytes = stepByBytes(known, picture, sha1);
  if (byBytes !== null) {
    recordImageSeen(db, place, false);
    return byBytes;
  }
  if (clock.now() - readAt > freshMs) {
    const now = (await plex.items([ratingKey])).get(ratingKey);
    if (now === undefined) throw new PlexSyncError('plex-not-found', 'Plex has the item no more.');
    isLocked = now.locked.has(imageLocks[kind]);
  }
  const images = await plex.images(ratingKey, kind);
  const shown = images.find((one) => one.selected);
  const step = stepByImages(known, isLocked, images, sha1);
  if (step === 'kept') {
    recordImageSeen(db, place, isLocked);
    return { kind: 'kept', toLock: false };
  }
  if (shown !== undefined && step === 'current') {
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
