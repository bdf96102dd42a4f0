// The settings of the reconciliation that runs by itself, and their check.
import { intervals, type Interval } from './gaps.ts';
import type { ReconcileArguments } from './reconcile.ts';
import { readReconcileAs } from './reconcileAs.ts';
import {
  type NumberBounds,
  type Raw,
  readSwitch,
  readText,
  readWholeNumber,
  type Report,
} from './settingValues.ts';

/** Of gaps: enough for the days on which hooks missed something, too few to rewrite a library unseen. */
export const reconcileLimits = {
  default: 1_000,
  lowest: 1,
  highest: 1_000_000,
} as const satisfies NumberBounds;

export interface ReconcileSettings {
  readonly every: Interval;
  /** Gaps that a run by itself queues; the rest waits for a person's word. */
  readonly limit: number;
  /** Whether scenes are compared after a start of Stash, and where hooks may have been missed. */
  readonly catchesUp: boolean;
  /** What the task "as set" looks at. */
  readonly asSet: ReconcileArguments;
}

export function checkReconcileSettings(raw: Raw, report: Report): ReconcileSettings {
  return {
    every: readInterval(raw, report),
    limit: readWholeNumber(raw, 'reconcileLimit', reconcileLimits, report),
    catchesUp: !readSwitch(raw, 'noCatchUp', report),
    asSet: readReconcileAs(raw, report),
  };
}

function readInterval(raw: Raw, report: Report): Interval {
  const text = readText(raw, 'reconcileEvery', report).toLowerCase();
  if (text === '') return 'never';
  const known = intervals.find((interval) => interval === text);
  if (known !== undefined) return known;
  report('reconcileEvery', `must be one of ${intervals.join(', ')}.`);
  return 'never';
}
