// The queue: one row per entity with something to do. How rows come into it, and what is in it.
import * as v from 'valibot';
import { dueAt } from '../../domain/recover/coalesce.ts';
import { splitIds, withId } from './correlations.ts';
import type { Database } from '../file/database.ts';
import { integer, integerOrNull, type Row, row, run, text } from '../file/sql.ts';

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
  /** The id by which the log names the work on it. */
  readonly correlation: string;
  /** Ids of other events that it carries, as `correlations.ts` writes them; null where there are none. */
  readonly also: string | null;
}

export function queueKey(entity: QueueEvent['entity'], id: number): string {
  return `${entity}:${id}`;
}

/**
 * Raises the entity's revision, or begins its row. Call within a transaction.
 * @returns the id of the event by which the row is named that waited already, else null
 */
export function raise(db: Database, event: QueueEvent): string | null {
  const key = queueKey(event.entity, event.entityId);
  const old = row(
    db,
    'SELECT first_event_at, due_at, attempts, in_flight, correlation FROM queue WHERE key = ?',
    key,
  );
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
    return null;
  }
  // A row that waits after a failure keeps its due time: new edits must not hammer a bad item.
  const backingOff = integer(old, 'attempts') > 0;
  run(
    db,
    `UPDATE queue SET revision = revision + 1, last_event_at = max(last_event_at, ?1), source = ?2,
       priority = 0, cursor = 0,
       due_at = CASE WHEN ?3 THEN due_at ELSE ?4 END,
       correlation = ${withId('correlation', '?5')}
     WHERE key = ?6`,
    event.at,
    event.source,
    backingOff ? 1 : 0,
    due,
    event.correlation,
    key,
  );
  // What is in flight ends under the id it began with; the edit since then is a job of its own.
  const waits = integerOrNull(old, 'in_flight') === null;
  return waits ? splitIds(text(old, 'correlation')).own : null;
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
       last_event_at = max(last_event_at, excluded.last_event_at),
       priority = min(priority, excluded.priority),
       correlation = ${withId('correlation', 'excluded.correlation')},
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

/** Whether any of the scenes waits for its first try, raised for this reason. */
export function anyUntried(db: Database, sceneIds: readonly number[], source: string): boolean {
  const found = row(
    db,
    `SELECT 1 FROM queue WHERE key IN (SELECT value FROM json_each(?)) AND source = ?
       AND due_at IS NOT NULL AND attempts = 0 AND alone_failures = 0 LIMIT 1`,
    JSON.stringify(sceneIds.map((id) => queueKey('scene', id))),
    source,
  );
  return found !== undefined;
}

export function hasRow(db: Database, key: string): boolean {
  return row(db, 'SELECT 1 FROM queue WHERE key = ?', key) !== undefined;
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

/** When the row of this key is due, Unix ms, or null if it is in flight, has no due time or is not there. */
export function dueAtOf(db: Database, key: string): number | null {
  const found = row(db, 'SELECT due_at FROM queue WHERE key = ? AND in_flight IS NULL', key);
  return found === undefined ? null : integerOrNull(found, 'due_at');
}

/** A row that is in flight. */
export function queueRow(found: Row): QueueRow {
  const { own, also } = splitIds(text(found, 'correlation'));
  return {
    key: text(found, 'key'),
    entity: v.parse(entitySchema, found['entity']),
    entityId: integer(found, 'entity_id'),
    revision: integer(found, 'in_flight'),
    attempts: integer(found, 'attempts'),
    aloneFailures: integer(found, 'alone_failures'),
    firstErrorAt: integerOrNull(found, 'first_error_at'),
    source: text(found, 'source'),
    correlation: own,
    also,
  };
}
