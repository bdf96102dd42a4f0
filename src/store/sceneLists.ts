// What the states of all scenes say together: which of them have no item, which wait, and how many.
import type { NoItemReason } from '../domain/match.ts';
import type { Database } from './open.ts';
import { count, integer, integerOrNull, row, rows, run, text } from './sql.ts';

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

export interface WaitingScenes {
  readonly count: number;
  /** Unix ms at which the one that began to wait last did so; null if none waits. */
  readonly newestSince: number | null;
}

export function waitingScenes(db: Database): WaitingScenes {
  const found = row(
    db,
    'SELECT count(*) AS n, max(waiting_since) AS since FROM scene_state WHERE waiting_since IS NOT NULL',
  );
  if (found === undefined) return { count: 0, newestSince: null };
  return { count: integer(found, 'n'), newestSince: integerOrNull(found, 'since') };
}

/** Number of scenes without an item, by reason; and of scenes with one. */
export function sceneCounts(db: Database): {
  readonly matched: number;
  readonly byReason: Readonly<Record<string, number>>;
} {
  const reasons = rows(
    db,
    `SELECT no_item_reason, count(*) AS n FROM scene_state
     WHERE no_item_reason IS NOT NULL AND no_item_reason <> 'gone' GROUP BY no_item_reason`,
  );
  return {
    matched: count(
      db,
      'SELECT count(*) AS n FROM scene_state WHERE rating_key IS NOT NULL AND no_item_reason IS NULL',
    ),
    byReason: Object.fromEntries(
      reasons.map((found) => [text(found, 'no_item_reason'), integer(found, 'n')]),
    ),
  };
}

export function lastPushAt(db: Database): number | null {
  const found = row(db, 'SELECT max(pushed_at) AS t FROM scene_state');
  return found === undefined ? null : integerOrNull(found, 't');
}
