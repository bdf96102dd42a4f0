// Beside the texts: the rating of a scene, whose gap shows at once. It goes by what the worker goes by.
import { ratingStep } from '../domain/mirror/rating.ts';
import type { PlexItem } from '../domain/base/plexItem.ts';
import type { Scene } from '../domain/base/scene.ts';
import { ratingOf } from '../store/mirror/rating.ts';
import type { LookedAt } from '../store/run/runPage.ts';
import type { DrainContext } from '../sync/base/context.ts';

type Knowledge = Pick<DrainContext, 'db' | 'settings'>;

export function ratingGap(
  { db, settings }: Knowledge,
  scene: Scene,
  item: PlexItem,
): LookedAt['gaps'][number] | null {
  const policy = settings.fields.extras.rating;
  if (policy === 'off') return null;
  const known = ratingOf(db, item.ratingKey);
  const step = ratingStep(scene.rating100, item.userRating, known, policy);
  const plex = shown(item.userRating);
  if (step.kind === 'kept') {
    const sides = { stash: shown(scene.rating100 === null ? null : scene.rating100 / 10), plex };
    const isGone = plex === '';
    return {
      kind: 'edited',
      field: 'rating',
      confidence: isGone ? 'definitely' : 'possibly',
      ...sides,
      toCome: null,
      reason: isGone ? 'Taken away by a person.' : 'A person’s: not what PlexSync put there.',
    };
  }
  if (step.kind !== 'rate') return null;
  const stash = shown(step.rating);
  const isEmpty = plex === '';
  return {
    kind: isEmpty ? 'empty' : 'stale',
    field: 'rating',
    // A rating that is neither ours nor absent is kept, so Plex still has what was pushed.
    confidence: 'definitely',
    stash,
    plex,
    toCome: stash,
    extra: { kind: 'rating', what: String(scene.rating100 ?? '') },
    reason: isEmpty ? 'Plex has no rating, Stash has.' : 'Stash has changed since the last push.',
  };
}

function shown(rating: number | null): string {
  return rating === null ? '' : String(rating);
}
