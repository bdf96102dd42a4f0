// Which rating PlexSync gave an item, so that a person's is known from ours.
import type { KnownRating } from '../../domain/mirror/rating.ts';
import type { Database } from '../file/database.ts';
import { integer, integerOrNull, row, run } from '../file/sql.ts';

/** Beside 0 to 10 in the table: no rating at all. */
const none = -1;

export function ratingOf(db: Database, ratingKey: string): KnownRating {
  const found = row(db, 'SELECT pushed, intent FROM rating WHERE rating_key = ?', ratingKey);
  if (found === undefined) return { pushed: undefined, intent: undefined };
  const read = (column: string): number | null | undefined => {
    const value = integerOrNull(found, column);
    return value === null ? undefined : value === none ? null : value;
  };
  return { pushed: read('pushed'), intent: read('intent') };
}

/** Whether the rating that is known is one that PlexSync gave, and not one that it found. */
export function isRatingGiven(db: Database, ratingKey: string): boolean {
  const found = row(db, 'SELECT given FROM rating WHERE rating_key = ?', ratingKey);
  return found !== undefined && integer(found, 'given') === 1;
}

export interface RatingPlace {
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly sceneId: number;
}

/** Before it is sent: should the worker die then, the rating in Plex is known to be ours. */
export function recordRatingIntent(
  db: Database,
  { ratingKey, sectionId, sceneId }: RatingPlace,
  rating: number | null,
): void {
  run(
    db,
    `INSERT INTO rating (rating_key, section_id, scene_id, intent, given) VALUES (?, ?, ?, ?, 1)
     ON CONFLICT (rating_key) DO UPDATE SET section_id = excluded.section_id,
       scene_id = excluded.scene_id, intent = excluded.intent, given = 1`,
    ratingKey,
    sectionId,
    sceneId,
    rating ?? none,
  );
}

/**
 * Plex shows it.
 * @param given whether PlexSync gave it; else it was found so
 */
export function recordRating(
  db: Database,
  { ratingKey, sectionId, sceneId }: RatingPlace,
  rating: number | null,
  given: boolean,
): void {
  run(
    db,
    `INSERT INTO rating (rating_key, section_id, scene_id, pushed, given) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (rating_key) DO UPDATE SET section_id = excluded.section_id,
       scene_id = excluded.scene_id, pushed = excluded.pushed, given = excluded.given,
       intent = NULL`,
    ratingKey,
    sectionId,
    sceneId,
    rating ?? none,
    given ? 1 : 0,
  );
}

/** Of items that these libraries have no more. Only after a whole walk of them. */
export function dropRatingsWithoutItem(db: Database, sectionIds: readonly string[]): void {
  run(
    db,
    `DELETE FROM rating WHERE section_id IN (SELECT value FROM json_each(?))
       AND rating_key NOT IN (SELECT rating_key FROM plex_part)`,
    JSON.stringify(sectionIds),
  );
}

/** Plex has the item no more. */
export function forgetRating(db: Database, ratingKey: string): void {
  run(db, 'DELETE FROM rating WHERE rating_key = ?', ratingKey);
}

/** It is another Plex: its items have the same numbers and are others. */
export function forgetAllRatings(db: Database): void {
  run(db, 'DELETE FROM rating');
}
