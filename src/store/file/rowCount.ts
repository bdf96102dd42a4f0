// How many rows there are, by kind: kept by triggers as the rows change (`migrations`), so that it
// takes no longer for a million rows than for ten.
import type { Database } from './database.ts';
import { integer, rows, text } from './sql.ts';

export type CountedTable = 'queue' | 'dead_letter' | 'scene_state';

/** Number of rows by kind; kinds without any are left out. */
export function rowCounts(db: Database, table: CountedTable): ReadonlyMap<string, number> {
  const found = rows(db, 'SELECT kind, count FROM row_count WHERE of = ? AND count > 0', table);
  return new Map(found.map((row) => [text(row, 'kind'), integer(row, 'count')]));
}
