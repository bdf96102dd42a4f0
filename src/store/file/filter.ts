// Conditions of lists and of what is done to them: pieces of SQL with their values, put together.
import type { SQLInputValue } from 'node:sqlite';
import { withoutCase } from '../../domain/match/pathMapping.ts';
import type { Database } from './database.ts';
import { count } from './sql.ts';

export interface Filter {
  readonly where: string;
  readonly values: readonly SQLInputValue[];
}

export const everything: Filter = { where: 'TRUE', values: [] };

/** What all of them let through. */
export function both(...all: readonly Filter[]): Filter {
  const filters = all.filter((filter) => filter !== everything);
  const [only, second] = filters;
  if (second === undefined) return only ?? everything;
  return {
    where: filters.map(({ where }) => `(${where})`).join(' AND '),
    values: filters.flatMap(({ values }) => values),
  };
}

/** How many rows; of a whole table without going through it. */
export function countRows(db: Database, table: string, filter: Filter): number {
  const condition = filter === everything ? '' : `WHERE ${filter.where}`;
  return count(db, `SELECT count(*) AS n FROM ${table} ${condition}`, ...filter.values);
}

/** @param column of a text */
export function among(column: string, texts: readonly string[]): Filter {
  const [only, ...more] = texts;
  if (only !== undefined && more.length === 0) return { where: `${column} = ?`, values: [only] };
  return {
    where: `${column} IN (SELECT value FROM json_each(?))`,
    values: [JSON.stringify(texts)],
  };
}

/**
 * Scenes by number, or by part of their title or of the path of one of their files, upper and lower
 * case alike. One pass through titles and paths, whatever the length of the list.
 * @param column of scene numbers
 */
export function sceneLike(column: string, search: string): Filter {
  const scenes = scenesLike(search);
  return { where: `${column} IN (${scenes.where})`, values: scenes.values };
}

/**
 * The same for anything by its key; a scene also by number, title and path.
 * @param column of keys
 */
export function keyLike(column: string, search: string): Filter {
  const { where, values } = scenesLike(search);
  return {
    where: `${column} IN (SELECT 'scene:' || scene_id FROM (${where}) UNION ALL SELECT ?)`,
    values: [...values, search],
  };
}

/** A query for the numbers of scenes. */
function scenesLike(search: string): Filter {
  const folded = withoutCase(search);
  const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  // LIKE itself knows no case of letters outside ASCII; the folded name serves for those.
  const isPlain = /^[ -~]*$/.test(search);
  const named = isPlain ? '' : "OR name LIKE ? ESCAPE '\\'";
  return {
    where: `SELECT scene_id FROM scene_title WHERE title_key LIKE ? ESCAPE '\\'
      UNION ALL SELECT scene_id FROM scene_file WHERE path LIKE ? ESCAPE '\\' ${named}
      UNION ALL SELECT CAST(? AS INTEGER)`,
    values: [
      like(folded),
      like(search),
      ...(isPlain ? [] : [like(folded)]),
      /^\d{1,15}$/.test(search) ? Number(search) : -1,
    ],
  };
}
