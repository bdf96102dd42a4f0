// The request that gives an item the token owner's rating. Pure.
import { PlexSyncError } from '../contract/errors.ts';
import { isPlexId } from './ratingKeys.ts';

/**
 * `PUT /:/rate` (OpenAPI operation putRate). -1 takes the rating away (python-plexapi
 * `mixins/rating.py`; the document stops at 0).
 * @param rating 0 to 10 in whole half stars; null takes it away
 * @throws PlexSyncError `internal`: another number, or a key that is not one.
 */
export function rateTarget(ratingKey: string, rating: number | null): string {
  const isRating = rating === null || (Number.isInteger(rating) && rating >= 0 && rating <= 10);
  if (!isPlexId(ratingKey) || !isRating) {
    throw new PlexSyncError('internal', 'Refused to rate in Plex what cannot be rated so.', {
      field: isRating ? 'ratingKey' : 'rating',
    });
  }
  const query = `key=${ratingKey}&identifier=com.plexapp.plugins.library&rating=${rating ?? -1}`;
  return `/:/rate?${query}`;
}
