// Files in the index of Plex's that scenes may be waiting for: new, changed, or not looked into yet.
import type { Database } from '../file/database.ts';
import { integer, row, rows, text } from '../file/sql.ts';

/** Items with a part of unknown size whose name a scene without an item has. */
export function unanalysedAwaited(db: Database, atMost: number): readonly string[] {
  return rows(
    db,
    `SELECT DISTINCT rating_key FROM plex_part
     WHERE size IS NULL AND name IN (SELECT f.name FROM scene_state s CROSS JOIN scene_file f
       WHERE s.no_item_reason IN ('waiting', 'outside', 'review') AND f.scene_id = s.scene_id)
     ORDER BY random() LIMIT ?`,
    atMost,
  ).map((found) => text(found, 'rating_key'));
}

/** Whether Plex has a file of this name that it has not looked into yet. */
export function hasUnanalysed(db: Database, name: string): boolean {
  const query = 'SELECT 1 FROM plex_part WHERE name = ? AND size IS NULL';
  return row(db, query, name) !== undefined;
}

/**
 * Scenes that have a file which may be among the parts that the walks from `fromWalk` on found new or
 * changed, and that have no item, or another one than the part's: the file may have got a new item.
 * May be: at its path, or of its name where the size is the same or not known yet. Each file is
 * looked up by itself, since in some libraries thousands share one name.
 * @param plexPathOf the comparable path at which Plex should have a file of Stash's
 */
export function scenesAwaitingChanged(
  db: Database,
  fromWalk: number,
  plexPathOf: (stashPath: string) => string,
): ReadonlySet<number> {
  // In this order (CROSS JOIN: sqlite.org/optoverview.html): few parts change between two walks.
  const query = db.prepare(
    `SELECT f.scene_id, f.path, f.name, f.size, CASE WHEN s.no_item_reason IS NULL
       THEN coalesce(s.rating_key, '') ELSE '' END AS has
     FROM (SELECT DISTINCT name FROM plex_part INDEXED BY plex_part_changed WHERE changed >= ?) n
       CROSS JOIN scene_file f CROSS JOIN scene_state s
     WHERE f.name = n.name AND s.scene_id = f.scene_id
       AND (s.no_item_reason IS NULL OR s.no_item_reason IN ('waiting', 'outside', 'review'))`,
  );
  const scenes = new Set<number>();
  for (const found of query.iterate(fromWalk)) {
    const id = integer(found, 'scene_id');
    if (scenes.has(id)) continue;
    const name = text(found, 'name');
    const has = text(found, 'has');
    const changed = row(
      db,
      `SELECT 1 FROM plex_part WHERE name = ? AND size = ? AND changed >= ? AND rating_key <> ?
       UNION ALL
       SELECT 1 FROM plex_part WHERE name = ? AND size IS NULL AND changed >= ? AND rating_key <> ?
       UNION ALL
       SELECT 1 FROM plex_part WHERE path_key = ? AND changed >= ? AND rating_key <> ? LIMIT 1`,
      name,
      integer(found, 'size'),
      fromWalk,
      has,
      name,
      fromWalk,
      has,
      plexPathOf(text(found, 'path')),
      fromWalk,
      has,
    );
    if (changed !== undefined) scenes.add(id);
  }
  return scenes;
}
