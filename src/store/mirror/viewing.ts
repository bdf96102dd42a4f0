// What is known of a scene and its item for what goes both ways: the base of each comparison.
import * as v from 'valibot';
import type { Known } from '../../domain/mirror/viewing.ts';
import type { Database } from '../file/database.ts';
import { integer, row, rows, run, text } from '../file/sql.ts';

const pair = v.object({ plex: v.number(), stash: v.number() });
const rating = v.nullable(v.number());
const knownSchema: v.GenericSchema<unknown, Known> = v.object({
  watched: v.nullable(pair),
  resume: v.nullable(pair),
  rating: v.nullable(v.object({ plex: rating, stash: rating })),
  own: v.object({ plays: v.array(v.number()), mark: v.nullable(v.number()) }),
  marking: v.nullable(
    v.object({
      to: v.picklist(['watched', 'unwatched']),
      at: v.number(),
      offsetMs: v.number(),
      viewedAt: v.nullable(v.number()),
    }),
  ),
  adding: v.nullable(v.object({ at: v.number(), viewCount: v.number() })),
});

/**
 * null where the scene was never compared with this item. What no longer parses counts as that: nothing
 * is then known to be PlexSync's own, and nothing of it is taken back.
 */
export function viewingKnown(db: Database, sceneId: number, ratingKey: string): Known | null {
  const found = row(
    db,
    'SELECT known FROM viewing WHERE scene_id = ? AND rating_key = ?',
    sceneId,
    ratingKey,
  );
  if (found === undefined) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), knownSchema), text(found, 'known'));
  return parsed.success ? parsed.output : null;
}

export function keepViewing(
  db: Database,
  sceneId: number,
  ratingKey: string,
  known: Known,
  again: boolean,
): void {
  run(
    db,
    `INSERT INTO viewing (scene_id, rating_key, known, again) VALUES (?, ?, ?, ?)
     ON CONFLICT (scene_id) DO UPDATE SET rating_key = excluded.rating_key,
       known = excluded.known, again = excluded.again`,
    sceneId,
    ratingKey,
    JSON.stringify(known),
    again ? 1 : 0,
  );
}

/** There is nothing more to be looked at again. */
export function viewingLookedAt(db: Database, sceneId: number): void {
  run(db, 'UPDATE viewing SET again = 0 WHERE scene_id = ? AND again = 1', sceneId);
}

export function forgetViewing(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM viewing WHERE scene_id = ?', sceneId);
}

/** It is another user or another Plex. */
export function forgetAllViewing(db: Database): void {
  run(db, 'DELETE FROM viewing');
  // What this one has tells nothing of whether something was written for the one before.
  run(db, 'UPDATE viewing_change SET done = 1 WHERE done = 0');
}

export interface Pair {
  readonly sceneId: number;
  readonly ratingKey: string;
}

/** Scenes that have an item, by their numbers. */
export function pairsAfter(
  db: Database,
  sectionIds: readonly string[],
  afterId: number,
  limit: number,
): readonly Pair[] {
  return rows(
    db,
    `SELECT scene_id, rating_key FROM scene_state WHERE scene_id > ? AND rating_key IS NOT NULL
       AND no_item_reason IS NULL AND section_id IN (SELECT value FROM json_each(?))
     ORDER BY scene_id LIMIT ?`,
    afterId,
    JSON.stringify(sectionIds),
    limit,
  ).map(toPair);
}

export function pairsOfScenes(
  db: Database,
  sectionIds: readonly string[],
  sceneIds: readonly number[],
): readonly Pair[] {
  return rows(
    db,
    `SELECT scene_id, rating_key FROM scene_state
     WHERE scene_id IN (SELECT value FROM json_each(?)) AND rating_key IS NOT NULL
       AND no_item_reason IS NULL AND section_id IN (SELECT value FROM json_each(?))
     ORDER BY scene_id`,
    JSON.stringify(sceneIds),
    JSON.stringify(sectionIds),
  ).map(toPair);
}

export function scenesOfItems(db: Database, ratingKeys: readonly string[]): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state WHERE rating_key IN (SELECT value FROM json_each(?))
       AND no_item_reason IS NULL`,
    JSON.stringify(ratingKeys),
  ).map((found) => integer(found, 'scene_id'));
}

/** Scenes that somebody was watching when they were looked at, or at which something failed. */
export function scenesAgain(db: Database, limit: number): readonly number[] {
  return rows(db, 'SELECT scene_id FROM viewing WHERE again = 1 LIMIT ?', limit).map((found) =>
    integer(found, 'scene_id'),
  );
}

function toPair(found: Readonly<Record<string, unknown>>): Pair {
  return { sceneId: integer(found, 'scene_id'), ratingKey: text(found, 'rating_key') };
}
