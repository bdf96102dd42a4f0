// The queue: one row per entity with something to do; one function per verb.
import { dueAt } from '../domain/coalesce.ts';
import type { Database } from './open.ts';
import { count, integer, integerOrNull, type Row, row, rows, run, text } from './sql.ts';

export interface QueueEvent {
  readonly entity: 'scene' | 'performer' | 'studio' | 'tag' | 'group';
  readonly entityId: number;
  readonly source: string;
  readonly correlation: string;
  /** Unix ms. */
  readonly at: number;
  /** Event before it of any entity, Unix ms; null if none is known. */
  readonly previousAt: number | null;
}

export interface QueueRow {
  readonly key: string;
  readonly entityId: number;
  readonly revision: number;
  readonly attempts: number;
  readonly aloneFailures: number;
  readonly firstErrorAt: number | null;
  readonly source: string;
  readonly correlation: string;
}

export function queueKey(entity: QueueEvent['entity'], id: number): string {
  return `${entity}:${id}`;
}

/** Raises the entity's revision, or begins its row. Call within a transaction. */
export function raise(db: Database, event: QueueEvent): void {
  const key = queueKey(event.entity, event.entityId);
  const old = row(db, 'SELECT first_event_at, due_at, attempts FROM queue WHERE key = ?', key);
  const first = old === undefined ? null : integer(old, 'first_event_at');
  const due = event.entity === 'scene' ? dueAt(event.at, event.previousAt, first) : null;
  if (old === undefined) {
    run(
      db,
      `INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at,
         source, correlation) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)`,
      key,
      event.entity,
      event.entityId,
      due,
      event.at,
      event.at,
      event.source,
      event.correlation,
    );
    return;
  }
  // A row that waits after a failure keeps its due time: new edits must not hammer a bad item.
  const backingOff = integer(old, 'attempts') > 0;
  run(
    db,
    `UPDATE queue SET revision = revision + 1, last_event_at = max(last_event_at, ?), source = ?,
       due_at = CASE WHEN ? THEN due_at ELSE ? END,
       correlation = CASE WHEN in_flight IS NULL THEN correlation ELSE ? END
     WHERE key = ?`,
    event.at,
    event.source,
    backingOff ? 1 : 0,
    due,
    // What is in flight ends under the id it began with; the edit since then is a job of its own.
    event.correlation,
    key,
  );
}

/**
 * The rows of a burst become due a few milliseconds after each other: taken one by one as they do,
 * each would cost the reads of a batch of its own. Rows that back off are never taken early.
 */
const gatherMs = 250;

/**
 * Up to `limit` due rows, the longest due first, marked as in flight at their present revision;
 * never `exceptKey`.
 */
export function claim(
  db: Database,
  now: number,
  limit: number,
  exceptKey: string | null = null,
): readonly QueueRow[] {
  return (
    rows(
      db,
      `UPDATE queue SET in_flight = revision WHERE key IN (
       SELECT key FROM queue WHERE due_at <= ? AND due_at IS NOT NULL AND in_flight IS NULL
         AND (due_at <= ? OR attempts = 0) AND key IS NOT ? ORDER BY due_at LIMIT ?)
     RETURNING *`,
      now + gatherMs,
      now,
      exceptKey,
      limit,
    )
      // RETURNING promises no order (sqlite.org/lang_returning.html).
      .toSorted((a, b) => integer(a, 'due_at') - integer(b, 'due_at'))
      .map(queueRow)
  );
}

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
  if (!gone) {
    run(
      db,
      `UPDATE queue SET in_flight = NULL, attempts = 0, alone_failures = 0, error_code = NULL,
         first_error_at = NULL, first_event_at = last_event_at, due_at = coalesce(due_at, ?)
       WHERE key = ?`,
      now,
      claimed.key,
    );
  }
  return gone;
}

/** Puts a row back as it was: the server failed, not the item. */
export function giveBack(db: Database, key: string): void {
  run(db, 'UPDATE queue SET in_flight = NULL WHERE key = ?', key);
}

/** The same, counting that it failed with no other item at hand. */
export function giveBackAlone(db: Database, key: string): void {
  run(
    db,
    'UPDATE queue SET in_flight = NULL, alone_failures = alone_failures + 1 WHERE key = ?',
    key,
  );
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

/** What a dead worker held goes back to the queue. */
export function giveBackAll(db: Database): number {
  return run(db, 'UPDATE queue SET in_flight = NULL WHERE in_flight IS NOT NULL');
}

/** When the next row is due, Unix ms, or null if none has a due time. */
export function nextDueAt(db: Database): number | null {
  const found = row(
    db,
    'SELECT min(due_at) AS due FROM queue WHERE due_at IS NOT NULL AND in_flight IS NULL',
  );
  return found === undefined ? null : integerOrNull(found, 'due');
}

/** Makes a scene due that waited for Plex to know its file. */
export function rearm(db: Database, sceneId: number, now: number, correlation: string): void {
  const key = queueKey('scene', sceneId);
  run(
    db,
    `INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at,
       source, correlation) VALUES (?, 'scene', ?, 1, ?, ?, ?, 'index', ?)
     ON CONFLICT (key) DO UPDATE SET revision = revision + 1`,
    key,
    sceneId,
    now,
    now,
    now,
    correlation,
  );
}

export interface QueueCounts {
  /** Rows with a due time that are not in flight. */
  readonly pending: number;
  readonly inFlight: number;
  /** Of pending, those that wait after a failed attempt. */
  readonly retrying: number;
  /** Rows kept for a capability to come. */
  readonly kept: number;
  /** Unix ms of the oldest event not yet pushed. */
  readonly oldestEventAt: number | null;
}

export function queueCounts(db: Database): QueueCounts {
  const oldest = row(db, 'SELECT min(first_event_at) AS t FROM queue WHERE due_at IS NOT NULL');
  return {
    pending: count(
      db,
      'SELECT count(*) AS n FROM queue WHERE due_at IS NOT NULL AND in_flight IS NULL',
    ),
    inFlight: count(db, 'SELECT count(*) AS n FROM queue WHERE in_flight IS NOT NULL'),
    retrying: count(
      db,
      'SELECT count(*) AS n FROM queue WHERE due_at IS NOT NULL AND in_flight IS NULL AND attempts > 0',
    ),
    kept: count(db, 'SELECT count(*) AS n FROM queue WHERE due_at IS NULL AND in_flight IS NULL'),
    oldestEventAt: oldest === undefined ? null : integerOrNull(oldest, 't'),
  };
}

function queueRow(found: Row): QueueRow {
  return {
    key: text(found, 'key'),
    entityId: integer(found, 'entity_id'),
    revision: integer(found, 'in_flight'),
    attempts: integer(found, 'attempts'),
    aloneFailures: integer(found, 'alone_failures'),
    firstErrorAt: integerOrNull(found, 'first_error_at'),
    source: text(found, 'source'),
    correlation: text(found, 'correlation'),
  };
}
