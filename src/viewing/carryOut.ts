// Carries out the plan of one scene. What is PlexSync's own and what goes is noted before anything is
// written, what each side has after it: whoever dies in between finds out by reading both again.
import { PlexSyncError } from '../contract/errors.ts';
import type { Both, Known, PlexViewed, Write } from '../domain/mirror/viewing.ts';
import { isNews, knownAfter, type Plan } from '../domain/mirror/viewingPlan.ts';
import { halfStars } from '../domain/mirror/viewingRating.ts';
import { durationOf } from '../domain/mirror/viewingResume.ts';
import type { PlexClient } from '../plex/client.ts';
import { keepViewing, type Pair, viewingLookedAt } from '../store/mirror/viewing.ts';
import { dropViewingChange, recordViewing, viewingDone } from '../store/mirror/viewingChange.ts';
import { transaction } from '../store/file/sql.ts';
import type { DrainContext } from '../sync/base/context.ts';

/** @throws PlexSyncError of a server's, `plex-not-confirmed` among them */
export async function carryOut(
  { db, clock, stash }: Pick<DrainContext, 'db' | 'clock' | 'stash'>,
  viewer: PlexClient,
  pair: Pair,
  both: Both,
  known: Known,
  plan: Plan,
): Promise<void> {
  const { sceneId, ratingKey } = pair;
  if (!isNews(plan, known) && !plan.waits) {
    viewingLookedAt(db, sceneId);
    return;
  }
  const ids = transaction(db, () => {
    const again = plan.waits || plan.writes.length > 0;
    keepViewing(db, sceneId, ratingKey, plan.before, again);
    recordViewing(db, pair, plan.kept, true, clock.now());
    const notes = plan.writes.flatMap(({ note }) => (note === null ? [] : [note]));
    const clears = plan.clears === null ? [] : [plan.clears];
    return recordViewing(db, pair, [...notes, ...clears], false, clock.now());
  });
  if (plan.writes.length === 0) return;
  let shown: PlexViewed = both.plex;
  for (const { write } of plan.writes) {
    if (write.side === 'plex') shown = await toPlex(viewer, ratingKey, write, both);
    else await toStash(stash, sceneId, write);
  }
  for (const { write } of plan.writes) confirm(write, shown);
  const after = knownAfter(plan, shown);
  transaction(db, () => {
    keepViewing(db, sceneId, ratingKey, after, plan.waits);
    // What a Plex has left as it was is none of it.
    if (plan.clears !== null && shown.viewOffsetMs > 0) dropViewingChange(db, ids.at(-1) ?? 0);
    viewingDone(db, ids);
  });
}

async function toPlex(
  viewer: PlexClient,
  ratingKey: string,
  write: Extract<Write, { side: 'plex' }>,
  both: Both,
): Promise<PlexViewed> {
  switch (write.kind) {
    case 'mark': {
      const isWatched = write.to === 'watched';
      const marked = isWatched ? viewer.markPlayed(ratingKey) : viewer.markUnplayed(ratingKey);
      return there(await marked);
    }
    case 'offset':
      return there(
        await viewer.setOffset(ratingKey, { ms: write.ms, durationMs: durationOf(both) ?? 0 }),
      );
    case 'rate':
      await viewer.rate(ratingKey, write.rating);
      return there((await viewer.viewings([ratingKey])).get(ratingKey));
  }
}

async function toStash(
  stash: DrainContext['stash'],
  sceneId: number,
  write: Extract<Write, { side: 'stash' }>,
): Promise<void> {
  switch (write.kind) {
    case 'add-play':
      await stash.addPlay(sceneId, write.at);
      return;
    case 'delete-plays':
      await stash.deletePlays(sceneId, write.times);
      return;
    case 'resume':
      await stash.saveResume(sceneId, write.seconds);
      return;
    case 'rate':
      await stash.rateScene(sceneId, write.rating100);
  }
}

function there(item: PlexViewed | null | undefined): PlexViewed {
  if (item !== null && item !== undefined) return item;
  throw new PlexSyncError('plex-not-found', 'Plex has the item no more.');
}

/** Where an item is resumed is Plex's to decide: it takes no point that is too near to either end. */
function confirm(write: Write, shown: PlexViewed): void {
  if (write.side !== 'plex' || write.kind === 'offset') return;
  const isThere =
    write.kind === 'rate'
      ? halfStars(shown.userRating) === write.rating
      : shown.viewCount > 0 === (write.to === 'watched');
  if (isThere) return;
  const message = 'Plex took what was watched or rated, and does not show it.';
  throw new PlexSyncError('plex-not-confirmed', message, { field: write.kind });
}
