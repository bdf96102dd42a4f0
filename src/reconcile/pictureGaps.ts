// The pictures of a scene: what their item's own read tells of them, which is whether it shows one, and
// what is known from before. Which one it shows only a list of them tells, and bytes which the cover is.
import { type ImageKind, imageKinds, pictureOf } from '../domain/image.ts';
import type { PlexItem } from '../domain/plexItem.ts';
import type { Scene } from '../domain/scene.ts';
import type { FoundGap } from '../store/gap.ts';
import { imageOf } from '../store/image.ts';
import type { DrainContext } from '../sync/context.ts';
import { isTakenAway } from '../sync/imageStep.ts';
import { isImageThere } from '../sync/wantExtras.ts';

type Knowledge = Pick<DrainContext, 'db' | 'settings'>;

const cover = 'the scene’s cover';

/** Pictures that are gone from Plex where PlexSync had sent one, and those that a person chose. */
export function pictureGaps(
  { db, settings }: Knowledge,
  scene: Scene,
  item: PlexItem,
): readonly FoundGap[] {
  return imageKinds.flatMap((kind): readonly FoundGap[] => {
    const policy = settings.fields.extras[kind];
    if (policy === 'off' || scene.cover === '') return [];
    const known = imageOf(db, item.ratingKey, kind);
    if (known === null) return [];
    const picture = pictureOf(item, kind);
    const plex = picture.shown ? 'another picture' : '';
    const confidence = picture.shown ? 'possibly' : 'definitely';
    const sides = { field: kind, confidence, stash: cover, plex } as const;
    if (policy === 'mirror' && isTakenAway(known, picture)) {
      const reason = 'Plex shows none any more, though PlexSync had sent it.';
      // As Plex called it: where the cover is the same, it is called so again.
      return [{ ...sides, kind: 'empty', toCome: known.name ?? cover, reason }];
    }
    const isPersons = known.kept || (known.sha1 !== null && !picture.shown);
    if (!picture.locked || !isPersons) return [];
    const reason = picture.shown
      ? 'A person’s: chosen in Plex.'
      : 'Taken away by a person, and locked in Plex.';
    return [{ ...sides, kind: 'edited', toCome: null, reason }];
  });
}

/**
 * Pictures whose cover has another address than when it was looked at: it may be another picture.
 * @param gaps of the same scene: a push that closes one sends the picture anyway
 */
export function coversToLookAt(
  { db, settings }: Knowledge,
  scene: Scene,
  item: PlexItem,
  gaps: readonly FoundGap[],
): readonly ImageKind[] {
  return imageKinds.filter((kind) => {
    const policy = settings.fields.extras[kind];
    const isGap = gaps.some((gap) => gap.field === kind && gap.kind === 'empty');
    return policy !== 'off' && !isGap && !isImageThere(db, kind, scene, item, policy);
  });
}

/** Of a cover that a run left for a person's word: that it is another one is not known. */
export function coverGap(kind: ImageKind): FoundGap {
  return {
    kind: 'stale',
    field: kind,
    confidence: 'possibly',
    stash: cover,
    plex: 'a picture that is not compared yet',
    toCome: null,
    reason: 'The scene has changed since its cover was looked at: it may be another one.',
  };
}
