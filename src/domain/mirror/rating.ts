// A scene's rating as Plex keeps it, and when it is sent. Pure.
import type { FieldPolicy } from '../../contract/fieldPolicies.ts';

/**
 * Stash rates from 1 to 100, Plex from 0 to 10 in stars and half stars: one point each.
 * @param rating100 null where the scene has none
 */
export function plexRating(rating100: number | null): number | null {
  if (rating100 === null || rating100 <= 0) return null;
  return Math.min(10, Math.max(1, Math.round(rating100 / 10)));
}

/** What is known of the rating that PlexSync gave the item; as `plexRating` counts, null for none. */
export interface KnownRating {
  /** undefined = never one. */
  readonly pushed: number | null | undefined;
  /** About to be given, with nobody knowing whether it arrived. */
  readonly intent: number | null | undefined;
}

export type RatingStep =
  /** Plex shows what is wanted. */
  | { readonly kind: 'equal'; readonly rating: number | null }
  /** A person's in Plex. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'nothing' }
  /** `null` takes the rating away. */
  | { readonly kind: 'rate'; readonly rating: number | null };

/**
 * What has to be sent so that Plex shows the scene's rating. Finer ratings of other clients count as
 * the half star that they are shown as. Nothing but a person rates in Plex, and ratings know no lock:
 * whatever is not ours is a person's, and so is a rating of ours that was taken away.
 * @param userRating as Plex has it, 0 to 10; null where there is none
 */
export function ratingStep(
  rating100: number | null,
  userRating: number | null,
  { pushed, intent }: KnownRating,
  policy: FieldPolicy,
): RatingStep {
  if (policy === 'off') return { kind: 'nothing' };
  const wanted = plexRating(rating100);
  const shown = userRating === null ? null : Math.round(userRating);
  if (wanted === shown) return { kind: 'equal', rating: wanted };
  const isOurs = shown === pushed || shown === intent;
  const isUntouched = shown === null && (pushed ?? null) === null;
  if (policy === 'fill') return isUntouched ? rate(wanted) : { kind: 'nothing' };
  return isOurs || isUntouched ? rate(wanted) : { kind: 'kept' };
}

function rate(rating: number | null): RatingStep {
  return { kind: 'rate', rating };
}
