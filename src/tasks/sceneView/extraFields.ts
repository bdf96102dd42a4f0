// The rating and the pictures of a scene: the same about them as about its texts.
import { createHash } from 'node:crypto';
import { type Extra, extras } from '../../contract/fieldPolicies.ts';
import type { FieldView } from '../../contract/sceneView.ts';
import { words } from '../../domain/words/explain.ts';
import { pictureOf, type PlexImage } from '../../domain/mirror/image.ts';
import type { ImageKind } from '../../domain/base/imageKind.ts';
import { plexRating, ratingStep } from '../../domain/mirror/rating.ts';
import type { PlexClient } from '../../plex/client.ts';
import type { StashClient } from '../../stash/client.ts';
import type { StashImage } from '../../stash/image.ts';
import { imageOf } from '../../store/mirror/image.ts';
import type { Database } from '../../store/file/database.ts';
import { ratingOf } from '../../store/mirror/rating.ts';
import { stepAsKnown, stepByBytes, stepByImages } from '../../sync/extras/imageStep.ts';
import type { Sides } from './fields.ts';
import { tried } from './trouble.ts';

export interface Asked {
  readonly db: Database;
  readonly stash: StashClient | null;
  readonly plex: PlexClient | null;
  /** The item's, also where it could not be read. */
  readonly ratingKey: string | null;
}

const noWrite = { toCome: null, adds: [], removes: [] };

export async function extraFields(asked: Asked, sides: Sides): Promise<readonly FieldView[]> {
  const readCover = coverReader(asked, sides);
  const views: FieldView[] = [];
  for (const kind of extras) {
    views.push(
      kind === 'rating'
        ? ratingField(asked, sides)
        : await pictureField(asked, sides, kind, readCover),
    );
  }
  return views;
}

function policyOf(kind: Extra, { settings }: Sides): FieldView['policy'] {
  return settings === null ? null : settings.fields.extras[kind];
}

function ratingField({ db, ratingKey }: Asked, sides: Sides): FieldView {
  const { scene, item, because } = sides;
  const policy = policyOf('rating', sides);
  const known = ratingKey === null ? null : ratingOf(db, ratingKey);
  const shown = (rating: number | null): string => (rating === null ? '' : String(rating));
  const view = {
    field: 'rating',
    policy,
    wanted: scene === null ? null : shown(plexRating(scene.rating100)),
    present: item === null ? null : shown(item.userRating),
    pushed: known?.pushed === undefined ? null : shown(known.pushed),
    // Ratings know no lock.
    locked: item === null ? null : false,
    ...noWrite,
  } as const;
  if (scene === null || item === null || policy === null || known === null) {
    return { ...view, verdict: null, words: because };
  }
  if (policy === 'off') return { ...view, verdict: 'off', words: words.off };
  const step = ratingStep(scene.rating100, item.userRating, known, policy);
  switch (step.kind) {
    case 'rate': {
      const said = step.rating === null ? words.cleared : words.write;
      return { ...view, verdict: 'write', words: said, toCome: shown(step.rating) };
    }
    case 'kept':
      return { ...view, verdict: 'kept', words: 'A person’s: not what PlexSync put there.' };
    case 'equal':
      return step.rating === null
        ? { ...view, verdict: 'nothing', words: words.neither }
        : { ...view, verdict: 'same', words: words.same };
    case 'nothing':
      return view.wanted === ''
        ? { ...view, verdict: 'nothing', words: words.left }
        : { ...view, verdict: 'filled', words: words.filled };
  }
}

type ReadCover = () => Promise<StashImage | null>;

/** A cover that serves as both pictures is read once. */
function coverReader({ stash }: Asked, { scene }: Sides): ReadCover {
  let reading: Promise<StashImage | null> | null = null;
  return async () => {
    if (stash === null || scene === null) return null;
    reading ??= stash.image(scene.cover);
    return await reading;
  };
}

async function pictureField(
  { db, plex, ratingKey }: Asked,
  sides: Sides,
  kind: ImageKind,
  readCover: ReadCover,
): Promise<FieldView> {
  const { scene, item, because } = sides;
  const policy = policyOf(kind, sides);
  const known = ratingKey === null ? null : imageOf(db, ratingKey, kind);
  const view = {
    field: kind,
    policy,
    wanted: null,
    present: null,
    pushed: known?.name ?? null,
    locked: item === null ? null : pictureOf(item, kind).locked,
    ...noWrite,
  } as const;
  if (scene === null || item === null || policy === null || plex === null) {
    return { ...view, verdict: null, words: because };
  }
  if (policy === 'off')
    return {
      ...view,
      verdict: 'off',
      words: kind === 'background' ? words.offByDefault : words.off,
    };
  if (scene.cover === '') return { ...view, verdict: 'nothing', words: words.neither };
  const picture = pictureOf(item, kind);
  const cover = { sceneId: scene.id, address: scene.cover, policy };
  const settled = stepAsKnown(known, picture, cover);
  if (settled !== null) return { ...view, ...told(settled.kind) };
  const looked = await tried(async () => {
    const image = await readCover();
    if (image === null) return { step: 'none', images: [] } as const;
    const sha1 = createHash('sha1').update(image.bytes).digest('hex');
    const byBytes = stepByBytes(known, picture, sha1);
    if (byBytes !== null) return { step: byBytes.kind, images: [] };
    const images = await plex.images(item.ratingKey, kind);
    return { step: stepByImages(known, picture.locked, images, sha1), images };
  });
  if (looked.kind === 'failed') return { ...view, verdict: null, words: looked.trouble.message };
  const { step, images } = looked.value;
  return { ...view, present: selectedIn(images), ...told(step) };
}

function selectedIn(images: readonly PlexImage[]): string | null {
  return images.find(({ selected }) => selected)?.name ?? null;
}

function told(
  step: 'sent' | 'send' | 'current' | 'kept' | 'none',
): Pick<FieldView, 'verdict' | 'words'> {
  switch (step) {
    case 'sent':
    case 'send':
      return { verdict: 'write', words: 'The cover would be sent.' };
    case 'current':
      return { verdict: 'same', words: words.same };
    case 'kept':
      return { verdict: 'kept', words: 'A person’s: chosen in Plex.' };
    case 'none':
      return { verdict: 'nothing', words: words.neither };
  }
}
