// What a run asks the data file: scenes that PlexSync knows beside those of Stash, items that no scene
// has.
import type { Database } from '../file/database.ts';
import { rowCounts } from '../file/rowCount.ts';
import { count, integer, row, rows, text } from '../file/sql.ts';

/** Scenes that PlexSync takes to be in Stash, ascending, after one id and up to another; -1 = no limit. */
export function knownScenesBetween(
  db: Database,
  afterId: number,
  upToId: number,
  limit: number,
): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state WHERE scene_id > ? AND scene_id <= ?
       AND no_item_reason IS NOT 'gone' ORDER BY scene_id LIMIT ?`,
    afterId,
    upToId,
    limit,
  ).map((found) => integer(found, 'scene_id'));
}

export function knownScenes(db: Database): number {
  let sum = 0;
  for (const [kind, scenes] of rowCounts(db, 'scene_state')) if (kind !== 'gone') sum += scenes;
  return sum;
}

/** UNION instead of UNION ALL would have SQLite go through all scenes in their order, to merge them. */
const pushedSince = `scene_id IN (SELECT scene_id FROM scene_state WHERE pushed_at >= ?1
  UNION ALL SELECT scene_id FROM change WHERE at >= ?1)`;

/** Scenes into whose items anything was written since a time (Unix ms), as `knownScenesBetween`. */
export function pushedScenesBetween(
  db: Database,
  since: number,
  afterId: number,
  upToId: number,
  limit: number,
): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state WHERE ${pushedSince} AND scene_id > ?2 AND scene_id <= ?3
     ORDER BY scene_id LIMIT ?4`,
    since,
    afterId,
    upToId,
    limit,
  ).map((found) => integer(found, 'scene_id'));
}

export function pushedScenes(db: Database, since: number): number {
  return count(db, `SELECT count(*) AS n FROM scene_state WHERE ${pushedSince}`, since);
}

export interface IndexedItem {
  readonly ratingKey: string;
  readonly title: string;
  readonly path: string;
  readonly sectionId: string;
  /**
   * Whether a scene has it, or may have: by what is known, by choice, found by the run, or since it
   * has its file and has no other item, such as one that could not be read, or is kept out.
   */
  readonly hasScene: boolean;
}

/** Items of the index by rating key, after one. */
export function itemsAfter(db: Database, afterKey: string, limit: number): readonly IndexedItem[] {
  return rows(
    db,
    `SELECT rating_key, min(title) AS title, min(path) AS path, min(section_id) AS section_id,
       (EXISTS (SELECT 1 FROM scene_state WHERE scene_state.rating_key = plex_part.rating_key
          AND scene_state.no_item_reason IS NULL)
        OR EXISTS (SELECT 1 FROM pin WHERE pin.rating_key = plex_part.rating_key)
        OR EXISTS (SELECT 1 FROM review_candidate
          WHERE review_candidate.rating_key = plex_part.rating_key)
        OR EXISTS (SELECT 1 FROM run_item WHERE run_item.rating_key = plex_part.rating_key)
        OR EXISTS (SELECT 1 FROM plex_part AS part JOIN scene_file AS file ON file.name = part.name
            AND (part.size IS NULL OR file.size = part.size)
          WHERE part.rating_key = plex_part.rating_key AND NOT EXISTS (
            SELECT 1 FROM scene_state WHERE scene_state.scene_id = file.scene_id
            AND (scene_state.no_item_reason IS NULL OR scene_state.no_item_reason = 'gone'))))
       AS has_scene
     FROM plex_part WHERE rating_key > ? GROUP BY rating_key ORDER BY rating_key LIMIT ?`,
    afterKey,
    limit,
  ).map((found) => ({
    ratingKey: text(found, 'rating_key'),
    title: text(found, 'title'),
    path: text(found, 'path'),
    sectionId: text(found, 'section_id'),
    hasScene: integer(found, 'has_scene') === 1,
  }));
}

/** Whether the index still has the item: only a whole walk of a library proves it gone. */
export function isIndexed(db: Database, ratingKey: string): boolean {
  return row(db, 'SELECT 1 FROM plex_part WHERE rating_key = ? LIMIT 1', ratingKey) !== undefined;
}
