// What the lists of both histories share: what is asked for, and a page of it with the scenes' titles.
import { both, everything, type Filter } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import { type Row, rows } from '../file/sql.ts';

export interface HistoryFilter {
  readonly sceneId?: number | undefined;
  readonly ratingKey?: string | undefined;
  readonly field?: string | undefined;
  readonly search?: string | null;
}

/**
 * Only what is asked for stands in the statement, so that an index can serve it.
 * @param mentioning rows that the search is meant to find
 */
export function historyFilter(
  { sceneId, ratingKey, field, search }: HistoryFilter,
  mentioning: (search: string) => Filter,
): Filter {
  const equal = (column: string, value: string | number | undefined): Filter =>
    value === undefined ? everything : { where: `${column} = ?`, values: [value] };
  return both(
    equal('scene_id', sceneId),
    equal('rating_key', ratingKey),
    equal('field', field),
    search === undefined || search === null ? everything : mentioning(search),
  );
}

/** The newest first; `title` is null where no scene of that number was read. */
export function newestOf(
  db: Database,
  table: 'change' | 'viewing_change',
  { where, values }: Filter,
  offset: number,
  limit: number,
): readonly Row[] {
  return rows(
    db,
    `SELECT page.*, title.title FROM
       (SELECT * FROM ${table} WHERE ${where} ORDER BY id DESC LIMIT ? OFFSET ?) AS page
     LEFT JOIN scene_title AS title ON title.scene_id = page.scene_id ORDER BY page.id DESC`,
    ...values,
    limit,
    offset,
  );
}
