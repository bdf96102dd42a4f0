// What PlexSync changed in Plex, field by field: the source of history and undo. Kept for a time and
// up to a number, whichever ends first.
import * as v from 'valibot';
import type { ImageLock } from '../../domain/base/imageKind.ts';
import type { Field } from '../../domain/base/plexItem.ts';
import { countRows, type Filter, sceneLike } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import { integer, type Row, run, text, textOrNull } from '../file/sql.ts';
import { type HistoryFilter, historyFilter, newestOf } from './historyPage.ts';

/** A text, or a list of tags as Plex spells them. */
export type FieldValue = string | readonly string[];

export interface Change {
  readonly sceneId: number;
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly field: Field | ImageLock | 'userRating';
  readonly before: FieldValue;
  /** As Plex showed it when it was read back. */
  readonly after: FieldValue;
  readonly lockedBefore: boolean;
  readonly lockedAfter: boolean;
  /** Correlation id of the work that it was part of. */
  readonly run: string;
  /** Unix ms. */
  readonly at: number;
}

/** As it is read: the field may be one of another version of PlexSync. */
export interface StoredChange extends Omit<Change, 'field'> {
  readonly id: number;
  readonly field: string;
  /** The scene's as it was last read, '' if it has none. */
  readonly title: string;
}

export const keptForMs = 90 * 24 * 3_600_000;
export const keptRows = 200_000;
/** A batch adds fewer than it may take away, so that what has to go gets ever less. */
const oldestLookedAt = 2_000;

/**
 * Adds the changes, oldest first, and takes away what is too old or too many. Call within the
 * transaction that settles what they belong to.
 * @param now Unix ms
 */
export function recordChanges(
  db: Database,
  changes: readonly Change[],
  now: number,
  limits = { ms: keptForMs, rows: keptRows },
): void {
  if (changes.length === 0) return;
  for (const change of changes) {
    run(
      db,
      `INSERT INTO change (scene_id, rating_key, section_id, field, before, after, locked_before,
         locked_after, run, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      change.sceneId,
      change.ratingKey,
      change.sectionId,
      change.field,
      JSON.stringify(change.before),
      JSON.stringify(change.after),
      change.lockedBefore ? 1 : 0,
      change.lockedAfter ? 1 : 0,
      change.run,
      change.at,
    );
  }
  // Rows go from the old end alone, so the ids have no gaps and tell how many there are.
  run(
    db,
    `DELETE FROM change WHERE id IN (SELECT id FROM change ORDER BY id LIMIT ?)
       AND (at < ? OR id <= (SELECT max(id) FROM change) - ?)`,
    oldestLookedAt,
    now - limits.ms,
    limits.rows,
  );
}

/** The newest first. `search` also finds part of what was there before or after. */
export function changes(
  db: Database,
  filter: HistoryFilter,
  offset: number,
  limit: number,
): readonly StoredChange[] {
  const asked = historyFilter(filter, mentioning);
  return newestOf(db, 'change', asked, offset, limit).map(toChange);
}

export function changeCount(db: Database, filter: HistoryFilter): number {
  return countRows(db, 'change', historyFilter(filter, mentioning));
}

function mentioning(search: string): Filter {
  const { where, values } = sceneLike('scene_id', search);
  // As it stands in JSON, without the quotes around it.
  const like = `%${JSON.stringify(search)
    .slice(1, -1)
    .replace(/[\\%_]/g, '\\$&')}%`;
  return {
    where: `${where} OR before LIKE ? ESCAPE '\\' OR after LIKE ? ESCAPE '\\'`,
    values: [...values, like, like],
  };
}

const valueSchema = v.pipe(v.string(), v.parseJson(), v.union([v.string(), v.array(v.string())]));

function toChange(found: Row): StoredChange {
  return {
    id: integer(found, 'id'),
    sceneId: integer(found, 'scene_id'),
    title: textOrNull(found, 'title') ?? '',
    ratingKey: text(found, 'rating_key'),
    sectionId: text(found, 'section_id'),
    field: text(found, 'field'),
    before: v.parse(valueSchema, found['before']),
    after: v.parse(valueSchema, found['after']),
    lockedBefore: integer(found, 'locked_before') === 1,
    lockedAfter: integer(found, 'locked_after') === 1,
    run: text(found, 'run'),
    at: integer(found, 'at'),
  };
}
