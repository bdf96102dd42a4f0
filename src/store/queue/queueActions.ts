// What a person does to the queue and to the dead letters: some of them or all, in pages of a
// transaction each, so that hooks, tasks and the worker come in between. Rows in flight are the
// worker's and are left alone.
import { among, both, countRows, everything, type Filter } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import { count, integer, row, rows, run, transaction } from '../file/sql.ts';

/** Which rows. */
export type Which =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** Error codes. */
  | { readonly kind: 'causes'; readonly causes: readonly string[] }
  | { readonly kind: 'all' };

/** Rows of one page; others get at the data file between two of them. */
const pageRows = 5_000;

/** Ends after the last page. Between two pages the caller may pause. */
export type Pages = Generator<number, void, void>;

/** @param before Unix ms: what was raised at that time or later stays */
export function queueRowsBefore(which: Which, before: number): Filter {
  return both(filterOf(which), { where: 'last_event_at < ?', values: [before] });
}

/** @param before Unix ms: what failed last at that time or later stays */
export function deadLettersBefore(which: Which, before: number): Filter {
  return both(filterOf(which), { where: 'last_error_at < ?', values: [before] });
}

function filterOf(which: Which): Filter {
  switch (which.kind) {
    case 'keys':
      return among('key', which.keys);
    case 'causes':
      return among('error_code', which.causes);
    case 'all':
      return everything;
  }
}

const notInFlight: Filter = { where: 'in_flight IS NULL', values: [] };

export function countQueueRows(db: Database, filter: Filter): number {
  return countRows(db, 'queue', both(filter, notInFlight));
}

export function countDeadLetters(db: Database, filter: Filter): number {
  return countRows(db, 'dead_letter', filter);
}

export function countInFlight(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM queue WHERE in_flight IS NOT NULL');
}

export function removeQueueRows(db: Database, filter: Filter): Pages {
  return inPages(db, 'queue', both(filter, notInFlight), (page) =>
    run(db, `DELETE FROM queue WHERE rowid IN ${listed} AND in_flight IS NULL`, page),
  );
}

export function removeDeadLetters(db: Database, filter: Filter): Pages {
  return inPages(db, 'dead_letter', filter, (page) =>
    run(db, `DELETE FROM dead_letter WHERE rowid IN ${listed}`, page),
  );
}

/** Makes due what waits for its next try, with all its attempts before it. */
export function retryQueueRows(db: Database, filter: Filter, now: number): Pages {
  return inPages(db, 'queue', both(filter, notInFlight, waitsForATry(now)), (page) =>
    run(
      db,
      `UPDATE queue SET due_at = min(due_at, ?), attempts = 0, alone_failures = 0,
         error_code = NULL, first_error_at = NULL WHERE rowid IN ${listed} AND in_flight IS NULL`,
      now,
      page,
    ),
  );
}

function waitsForATry(now: number): Filter {
  return { where: 'due_at > ? OR attempts > 0 OR alone_failures > 0', values: [now] };
}

/** Puts them before everything else, due or not. */
export function putFirst(db: Database, filter: Filter, now: number): Pages {
  const found = row(
    db,
    `SELECT min(due_at) AS due FROM queue WHERE due_at IS NOT NULL AND in_flight IS NULL
       AND entity = 'scene' AND priority = 0`,
  );
  const due = typeof found?.['due'] === 'number' ? found['due'] : now;
  return inPages(db, 'queue', both(filter, notInFlight), (page) =>
    run(
      db,
      `UPDATE queue SET priority = 0, due_at = ?, alone_failures = 0
       WHERE rowid IN ${listed} AND in_flight IS NULL`,
      Math.min(due, now) - 1,
      page,
    ),
  );
}

/**
 * Puts dead letters back into the queue, due at once. One whose scene is in the queue already, edited
 * since, only ends its waiting.
 * @param priority 0 as an edit, 1 behind them
 */
export function retryDeadLetters(
  db: Database,
  filter: Filter,
  now: number,
  priority: 0 | 1,
): Pages {
  return inPages(db, 'dead_letter', filter, (page) => {
    run(
      db,
      `INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at,
         source, correlation, priority)
       SELECT key, entity, entity_id, 1, ?1, ?1, ?1, 'retry', correlation, ?2
         FROM dead_letter WHERE rowid IN (SELECT value FROM json_each(?3))
       ON CONFLICT (key) DO UPDATE SET due_at = min(due_at, excluded.due_at),
         last_event_at = max(last_event_at, excluded.last_event_at),
         priority = min(priority, excluded.priority), attempts = 0, alone_failures = 0,
         error_code = NULL, first_error_at = NULL
       WHERE in_flight IS NULL`,
      now,
      priority,
      page,
    );
    return run(db, `DELETE FROM dead_letter WHERE rowid IN ${listed}`, page);
  });
}

const listed = '(SELECT value FROM json_each(?))';

/** @param change of the rows whose numbers it is given as JSON; says how many it changed */
function* inPages(
  db: Database,
  table: 'queue' | 'dead_letter',
  { where, values }: Filter,
  change: (page: string) => number,
): Pages {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const { changed, last } = transaction(db, () => {
      const page = rows(
        db,
        `SELECT rowid AS at FROM ${table} WHERE rowid > ? AND (${where}) ORDER BY rowid LIMIT ?`,
        after,
        ...values,
        pageRows,
      ).map((found) => integer(found, 'at'));
      return { changed: change(JSON.stringify(page)), last: page.at(-1) };
    });
    if (changed > 0) yield changed;
    if (last === undefined) return;
    after = last;
  }
}
