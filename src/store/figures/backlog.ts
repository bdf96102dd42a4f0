// How much is still to be done, and the word of a person that it shall not wait any longer.
import { nextExtraAt, waitingExtras } from '../queue/extra.ts';
import type { Database } from '../file/database.ts';
import { nextDueAt } from '../queue/queue.ts';
import { queueCounts } from '../queue/queueCounts.ts';
import { run } from '../file/sql.ts';
import { scenesToLookAt } from '../run/run.ts';
import { scenesToRaise } from '../queue/sweep.ts';

export interface Backlog {
  /** Rows of the queue, in flight or not, scenes that a sweep has still to raise or a run to look at. */
  readonly rows: number;
  /** Pictures and ratings. */
  readonly extras: number;
}

export function backlog(db: Database): Backlog {
  const { pending, inFlight } = queueCounts(db);
  const rows = pending + inFlight + (scenesToRaise(db) ?? 0) + scenesToLookAt(db);
  return { rows, extras: waitingExtras(db) };
}

/** What waits while Plex is away: all of the queue, due or not, pictures and ratings. */
export function waitingForPlex(db: Database): number {
  const { pending, inFlight } = queueCounts(db);
  return pending + inFlight + waitingExtras(db);
}

/** When the next of it is due, Unix ms, or null. */
export function nextOfBacklogAt(db: Database): number | null {
  const times = [nextDueAt(db), nextExtraAt(db)].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** What waits for its time is due now. @returns how many did */
export function hurry(db: Database, now: number): number {
  return (
    run(db, 'UPDATE queue SET due_at = ? WHERE due_at > ? AND in_flight IS NULL', now, now) +
    run(db, 'UPDATE extra SET due_at = ? WHERE due_at > ?', now, now)
  );
}
