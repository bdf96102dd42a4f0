// Items in which PlexSync may have set locks, page by page, with what it knows to be its own there.
import type { Database } from '../file/database.ts';
import { type OwnValues, ownValuesIn } from './ownValues.ts';
import { count, integer, rows, text } from '../file/sql.ts';

export interface OwnItem {
  /** 0 for an item whose scene has another one now. */
  readonly sceneId: number;
  readonly ratingKey: string;
  readonly values: OwnValues;
}

/** Items that scenes have, or had last, by scene. */
export function itemsOfScenes(db: Database, after: number, limit: number): readonly OwnItem[] {
  return rows(
    db,
    `SELECT scene_id, rating_key, pushed, intent, before FROM scene_state
     WHERE scene_id > ? AND rating_key IS NOT NULL ORDER BY scene_id LIMIT ?`,
    after,
    limit,
  ).map((found) => ({
    sceneId: integer(found, 'scene_id'),
    ratingKey: text(found, 'rating_key'),
    values: ownValuesIn(found),
  }));
}

/** Items whose scenes have others now. */
export function leftItems(db: Database, after: string, limit: number): readonly OwnItem[] {
  return rows(
    db,
    'SELECT * FROM left_item WHERE rating_key > ? ORDER BY rating_key LIMIT ?',
    after,
    limit,
  ).map((found) => ({
    sceneId: 0,
    ratingKey: text(found, 'rating_key'),
    values: ownValuesIn(found),
  }));
}

/** All of these, and pictures that PlexSync locked. */
export function ownItemCount(db: Database): number {
  return count(
    db,
    `SELECT (SELECT count(*) FROM scene_state WHERE rating_key IS NOT NULL)
       + (SELECT count(*) FROM left_item) + (SELECT count(*) FROM image WHERE locked = 1) AS n`,
  );
}
