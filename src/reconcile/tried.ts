// How long runs come back to what one could not compare, or did not come to the end of: for a week from
// the first that tried, however long the absence was.
import { isToComeBack } from '../domain/gaps/schedule.ts';
import type { Database } from '../store/file/database.ts';
import type { Run } from '../store/run/run.ts';
import {
  clearState,
  fullSyncNeeded,
  missedSince,
  readState,
  writeState,
} from '../store/file/state.ts';

/**
 * Notes when the time in question was tried first. Call within a transaction, of a run that looks for all
 * that may have been missed and left something out.
 * @returns whether the next run is to try it again
 */
export function isTriedAgain(db: Database, { scope, begunAt }: Run): boolean {
  const missed = readState(db, missedSince);
  if (missed === null || (scope.since ?? 0) > missed.since) return true;
  const triedAt = missed.triedAt ?? begunAt;
  if (missed.triedAt === undefined) writeState(db, missedSince, { ...missed, triedAt });
  return isToComeBack(1, triedAt, begunAt);
}

/**
 * Of a run that errors have ended: after a week of them it is left to a person's word. Call within a
 * transaction.
 * @returns whether it is
 */
export function giveUp(db: Database, run: Run, why: string, now: number): boolean {
  if (run.scope.absent !== true || isTriedAgain(db, run)) return false;
  const reason = readState(db, missedSince)?.reason ?? '';
  clearState(db, missedSince);
  const words = `${reason}, and for a week no comparison came to its end: ${why}`;
  writeState(db, fullSyncNeeded, { since: now, reason: words });
  return true;
}
