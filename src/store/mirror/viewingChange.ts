// The history of what went both ways. A row is there before anything is written, so that no value goes
// without having been kept; a death in between is made out by what both sides have afterwards.
import * as v from 'valibot';
import type { Conflict, Note } from '../../domain/mirror/viewing.ts';
import { countRows, type Filter, sceneLike } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import { integer, type Row, row, rows, run, text, textOrNull } from '../file/sql.ts';
import { keptForMs, keptRows } from './change.ts';
import { type HistoryFilter, historyFilter, newestOf } from './historyPage.ts';

export interface ViewingChange extends Note {
  readonly id: number;
  readonly sceneId: number;
  readonly ratingKey: string;
  /** The scene's as it was last read, '' if it has none. */
  readonly title: string;
  /** Unix ms. */
  readonly at: number;
}

const oldestLookedAt = 2_000;

/**
 * Adds what is about to be written, or was left; takes away what is too old or too many.
 * @param done whether nothing is to be written for it
 * @returns the number of each
 */
export function recordViewing(
  db: Database,
  place: { readonly sceneId: number; readonly ratingKey: string },
  notes: readonly Note[],
  done: boolean,
  now: number,
  limits = { ms: keptForMs, rows: keptRows },
): readonly number[] {
  if (notes.length === 0) return [];
  const ids = notes.map((note) => {
    const found = row(
      db,
      `INSERT INTO viewing_change (scene_id, rating_key, field, side, before, after, why, conflict,
         at, done) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      place.sceneId,
      place.ratingKey,
      note.field,
      note.side,
      note.before,
      note.after,
      note.why,
      note.conflict === null ? null : JSON.stringify(note.conflict),
      now,
      done ? 1 : 0,
    );
    return found === undefined ? 0 : integer(found, 'id');
  });
  run(
    db,
    `DELETE FROM viewing_change WHERE id IN (SELECT id FROM viewing_change ORDER BY id LIMIT ?)
       AND (at < ? OR id <= (SELECT max(id) FROM viewing_change) - ?)`,
    oldestLookedAt,
    now - limits.ms,
    limits.rows,
  );
  return ids;
}

export function viewingDone(db: Database, ids: readonly number[]): void {
  run(
    db,
    'UPDATE viewing_change SET done = 1 WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  );
}

export function dropViewingChange(db: Database, id: number): void {
  run(db, 'DELETE FROM viewing_change WHERE id = ? AND done = 0', id);
}

/** What was about to be written of this scene when PlexSync died. */
export function openViewing(db: Database, sceneId: number): readonly ViewingChange[] {
  return rows(
    db,
    `SELECT *, NULL AS title FROM viewing_change WHERE scene_id = ? AND done = 0 ORDER BY id`,
    sceneId,
  ).flatMap(toChange);
}

const mentioning = (search: string): Filter => sceneLike('scene_id', search);

/** The newest first. */
export function viewingChanges(
  db: Database,
  filter: HistoryFilter,
  offset: number,
  limit: number,
): readonly ViewingChange[] {
  const asked = historyFilter(filter, mentioning);
  return newestOf(db, 'viewing_change', asked, offset, limit).flatMap(toChange);
}

export function viewingChangeCount(db: Database, filter: HistoryFilter): number {
  return countRows(db, 'viewing_change', historyFilter(filter, mentioning));
}

export interface ViewingCounts {
  readonly toStash: number;
  readonly toPlex: number;
  readonly conflicts: number;
}

/** @param since Unix ms */
export function viewingCounts(db: Database, since: number): ViewingCounts {
  const found = row(
    db,
    `SELECT count(*) FILTER (WHERE side = 'stash' AND before <> after) AS to_stash,
       count(*) FILTER (WHERE side = 'plex' AND before <> after) AS to_plex,
       count(*) FILTER (WHERE why = 'conflict') AS conflicts
     FROM viewing_change WHERE at >= ? AND done = 1`,
    since,
  );
  if (found === undefined) return { toStash: 0, toPlex: 0, conflicts: 0 };
  return {
    toStash: integer(found, 'to_stash'),
    toPlex: integer(found, 'to_plex'),
    conflicts: integer(found, 'conflicts'),
  };
}

/** None of its times may lie ahead of a clock that was put right. */
export function putViewingChangesRight(db: Database, now: number): void {
  run(db, 'UPDATE viewing_change SET at = ?1 WHERE at > ?1', now);
}

const time = v.nullable(v.number());
const conflictSchema: v.GenericSchema<unknown, Conflict> = v.object({
  plex: v.string(),
  stash: v.string(),
  plexAt: time,
  stashAt: time,
  rule: v.picklist(['later', 'plex', 'stash']),
  winner: v.picklist(['plex', 'stash']),
});
const noteSchema = v.object({
  field: v.picklist(['watched', 'resume', 'rating']),
  side: v.picklist(['plex', 'stash']),
  why: v.picklist(['changed', 'first', 'conflict', 'kept']),
  conflict: v.nullable(v.pipe(v.string(), v.parseJson(), conflictSchema)),
});

/** One of another version of PlexSync may not parse: it is left out. */
function toChange(found: Row): readonly ViewingChange[] {
  const parsed = v.safeParse(noteSchema, found);
  if (!parsed.success) return [];
  return [
    {
      ...parsed.output,
      id: integer(found, 'id'),
      sceneId: integer(found, 'scene_id'),
      ratingKey: text(found, 'rating_key'),
      title: textOrNull(found, 'title') ?? '',
      before: text(found, 'before'),
      after: text(found, 'after'),
      at: integer(found, 'at'),
    },
  ];
}
