// Ending the work on a row of the queue: done, put back as it was, or to be tried again later.
import { idsSince } from './correlations.ts';
import { endWaiting } from '../mirror/gap.ts';
import type { Database } from '../file/database.ts';
import type { QueueRow } from './queue.ts';
import { row, run, text } from '../file/sql.ts';

/**
 * Removes a row in flight unless an event came meanwhile. A row that was cleared and begun anew may
 * have the same revision: it is not in flight.
 */
export function removeClaimed(db: Database, { key, revision }: QueueRow): boolean {
  const removed = run(
    db,
    'DELETE FROM queue WHERE key = ? AND revision = ? AND in_flight = revision',
    key,
    revision,
  );
  return removed > 0;
}

/**
 * Ends the work on a row: it goes if no event came meanwhile, else it is due again at once.
 * @returns whether it is gone
 */
export function finish(db: Database, claimed: QueueRow, now: number): boolean {
  const gone = removeClaimed(db, claimed);
  if (claimed.entity === 'scene') endWaiting(db, claimed.entityId);
  if (!gone) {
    const left = row(db, 'SELECT correlation FROM queue WHERE key = ?', claimed.key);
    run(
      db,
      `UPDATE queue SET in_flight = NULL, correlation = ?, attempts = 0, alone_failures = 0, error_code = NULL,
         first_error_at = NULL, first_event_at = last_event_at, due_at = coalesce(due_at, ?),
         cursor = 0
       WHERE key = ?`,
      left === undefined ? '' : idsSince(text(left, 'correlation'), allIds(claimed)),
      now,
      claimed.key,
    );
  }
  return gone;
}

function allIds({ correlation, also }: QueueRow): string {
  return also === null ? correlation : `${correlation} ${also}`;
}

/** Puts a row back as it was: the server failed, not the item. */
export function giveBack(db: Database, key: string): void {
  run(db, 'UPDATE queue SET in_flight = NULL WHERE key = ?', key);
}

/** The same, counting that it failed with no good write of another's to tell by. */
export function giveBackAlone(db: Database, key: string): void {
  run(
    db,
    'UPDATE queue SET in_flight = NULL, alone_failures = alone_failures + 1 WHERE key = ?',
    key,
  );
}

/** What a dead worker held goes back to the queue. */
export function giveBackAll(db: Database): number {
  return run(db, 'UPDATE queue SET in_flight = NULL WHERE in_flight IS NOT NULL');
}

/** Whether another row waits that failed so, and was not proven to be at fault itself. */
export function anotherFailed(db: Database, key: string): boolean {
  const found = row(
    db,
    `SELECT 1 FROM queue WHERE alone_failures > 0 AND due_at IS NOT NULL AND in_flight IS NULL
       AND entity = 'scene' AND attempts = 0 AND key <> ? LIMIT 1`,
    key,
  );
  return found !== undefined;
}

/** Puts a row back until `dueAt` with the attempts spent so far. */
export function retryAt(
  db: Database,
  key: string,
  retry: {
    readonly dueAt: number;
    readonly attempts: number;
    readonly errorCode: string;
    readonly now: number;
  },
): void {
  run(
    db,
    `UPDATE queue SET in_flight = NULL, due_at = ?, attempts = ?, error_code = ?,
       first_error_at = coalesce(first_error_at, ?) WHERE key = ?`,
    retry.dueAt,
    retry.attempts,
    retry.errorCode,
    retry.now,
    key,
  );
}
