// Titles of scenes as they were last read from Stash: what lists show, and are searched by.
import { withoutCase } from '../../domain/match/pathMapping.ts';
import type { Database } from '../file/database.ts';
import { row, run, text } from '../file/sql.ts';

/** @param title '' for a scene without one */
export function putSceneTitle(db: Database, sceneId: number, title: string): void {
  if (title === '') return dropSceneTitle(db, sceneId);
  run(
    db,
    `INSERT INTO scene_title (scene_id, title, title_key) VALUES (?, ?, ?)
     ON CONFLICT (scene_id) DO UPDATE SET title = excluded.title, title_key = excluded.title_key
     WHERE title <> excluded.title OR title_key <> excluded.title_key`,
    sceneId,
    title,
    withoutCase(title),
  );
}

/** '' for a scene without one, or that was never read. */
export function sceneTitle(db: Database, sceneId: number): string {
  const found = row(db, 'SELECT title FROM scene_title WHERE scene_id = ?', sceneId);
  return found === undefined ? '' : text(found, 'title');
}

export function dropSceneTitle(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM scene_title WHERE scene_id = ?', sceneId);
}
