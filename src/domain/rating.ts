// A scene's rating as Plex keeps it. Pure.

/**
 * Stash rates from 1 to 100, Plex from 0 to 10 in stars and half stars: one point each.
 * @param rating100 null where the scene has none
 */
export function plexRating(rating100: number | null): number | null {
  if (rating100 === null || rating100 <= 0) return null;
  return Math.min(10, Math.max(1, Math.round(rating100 / 10)));
}

export type RatingStep =
  | { readonly kind: 'none' }
  /** `null` takes the rating away. */
  | { readonly kind: 'rate'; readonly rating: number | null };

/**
 * What has to be sent so that Plex shows the scene's rating. Finer ratings of other clients count as
 * the half star that they are shown as.
 * @param userRating as Plex has it, 0 to 10; null where there is none
 */
export function ratingStep(rating100: number | null, userRating: number | null): RatingStep {
  const wanted = plexRating(rating100);
  const shown = userRating === null ? null : Math.round(userRating);
  return wanted === shown ? { kind: 'none' } : { kind: 'rate', rating: wanted };
}
