// The queue and the dead letters as lists for a person: in pages, searched, by cause.
import type { Database } from '../file/database.ts';
import { among, both, countRows, everything, type Filter, keyLike } from '../file/filter.ts';
import { integer, integerOrNull, type Row, rows, text, textOrNull } from '../file/sql.ts';

export interface ListQuery {
  /** A scene's number, or part of its title or path; null for all. */
  readonly search: string | null;
  /** Error codes; null for all. */
  readonly causes: readonly string[] | null;
  readonly offset: number;
  readonly limit: number;
}

export interface Listed<T> {
  /** Of all that fit. */
  readonly total: number;
  readonly rows: readonly T[];
}

interface Thing {
  /** `scene:12`, `performer:5`. */
  readonly key: string;
  readonly entity: string;
  readonly entityId: number;
  /** A scene's, '' where it has none or none is known. */
  readonly title: string;
  /** Of one of a scene's files as Stash sees it, '' where none is known. */
  readonly path: string;
}

export interface QueueItem extends Thing {
  /** Unix ms of the oldest event that was not pushed yet. */
  readonly since: number;
  /** Unix ms. */
  readonly dueAt: number | null;
  readonly attempts: number;
  readonly errorCode: string | null;
  readonly priority: number;
  readonly source: string;
  readonly inFlight: boolean;
}

export interface DeadLetterItem extends Thing {
  readonly errorCode: string;
  readonly message: string;
  readonly field: string | null;
  readonly attempts: number;
  readonly firstErrorAt: number;
  readonly lastErrorAt: number;
  /** In whose time it failed; null for none. */
  readonly outage: number | null;
}

/** The longest waiting first. */
export function queueList(db: Database, query: ListQuery): Listed<QueueItem> {
  return list(db, 'queue', 'first_event_at, rowid', query, queueItem);
}

/** What waits under a key, null if nothing does. */
export function queueItemOf(db: Database, key: string): QueueItem | null {
  return page(db, 'queue', 'rowid', among('key', [key]), onlyOne).map(queueItem)[0] ?? null;
}

function queueItem(found: Row): QueueItem {
  return {
    ...thing(found),
    since: integer(found, 'first_event_at'),
    dueAt: integerOrNull(found, 'due_at'),
    attempts: integer(found, 'attempts'),
    errorCode: textOrNull(found, 'error_code'),
    priority: integer(found, 'priority'),
    source: text(found, 'source'),
    inFlight: found['in_flight'] !== null,
  };
}

/** The newest first. @param outage only what failed in its time */
export function deadLetterList(
  db: Database,
  query: ListQuery,
  outage?: number,
): Listed<DeadLetterItem> {
  const order = 'last_error_at DESC, rowid DESC';
  const inOutage = outage === undefined ? everything : { where: 'outage = ?', values: [outage] };
  return list(db, 'dead_letter', order, query, deadLetterItem, inOutage);
}

/** What was given up under a key, null if nothing was. */
export function deadLetterOf(db: Database, key: string): DeadLetterItem | null {
  const filter = among('key', [key]);
  return page(db, 'dead_letter', 'rowid', filter, onlyOne).map(deadLetterItem)[0] ?? null;
}

function deadLetterItem(found: Row): DeadLetterItem {
  return {
    ...thing(found),
    errorCode: text(found, 'error_code'),
    message: text(found, 'message'),
    field: textOrNull(found, 'field'),
    attempts: integer(found, 'attempts'),
    firstErrorAt: integer(found, 'first_error_at'),
    lastErrorAt: integer(found, 'last_error_at'),
    outage: integerOrNull(found, 'outage'),
  };
}

function list<T>(
  db: Database,
  table: 'queue' | 'dead_letter',
  order: string,
  { search, causes, offset, limit }: ListQuery,
  read: (found: Row) => T,
  further: Filter = everything,
): Listed<T> {
  const filter = both(
    further,
    causes === null ? everything : among('error_code', causes),
    search === null ? everything : keyLike('key', search),
  );
  return {
    total: countRows(db, table, filter),
    rows: page(db, table, order, filter, { offset, limit }).map(read),
  };
}

const onlyOne = { offset: 0, limit: 1 };

/** The rows of the page are found by an index alone; only they are read. */
function page(
  db: Database,
  table: 'queue' | 'dead_letter',
  order: string,
  filter: Filter,
  { offset, limit }: Pick<ListQuery, 'offset' | 'limit'>,
): readonly Row[] {
  return rows(
    db,
    `SELECT item.*, title.title AS scene_title,
       (SELECT path FROM scene_file WHERE scene_id = item.entity_id AND item.entity = 'scene'
        LIMIT 1) AS scene_path
     FROM (SELECT rowid AS at FROM ${table} WHERE ${filter.where} ORDER BY ${order} LIMIT ? OFFSET ?) AS page
     JOIN ${table} AS item ON item.rowid = page.at
     LEFT JOIN scene_title AS title ON title.scene_id = item.entity_id AND item.entity = 'scene'
     ORDER BY ${order.replaceAll('rowid', 'item.rowid')}`,
    ...filter.values,
    limit,
    offset,
  );
}

function thing(found: Row): Thing {
  return {
    key: text(found, 'key'),
    entity: text(found, 'entity'),
    entityId: integer(found, 'entity_id'),
    title: textOrNull(found, 'scene_title') ?? '',
    path: textOrNull(found, 'scene_path') ?? '',
  };
}
