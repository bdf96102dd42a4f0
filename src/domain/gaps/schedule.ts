// When the reconciliation runs by itself. Pure; local time is that of the machine, by its TZ.
import type { Interval } from '../../contract/gaps.ts';
import { overlapMs } from './catchUp.ts';

/** Local hour of daily and weekly runs: people are asleep, and Plex's own maintenance (2 to 5) is ending. */
export const quietHour = 5;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * When the next run is due, Unix ms; null = never. A time that has passed while nobody was there to see
 * it is due at once, and once.
 * @param lastAt when the last run by schedule began, or when the interval was chosen if none has, Unix ms
 * @param now a `lastAt` after it, of a clock that was set back since, counts as now
 */
export function nextRunAt(interval: Interval, lastAt: number, now: number): number | null {
  const last = Math.min(lastAt, now);
  switch (interval) {
    case 'never':
      return null;
    case 'hourly':
      return last + hourMs;
    case 'daily':
      return quietTimeAfter(last);
    case 'weekly':
      // Two hours more, since a week may have an hour less or more.
      return quietTimeAfter(last + 6 * dayMs + 2 * hourMs);
  }
}

/** The first quiet hour after a time. One that a change of the clock leaves out is an hour later. */
function quietTimeAfter(at: number): number {
  const day = new Date(at);
  for (let ahead = 0; ahead <= 2; ahead += 1) {
    const next = new Date(
      day.getFullYear(),
      day.getMonth(),
      day.getDate() + ahead,
      quietHour,
    ).getTime();
    if (next > at) return next;
  }
  return at + dayMs;
}

/**
 * The latest time at which a run was due, Unix ms: from there the next one counts, so that hourly runs
 * do not slip by the seconds that each of them began late.
 * @param dueAt the first time, not after `now`
 */
export function latestDue(interval: Interval, dueAt: number, now: number): number {
  if (interval !== 'hourly') return now;
  return dueAt + Math.floor((now - dueAt) / hourMs) * hourMs;
}

/**
 * Which scenes a run by schedule looks at: those changed since changes were looked for last, with
 * overlap; the weekly ones look at all. Unix ms; null = all.
 * @param reconciledTo null: nobody knows
 */
export function sinceOfScheduled(interval: Interval, reconciledTo: number | null): number | null {
  if (interval === 'weekly' || reconciledTo === null) return null;
  return reconciledTo - overlapMs;
}

const waitForUnreadMs = 7 * dayMs;

/** Whether a run is to come back to scenes that could not be judged, but not for ever. @param to Unix ms */
export function isToComeBack(unread: number, to: number, begunAt: number): boolean {
  return unread > 0 && begunAt - to < waitForUnreadMs;
}

/**
 * Up to when changes are known to have been looked for once a run has ended, Unix ms; null = unknown.
 * @param before the same before it; undefined = there was no run as yet
 * @param run which looked at all scenes changed since a time (null = all), and began at another; how
 *   many it could not judge: the next one is to come back to them
 */
export function reconciledAfter(
  before: number | null | undefined,
  run: { readonly since: number | null; readonly begunAt: number; readonly unread: number },
): number | null | undefined {
  const { since, begunAt, unread } = run;
  const isConnected =
    since === null || before === undefined || (before !== null && since <= before);
  if (!isConnected) return before;
  const isToWait = typeof before === 'number' && isToComeBack(unread, before, begunAt);
  return isToWait ? before : begunAt;
}
