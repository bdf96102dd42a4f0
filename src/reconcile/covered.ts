// What a run that came to its end proves: the marks that something may have been missed end with it,
// and schedules go on from it.
import { overlapMs } from '../domain/catchUp.ts';
import { isToComeBack, reconciledAfter } from '../domain/schedule.ts';
import { proofOfLife, stashNewest } from '../store/catchUp.ts';
import type { Database } from '../store/open.ts';
import { reconciledTo, type Run } from '../store/run.ts';
import { clearState, fullSyncNeeded, missedSince, readState, writeState } from '../store/state.ts';

/**
 * Call within a transaction, when the run has ended. A dry run, or one of a part, proves nothing, nor
 * does one that began while the clock was ahead.
 * @param now Unix ms
 */
export function noteCovered(
  db: Database,
  { scope, dry, begunAt, figures }: Run,
  now: number,
): void {
  const { since, until, library, kinds, pushedSince } = scope;
  if (dry || until !== null || library !== null || kinds !== null) return;
  if (begunAt > now) return;
  // What found no room in the list is as good as not looked at.
  const unread = figures.unread + figures.unlisted;
  const before = readState(db, reconciledTo)?.at;
  const at = reconciledAfter(before, { since, begunAt, unread });
  if (at !== undefined && at !== before) writeState(db, reconciledTo, { at });
  const from = since ?? 0;
  const missed = readState(db, missedSince);
  if (missed !== null && from <= missed.since && !isToComeBack(unread, missed.since, begunAt)) {
    if (missed.until <= begunAt) clearState(db, missedSince);
    else writeState(db, missedSince, { ...missed, since: Math.max(missed.since, begunAt) });
  }
  const proof = readState(db, proofOfLife);
  if (proof !== null && from <= proof.at && proof.at < begunAt && unread === 0) {
    writeState(db, proofOfLife, { ...proof, at: Math.min(begunAt, proof.seenAt) });
  }
  if (since === null) {
    const lost = readState(db, fullSyncNeeded);
    if (lost !== null && lost.since <= begunAt && unread === 0) {
      clearState(db, fullSyncNeeded);
    }
    // All of it was compared with the Stash that is there now.
    clearState(db, stashNewest);
  } else if (pushedSince !== undefined) {
    writeState(db, stashNewest, pushedSince + overlapMs);
  }
}
