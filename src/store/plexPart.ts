// The local index of the files that Plex knows: what makes finding, and not finding, an item cheap.
import type { CandidatePart, SceneFileKeys } from '../domain/match.ts';
import { nameKey, pathKey } from '../domain/pathMapping.ts';
import type { ListedItem } from '../domain/plexItem.ts';
import type { Database } from './open.ts';
import { count, rows, run, text } from './sql.ts';

/** Adds or renews the parts of a listed item; parts it had and has no more go. Returns new parts. */
export function putItem(db: Database, sectionId: string, item: ListedItem, walk: number): void {
  for (const part of item.parts) {
    run(
      db,
      `INSERT INTO plex_part (rating_key, path_key, section_id, path, name, size, title, added_at,
         updated_at, walk) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (rating_key, path_key) DO UPDATE SET section_id = excluded.section_id,
         path = excluded.path, size = excluded.size, title = excluded.title,
         added_at = excluded.added_at, updated_at = excluded.updated_at, walk = excluded.walk`,
      item.ratingKey,
      pathKey(part.file),
      sectionId,
      part.file,
      nameKey(part.file),
      part.size,
      item.title,
      item.addedAt,
      item.updatedAt,
      walk,
    );
  }
  run(db, 'DELETE FROM plex_part WHERE rating_key = ? AND walk <> ?', item.ratingKey, walk);
}

/** Forgets an item that Plex no longer has. */
export function dropItem(db: Database, ratingKey: string): void {
  run(db, 'DELETE FROM plex_part WHERE rating_key = ?', ratingKey);
}

/** Number of items with a file that the walk saw. */
export function itemsSeenIn(db: Database, sectionId: string, walk: number): number {
  return count(
    db,
    'SELECT count(DISTINCT rating_key) AS n FROM plex_part WHERE section_id = ? AND walk = ?',
    sectionId,
    walk,
  );
}

/** After a whole walk of a section: what it did not see is gone from Plex. */
export function dropUnseen(db: Database, sectionId: string, walk: number): number {
  return run(db, 'DELETE FROM plex_part WHERE section_id = ? AND walk <> ?', sectionId, walk);
}

/** Parts of libraries that are no longer used. */
export function dropOtherSections(db: Database, sectionIds: readonly string[]): void {
  run(
    db,
    'DELETE FROM plex_part WHERE section_id NOT IN (SELECT value FROM json_each(?))',
    JSON.stringify(sectionIds),
  );
}

/** Every part that shares its path, or its name and size, with one of the files. */
export function candidates(db: Database, files: readonly SceneFileKeys[]): CandidatePart[] {
  const found: CandidatePart[] = [];
  for (const file of files) {
    for (const part of rows(
      db,
      'SELECT rating_key, section_id, path FROM plex_part WHERE path_key = ?',
      file.plexPath,
    )) {
      found.push({ ...candidate(part), by: 'path' });
    }
    for (const part of rows(
      db,
      'SELECT rating_key, section_id, path FROM plex_part WHERE name = ? AND size = ?',
      file.name,
      file.size,
    )) {
      found.push({ ...candidate(part), by: 'name-size' });
    }
  }
  return found;
}

export function partCount(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM plex_part');
}

function candidate(part: Readonly<Record<string, unknown>>): Omit<CandidatePart, 'by'> {
  return {
    ratingKey: text(part, 'rating_key'),
    sectionId: text(part, 'section_id'),
    path: text(part, 'path'),
  };
}
