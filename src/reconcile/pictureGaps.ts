// The pictures of a scene: what their item's own read tells of them, which is whether it shows one, and
// what is known from before. Which one it shows only a list of them tells, and bytes which the cover is.
import { pictureOf } from '../domain/mirror/image.ts';
import { type ImageKind, imageKinds } from '../domain/base/imageKind.ts';
import type { PlexItem } from '../domain/base/plexItem.ts';
import type { Scene } from '../domain/base/scene.ts';
import type { FoundGap } from '../store/mirror/gap.ts';
import { imageOf } from '../store/mirror/image.ts';
import type { LookedAt } from '../store/run/runPage.ts';
import type { Covers } from '../store/run/runCovers.ts';
import type { DrainContext } from '../sync/base/context.ts';
import { isTakenAway } from '../sync/extras/imageStep.ts';
import { isImageThere } from '../sync/extras/wantExtras.ts';

type Knowledge = Pick<DrainContext, 'db' | 'settings'>;

const cover = 'the scene’s cover';

/** Pictures that are gone from Plex where PlexSync had sent one, and those that a person chose. */
export function pictureGaps(
  { db, settings }: Knowledge,
  scene: Scene,
  item: PlexItem,
): LookedAt['gaps'] {
  return imageKinds.flatMap((kind): LookedAt['gaps'] => {
    const policy = settings.fields.extras[kind];
    if (policy === 'off' || scene.cover === '') return [];
    const known = imageOf(db, item.ratingKey, kind);
    if (known === null) return [];
    const picture = pictureOf(item, kind);
    const plex = picture.shown ? 'another picture, when looked at last' : '';
    const confidence = picture.shown ? 'possibly' : 'definitely';
    const sides = { field: kind, confidence, stash: cover, plex } as const;
    if (policy === 'mirror' && isTakenAway(known, picture)) {
      const reason = 'Plex shows none any more, though PlexSync had sent it.';
      // As Plex called it: where the cover is the same, it is called so again.
      const extra = { kind, what: scene.cover };
      return [{ ...sides, kind: 'empty', toCome: known.name ?? cover, reason, extra }];
    }
    const isPersons = known.kept || (known.sha1 !== null && !picture.shown);
    if (!picture.locked || !isPersons) return [];
    const reason = picture.shown
      ? 'A person’s choice in Plex when its pictures were looked at last. They are looked at again once the scene is saved.'
      : 'Taken away by a person, and locked in Plex.';
    return [{ ...sides, kind: 'edited', toCome: null, reason }];
  });
}

/**
 * Pictures whose cover has another address than when it was looked at, or was never looked at: it may be
 * another picture.
 * @param gaps of the same scene: a push that closes one sends the picture anyway
 */
export function coversToLookAt(
  { db, settings }: Knowledge,
  scene: Scene,
  item: PlexItem,
  gaps: readonly FoundGap[],
): Covers['pictures'] {
  return imageKinds.flatMap((kind) => {
    const policy = settings.fields.extras[kind];
    const isGap = gaps.some((gap) => gap.field === kind && gap.kind === 'empty');
    if (policy === 'off' || isGap || isImageThere(db, kind, scene, item, policy)) return [];
    const isNew = imageOf(db, item.ratingKey, kind) === null;
    return [{ kind, gap: coverGap(kind, isNew), isNew }];
  });
}

/** Of a cover that a run left for a person's word: that it is another one is not known. */
function coverGap(kind: ImageKind, isNew: boolean): FoundGap {
  return {
    kind: 'stale',
    field: kind,
    confidence: 'possibly',
    stash: cover,
    plex: 'a picture that is not compared yet',
    toCome: null,
    reason: isNew
      ? 'Its cover was never compared with the picture in Plex.'
      : 'The scene has changed since its cover was looked at: it may be another one.',
  };
}
