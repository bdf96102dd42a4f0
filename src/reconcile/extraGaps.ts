// Beside the texts: the rating of a scene, whose gap shows at once, and its pictures, which the worker
// has to look at where the cover is not the one that it has seen. It goes by what the worker goes by.
import { type ImageKind, imageKinds } from '../domain/image.ts';
import { ratingStep } from '../domain/rating.ts';
import type { PlexItem } from '../domain/plexItem.ts';
import type { Scene } from '../domain/scene.ts';
import type { FoundGap } from '../store/gap.ts';
import { ratingOf } from '../store/rating.ts';
import type { DrainContext } from '../sync/context.ts';
import { isImageThere } from '../sync/wantExtras.ts';

type Knowledge = Pick<DrainContext, 'db' | 'settings'>;

/** Pictures whose cover has another address than when it was looked at: it may be another picture. */
export function coversToLookAt(
  { db, settings }: Knowledge,
  scene: Scene,
  item: PlexItem,
): readonly ImageKind[] {
  return imageKinds.filter((kind) => {
    const isOff = settings.fields.extras[kind] === 'off';
    return !isOff && !isImageThere(db, kind, scene, item);
  });
}

export function ratingGap(
  { db, settings }: Knowledge,
  scene: Scene,
  item: PlexItem,
): FoundGap | null {
  const policy = settings.fields.extras.rating;
  if (policy === 'off') return null;
  const known = ratingOf(db, item.ratingKey);
  const step = ratingStep(scene.rating100, item.userRating, known, policy);
  const plex = shown(item.userRating);
  if (step.kind === 'kept') {
    const sides = { stash: shown(scene.rating100 === null ? null : scene.rating100 / 10), plex };
    const reason = 'A person’s: not what PlexSync put there.';
    return {
      kind: 'edited',
      field: 'rating',
      confidence: 'possibly',
      ...sides,
      toCome: null,
      reason,
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
    reason: isEmpty ? 'Plex has no rating, Stash has.' : 'Stash has changed since the last push.',
  };
}

function shown(rating: number | null): string {
  return rating === null ? '' : String(rating);
}
