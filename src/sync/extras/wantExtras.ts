// Which pictures and ratings a scene wants, decided when its text is in Plex, from what is known: what
// is there already costs neither a request nor a row.
import { type Extra, type ExtraPolicies, extras } from '../../contract/fieldPolicies.ts';
import { pictureOf } from '../../domain/mirror/image.ts';
import type { ImageKind } from '../../domain/base/imageKind.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import { ratingStep } from '../../domain/mirror/rating.ts';
import type { Scene } from '../../domain/base/scene.ts';
import { wantExtra } from '../../store/queue/extra.ts';
import { imageOf } from '../../store/mirror/image.ts';
import type { Database } from '../../store/file/database.ts';
import { ratingOf } from '../../store/mirror/rating.ts';
import { isAsKnown } from './imageStep.ts';

export interface ExtrasOf {
  readonly scene: Pick<Scene, 'id' | 'cover' | 'rating100'>;
  readonly item: Pick<PlexItem, 'ratingKey' | 'locked' | 'userRating' | 'pictures'>;
  readonly correlation: string;
}

/** Call within the transaction that ends the text's row. */
export function wantExtras(
  db: Database,
  { scene, item, correlation }: ExtrasOf,
  policies: ExtraPolicies,
  now: number,
): void {
  for (const kind of extras) {
    if (policies[kind] === 'off') continue;
    const what = kind === 'rating' ? String(scene.rating100 ?? '') : scene.cover;
    const isThere =
      kind === 'rating'
        ? !isRatingWanted(db, scene, item, policies[kind])
        : isImageThere(db, kind, scene, item, policies[kind]);
    if (!isThere) wantExtra(db, { sceneId: scene.id, kind, what, correlation }, now);
  }
}

/** Whether nothing is to be looked at: the picture is known to be the one that Stash has, or is left. */
export function isImageThere(
  db: Database,
  kind: ImageKind,
  { id, cover }: ExtrasOf['scene'],
  item: ExtrasOf['item'],
  policy: ExtraPolicies[Extra],
): boolean {
  if (cover === '') return true;
  const known = imageOf(db, item.ratingKey, kind);
  const picture = pictureOf(item, kind);
  return known !== null && isAsKnown(known, picture, { sceneId: id, address: cover, policy });
}

function isRatingWanted(
  db: Database,
  { rating100 }: ExtrasOf['scene'],
  { ratingKey, userRating }: ExtrasOf['item'],
  policy: ExtraPolicies[Extra],
): boolean {
  const known = ratingOf(db, ratingKey);
  const step = ratingStep(rating100, userRating, known, policy);
  if (step.kind === 'rate') return true;
  // Plex has it, and it is not known as ours yet.
  return step.kind === 'equal' && step.rating !== null && step.rating !== known.pushed;
}
