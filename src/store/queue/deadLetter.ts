// Dead letters: what was given up, kept for a person, with what it takes to try it again.
import type { ErrorCode } from '../../contract/errors.ts';
import type { Database } from '../file/database.ts';
import { outageOf } from './outage.ts';
import type { QueueRow } from './queue.ts';
import { removeClaimed } from './queueSettle.ts';
import { rowCounts } from '../file/rowCount.ts';
import { integer, integerOrNull, row, rows, run, text, textOrNull } from '../file/sql.ts';

export interface DeadLetter {
  readonly key: string;
  readonly entityId: number;
  readonly errorCode: string;
  readonly message: string;
  /** Offending field, where one is known. */
  readonly field: string | null;
  readonly attempts: number;
  readonly firstErrorAt: number;
  readonly lastErrorAt: number;
  readonly correlation: string;
  /** In whose time it failed; null for none. */
  readonly outage: number | null;
}

/**
 * Moves a row in flight to the dead letters. If an event came meanwhile the row stays and is tried
 * anew: the edit may have mended it. Call within a transaction.
 * @returns whether it was buried
 */
export function bury(
  db: Database,
  claimed: QueueRow,
  error: { readonly code: ErrorCode; readonly message: string; readonly field: string | null },
  attempts: number,
  now: number,
): boolean {
  if (!removeClaimed(db, claimed)) {
    run(
      db,
      `UPDATE queue SET in_flight = NULL, attempts = 0, alone_failures = 0, error_code = NULL,
         first_error_at = NULL WHERE key = ?`,
      claimed.key,
    );
    return false;
  }
  run(
    db,
    `INSERT INTO dead_letter (key, entity, entity_id, error_code, message, field, attempts,
       first_error_at, last_error_at, correlation, outage)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET error_code = excluded.error_code, message = excluded.message,
       field = excluded.field, attempts = excluded.attempts,
       first_error_at = excluded.first_error_at, last_error_at = excluded.last_error_at,
       correlation = excluded.correlation, outage = excluded.outage`,
    claimed.key,
    claimed.entity,
    claimed.entityId,
    error.code,
    error.message,
    error.field,
    attempts,
    claimed.firstErrorAt ?? now,
    now,
    claimed.also === null ? claimed.correlation : `${claimed.correlation} ${claimed.also}`,
    outageOf(db, claimed.firstErrorAt ?? now, now),
  );
  return true;
}

/** A scene that was pushed after all, or is gone, needs no review any more. */
export function forgetDeadLetter(db: Database, key: string): void {
  run(db, 'DELETE FROM dead_letter WHERE key = ?', key);
}

export function isBuried(db: Database, key: string): boolean {
  return row(db, 'SELECT 1 FROM dead_letter WHERE key = ?', key) !== undefined;
}

export function deadLetterCount(db: Database): number {
  return [...rowCounts(db, 'dead_letter').values()].reduce((sum, count) => sum + count, 0);
}

/** Number of dead letters by error code. */
export function deadLettersByCause(db: Database): Readonly<Record<string, number>> {
  return Object.fromEntries(rowCounts(db, 'dead_letter'));
}

/** The newest first. */
export function deadLetters(db: Database, limit: number): readonly DeadLetter[] {
  return rows(db, 'SELECT * FROM dead_letter ORDER BY last_error_at DESC, key LIMIT ?', limit).map(
    (row) => ({
      key: text(row, 'key'),
      entityId: integer(row, 'entity_id'),
      errorCode: text(row, 'error_code'),
      message: text(row, 'message'),
      field: textOrNull(row, 'field'),
      attempts: integer(row, 'attempts'),
      firstErrorAt: integer(row, 'first_error_at'),
      lastErrorAt: integer(row, 'last_error_at'),
      correlation: text(row, 'correlation'),
      outage: integerOrNull(row, 'outage'),
    }),
  );
}
