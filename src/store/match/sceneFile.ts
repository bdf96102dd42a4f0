// Every file of every scene that was read, as Stash sees it: who else could be an item's scene, what
// the path mappings have to explain, and which scenes a new file in Plex concerns.
import { nameKey } from '../../domain/match/pathMapping.ts';
import type { SceneFile } from '../../domain/base/scene.ts';
import type { Database } from '../file/database.ts';
import { count, integer, integerOrNull, rows, run, text, textOrNull } from '../file/sql.ts';

/** Replaces what is known of the scene's files; of an incomplete list, nothing goes. */
export function putSceneFiles(
  db: Database,
  sceneId: number,
  files: readonly SceneFile[],
  complete = true,
): void {
  for (const file of files) {
    run(
      db,
      `INSERT INTO scene_file (scene_id, path, name, size, duration_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (scene_id, path) DO UPDATE SET size = excluded.size,
         duration_ms = excluded.duration_ms
       WHERE size <> excluded.size OR duration_ms IS NOT excluded.duration_ms`,
      sceneId,
      file.path,
      nameKey(file.path),
      file.size,
      durationMs(file),
    );
  }
  if (!complete) return;
  run(
    db,
    `DELETE FROM scene_file WHERE scene_id = ?
       AND path NOT IN (SELECT value FROM json_each(?))`,
    sceneId,
    JSON.stringify(files.map((file) => file.path)),
  );
}

export function dropSceneFiles(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM scene_file WHERE scene_id = ?', sceneId);
}

export function sceneFiles(db: Database, sceneId: number): readonly SceneFile[] {
  return rows(db, 'SELECT path, size, duration_ms FROM scene_file WHERE scene_id = ?', sceneId).map(
    (found) => {
      const ms = integerOrNull(found, 'duration_ms');
      return {
        path: text(found, 'path'),
        size: integer(found, 'size'),
        durationSeconds: ms === null ? null : ms / 1_000,
      };
    },
  );
}

/** Other scenes that are known by a file of the same path as one of the scene's. */
export function scenesWithPathsOf(db: Database, sceneId: number): readonly number[] {
  return rows(
    db,
    `SELECT DISTINCT other.scene_id FROM scene_file AS own
       JOIN scene_file AS other ON other.name = own.name AND other.path = own.path
     WHERE own.scene_id = ? AND other.scene_id <> own.scene_id`,
    sceneId,
  ).map((found) => integer(found, 'scene_id'));
}

/** Scenes that have a file of this name and size; for a part of unknown size, of this name. */
export function scenesWithFileLike(
  db: Database,
  name: string,
  size: number | null,
  atMost: number,
): readonly number[] {
  return rows(
    db,
    `SELECT DISTINCT scene_id FROM scene_file WHERE name = ? AND (? IS NULL OR size = ?) LIMIT ?`,
    name,
    size,
    size,
    atMost,
  ).map((found) => integer(found, 'scene_id'));
}

export function sceneFileCount(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM scene_file');
}

/**
 * Pairs every file with the one part of its name and size in Plex, or null for none or several, and
 * for one whose name and size another file in Stash has too: such a pair proves nothing. In a
 * temporary table, for the several passes that the search for mappings makes. `use` may go through
 * the pairs as often as it likes.
 */
export function withCounterparts<T>(
  db: Database,
  use: (pairs: () => Iterable<{ readonly stash: string; readonly plex: string | null }>) => T,
): T {
  db.exec('DROP TABLE IF EXISTS temp.counterpart');
  db.exec(
    `CREATE TEMP TABLE counterpart AS SELECT f.path AS stash, (
       SELECT CASE WHEN count(*) = 1 THEN min(path) END FROM
         (SELECT path FROM plex_part p WHERE p.name = f.name AND p.size = f.size
            AND NOT EXISTS (SELECT 1 FROM scene_file other WHERE other.name = f.name
              AND other.size = f.size AND (other.scene_id <> f.scene_id OR other.path <> f.path))
          LIMIT 2)) AS plex
     FROM scene_file f`,
  );
  try {
    return use(() => pairsIn(db));
  } finally {
    db.exec('DROP TABLE temp.counterpart');
  }
}

function* pairsIn(
  db: Database,
): Generator<{ readonly stash: string; readonly plex: string | null }> {
  for (const found of db.prepare('SELECT stash, plex FROM temp.counterpart').iterate()) {
    yield { stash: text(found, 'stash'), plex: textOrNull(found, 'plex') };
  }
}

export function durationMs(file: SceneFile): number | null {
  return file.durationSeconds === null ? null : Math.round(file.durationSeconds * 1_000);
}
