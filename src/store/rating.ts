// Which rating PlexSync gave an item, so that a person's is known from ours.
import type { KnownRating } from '../domain/rating.ts';
import type { Database } from './open.ts';
import { integerOrNull, row, run } from './sql.ts';

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

/** Before it is sent: should the worker die then, the rating in Plex is known to be ours. */
export function recordRatingIntent(
  db: Database,
  ratingKey: string,
  sceneId: number,
  rating: number | null,
): void {
  run(
    db,
    `INSERT INTO rating (rating_key, scene_id, intent) VALUES (?, ?, ?)
     ON CONFLICT (rating_key) DO UPDATE SET scene_id = excluded.scene_id, intent = excluded.intent`,
    ratingKey,
    sceneId,
    rating ?? none,
  );
}

/** Plex shows it. */
export function recordRating(
  db: Database,
  ratingKey: string,
  sceneId: number,
  rating: number | null,
): void {
  run(
    db,
    `INSERT INTO rating (rating_key, scene_id, pushed) VALUES (?, ?, ?)
     ON CONFLICT (rating_key) DO UPDATE SET scene_id = excluded.scene_id, pushed = excluded.pushed,
       intent = NULL`,
    ratingKey,
    sceneId,
    rating ?? none,
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
