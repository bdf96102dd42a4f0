// What of a scene that is gone is beside its text: the locks on pictures, and the rating. The pictures
// themselves stay: what Plex had in their place cannot be told.
import { type PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { isSuspect } from '../../domain/recover/failure.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import { recordChanges } from '../../store/mirror/change.ts';
import type { QueueRow } from '../../store/queue/queue.ts';
import {
  isRatingGiven,
  ratingOf,
  recordRating,
  recordRatingIntent,
} from '../../store/mirror/rating.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import { named } from '../base/named.ts';
import { releaseItemImages } from './imageLocks.ts';

/** So often the text waits for a picture or a rating that cannot be written; then it goes without. */
const triesBeforeText = 3;

/**
 * Releases the pictures' locks that PlexSync set and takes its rating away, where both are still its
 * own. What is done already is not done again.
 * @returns the failure if it may be the item's
 * @throws PlexSyncError of Plex's as a server
 */
export async function withdrawExtras(
  context: DrainContext,
  row: QueueRow,
  item: PlexItem,
): Promise<PlexSyncError | null> {
  try {
    await releaseItemImages(context, item);
    await takeRatingAway(context, row, item);
    return null;
  } catch (thrown) {
    const error = toPlexSyncError(thrown);
    const isItems = error.code === 'plex-not-found' || error.code === 'plex-bad-request';
    if (!isItems && !isSuspect(error.code)) throw error;
    if (!isItems && row.attempts < triesBeforeText) return error;
    const message = `A picture’s lock or the rating stays in Plex: ${error.message}`;
    const about = { ...named(row), code: error.code, item: item.ratingKey };
    context.log.write('warn', 'withdrawn', message, about);
    return null;
  }
}

async function takeRatingAway(
  { db, clock, plex }: DrainContext,
  { entityId: sceneId, correlation: run }: QueueRow,
  { ratingKey, sectionId, userRating }: PlexItem,
): Promise<void> {
  const known = ratingOf(db, ratingKey);
  const shown = userRating === null ? null : Math.round(userRating);
  const isOurs = shown === known.pushed || shown === known.intent;
  if (shown === null || !isOurs || !isRatingGiven(db, ratingKey)) return;
  const place = { ratingKey, sectionId, sceneId };
  recordRatingIntent(db, place, null);
  await plex.rate(ratingKey, null);
  const at = clock.now();
  transaction(db, () => {
    recordRating(db, place, null, true);
    recordChanges(
      db,
      [
        {
          sceneId,
          ratingKey,
          sectionId,
          field: 'userRating',
          before: String(userRating),
          after: '',
          lockedBefore: false,
          lockedAfter: false,
          run,
          at,
        },
      ],
      at,
    );
  });
}
