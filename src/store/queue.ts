// The queue: one row per entity with something to do; one function per verb.
import * as v from 'valibot';
import { dueAt } from '../domain/coalesce.ts';
import type { Database } from './open.ts';
import { count, integer, integerOrNull, type Row, row, rows, run, text } from './sql.ts';

const entitySchema = v.picklist(['scene', 'performer', 'studio', 'tag', 'group']);

export interface QueueEvent {
  readonly entity: v.InferOutput<typeof entitySchema>;
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
  readonly entity: QueueEvent['entity'];
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
  const due = dueAt(event.at, event.previousAt, first);
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
       priority = 0, cursor = 0,
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

export interface FanOutRow extends QueueRow {
  /** The last scene id it has raised; 0 at its beginning. */
  readonly cursor: number;
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
         first_error_at = NULL, first_event_at = last_event_at, due_at = coalesce(due_at, ?),
         cursor = 0
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

/** The same, counting that it failed with no good write of another's to tell by. */
export function giveBackAlone(db: Database, key: string): void {
  run(
    db,
    'UPDATE queue SET in_flight = NULL, alone_failures = alone_failures + 1 WHERE key = ?',
    key,
  );
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

/** What a dead worker held goes back to the queue. */
export function giveBackAll(db: Database): number {
  return run(db, 'UPDATE queue SET in_flight = NULL WHERE in_flight IS NOT NULL');
}

/** When the next row is due, Unix ms, or null if none has a due time. */
export function nextDueAt(db: Database): number | null {
  const found = row(
    db,
    `SELECT min(due) AS due FROM (
       SELECT min(due_at) AS due FROM queue WHERE entity = 'scene' AND priority = 0
         AND due_at IS NOT NULL AND in_flight IS NULL
       UNION ALL SELECT min(due_at) FROM queue WHERE entity = 'scene' AND priority = 1
         AND due_at IS NOT NULL AND in_flight IS NULL
       UNION ALL SELECT min(due_at) FROM queue WHERE entity <> 'scene'
         AND due_at IS NOT NULL AND in_flight IS NULL)`,
  );
  return found === undefined ? null : integerOrNull(found, 'due');
}

/**
 * Raises a scene without an event of its own: Plex may know its file now, a fan-out reached it, a
 * person chose. It follows in bulk, unless an edit of the scene waits already: then it goes with it.
 * @param source why, e.g. 'index', 'fan-out', 'choice'
 */
export function raiseScene(
  db: Database,
  sceneId: number,
  now: number,
  source: string,
  correlation: string,
  priority: 0 | 1 = 1,
): void {
  run(
    db,
    `INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at,
       source, correlation, priority) VALUES (?, 'scene', ?, 1, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET revision = revision + 1,
       priority = min(priority, excluded.priority),
       due_at = CASE WHEN excluded.priority = 0 THEN min(due_at, excluded.due_at) ELSE due_at END`,
    queueKey('scene', sceneId),
    sceneId,
    now,
    now,
    now,
    source,
    correlation,
    priority,
  );
}

export function hasRow(db: Database, key: string): boolean {
  return row(db, 'SELECT 1 FROM queue WHERE key = ?', key) !== undefined;
}

export interface QueueCounts {
  /** Rows with a due time that are not in flight. */
  readonly pending: number;
  readonly inFlight: number;
  /** Of pending, those that wait after a failed attempt. */
  readonly retrying: number;
  /** Of pending, performers, studios, tags and groups whose scenes are still to be raised. */
  readonly fanOuts: number;
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
    fanOuts: count(
      db,
      `SELECT count(*) AS n FROM queue WHERE entity <> 'scene' AND due_at IS NOT NULL
         AND in_flight IS NULL`,
    ),
    oldestEventAt: oldest === undefined ? null : integerOrNull(oldest, 't'),
  };
}

function queueRow(found: Row): QueueRow {
  return {
    key: text(found, 'key'),
    entity: v.parse(entitySchema, found['entity']),
    entityId: integer(found, 'entity_id'),
    revision: integer(found, 'in_flight'),
    attempts: integer(found, 'attempts'),
    aloneFailures: integer(found, 'alone_failures'),
    firstErrorAt: integerOrNull(found, 'first_error_at'),
    source: text(found, 'source'),
    correlation: text(found, 'correlation'),
  };
}
