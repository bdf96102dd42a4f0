// Pictures and ratings as a list for a person, those that wait or those that were given up; and what
// is done to the given-up ones.
import { type Extra, extras } from '../../contract/fieldPolicies.ts';
import * as v from 'valibot';
import { among, both, countRows, everything, type Filter, sceneLike } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import type { Listed, ListQuery } from './queueList.ts';
import { integer, integerOrNull, rows, run, text, textOrNull } from '../file/sql.ts';

export interface ExtraItem {
  readonly sceneId: number;
  readonly kind: Extra;
  /** '' where it has none or none is known. */
  readonly title: string;
  readonly path: string;
  /** Unix ms; null once it was given up. */
  readonly dueAt: number | null;
  readonly attempts: number;
  /** Of the last failure; null before the first. */
  readonly errorCode: string | null;
  readonly message: string | null;
  /** Unix ms. */
  readonly failedAt: number | null;
}

const kindSchema = v.picklist(extras);
export const givenUp: Filter = { where: 'due_at IS NULL', values: [] };
export const waiting: Filter = { where: 'due_at IS NOT NULL', values: [] };

/** By number of the scene. */
export function extraList(
  db: Database,
  which: Filter,
  { search, causes, offset, limit }: ListQuery,
): Listed<ExtraItem> {
  const filter = both(
    which,
    causes === null ? everything : among('error_code', causes),
    search === null ? everything : sceneLike('scene_id', search),
  );
  const page = rows(
    db,
    `SELECT e.*, title.title, (SELECT path FROM scene_file WHERE scene_id = e.scene_id LIMIT 1) AS path
     FROM (SELECT * FROM extra WHERE ${filter.where} ORDER BY scene_id, kind LIMIT ? OFFSET ?) AS e
     LEFT JOIN scene_title AS title ON title.scene_id = e.scene_id ORDER BY e.scene_id, e.kind`,
    ...filter.values,
    limit,
    offset,
  );
  return {
    total: countRows(db, 'extra', filter),
    rows: page.map((found) => ({
      sceneId: integer(found, 'scene_id'),
      kind: v.parse(kindSchema, found['kind']),
      title: textOrNull(found, 'title') ?? '',
      path: textOrNull(found, 'path') ?? '',
      dueAt: integerOrNull(found, 'due_at'),
      attempts: integer(found, 'attempts'),
      errorCode: textOrNull(found, 'error_code'),
      message: textOrNull(found, 'message'),
      failedAt: integerOrNull(found, 'failed_at'),
    })),
  };
}

/** Of those given up, how many by error code. */
export function givenUpByCause(db: Database): Readonly<Record<string, number>> {
  const found = rows(
    db,
    `SELECT coalesce(error_code, 'internal') AS code, count(*) AS n FROM extra
     WHERE due_at IS NULL GROUP BY code ORDER BY code`,
  );
  return Object.fromEntries(found.map((row) => [text(row, 'code'), integer(row, 'n')]));
}

export function countExtras(db: Database, filter: Filter): number {
  return countRows(db, 'extra', filter);
}

/** They are due again, with all attempts before them. @returns how many */
export function retryExtras(db: Database, filter: Filter, now: number): number {
  const { where, values } = both(givenUp, filter);
  return run(db, `UPDATE extra SET due_at = ?, attempts = 0 WHERE ${where}`, now, ...values);
}

/** They are not shown any more; another cover or rating is sent as ever. @returns how many */
export function removeExtras(db: Database, filter: Filter): number {
  const { where, values } = both(givenUp, filter);
  return run(db, `DELETE FROM extra WHERE ${where}`, ...values);
}
