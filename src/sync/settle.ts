// Ends a batch's rows: finished, put back, retried later, or given up.
import type { ErrorCode, PlexSyncError } from '../contract/errors.ts';
import { aloneLimit, decideRetry, judge } from '../domain/recover/failure.ts';
import { retryPolicyOf } from '../domain/recover/retryPolicies.ts';
import { recordChanges } from '../store/mirror/change.ts';
import { bury, forgetDeadLetter } from '../store/queue/deadLetter.ts';
import { noteOutcome } from '../store/queue/outcome.ts';
import { dropItem } from '../store/match/plexPart.ts';
import type { QueueRow } from '../store/queue/queue.ts';
import {
  anotherFailed,
  finish,
  giveBack,
  giveBackAlone,
  retryAt,
} from '../store/queue/queueSettle.ts';
import { recordPushed } from '../store/mirror/sceneState.ts';
import { transaction } from '../store/file/sql.ts';
import { pushedWithout } from './write/compare.ts';
import type { Confirmation } from './write/confirm.ts';
import type { DrainContext } from './base/context.ts';
import { named } from './base/named.ts';
import { settleWithdrawn } from './write/gone.ts';
import { changesOf, interruptedChanges } from './write/history.ts';
import type { PlannedJob, Stop, Suspect, WriteJob } from './base/job.ts';
import { wantExtras } from './extras/wantExtras.ts';

export function settleConfirmed(
  context: DrainContext,
  confirmations: readonly Confirmation<WriteJob>[],
): void {
  const { db, clock } = context;
  const now = clock.now();
  const mirrored: Confirmation<PlannedJob>[] = [];
  for (const confirmation of confirmations) {
    const { job, ...rest } = confirmation;
    if (job.kind === 'mirror') {
      mirrored.push({ job, ...rest });
      continue;
    }
    // Ahead of the end of the row: a withdrawal that is done twice has nothing to do at the second.
    transaction(db, () => recordChanges(db, changesOf(confirmation, now), now));
    // What did not take of a withdrawal was a person's work meanwhile, or is not worth a dead letter.
    settleWithdrawn(context, job.row);
  }
  if (mirrored.length === 0) return;
  transaction(db, () => {
    for (const confirmation of mirrored) settleMirrored(context, confirmation);
    recordChanges(
      db,
      mirrored.flatMap((confirmation) => [
        ...interruptedChanges(confirmation, now),
        ...changesOf(confirmation, now),
      ]),
      now,
    );
  });
}

function settleMirrored(
  context: DrainContext,
  { job, item, failed, changed }: Confirmation<PlannedJob>,
): void {
  const { db, clock, log } = context;
  const { row, scene, decision } = job;
  const now = clock.now();
  const pushedAt = decision.edit === null ? null : now;
  recordPushed(db, scene.id, pushedWithout(decision, { failed, changed }, item), pushedAt);
  if (failed.length > 0) {
    const message = `Plex accepted ${failed.join(', ')} twice but does not show it`;
    const error = { code: 'plex-not-confirmed', message, field: failed[0] ?? null } as const;
    noteOutcome(db, 'failed', now);
    giveUp(context, row, error, row.attempts + 1);
    return;
  }
  finish(db, row, now);
  noteOutcome(db, decision.edit === null ? 'unchanged' : 'pushed', now);
  forgetDeadLetter(db, row.key);
  const { correlation } = row;
  wantExtras(db, { scene, item, correlation }, context.settings.fields.extras, now);
  const fields = decision.edit === null ? [] : Object.keys(decision.edit.locks);
  const written = fields.filter((field) => !changed.some((other) => other === field));
  const kept = [...decision.kept, ...changed];
  log.write(
    'info',
    written.length > 0 ? 'pushed' : 'unchanged',
    written.length > 0 ? `Pushed ${written.join(', ')}` : 'Plex has it all',
    {
      ...named(row),
      item: item.ratingKey,
      kept: kept.length > 0 ? kept.join(', ') : undefined,
      changedMeanwhile: changed.length > 0 ? changed.join(', ') : undefined,
    },
  );
}

/** 404 on a write: the item went between read and write. Its row looks its file up again, at once. */
export function settleVanished({ db }: DrainContext, jobs: readonly WriteJob[]): void {
  transaction(db, () => {
    for (const job of jobs) {
      dropItem(db, job.item.ratingKey);
      giveBack(db, job.row.key);
    }
  });
}

/** Spends an attempt of an item that is at fault itself: retried later, or given up. */
export function settleItemFailure(context: DrainContext, { row, error }: Suspect): void {
  const { db, clock, log } = context;
  const now = clock.now();
  const evidence = { read: 'good', otherWrite: 'good', aloneFailures: 0 } as const;
  const permanent = judge(error, evidence).kind === 'permanent';
  const policy = retryPolicyOf(error.code);
  const retry = decideRetry(policy, row.attempts, now, clock.random(), error.retryAfterMs);
  transaction(db, () => {
    noteOutcome(db, 'failed', now);
    if (permanent || retry.kind === 'give-up') {
      const { code, message, field } = error;
      giveUp(context, row, { code, message, field: field ?? null }, retry.attempts);
      return;
    }
    retryAt(db, row.key, { ...retry, errorCode: error.code, now });
    const { attempts } = retry;
    const about = { ...named(row), code: error.code, attempts };
    log.write('warn', 'retry', message(error, retry.dueAt - now), about);
  });
}

/** Call within a transaction. */
function giveUp(
  { db, clock, log }: DrainContext,
  row: QueueRow,
  error: { readonly code: ErrorCode; readonly message: string; readonly field: string | null },
  attempts: number,
): void {
  const about = { ...named(row), code: error.code, attempts };
  if (bury(db, row, error, attempts, clock.now())) {
    noteOutcome(db, 'dead-letter', clock.now());
    log.write('error', 'dead-letter', error.message, about);
  } else {
    log.write(
      'warn',
      'retry',
      `${error.message} The scene was edited meanwhile: tried anew`,
      about,
    );
  }
}

function message(error: PlexSyncError, waitMs: number): string {
  return `${error.message}; next try in ${Math.ceil(waitMs / 1000)} s`;
}

/**
 * Decides about suspects that no good write came after. What is counted here makes a row come last
 * in the next claim, so that whatever else waits is tried before it; and a good write then proves
 * it guilty at its next failure (`noteSuspect`). What is left is the case without any good write:
 *
 * - One item, nothing else at hand: the server is blamed three times, then the item.
 * - Several, one after the other: they look just like a Plex that fails all writes (its disk full,
 *   its database locked), so the server is blamed, and edits made during such an outage become no
 *   dead letters. But two items that are truly bad, with nothing else to push, must not try for
 *   ever: each failure counts, and after an hour of tries the items are blamed after all. Until
 *   then they hold nobody up: an edit that comes in meanwhile is the next to be tried, and if it
 *   goes through they are convicted at once.
 * - An item that spent an attempt was proven guilty before and is not doubted anew, unless others
 *   fail beside it or the server is in doubt already: then its failure tells nothing new.
 *
 * @param inDoubt whether the server failed and nothing was written since
 * @returns the stop if the server is blamed for any of them, else null
 */
export function settleSuspects(
  context: DrainContext,
  suspects: readonly Suspect[],
  inDoubt: boolean,
): Stop | null {
  const { db } = context;
  const proven = !inDoubt && suspects.every(({ row }) => row.attempts > 0);
  const beside = suspects.length > 1;
  let stop: Stop | null = null;
  for (const suspect of suspects) {
    const { row, error } = suspect;
    const others = !proven && (beside || anotherFailed(db, row.key));
    const verdict = judge(error, {
      read: 'good',
      otherWrite: others ? 'bad' : 'none',
      aloneFailures: proven ? aloneLimit : row.aloneFailures,
    });
    if (verdict.kind === 'server') {
      giveBackAlone(db, row.key);
      stop = { kind: 'server', error, lastFailed: row.key };
    } else settleItemFailure(context, suspect);
  }
  return stop;
}

/**
 * The row whose write the server's failure showed at, or one of the rows. As a rule it is not to
 * blame, but comes last and on its own from now on: should it be the cause, the others get their
 * turn. An item that fells Plex with each write shows by doing so again and again.
 */
export function settleFelled(context: DrainContext, suspect: Suspect): void {
  const { row, error } = suspect;
  const { aloneFailures } = row;
  const verdict = judge(error, { read: 'bad', otherWrite: 'none', aloneFailures });
  if (verdict.kind === 'item') settleItemFailure(context, suspect);
  else giveBackAlone(context.db, row.key);
}

export function putBack({ db }: DrainContext, unsettled: Iterable<QueueRow>): void {
  transaction(db, () => {
    for (const row of unsettled) giveBack(db, row.key);
  });
}
