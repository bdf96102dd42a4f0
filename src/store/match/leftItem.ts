// What PlexSync put into items whose scenes have other items now: it stays PlexSync's own work, for
// whichever scene the item is next.
import type { Database } from '../file/database.ts';
import { type OwnValues, ownValuesIn } from '../mirror/ownValues.ts';
import { row, run } from '../file/sql.ts';

/** Call before the scene is recorded with another item. */
export function keepLeftItem(db: Database, sceneId: number, newRatingKey: string): void {
  run(
    db,
    `INSERT INTO left_item (rating_key, pushed, intent, before)
     SELECT rating_key, pushed, intent, before FROM scene_state
       WHERE scene_id = ? AND rating_key IS NOT NULL AND rating_key <> ?
     ON CONFLICT (rating_key) DO UPDATE SET pushed = excluded.pushed, intent = excluded.intent,
       before = excluded.before`,
    sceneId,
    newRatingKey,
  );
}

export function leftValues(db: Database, ratingKey: string): OwnValues | null {
  const found = row(
    db,
    'SELECT pushed, intent, before FROM left_item WHERE rating_key = ?',
    ratingKey,
  );
  return found === undefined ? null : ownValuesIn(found);
}

/** The item is a scene's again, which has the record now. */
export function forgetLeftItem(db: Database, ratingKey: string): void {
  run(db, 'DELETE FROM left_item WHERE rating_key = ?', ratingKey);
}

/** Of items that Plex has no more. Only after a whole walk of the index. */
export function dropLeftWithoutItem(db: Database): void {
  run(db, 'DELETE FROM left_item WHERE rating_key NOT IN (SELECT rating_key FROM plex_part)');
}
