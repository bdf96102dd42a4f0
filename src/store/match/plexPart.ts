// The local index of the files that Plex knows: how it is kept.
import { nameKey, pathKey } from '../../domain/match/pathMapping.ts';
import type { ListedItem, PlexItem, PlexPart } from '../../domain/base/plexItem.ts';
import { tagKey } from '../../domain/base/text.ts';
import type { Database } from '../file/database.ts';
import { count, integer, row, run } from '../file/sql.ts';

/** Adds or renews the parts of a listed item; parts it had and has no more go. */
export function putItem(db: Database, sectionId: string, item: ListedItem, walk: number): void {
  for (const part of item.parts) {
    run(
      db,
      `INSERT INTO plex_part (rating_key, path_key, section_id, path, name, size, duration_ms, title,
         title_key, date, studio_key, added_at, updated_at, walk, changed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (rating_key, path_key) DO UPDATE SET
         changed = CASE WHEN size IS coalesce(excluded.size, size)
           AND duration_ms IS coalesce(excluded.duration_ms, duration_ms)
           AND section_id = excluded.section_id THEN changed ELSE excluded.walk END,
         section_id = excluded.section_id, path = excluded.path,
         -- A full read may have told more than a listing does.
         size = coalesce(excluded.size, size),
         duration_ms = coalesce(excluded.duration_ms, duration_ms), title = excluded.title,
         title_key = excluded.title_key, date = excluded.date, studio_key = excluded.studio_key,
         added_at = excluded.added_at, updated_at = excluded.updated_at, walk = excluded.walk`,
      item.ratingKey,
      pathKey(part.file),
      sectionId,
      part.file,
      nameKey(part.file),
      part.size,
      // Plex says 0 of what it could not measure.
      part.durationMs || item.durationMs || null,
      item.title,
      tagKey(item.title),
      item.date,
      tagKey(item.studio),
      item.addedAt,
      item.updatedAt,
      walk,
      walk,
    );
  }
  run(db, 'DELETE FROM plex_part WHERE rating_key = ? AND walk <> ?', item.ratingKey, walk);
}

/** Puts right what the index says of an item that was read in full. */
export function renewItem(db: Database, item: PlexItem): void {
  const known = row(
    db,
    'SELECT added_at, updated_at, walk FROM plex_part WHERE rating_key = ? LIMIT 1',
    item.ratingKey,
  );
  dropItem(db, item.ratingKey);
  if (known === undefined) return;
  const { ratingKey, scalars, parts } = item;
  const listed: ListedItem = {
    ratingKey,
    title: scalars.title,
    date: scalars.originallyAvailableAt,
    studio: scalars.studio,
    durationMs: null,
    addedAt: integer(known, 'added_at'),
    updatedAt: integer(known, 'updated_at'),
    parts,
  };
  putItem(db, item.sectionId, listed, integer(known, 'walk'));
}

/** What a full read of an item says of parts that the index has, where it says more. */
export function putParts(
  db: Database,
  ratingKey: string,
  parts: readonly PlexPart[],
  walk: number,
): void {
  for (const part of parts) {
    run(
      db,
      `UPDATE plex_part SET size = coalesce(?, size), duration_ms = coalesce(?, duration_ms),
         changed = ? WHERE rating_key = ? AND path_key = ? AND size IS NULL AND ? IS NOT NULL`,
      part.size,
      part.durationMs || null,
      walk,
      ratingKey,
      pathKey(part.file),
      part.size,
    );
  }
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

export function partCount(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM plex_part');
}
