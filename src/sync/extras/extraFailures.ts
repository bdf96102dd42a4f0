// What follows when a picture or a rating could not be brought to Plex: tried again later, given up, or
// put off because a server is away.
import { type PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { extraBackoff } from '../../domain/recover/backoff.ts';
import { decideRetry, isSuspect, judge } from '../../domain/recover/failure.ts';
import { forgetExtras, recordExtraFailure } from '../../store/queue/extra.ts';
import { forgetImagesOf } from '../../store/mirror/image.ts';
import { raiseScene } from '../../store/queue/queue.ts';
import { forgetRating } from '../../store/mirror/rating.ts';
import { transaction } from '../../store/file/sql.ts';
import type { ExtraContext, ExtraTask } from './extraTask.ts';
import type { Stop } from '../base/job.ts';
import { stopOf } from '../base/stop.ts';

export type ExtrasStop =
  | { readonly server: 'plex'; readonly stop: Stop }
  | { readonly server: 'stash'; readonly error: PlexSyncError };

/** What a server's failure left undone is looked at again after so long. */
export const afterStopMs = 60_000;

/** Whose failure it is, and what follows for it. @returns the stop if it is a server's */
export async function settleThrown(
  context: ExtraContext,
  task: ExtraTask,
  error: PlexSyncError,
): Promise<ExtrasStop | null> {
  if (error.code.startsWith('stash-')) return await settleStash(context, task, error);
  if (!error.code.startsWith('plex-')) {
    const isFinal = error.code === 'image-too-large' || error.code === 'image-unsupported';
    settleFailure(context, task, error, isFinal);
    return null;
  }
  const verdict = judge(error, { read: 'good', otherWrite: 'none', aloneFailures: 0 });
  if (isSuspect(error.code) || verdict.kind === 'look-up-again') {
    try {
      // A read of the item tells about it and about the server at once.
      const { ratingKey } = task.item;
      const found = await context.plex.items([ratingKey]);
      if (verdict.kind === 'look-up-again' && !found.has(ratingKey))
        vanish(context, { extra: task.extra, ratingKey });
      else settleFailure(context, task, error, false);
      return null;
    } catch (thrown) {
      return stopped(context, task, stopOf(toPlexSyncError(thrown), null));
    }
  }
  if (verdict.kind === 'permanent' || verdict.kind === 'item') {
    settleFailure(context, task, error, error.code === 'plex-bad-request');
    return null;
  }
  return stopped(context, task, stopOf(error, null));
}

/**
 * Without Stash or a login nothing can be read. But a page that somebody saved as a cover looks like
 * a login, and a cover that breaks off like a Stash that is away; a timeout can be this one picture's
 * as well.
 */
async function settleStash(
  context: ExtraContext,
  task: ExtraTask,
  error: PlexSyncError,
): Promise<ExtrasStop | null> {
  const stop = { server: 'stash', error } as const;
  const isStashs = error.code === 'stash-unreachable' || error.code === 'stash-unauthorized';
  if (isStashs && !(await answers(context))) {
    putOff(context, task, stop);
    return stop;
  }
  settleFailure(context, task, error, false);
  return error.code === 'stash-timeout' ? stop : null;
}

async function answers({ stash }: ExtraContext): Promise<boolean> {
  try {
    await stash.version();
    return true;
  } catch {
    return false;
  }
}

function stopped(context: ExtraContext, task: ExtraTask, stop: Stop): ExtrasStop {
  const both = { server: 'plex', stop } as const;
  putOff(context, task, both);
  return both;
}

/** Waits for the server, without having spent an attempt. */
export function putOff({ db, clock }: ExtraContext, { extra }: ExtraTask, stop: ExtrasStop): void {
  const now = clock.now();
  const error = stop.server === 'plex' ? stop.stop.error : stop.error;
  const waitMs = stop.server === 'plex' && stop.stop.kind === 'wait' ? stop.stop.ms : afterStopMs;
  const { attempts } = extra;
  recordExtraFailure(db, extra, { dueAt: now + waitMs, attempts }, error, now);
}

export function settleFailure(
  { db, clock, log }: ExtraContext,
  { extra }: Pick<ExtraTask, 'extra'>,
  error: PlexSyncError,
  isFinal: boolean,
): void {
  const { kind, sceneId, correlation: cid } = extra;
  const now = clock.now();
  const retry = decideRetry(extraBackoff, extra.attempts, now, clock.random(), error.retryAfterMs);
  const { attempts } = retry;
  const dueAt = isFinal || retry.kind === 'give-up' ? null : retry.dueAt;
  recordExtraFailure(db, extra, { dueAt, attempts }, error, now);
  const about = { cid, key: `scene:${sceneId}`, code: error.code, attempts };
  if (dueAt === null) log.write('error', 'extra', `Gave up the ${kind}: ${error.message}`, about);
  else {
    const wait = `next try in ${Math.ceil((dueAt - now) / 1000)} s`;
    log.write('warn', 'extra', `The ${kind}: ${error.message}; ${wait}`, about);
  }
}

/** The item is gone: the scene's text looks for another, and wants the rest for that one. */
export function vanish(
  { db, clock }: ExtraContext,
  { extra, ratingKey }: { readonly extra: ExtraTask['extra']; readonly ratingKey: string },
): void {
  transaction(db, () => {
    forgetImagesOf(db, ratingKey);
    forgetRating(db, ratingKey);
    forgetExtras(db, extra.sceneId);
    raiseScene(db, extra.sceneId, clock.now(), 'item-gone', extra.correlation);
  });
}
