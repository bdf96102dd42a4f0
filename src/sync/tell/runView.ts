// The reconciliation as the status and the operations show it: a run, and what comes next.
import type { ReconcileStatus, RunView } from '../../contract/reconcile.ts';
import { runSummary } from '../../domain/words/runSummary.ts';
import { catchUpState, nextCatchUpAt, wishOf } from '../../store/run/catchUp.ts';
import { waitingGaps } from '../../store/mirror/gap.ts';
import type { Database } from '../../store/file/database.ts';
import { lastRuns, type Run } from '../../store/run/run.ts';
import { nextScheduledAt, schedule } from '../../store/run/schedule.ts';
import { readState } from '../../store/file/state.ts';

export function runViewOf(run: Run): RunView {
  const { scope, figures, id, origin, state, dry, begunAt, endedAt } = run;
  const { unlisted: _, stoppedBy: __, putOff: ___, known: ____, ...counts } = figures;
  return {
    id,
    origin,
    state,
    dry,
    ...scope,
    begunAt,
    endedAt,
    durationMs: endedAt === null ? null : Math.max(0, endedAt - begunAt),
    ...counts,
    summary: runSummary(run),
  };
}

/** @param now Unix ms */
export function readReconcile(db: Database, now: number): ReconcileStatus {
  const [newest, before] = lastRuns(db, 2);
  const isRunning = newest?.state === 'running';
  const last = isRunning ? before : newest;
  return {
    every: readState(db, schedule)?.every ?? 'never',
    catchesUp: catchUpState(db).isOn,
    next: nextRun(db, now),
    underWay: isRunning ? runViewOf(newest) : null,
    last: last === undefined ? null : runViewOf(last),
    gapsWaiting: waitingGaps(db),
  };
}

function nextRun(db: Database, now: number): ReconcileStatus['next'] {
  const scheduled = nextScheduledAt(db, now);
  const catchUp = nextCatchUpAt(db, now);
  if (catchUp !== null && (scheduled === null || catchUp <= scheduled)) {
    return { at: catchUp, origin: wishOf(db).startedAt === null ? 'missed' : 'start' };
  }
  return scheduled === null ? null : { at: scheduled, origin: 'schedule' };
}
