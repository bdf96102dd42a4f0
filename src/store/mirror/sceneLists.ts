// What the states of all scenes say together: which of them have no item, which wait, and how many.
import type { NoItemReason } from '../../domain/match/match.ts';
import type { Database } from '../file/database.ts';
import { rowCounts } from '../file/rowCount.ts';
import { integer, integerOrNull, row, rows, run } from '../file/sql.ts';

/** What gone scenes put into items that Plex has no more. Only after a whole walk of the index. */
export function dropGoneWithoutItem(db: Database): number {
  return run(
    db,
    `DELETE FROM scene_state WHERE no_item_reason = 'gone'
       AND rating_key NOT IN (SELECT rating_key FROM plex_part)`,
  );
}

/** Scenes whose item the index has no more, by id. Only after a whole walk of the index. */
export function scenesWhoseItemIsGone(db: Database): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state WHERE no_item_reason IS NULL AND rating_key IS NOT NULL
       AND rating_key NOT IN (SELECT rating_key FROM plex_part) ORDER BY scene_id`,
  ).map((found) => integer(found, 'scene_id'));
}

/** Whether any scene is without an item for one of these reasons. */
export function isAnyWithout(db: Database, reasons: readonly NoItemReason[]): boolean {
  const query = `SELECT 1 FROM scene_state
    WHERE no_item_reason IN (SELECT value FROM json_each(?)) LIMIT 1`;
  return row(db, query, JSON.stringify(reasons)) !== undefined;
}

/** Scenes without an item for one of these reasons, by id. */
export function scenesWithout(db: Database, reasons: readonly NoItemReason[]): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state
     WHERE no_item_reason IN (SELECT value FROM json_each(?)) ORDER BY scene_id`,
    JSON.stringify(reasons),
  ).map((found) => integer(found, 'scene_id'));
}

/**
 * Unix ms at which the scene that began to wait for Plex last did so; null if none waits. By an index
 * alone: it is asked at every turn of the worker.
 */
export function newestWaitingSince(db: Database): number | null {
  const found = row(
    db,
    'SELECT max(waiting_since) AS since FROM scene_state WHERE waiting_since IS NOT NULL',
  );
  return found === undefined ? null : integerOrNull(found, 'since');
}

/** Scenes with an item, and those without by reason. */
export function sceneCounts(db: Database): {
  readonly matched: number;
  readonly byReason: Readonly<Record<string, number>>;
} {
  const {
    matched = 0,
    new: _,
    gone: __,
    ...byReason
  } = Object.fromEntries(rowCounts(db, 'scene_state'));
  return { matched, byReason };
}
