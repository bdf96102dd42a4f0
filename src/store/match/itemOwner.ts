// Whose scene's a Plex item is, what others put into it, and how it passes from one to another.
import type { Database } from '../file/database.ts';
import { nothing, type OwnValues } from '../mirror/ownValues.ts';
import { toState } from '../mirror/sceneState.ts';
import { integer, row, run } from '../file/sql.ts';

/** The scene whose item it is, other than `sceneId`; null if it is nobody's. */
export function ownerOf(db: Database, ratingKey: string, sceneId: number): number | null {
  const found = row(
    db,
    'SELECT scene_id FROM scene_state WHERE rating_key = ? AND no_item_reason IS NULL',
    ratingKey,
  );
  const owner = found === undefined ? null : integer(found, 'scene_id');
  return owner === sceneId ? null : owner;
}

/**
 * What was put into the item under another scene's name, by the one that has it or had it last: it
 * is PlexSync's own whoever's it becomes.
 */
export function othersValues(db: Database, ratingKey: string, sceneId: number): OwnValues | null {
  for (const which of hasItemOrNot) {
    const found = row(
      db,
      `SELECT * FROM scene_state WHERE rating_key = ? AND no_item_reason ${which} AND scene_id <> ?
       ORDER BY pushed_at DESC LIMIT 1`,
      ratingKey,
      sceneId,
    );
    if (found !== undefined) return toState(found);
  }
  return null;
}

/** Each has its own index by the item; asked for both at once, SQLite would go through all scenes. */
const hasItemOrNot = ['IS NULL', 'IS NOT NULL'] as const;

/**
 * An item that passed to the scene leaves nothing of its values with the ones that had it.
 * @returns the scene whose item it was until now, if it was anyone's: it has none any more
 */
export function takeFromOthers(db: Database, ratingKey: string, sceneId: number): number | null {
  const owner = ownerOf(db, ratingKey, sceneId);
  run(
    db,
    `DELETE FROM scene_state WHERE rating_key = ? AND scene_id <> ? AND no_item_reason = 'gone'`,
    ratingKey,
    sceneId,
  );
  for (const which of hasItemOrNot) {
    run(
      db,
      `UPDATE scene_state SET rating_key = NULL, section_id = NULL, pushed = ?, intent = ?,
         before = '{}', no_item_reason = coalesce(no_item_reason, 'waiting')
       WHERE rating_key = ? AND no_item_reason ${which} AND scene_id <> ?`,
      nothing,
      nothing,
      ratingKey,
      sceneId,
    );
  }
  return owner;
}
