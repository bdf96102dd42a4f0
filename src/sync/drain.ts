// One batch from claimed rows to finished ones: read Stash, match, read Plex, decide, write,
// confirm, settle. The one way in which anything is pushed.
import { isPlexSyncError } from '../contract/errors.ts';
import type { QueueRow } from '../store/queue/queue.ts';
import { type Confirmation, confirmAll } from './write/confirm.ts';
import type { DrainContext } from './base/context.ts';
import { settleGone } from './write/gone.ts';
import type { Stop, Suspect, WriteJob } from './base/job.ts';
import type { PlexIdentity } from './base/plexIdentity.ts';
import { planAll, planWithdrawal } from './write/plan.ts';
import { readScenes } from './read/readScenes.ts';
import { resolve } from './match/resolve.ts';
import {
  putBack,
  settleConfirmed,
  settleFelled,
  settleItemFailure,
  settleSuspects,
  settleVanished,
} from './settle.ts';
import { startStopwatch } from './base/stopwatch.ts';
import { noteSuspect, openTally, type Tally } from './base/tally.ts';
import { openTagKnowledge, type TagKnowledge } from './write/tagKnowledge.ts';
import { stopOf } from './base/stop.ts';
import { writeFresh } from './write/writeFresh.ts';

/** What earlier batches tell about failures in this one. */
export interface Earlier {
  /** Undecided: the first good write here proves them guilty. */
  readonly suspects: readonly Suspect[];
  /** A write went through since the server was last in doubt. */
  readonly wrote: boolean;
  /** The server failed and nothing was written since. */
  readonly inDoubt: boolean;
}

export interface BatchOutcome {
  readonly stop: Stop | null;
  /** Still in flight, for the next batch's first good write to decide about. */
  readonly suspects: readonly Suspect[];
  readonly finished: number;
  /** A write went through: the server is well. */
  readonly wrote: boolean;
}

/**
 * Pushes a batch. Every claimed row and every earlier suspect is finished, put back or handed on
 * as a suspect when it returns; when it throws (Stash failed), all were put back.
 */
export async function drainBatch(
  context: DrainContext,
  plex: PlexIdentity,
  claimed: readonly QueueRow[],
  earlier: Earlier,
): Promise<BatchOutcome> {
  const unsettled = new Map<string, QueueRow>();
  for (const row of [...claimed, ...earlier.suspects.map((suspect) => suspect.row)]) {
    unsettled.set(row.key, row);
  }
  const { tracing, clock } = context;
  tracing?.batch([...unsettled.keys()], clock.now());
  try {
    return await pushBatch(context, plex, claimed, earlier, unsettled);
  } catch (error) {
    putBack(context, unsettled.values());
    if (isPlexSyncError(error) && error.code.startsWith('plex-')) {
      const [only, ...more] = claimed;
      const lastFailed = only === undefined || more.length > 0 ? null : only.key;
      return { stop: stopOf(error, lastFailed), suspects: [], finished: 0, wrote: false };
    }
    throw error;
  } finally {
    tracing?.batchEnded(clock.now());
  }
}

/** @param unsettled is kept to the rows that are to be put back, also if this throws */
async function pushBatch(
  context: DrainContext,
  plex: PlexIdentity,
  claimed: readonly QueueRow[],
  earlier: Earlier,
  unsettled: Map<string, QueueRow>,
): Promise<BatchOutcome> {
  const stopwatch = startStopwatch(context);
  const did = (step: string): void => context.tracing?.did(step, context.clock.now());
  const tally = openTally<WriteJob>(earlier.wrote);
  for (const suspect of earlier.suspects) noteSuspect(tally, suspect);
  const { jobs, gone, failed } = await readScenes(context, claimed);
  did('read Stash');
  for (const suspect of failed) settleItemFailure(context, suspect);
  const held = earlier.suspects.map((suspect) => suspect.row);
  keepOnly(unsettled, [...jobs.map((job) => job.row), ...gone, ...held]);
  const readAt = context.clock.now();
  const { withdrawals, suspects: unreadable, failed: unsure } = await settleGone(context, gone);
  for (const suspect of unsure) settleItemFailure(context, suspect);
  held.push(...withdrawals.map((job) => job.row), ...unreadable.map((suspect) => suspect.row));
  keepOnly(unsettled, [...jobs.map((job) => job.row), ...held]);
  const resolved = await resolve(context, plex, jobs);
  did('find and read in Plex');
  keepOnly(unsettled, [
    ...resolved.matched.map((job) => job.row),
    ...resolved.suspects.map((suspect) => suspect.row),
    ...resolved.rechosen,
    ...held,
  ]);
  for (const suspect of [...resolved.suspects, ...unreadable]) noteSuspect(tally, suspect);

  const knowledge = openTagKnowledge(context, plex.machineIdentifier);
  const plans = planAll(context, resolved.matched, knowledge.modes.one);
  tally.failed.push(...plans.failed);
  settleIdle(
    context,
    plans.planned.filter((job) => job.decision.edit === null),
    unsettled,
  );
  const toWrite = plans.planned.filter((job) => job.decision.edit !== null);
  // What another scene has taken over just now is that one's, and nothing is withdrawn from it.
  const goners = withdrawals.map((job) => planWithdrawal(context, job, job.item));
  settleIdle(
    context,
    goners.filter((job) => job.decision.edit === null),
    unsettled,
  );
  const toWithdraw = goners.filter((job) => job.decision.edit !== null);
  const both = [...toWrite, ...toWithdraw];
  stopwatch.decided();
  did('decide');
  const { done, idle } = await writeFresh(context, knowledge, both, readAt, tally);
  did('write to Plex');
  settleIdle(context, idle, unsettled);
  settleFailures(context, tally, unsettled);

  const confirmed = await confirm(context, knowledge, done, tally);
  did('confirm');
  settleConfirmed(context, confirmed);
  for (const { job } of confirmed) unsettled.delete(job.row.key);
  settleFailures(context, tally, unsettled);

  stopwatch.ended(confirmed.length, plans.planned.length - toWrite.length + idle.length);
  const { stop, suspects } = settleDoubts(context, tally, earlier.inDoubt && !tally.wrote);
  for (const suspect of suspects) unsettled.delete(suspect.row.key);
  putBack(context, unsettled.values());
  return { stop, suspects, finished: claimed.length - unsettled.size, wrote: done.length > 0 };
}

/** Nothing is to be written into them. */
function settleIdle(
  context: DrainContext,
  jobs: readonly WriteJob[],
  unsettled: Map<string, QueueRow>,
): void {
  settleConfirmed(
    context,
    jobs.map((job) => ({ job, item: job.item, failed: [], changed: [] })),
  );
  for (const job of jobs) unsettled.delete(job.row.key);
}

/** What the tally holds as decided, which it holds no more then. */
function settleFailures(
  context: DrainContext,
  tally: Tally<WriteJob>,
  unsettled: Map<string, QueueRow>,
): void {
  const vanished = tally.vanished.splice(0);
  settleVanished(context, vanished);
  for (const job of vanished) unsettled.delete(job.row.key);
  for (const suspect of tally.failed.splice(0)) {
    settleItemFailure(context, suspect);
    unsettled.delete(suspect.row.key);
  }
}

/** A Plex that cannot be read any more ends the batch; what was written is adopted by the next. */
async function confirm(
  context: DrainContext,
  knowledge: TagKnowledge,
  done: readonly WriteJob[],
  tally: Tally<WriteJob>,
): Promise<readonly Confirmation<WriteJob>[]> {
  if (done.length === 0) return [];
  try {
    return await confirmAll(context, knowledge, done, tally);
  } catch (error) {
    if (!isPlexSyncError(error) || !error.code.startsWith('plex-')) throw error;
    tally.stop ??= stopOf(error, null);
    return [];
  }
}

/** The server failing before another write could tell about suspects costs them nothing. */
function settleDoubts(
  context: DrainContext,
  tally: Tally<WriteJob>,
  inDoubt: boolean,
): Pick<BatchOutcome, 'stop' | 'suspects'> {
  for (const felled of tally.felled) settleFelled(context, felled);
  if (tally.stop !== null) return { stop: tally.stop, suspects: [] };
  if (!tally.tooMany) return { stop: null, suspects: tally.suspects };
  return { stop: settleSuspects(context, tally.suspects, inDoubt), suspects: [] };
}

function keepOnly(unsettled: Map<string, QueueRow>, rows: readonly QueueRow[]): void {
  const keep = new Set(rows.map((row) => row.key));
  for (const key of unsettled.keys()) if (!keep.has(key)) unsettled.delete(key);
}
