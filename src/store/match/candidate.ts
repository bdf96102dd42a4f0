// What the index of Plex's files has for a scene: what makes finding, and not finding, an item cheap.
import type { CandidatePart, SceneFileKeys } from '../../domain/match/match.ts';
import type { Database } from '../file/database.ts';
import { integerOrNull, type Row, row, rows, text } from '../file/sql.ts';

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

/** Whether another item than this one has a part at the path. */
export function hasOtherAt(db: Database, path: string, ratingKey: string): boolean {
  const query = 'SELECT 1 FROM plex_part WHERE path_key = ? AND rating_key <> ?';
  return row(db, query, path, ratingKey) !== undefined;
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
