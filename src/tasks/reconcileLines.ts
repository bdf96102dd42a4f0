// What "View queue status" tells of the reconciliation: the last run, the next one, and what waits for
// a person's word.
import { runSummary } from '../domain/runSummary.ts';
import { nextScheduledAt } from '../reconcile/scheduled.ts';
import { gapsIn } from '../store/gap.ts';
import type { Database } from '../store/open.ts';
import { lastRuns } from '../store/run.ts';

export function reconcileLines(db: Database, now: number): readonly string[] {
  const [last] = lastRuns(db, 1);
  const next = nextScheduledAt(db, now);
  const anything = { kind: null, field: null, confidence: null };
  const waiting = gapsIn(db, { ...anything, state: 'waiting' });
  const when = (at: number): string =>
    `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} (UTC)`;
  return [
    ...(last === undefined
      ? []
      : [`Reconciliation of ${when(last.begunAt)}, ${last.state}: ${runSummary(last)}`]),
    ...(next === null ? [] : [`The next reconciliation by itself begins at ${when(next)}.`]),
    ...(waiting === 0 ? [] : [`${waiting} gaps wait for your word: task Release gaps.`]),
  ];
}
