// What a run that came to its end proves: the marks that something may have been missed end with it,
// and schedules go on from it.
import { overlapMs } from '../domain/gaps/catchUp.ts';
import type { SceneTime } from '../domain/gaps/restored.ts';
import { reconciledAfter } from '../domain/gaps/schedule.ts';
import { proofOfLife } from '../store/run/catchUp.ts';
import type { Database } from '../store/file/database.ts';
import { isOfAll, reconciledTo, type Run } from '../store/run/run.ts';
import { isRestoreOpen, keepNewest, stashNewest } from '../store/run/stashNewest.ts';
import {
  clearState,
  fullSyncNeeded,
  missedSince,
  readState,
  writeState,
} from '../store/file/state.ts';
import { isTriedAgain } from './tried.ts';

/**
 * Call within a transaction, when the run has ended. A dry run, or one of a part, proves nothing, nor
 * does one that began while the clock was ahead.
 * @param now Unix ms
 * @param newest of a run over all: the scenes changed last, as Stash tells them at its end
 */
export function noteCovered(
  db: Database,
  run: Run,
  now: number,
  newest: readonly SceneTime[] = [],
): void {
  const { scope, dry, begunAt, figures, origin } = run;
  const { since, pushedSince, absent = false } = scope;
  if (dry || !isOfAll(scope)) return;
  if (begunAt > now) return;
  // What was renamed or merged is not looked for by such a run.
  if (since !== null && origin === 'person') return;
  // What found no room, in the list or within the limit, is as good as not looked at.
  const unread = figures.unread + figures.unlisted + (figures.putOff ?? 0);
  const before = readState(db, reconciledTo)?.at;
  const at = reconciledAfter(before, { since, begunAt, unread });
  if (at !== undefined && at !== before) writeState(db, reconciledTo, { at });
  if (since === null) coverAll(db, begunAt, unread, newest, now);
  // What has gone is looked for by these alone.
  else if (!absent) return;
  const isOpen = unread > 0 && isTriedAgain(db, run);
  if (pushedSince !== undefined && !isOpen) coverRestored(db, pushedSince);
  const from = since ?? 0;
  // Of a Stash that was put back such a run has not looked at what was pushed since, or not at all of it.
  if (since !== null && isRestoreOpen(db)) return;
  const missed = readState(db, missedSince);
  if (missed !== null && from <= missed.since && !isOpen) {
    const { triedAt: _, ...rest } = missed;
    if (missed.until <= begunAt) clearState(db, missedSince);
    else writeState(db, missedSince, { ...rest, since: Math.max(missed.since, begunAt) });
  }
  const proof = readState(db, proofOfLife);
  if (proof !== null && from <= proof.at && proof.at < begunAt && unread === 0) {
    writeState(db, proofOfLife, { ...proof, at: Math.min(begunAt, proof.seenAt) });
  }
}

/** Unless it was put back once more. */
export function coverRestored(db: Database, pushedSince: number): void {
  const known = readState(db, stashNewest);
  if (known?.restoredTo !== pushedSince + overlapMs) return;
  const { restoredTo: _, ...rest } = known;
  writeState(db, stashNewest, rest);
}

function coverAll(
  db: Database,
  begunAt: number,
  unread: number,
  newest: readonly SceneTime[],
  now: number,
): void {
  const lost = readState(db, fullSyncNeeded);
  if (lost !== null && lost.since <= begunAt && unread === 0) clearState(db, fullSyncNeeded);
  // All of it was compared with the Stash that is there now.
  keepNewest(db, newest, now);
}
