// Taking rows of the queue to work on them: which come first, and how many of each kind.
import type { Database } from '../file/database.ts';
import { type QueueRow, queueRow } from './queue.ts';
import { integer, row, rows, run, text } from '../file/sql.ts';

/**
 * The rows of a burst become due a few milliseconds after each other: taken one by one as they do,
 * each would cost the reads of a batch of its own. Rows that back off are never taken early.
 */
const gatherMs = 250;

/** Of a batch, the places that a bulk keeps however many edits come in between. */
const bulkShare = 0.1;

/** The same for rows that failed when the server was in doubt: all else is tried before them. */
const failedShare = 0.1;

/**
 * Up to `limit` due scenes, marked as in flight at their present revision; never `exceptKey`. What
 * a person just changed goes before what follows in bulk, and the longest due first. Rows that
 * failed with no good write of another's to tell by come last, the most often failed ones at the
 * end: so a good one is tried before them, and tells.
 */
export function claim(
  db: Database,
  now: number,
  limit: number,
  exceptKey: string | null = null,
): readonly QueueRow[] {
  const isDue = `entity = 'scene' AND due_at <= ? AND due_at IS NOT NULL AND in_flight IS NULL
    AND (due_at <= ? OR attempts = 0) AND key IS NOT ?`;
  const find = (which: string, order: string, atMost: number): readonly string[] =>
    rows(
      db,
      `SELECT key FROM queue WHERE ${isDue} AND ${which} ORDER BY ${order} LIMIT ?`,
      now + gatherMs,
      now,
      exceptKey,
      atMost,
    ).map((found) => text(found, 'key'));
  const failed = find('alone_failures > 0', 'alone_failures, due_at', limit);
  const bulk = find('priority = 1 AND alone_failures = 0', 'due_at', limit);
  const keptForFailed = Math.min(failed.length, Math.floor(limit * failedShare));
  const keptForBulk = Math.min(bulk.length, Math.floor(limit * bulkShare));
  const edits = find(
    'priority = 0 AND alone_failures = 0',
    'due_at',
    limit - keptForBulk - keptForFailed,
  );
  const fresh = [...edits, ...bulk.slice(0, limit - edits.length - keptForFailed)];
  return take(db, [...fresh, ...failed.slice(0, limit - fresh.length)]);
}

/** The scene of this key alone, if it is due. */
export function claimOne(db: Database, now: number, key: string): readonly QueueRow[] {
  const found = rows(
    db,
    `SELECT key FROM queue WHERE key = ? AND due_at <= ? AND in_flight IS NULL`,
    key,
    now,
  );
  return take(
    db,
    found.map((one) => text(one, 'key')),
  );
}

export interface FanOutRow extends QueueRow {
  /** The last scene id it has raised; 0 at its beginning. */
  readonly cursor: number;
}

/** The fan-out that is due longest, marked as in flight; null if none is due. */
export function claimFanOut(db: Database, now: number): FanOutRow | null {
  const found = row(
    db,
    `SELECT key, cursor FROM queue WHERE entity <> 'scene' AND due_at <= ? AND due_at IS NOT NULL
       AND in_flight IS NULL ORDER BY due_at LIMIT 1`,
    now,
  );
  if (found === undefined) return null;
  const [claimed] = take(db, [text(found, 'key')]);
  return claimed === undefined ? null : { ...claimed, cursor: integer(found, 'cursor') };
}

/** A page of a fan-out was raised; it goes on after `cursor`, or anew if an event came meanwhile. */
export function advanceFanOut(db: Database, { key, revision }: QueueRow, cursor: number): void {
  run(
    db,
    `UPDATE queue SET in_flight = NULL, cursor = CASE WHEN revision = ? THEN ? ELSE 0 END
     WHERE key = ?`,
    revision,
    cursor,
    key,
  );
}

function take(db: Database, keys: readonly string[]): readonly QueueRow[] {
  const taken = rows(
    db,
    `UPDATE queue SET in_flight = revision
     WHERE key IN (SELECT value FROM json_each(?)) AND in_flight IS NULL RETURNING *`,
    JSON.stringify(keys),
  );
  // RETURNING promises no order (sqlite.org/lang_returning.html).
  const byKey = new Map(taken.map((found) => [text(found, 'key'), queueRow(found)]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}
