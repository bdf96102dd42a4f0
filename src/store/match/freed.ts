// An item that a scene gives up may be another's: which items those are, and which scenes have to be
// matched anew for them.
import type { Database } from '../file/database.ts';
import { integer, rows, text } from '../file/sql.ts';

/** Items that the scene has or had, was chosen for, or could have been chosen. */
export function itemsOfScene(db: Database, sceneId: number): readonly string[] {
  return rows(
    db,
    `SELECT rating_key FROM scene_state WHERE scene_id = ? AND rating_key IS NOT NULL
     UNION SELECT rating_key FROM pin WHERE scene_id = ? AND rating_key IS NOT NULL
     UNION SELECT rating_key FROM review_candidate WHERE scene_id = ?`,
    sceneId,
    sceneId,
    sceneId,
  ).map((found) => text(found, 'rating_key'));
}

const scenesAtMost = 50;

/**
 * Scenes without an item that one of these could be the item of: as a candidate in review, or by a
 * file of the same name and size.
 */
export function scenesThatCouldHave(
  db: Database,
  ratingKeys: readonly string[],
): readonly number[] {
  const scenes = new Set<number>();
  for (const key of ratingKeys) {
    for (const found of rows(
      db,
      `SELECT scene_id FROM review_candidate WHERE rating_key = ?
       UNION SELECT f.scene_id FROM plex_part p CROSS JOIN scene_file f CROSS JOIN scene_state s
         WHERE p.rating_key = ? AND f.name = p.name AND f.size = p.size
           AND s.scene_id = f.scene_id AND s.no_item_reason IN ('waiting', 'outside', 'review')
       LIMIT ?`,
      key,
      key,
      scenesAtMost,
    )) {
      scenes.add(integer(found, 'scene_id'));
    }
  }
  return [...scenes];
}
