// Gaps in what is sent beside the texts: the rating and the pictures of a scene, by what the worker
// goes by when it decides whether to look at them.
import { type Extra, extras } from '../contract/fieldPolicies.ts';
import { ratingStep } from '../domain/rating.ts';
import type { PlexItem } from '../domain/plexItem.ts';
import type { Scene } from '../domain/scene.ts';
import type { FoundGap } from '../store/gap.ts';
import { imageOf } from '../store/image.ts';
import { ratingOf } from '../store/rating.ts';
import type { DrainContext } from '../sync/context.ts';
import { isImageThere } from '../sync/wantExtras.ts';

type Knowledge = Pick<DrainContext, 'db' | 'settings'>;

export function extraGaps(context: Knowledge, scene: Scene, item: PlexItem): readonly FoundGap[] {
  return extras.flatMap((kind) => extraGap(context, kind, scene, item) ?? []);
}

function extraGap(
  { db, settings }: Knowledge,
  kind: Extra,
  scene: Scene,
  item: PlexItem,
): FoundGap | null {
  const policy = settings.fields.extras[kind];
  if (policy === 'off') return null;
  if (kind !== 'rating') {
    if (isImageThere(db, kind, scene, item)) return null;
    const wasSeen = imageOf(db, item.ratingKey, kind) !== null;
    const reason = wasSeen
      ? 'The cover in Stash has changed since it was looked at.'
      : 'The picture was not looked at yet.';
    const unknown = { stash: null, plex: null, toCome: null };
    return { kind: 'stale', field: kind, confidence: 'possibly', ...unknown, reason };
  }
  const known = ratingOf(db, item.ratingKey);
  const step = ratingStep(scene.rating100, item.userRating, known, policy);
  const plex = shown(item.userRating);
  if (step.kind === 'kept') {
    const sides = { stash: shown(scene.rating100 === null ? null : scene.rating100 / 10), plex };
    const reason = 'A person’s: not what PlexSync put there.';
    return { kind: 'edited', field: kind, confidence: 'possibly', ...sides, toCome: null, reason };
  }
  if (step.kind !== 'rate') return null;
  const stash = shown(step.rating);
  const isEmpty = plex === '';
  return {
    kind: isEmpty ? 'empty' : 'stale',
    field: kind,
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
