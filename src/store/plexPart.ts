// The local index of the files that Plex knows: what makes finding, and not finding, an item cheap.
import type { CandidatePart, SceneFileKeys } from '../domain/match.ts';
import { nameKey, pathKey } from '../domain/pathMapping.ts';
import type { ListedItem, PlexItem, PlexPart } from '../domain/plexItem.ts';
import { tagKey } from '../domain/text.ts';
import type { Database } from './open.ts';
import { count, integer, integerOrNull, type Row, row, rows, run, text } from './sql.ts';

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

/** What the files may have in common with a part; 'sure' ones settle nearly every scene. */
export function sureCandidates(db: Database, files: readonly SceneFileKeys[]): CandidatePart[] {
  return files
    .flatMap((file) => [
      ...rows(db, 'SELECT * FROM plex_part WHERE path_key = ?', file.plexPath),
      ...rows(
        db,
        'SELECT * FROM plex_part WHERE name = ? AND size = ? LIMIT ?',
        file.name,
        file.size,
        likeAtMost,
      ),
    ])
    .map((found) => candidatePart(found, false));
}

/** More than a person would look through; the first ones prove that there are several. */
const likeAtMost = 50;
const sameLengthMs = 1_000;

export interface SceneText {
  readonly titleKey: string;
  /** `YYYY-MM-DD`, or ''. */
  readonly date: string;
  readonly studioKey: string;
}

/** The rest of what may fit: name and length, bytes under another name, title with date or studio. */
export function furtherCandidates(
  db: Database,
  files: readonly SceneFileKeys[],
  scene: SceneText,
): CandidatePart[] {
  const found: CandidatePart[] = [];
  for (const { name, size, durationMs } of files) {
    if (durationMs === null) continue;
    const from = durationMs - sameLengthMs;
    const to = durationMs + sameLengthMs;
    for (const part of [
      ...rows(
        db,
        'SELECT * FROM plex_part WHERE name = ? AND duration_ms BETWEEN ? AND ? LIMIT ?',
        name,
        from,
        to,
        likeAtMost,
      ),
      ...rows(
        db,
        'SELECT * FROM plex_part WHERE size = ? AND duration_ms BETWEEN ? AND ? LIMIT ?',
        size,
        from,
        to,
        likeAtMost,
      ),
    ]) {
      found.push(candidatePart(part, false));
    }
  }
  if (scene.titleKey === '') return found;
  for (const part of rows(
    db,
    `SELECT * FROM plex_part WHERE title_key = ? AND ((date = ? AND date <> '')
       OR (studio_key = ? AND studio_key <> '')) LIMIT ?`,
    scene.titleKey,
    scene.date,
    scene.studioKey,
    likeAtMost,
  )) {
    found.push(candidatePart(part, true));
  }
  return found;
}

/** All parts of an item; empty if the index does not know it. */
export function partsOfItem(db: Database, ratingKey: string): CandidatePart[] {
  return rows(db, 'SELECT * FROM plex_part WHERE rating_key = ?', ratingKey).map((found) =>
    candidatePart(found, false),
  );
}

/** Items that have a part of this path, or of this name, or of this size and length. */
export function partsLike(
  db: Database,
  file: {
    readonly path: string;
    readonly name: string;
    readonly size: number | null;
    readonly durationMs: number | null;
  },
): CandidatePart[] {
  return rows(
    db,
    `SELECT * FROM plex_part WHERE path_key = ?
     UNION SELECT * FROM plex_part WHERE name = ? AND size = ?
     UNION SELECT * FROM plex_part WHERE size = ? AND duration_ms BETWEEN ? AND ? LIMIT ?`,
    file.path,
    file.name,
    file.size,
    file.size,
    (file.durationMs ?? Number.NEGATIVE_INFINITY) - sameLengthMs,
    (file.durationMs ?? Number.NEGATIVE_INFINITY) + sameLengthMs,
    likeAtMost,
  ).map((found) => candidatePart(found, false));
}

/** The only part of this name and size, as Plex spells its path; null if there is none, or several. */
export function onlyPartLike(db: Database, name: string, size: number): string | null {
  const found = rows(
    db,
    'SELECT path FROM plex_part WHERE name = ? AND size = ? LIMIT 2',
    name,
    size,
  );
  const [first] = found;
  return first === undefined || found.length > 1 ? null : text(first, 'path');
}

export function hasPath(db: Database, pathKeyOfPart: string): boolean {
  return row(db, 'SELECT 1 FROM plex_part WHERE path_key = ?', pathKeyOfPart) !== undefined;
}

export function partCount(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM plex_part');
}

function candidatePart(part: Row, sameText: boolean): CandidatePart {
  return {
    ratingKey: text(part, 'rating_key'),
    sectionId: text(part, 'section_id'),
    title: text(part, 'title'),
    path: text(part, 'path_key'),
    file: text(part, 'path'),
    name: text(part, 'name'),
    size: integerOrNull(part, 'size'),
    durationMs: integerOrNull(part, 'duration_ms'),
    sameText,
  };
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

/** Whether another item than this one has a part at the path. */
export function hasOtherAt(db: Database, path: string, ratingKey: string): boolean {
  const query = 'SELECT 1 FROM plex_part WHERE path_key = ? AND rating_key <> ?';
  return row(db, query, path, ratingKey) !== undefined;
}
