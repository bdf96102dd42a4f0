// Step "write": one item after the other, since Plex writes one at a time anyway. A write that
// fails in a way that may be the item's or the server's makes its item a suspect: the item is read
// back, and the next write decides.
import { type PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { isSuspect, judge, type Verdict } from '../domain/failure.ts';
import type { ItemEdit, PlexItem } from '../domain/plexItem.ts';
import { ratingKeys } from '../plex/ratingKeys.ts';
import { isApplied } from './compare.ts';
import type { DrainContext } from './context.ts';
import type { PlannedWrite, Stop } from './job.ts';
import { isOver, noteGoodWrite, noteSuspectWrite, type Tally } from './tally.ts';

export interface Written<Job> {
  /** Answered well, or found applied when read back. */
  readonly done: readonly Job[];
  /** Not tried: it was too late for them, or the server failed. */
  readonly rest: readonly Job[];
}

/**
 * Makes the edits of each job; what else came of them is added to the tally.
 * @param until Unix ms after which no write but the first is begun
 */
export async function writeAll<Job extends PlannedWrite>(
  context: DrainContext,
  jobs: readonly Job[],
  editsOf: (job: Job) => readonly ItemEdit[],
  tally: Tally<Job>,
  until = Number.POSITIVE_INFINITY,
): Promise<Written<Job>> {
  const done: Job[] = [];
  for (const [at, job] of jobs.entries()) {
    const late = at > 0 && context.clock.now() > until;
    if (late || isOver(tally)) return { done, rest: jobs.slice(at) };
    const outcome = await write(context, job, editsOf(job));
    const { row } = job;
    switch (outcome.kind) {
      case 'good':
        noteGoodWrite(tally);
        done.push(job);
        break;
      case 'applied':
        done.push(job);
        break;
      case 'suspect':
        noteSuspectWrite(tally, { row, error: outcome.error });
        break;
      case 'failed':
        tally.failed.push({ row, error: outcome.error });
        break;
      case 'vanished':
        tally.vanished.push(job);
        break;
      case 'stop':
        tally.stop = outcome.stop;
        if (outcome.stop.kind === 'server') tally.felled = { row, error: outcome.error };
        break;
    }
  }
  return { done, rest: [] };
}

type Outcome =
  | { readonly kind: 'good' | 'applied' | 'vanished' }
  | { readonly kind: 'suspect' | 'failed'; readonly error: PlexSyncError }
  | { readonly kind: 'stop'; readonly error: PlexSyncError; readonly stop: Stop };

async function write(
  context: DrainContext,
  job: PlannedWrite,
  edits: readonly ItemEdit[],
): Promise<Outcome> {
  try {
    for (const edit of edits) {
      await context.plex.edit(job.item.sectionId, ratingKeys([job.item.ratingKey]), edit);
    }
    return { kind: 'good' };
  } catch (thrown) {
    return await outcomeOf(context, job, toPlexSyncError(thrown));
  }
}

async function outcomeOf(
  context: DrainContext,
  job: PlannedWrite,
  error: PlexSyncError,
): Promise<Outcome> {
  if (isSuspect(error.code)) {
    const back = await readItBack(context, job);
    if (back.kind === 'stop') return { ...back, error };
    const applied = back.kind === 'item' && isApplied(job, back.item);
    return applied ? { kind: 'applied' } : { kind: 'suspect', error };
  }
  const verdict = judge(error, { read: 'good', otherWrite: 'none', aloneFailures: 0 });
  if (verdict.kind === 'permanent' || verdict.kind === 'item') return { kind: 'failed', error };
  if (verdict.kind !== 'look-up-again') {
    return { kind: 'stop', error, stop: stopFor(verdict, error, job.row.key) };
  }
  // 404: gone, or there and yet not to be written; to look that one up again would never end.
  const back = await readItBack(context, job);
  if (back.kind === 'stop') return { ...back, error };
  return back.kind === 'absent' ? { kind: 'vanished' } : { kind: 'failed', error };
}

type ReadBack =
  | { readonly kind: 'item'; readonly item: PlexItem }
  | { readonly kind: 'absent' | 'unreadable' }
  | { readonly kind: 'stop'; readonly stop: Stop };

/** The authenticated read after a failure; it also tells whether the write was applied. */
async function readItBack({ plex }: DrainContext, { item, row }: PlannedWrite): Promise<ReadBack> {
  try {
    const found = (await plex.items([item.ratingKey])).get(item.ratingKey);
    return found === undefined ? { kind: 'absent' } : { kind: 'item', item: found };
  } catch (thrown) {
    const error = toPlexSyncError(thrown);
    if (!isSuspect(error.code)) return { kind: 'stop', stop: stopOf(error, row.key) };
  }
  // The item may be beyond reading as well; the server as such is asked.
  try {
    await plex.server();
    return { kind: 'unreadable' };
  } catch (thrown) {
    return { kind: 'stop', stop: stopOf(toPlexSyncError(thrown), row.key) };
  }
}

/** How a failed read of the server's ends the drain. */
export function stopOf(error: PlexSyncError, lastFailed: string | null): Stop {
  return stopFor(
    judge(error, { read: 'bad', otherWrite: 'none', aloneFailures: 0 }),
    error,
    lastFailed,
  );
}

function stopFor(verdict: Verdict, error: PlexSyncError, lastFailed: string | null): Stop {
  if (verdict.kind === 'token') return { kind: 'token', error };
  if (verdict.kind === 'wait') return { kind: 'wait', error, ms: verdict.ms };
  return { kind: 'server', error, lastFailed };
}
