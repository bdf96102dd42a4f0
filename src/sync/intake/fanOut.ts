// A performer, studio, tag or group was renamed, merged or destroyed: every scene of theirs is
// raised, a page at a time between the batches, behind what a person edits meanwhile. Where nothing
// that scenes show has changed since it was last carried to them (a rating, a picture), no scene is.
import type { PlexSyncError } from '../../contract/errors.ts';
import { itemBackoff } from '../../domain/recover/backoff.ts';
import { decideRetry } from '../../domain/recover/failure.ts';
import { bury } from '../../store/queue/deadLetter.ts';
import { beginFace, endFace, type Entity, forgetFace } from '../../store/queue/entity.ts';
import { raiseScene } from '../../store/queue/queue.ts';
import { advanceFanOut, claimFanOut, type FanOutRow } from '../../store/queue/queueClaim.ts';
import { finish, giveBack, retryAt } from '../../store/queue/queueSettle.ts';
import { transaction } from '../../store/file/sql.ts';
import { failureOfAsked } from '../base/askedFor.ts';
import type { DrainContext } from '../base/context.ts';
import { named } from '../base/named.ts';
import { readFanOutPage } from './fanOutPage.ts';

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
    const failure = await failureOfAsked(context.stash, error).catch((stashs: unknown) => {
      giveBack(db, row.key);
      throw stashs;
    });
    fail(context, row, failure);
  }
  return true;
}

async function raisePage(context: DrainContext, row: FanOutRow, entity: Entity): Promise<void> {
  const { db, clock, log } = context;
  const page = await readFanOutPage(context, row, entity);
  transaction(db, () => {
    const now = clock.now();
    for (const id of page.concerned) raiseScene(db, id, now, row.source, row.correlation);
    const news = page.sides.filter((side) => !side.isCarried);
    for (const { key, face } of news) {
      if (row.cursor === 0 && face !== null) beginFace(db, key, face);
    }
    if (page.goOnAfter !== null) {
      advanceFanOut(db, row, page.goOnAfter);
      return;
    }
    const unchanged = finish(db, row, now);
    for (const { key, face } of news) {
      if (unchanged && face !== null) endFace(db, key, face);
      else forgetFace(db, key);
    }
  });
  const end = page.goOnAfter === null ? '; that is all' : '';
  const raised = `Raised ${page.concerned.length} of ${page.count} scenes${end}`;
  log.write('info', 'fan-out', raised, { ...named(row) });
}

function fail({ db, clock, log }: DrainContext, row: FanOutRow, error: PlexSyncError): void {
  const now = clock.now();
  const retry = decideRetry(itemBackoff, row.attempts, now, clock.random());
  const about = { ...named(row), code: error.code };
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
