// When the reconciliation runs by itself. Pure; local time is that of the machine, by its TZ.
import type { Interval } from '../contract/gaps.ts';

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
 * Which scenes a run by schedule looks at: those changed since the last one that was whole or scheduled,
 * with overlap; the weekly ones look at all. Unix ms; null = all.
 */
export function sinceOfScheduled(interval: Interval, lastAt: number | null): number | null {
  if (interval === 'weekly' || lastAt === null) return null;
  return lastAt - overlapMs;
}

/** Stash's clock may be another machine's, and a run takes a while. */
const overlapMs = hourMs;
