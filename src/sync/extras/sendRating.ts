// One rating of one scene on its way into its item: sent if Plex does not have it and no person has
// given another one.
import { PlexSyncError } from '../../contract/errors.ts';
import { ratingStep } from '../../domain/mirror/rating.ts';
import { type Change, recordChanges } from '../../store/mirror/change.ts';
import { ratingOf, recordRating, recordRatingIntent } from '../../store/mirror/rating.ts';
import { transaction } from '../../store/file/sql.ts';
import { type ExtraContext, type ExtraResult, type ExtraTask, freshMs } from './extraTask.ts';

/**
 * @param readAt Unix ms of the read of the job's item
 * @throws PlexSyncError of Plex's, `plex-not-confirmed` among them
 */
export async function sendRating(
  { db, clock, plex }: ExtraContext,
  { extra, item, policy }: ExtraTask,
  readAt: number,
): Promise<ExtraResult> {
  const { sceneId, what } = extra;
  const rating100 = what === '' ? null : Number(what);
  const { ratingKey, sectionId } = item;
  const place = { ratingKey, sectionId, sceneId };
  const known = ratingOf(db, ratingKey);
  const shown = async (): Promise<number | null> => {
    const now = (await plex.items([ratingKey])).get(ratingKey);
    if (now === undefined) throw new PlexSyncError('plex-not-found', 'Plex has the item no more.');
    return now.userRating;
  };
  let before = item.userRating;
  let step = ratingStep(rating100, before, known, policy);
  if (step.kind === 'rate' && clock.now() - readAt > freshMs) {
    before = await shown();
    step = ratingStep(rating100, before, known, policy);
  }
  if (step.kind === 'kept') return { kind: 'kept', toLock: false };
  if (step.kind === 'nothing') return { kind: 'none', toLock: false };
  const { rating } = step;
  if (step.kind === 'equal') {
    // No rating on both sides is no work of ours: one given later must count as a person's.
    const isKnown = rating !== null || known.pushed !== undefined || known.intent !== undefined;
    const isNews = rating !== known.pushed || known.intent !== undefined;
    // Of a write that nobody lived to confirm it is ours, else somebody else came to the same.
    if (isKnown && isNews) recordRating(db, place, rating, rating === known.intent);
    return { kind: 'current', toLock: false };
  }
  recordRatingIntent(db, place, rating);
  await plex.rate(ratingKey, rating);
  const after = await shown();
  if ((after === null ? null : Math.round(after)) !== rating) {
    const message = 'Plex took the rating and does not show it.';
    throw new PlexSyncError('plex-not-confirmed', message, { field: 'userRating' });
  }
  const at = clock.now();
  const change: Change = {
    sceneId,
    ratingKey,
    sectionId,
    field: 'userRating',
    before: String(before ?? ''),
    after: String(after ?? ''),
    lockedBefore: false,
    lockedAfter: false,
    run: extra.correlation,
    at,
  };
  transaction(db, () => {
    recordRating(db, place, rating, true);
    recordChanges(db, [change], at);
  });
  return { kind: 'sent', toLock: false };
}
