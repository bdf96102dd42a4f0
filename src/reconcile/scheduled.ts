// Begins the runs that nobody asked for when they are due. What was chosen stands in the settings; when
// the last run began stands in the data file, so that each is begun once, by whoever has the lock.
import type { ReconcileSettings } from '../contract/reconcileSettings.ts';
import { latestDue, nextRunAt, sinceOfScheduled } from '../domain/gaps/schedule.ts';
import type { Database } from '../store/file/database.ts';
import { beginRun, reconciledTo, runUnderWay } from '../store/run/run.ts';
import { schedule, type ScheduleState } from '../store/run/schedule.ts';
import { transaction } from '../store/file/sql.ts';
import { missedSince, readState, writeState } from '../store/file/state.ts';

/** Keeps what was chosen, and begins a run if one is due and none is under way. @returns whether it did */
export function beginScheduled(
  db: Database,
  { every, limit }: ReconcileSettings,
  now: number,
): boolean {
  return transaction(db, () => {
    const known = readState(db, schedule);
    const chosen = notAfter(
      now,
      known?.every === every ? known : { every, since: now, lastAt: known?.lastAt ?? null },
    );
    if (JSON.stringify(chosen) !== JSON.stringify(known)) writeState(db, schedule, chosen);
    // Chosen anew it counts from then on, however long ago the last run was.
    const from = Math.max(chosen.since, chosen.lastAt ?? 0);
    const dueAt = nextRunAt(every, from, now);
    if (dueAt === null || dueAt > now || runUnderWay(db) !== null) return false;
    const reconciled = readState(db, reconciledTo);
    const since = sinceOfScheduled(every, reconciled === null ? chosen.since : reconciled.at);
    // Where it goes back so far, it may end the mark that something was missed.
    const missed = readState(db, missedSince);
    const absent = since !== null && missed !== null && since <= missed.since;
    const scope = { since, until: null, library: null, kinds: null, ...(absent && { absent }) };
    beginRun(db, { origin: 'schedule', scope, dry: false, limit }, now);
    writeState(db, schedule, { ...chosen, lastAt: latestDue(every, dueAt, now) });
    return true;
  });
}

/** A clock that was set back must not put the next run off. */
function notAfter(now: number, { every, since, lastAt }: ScheduleState): ScheduleState {
  return {
    every,
    since: Math.min(since, now),
    lastAt: lastAt === null ? null : Math.min(lastAt, now),
  };
}
