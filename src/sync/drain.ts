// One batch from claimed rows to finished ones: read Stash, match, read Plex, decide, write,
// confirm, settle. The one way in which anything is pushed.
import { isPlexSyncError, type PlexSyncError } from '../contract/errors.ts';
import { itemBackoff } from '../domain/backoff.ts';
import { desiredItem } from '../domain/desired.ts';
import { decide } from '../domain/diff.ts';
import { rememberBefore } from '../domain/withdraw.ts';
import { aloneLimit, decideRetry, type Evidence, judge } from '../domain/failure.ts';
import { bury, forgetDeadLetter } from '../store/deadLetter.ts';
import { recordEntities } from '../store/entity.ts';
import { pinOf } from '../store/pin.ts';
import { dropItem } from '../store/plexPart.ts';
import {
  finish,
  giveBack,
  giveBackAlone,
  type QueueRow,
  raiseScene,
  retryAt,
} from '../store/queue.ts';
import { dropReview } from '../store/review.ts';
import { recordIntent, recordPushed, takeFromOthers } from '../store/sceneState.ts';
import { transaction } from '../store/sql.ts';
import { pushedWithout } from './compare.ts';
import { type Confirmation, confirmAll } from './confirm.ts';
import type { DrainContext } from './context.ts';
import { settleGone, settleWithdrawn } from './gone.ts';
import type { MatchedJob, PlannedJob, Stop, Suspect, WithdrawJob } from './job.ts';
import type { PlexIdentity } from './libraryIndex.ts';
import { entitiesOf, readScenes } from './readScenes.ts';
import { resolve } from './resolve.ts';
import { stopOf, writeAll } from './write.ts';

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
  earlier: readonly Suspect[],
): Promise<BatchOutcome> {
  const unsettled = new Map<string, QueueRow>();
  for (const row of [...claimed, ...earlier.map((suspect) => suspect.row)]) {
    unsettled.set(row.key, row);
  }
  try {
    return await pushBatch(context, plex, claimed, earlier, unsettled);
  } catch (error) {
    putBack(context, unsettled.values());
    if (isPlexSyncError(error) && error.code.startsWith('plex-')) {
      return { stop: stopOf(error, null), suspects: [], finished: 0, wrote: false };
    }
    throw error;
  }
}

async function pushBatch(
  context: DrainContext,
  plex: PlexIdentity,
  claimed: readonly QueueRow[],
  earlier: readonly Suspect[],
  unsettled: Map<string, QueueRow>,
): Promise<BatchOutcome> {
  const { jobs, gone, failed } = await readScenes(context, claimed);
  for (const suspect of failed) settleItemFailure(context, suspect);
  const held = earlier.map((suspect) => suspect.row);
  keepOnly(unsettled, [...jobs.map((job) => job.row), ...gone, ...held]);
  const { withdrawals, suspects: unreadable } = await settleGone(context, gone);
  held.push(...withdrawals.map((job) => job.row), ...unreadable.map((suspect) => suspect.row));
  keepOnly(unsettled, [...jobs.map((job) => job.row), ...held]);
  const resolved = await resolve(context, plex, jobs);
  keepOnly(unsettled, [
    ...resolved.matched.map((job) => job.row),
    ...resolved.suspects.map((suspect) => suspect.row),
    ...held,
  ]);

  const planned = recordPlans(
    context,
    resolved.matched.map((job) => plan(context, job)),
  );
  const idle = planned.filter((job) => job.decision.edit === null);
  const toWrite = planned.filter((job) => job.decision.edit !== null);
  settleConfirmed(
    context,
    idle.map((job) => ({ job, item: job.item, failed: [] })),
  );
  for (const job of idle) unsettled.delete(job.row.key);

  const writing = await writeAll<PlannedJob | WithdrawJob>(
    context,
    [...toWrite, ...withdrawals],
    [...earlier, ...resolved.suspects, ...unreadable],
  );
  settleVanished(context, writing.vanished);
  for (const suspect of [...writing.guilty, ...writing.permanent]) {
    settleItemFailure(context, suspect);
  }
  for (const job of writing.vanished) unsettled.delete(job.row.key);
  for (const { row } of [...writing.guilty, ...writing.permanent]) unsettled.delete(row.key);

  const confirmed = writing.written.length > 0 ? await confirmAll(context, writing.written) : [];
  settleConfirmed(context, confirmed);
  for (const { job } of confirmed) unsettled.delete(job.row.key);

  const suspects = writing.stop === null ? writing.suspects : [];
  for (const suspect of suspects) unsettled.delete(suspect.row.key);
  putBack(context, unsettled.values());
  return {
    stop: writing.stop,
    suspects,
    finished: claimed.length - unsettled.size,
    wrote: writing.written.length > 0,
  };
}

function plan({ log }: DrainContext, job: MatchedJob): PlannedJob {
  const desired = desiredItem(job.scene);
  if (desired.cut.length > 0) {
    log.write('warn', 'cut', `Too long for a request to Plex, cut: ${desired.cut.join(', ')}`, {
      cid: job.row.correlation,
      key: job.row.key,
    });
  }
  const decision = decide(desired, job.item, job.values.pushed, job.values.intent);
  return { ...job, kind: 'mirror', decision };
}

/**
 * Records what is about to be written. An item that was another scene's until now passes to this
 * one. A choice that a person made since the scene was read counts: such a job is left out, and its
 * row, which the choice raised, is put back.
 */
function recordPlans(
  { db, clock }: DrainContext,
  jobs: readonly PlannedJob[],
): readonly PlannedJob[] {
  return transaction(db, () =>
    jobs.filter((job) => {
      const { scene, item, evidence, decision, row, values } = job;
      const pin = pinOf(db, scene.id);
      if (pin?.kind === 'never' || (pin !== null && pin.ratingKey !== item.ratingKey)) return false;
      const now = clock.now();
      const loser = takeFromOthers(db, item.ratingKey, scene.id);
      if (loser !== null) raiseScene(db, loser, now, 'item-taken', row.correlation);
      recordIntent(
        db,
        scene.id,
        { ratingKey: item.ratingKey, sectionId: item.sectionId, evidence },
        {
          pushed: decision.pushedBefore,
          intent: decision.intent,
          before: rememberBefore(values.before, decision, item),
        },
      );
      recordEntities(db, scene.id, entitiesOf(scene));
      dropReview(db, scene.id);
      return true;
    }),
  );
}

function settleConfirmed(
  context: DrainContext,
  confirmations: readonly Confirmation<PlannedJob | WithdrawJob>[],
): void {
  const { db, clock, log } = context;
  const now = clock.now();
  for (const { job } of confirmations) {
    // What did not take of a withdrawal was a person's work meanwhile, or is not worth a dead letter.
    if (job.kind === 'withdraw') settleWithdrawn(context, job.row);
  }
  transaction(db, () => {
    for (const { job, item, failed } of confirmations) {
      if (job.kind === 'withdraw') continue;
      const { row, scene, decision } = job;
      const about = { cid: row.correlation, key: row.key, item: item.ratingKey };
      const pushedAt = decision.edit === null ? null : now;
      recordPushed(db, scene.id, pushedWithout(decision, failed, item), pushedAt);
      if (failed.length > 0) {
        const message = `Plex accepted ${failed.join(', ')} twice but does not show it`;
        const error = { code: 'plex-not-confirmed', message, field: failed[0] ?? null } as const;
        bury(db, row, error, row.attempts + 1, now);
        log.write('error', 'dead-letter', message, { ...about, code: error.code });
        continue;
      }
      finish(db, row, now);
      forgetDeadLetter(db, row.key);
      const written = decision.edit === null ? [] : Object.keys(decision.edit.locks);
      log.write(
        'info',
        written.length > 0 ? 'pushed' : 'unchanged',
        written.length > 0 ? `Pushed ${written.join(', ')}` : 'Plex has it all',
        { ...about, kept: decision.kept.length > 0 ? decision.kept.join(', ') : undefined },
      );
    }
  });
}

/** 404 on a write: the item went between read and write. Its row looks its file up again, at once. */
function settleVanished({ db }: DrainContext, jobs: readonly (PlannedJob | WithdrawJob)[]): void {
  transaction(db, () => {
    for (const job of jobs) {
      dropItem(db, job.item.ratingKey);
      giveBack(db, job.row.key);
    }
  });
}

/** Spends an attempt of an item that is at fault itself: retried later, or given up. */
function settleItemFailure({ db, clock, log }: DrainContext, { row, error }: Suspect): void {
  const now = clock.now();
  const permanent = judge(error, alone(row)).kind === 'permanent';
  const retry = decideRetry(itemBackoff, row.attempts, now, clock.random(), error.retryAfterMs);
  const about = { cid: row.correlation, key: row.key, code: error.code, attempts: retry.attempts };
  transaction(db, () => {
    if (permanent || retry.kind === 'give-up') {
      const { code, message, field } = error;
      bury(db, row, { code, message, field: field ?? null }, retry.attempts, now);
      log.write('error', 'dead-letter', message, about);
    } else {
      retryAt(db, row.key, { ...retry, errorCode: error.code, now });
      log.write('warn', 'retry', message(error, retry.dueAt - now), about);
    }
  });
}

function message(error: PlexSyncError, waitMs: number): string {
  return `${error.message}; next try in ${Math.ceil(waitMs / 1000)} s`;
}

/**
 * Decides about suspects when there is no other write to compare with.
 * @returns the stop if the server is blamed, else null
 */
export function settleAlone(context: DrainContext, suspects: readonly Suspect[]): Stop | null {
  let stop: Stop | null = null;
  for (const suspect of suspects) {
    if (judge(suspect.error, alone(suspect.row)).kind === 'item') {
      settleItemFailure(context, suspect);
    } else {
      giveBackAlone(context.db, suspect.row.key);
      stop = { kind: 'server', error: suspect.error, lastFailed: suspect.row.key };
    }
  }
  return stop;
}

/**
 * The evidence where there is no other write to compare with. An item that has spent an attempt was
 * proven guilty by another's good write before: it need not be doubted anew.
 */
function alone({ attempts, aloneFailures }: QueueRow): Evidence {
  return {
    read: 'good',
    otherWrite: 'none',
    aloneFailures: attempts > 0 ? aloneLimit : aloneFailures,
  };
}

function putBack({ db }: DrainContext, unsettled: Iterable<QueueRow>): void {
  transaction(db, () => {
    for (const row of unsettled) giveBack(db, row.key);
  });
}

function keepOnly(unsettled: Map<string, QueueRow>, rows: readonly QueueRow[]): void {
  const keep = new Set(rows.map((row) => row.key));
  for (const key of unsettled.keys()) if (!keep.has(key)) unsettled.delete(key);
}
