// A performer, studio, tag or group was renamed, merged or destroyed: every scene of theirs is
// raised, a page at a time between the batches, behind what a person edits meanwhile. Where nothing
// that scenes show has changed since it was last carried to them (a rating, a picture), no scene is.
import { toPlexSyncError } from '../contract/errors.ts';
import { itemBackoff } from '../domain/backoff.ts';
import { decideRetry } from '../domain/failure.ts';
import { bury } from '../store/deadLetter.ts';
import {
  beginFace,
  carriedFace,
  endFace,
  type Entity,
  forgetFace,
  isFaceUnderWay,
  scenesThatHad,
  scenesWithoutEntity,
} from '../store/entity.ts';
import { raiseScene } from '../store/queue.ts';
import { advanceFanOut, claimFanOut, type FanOutRow } from '../store/queueClaim.ts';
import { finish, giveBack, retryAt } from '../store/queueSettle.ts';
import { transaction } from '../store/sql.ts';
import type { DrainContext } from './context.ts';

/** Raising a page takes a few milliseconds, reading it from Stash some more: an edit can wait that. */
const scenesPerPage = 500;

/** What of an entity its scenes show, as one text that compares. */
export function faceOf({ name }: { readonly name: string }): string {
  return JSON.stringify({ name });
}

/**
 * Raises one page of the fan-out that is due longest, if one is.
 * @returns whether there was one
 * @throws PlexSyncError of Stash's when Stash is away or refuses: the row is put back
 */
export async function fanOut(context: DrainContext): Promise<boolean> {
  const { db, clock } = context;
  const row = claimFanOut(db, clock.now());
  if (row === null || row.entity === 'scene') return false;
  try {
    await raisePage(context, row, row.entity);
  } catch (error) {
    const failure = toPlexSyncError(error);
    // Stash answered, and cannot do this one: the others must not wait for it.
    if (failure.code !== 'stash-query-failed' && failure.code !== 'stash-bad-answer') {
      giveBack(db, row.key);
      throw error;
    }
    fail(context, row, failure);
  }
  return true;
}

async function raisePage(context: DrainContext, row: FanOutRow, entity: Entity): Promise<void> {
  const { db, clock, log, stash } = context;
  const own = { entity, id: row.entityId };
  const answer = await stash.scenesOf(entity, row.entityId, row.cursor, scenesPerPage);
  const face = answer.entity === null ? null : faceOf(answer.entity);
  // Of an entity that is gone Stash knows no scenes any more; the ones that had it are known here.
  const ids = face === null ? scenesThatHad(db, own, row.cursor, scenesPerPage) : answer.ids;
  // Nothing that scenes show has changed. But what was merged into it brought scenes along.
  const isCarried =
    face !== null && carriedFace(db, row.key) === face && !isFaceUnderWay(db, row.key);
  const concerned = isCarried ? scenesWithoutEntity(db, own, ids) : ids;
  const last = ids.at(-1);
  const isLastPage = ids.length < scenesPerPage || last === undefined;
  transaction(db, () => {
    const now = clock.now();
    for (const id of concerned) raiseScene(db, id, now, row.source, row.correlation);
    if (row.cursor === 0 && face !== null && !isCarried) beginFace(db, row.key, face);
    if (!isLastPage) {
      advanceFanOut(db, row, last);
      return;
    }
    const unchanged = finish(db, row, now);
    if (isCarried) return;
    if (unchanged && face !== null) endFace(db, row.key, face);
    else forgetFace(db, row.key);
  });
  const end = isLastPage ? '; that is all' : '';
  log.write('info', 'fan-out', `Raised ${concerned.length} of ${ids.length} scenes${end}`, {
    cid: row.correlation,
    key: row.key,
  });
}

function fail(
  { db, clock, log }: DrainContext,
  row: FanOutRow,
  error: ReturnType<typeof toPlexSyncError>,
): void {
  const now = clock.now();
  const retry = decideRetry(itemBackoff, row.attempts, now, clock.random());
  const about = { cid: row.correlation, key: row.key, code: error.code };
  transaction(db, () => {
    if (retry.kind === 'give-up') {
      const { code, message } = error;
      bury(db, row, { code, message, field: null }, retry.attempts, now);
      log.write('error', 'dead-letter', message, about);
    } else {
      retryAt(db, row.key, { ...retry, errorCode: error.code, now });
      log.write('warn', 'retry', error.message, about);
    }
  });
}
