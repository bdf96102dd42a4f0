// The reconciliation that runs by itself, as the worker read it last from the settings.
import * as v from 'valibot';
import { intervals } from '../../contract/gaps.ts';
import { nextRunAt } from '../../domain/gaps/schedule.ts';
import type { Database } from '../file/database.ts';
import { readState, type Singleton } from '../file/state.ts';

const scheduleSchema = v.object({
  every: v.picklist(intervals),
  /** Unix ms at which it was chosen. */
  since: v.number(),
  /** Unix ms at which the last run by it was due; null = none yet. */
  lastAt: v.nullable(v.number()),
});
export type ScheduleState = v.InferOutput<typeof scheduleSchema>;
export const schedule: Singleton<ScheduleState> = { name: 'schedule', schema: scheduleSchema };

/** When the next run by itself begins, Unix ms, as far as the settings were read; null = never. */
export function nextScheduledAt(db: Database, now: number): number | null {
  const known = readState(db, schedule);
  if (known === null) return null;
  return nextRunAt(known.every, Math.max(known.since, known.lastAt ?? 0), now);
}
