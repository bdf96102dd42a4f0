// What is to be told of one scene, once both sides were read. It reads, and writes nothing.
import { noItemCauses } from '../contract/causes.ts';
import { fieldGaps } from '../domain/gaps/gap.ts';
import type { FoundGap } from '../store/mirror/gap.ts';
import type { LookedAt } from '../store/run/runPage.ts';
import { isIndexed } from '../store/run/runScenes.ts';
import { sceneFiles } from '../store/match/sceneFile.ts';
import type { DrainContext } from '../sync/base/context.ts';
import { decideScene } from '../sync/write/decideScene.ts';
import type { KnownScene } from '../sync/base/job.ts';
import type { Found } from '../sync/match/known.ts';
import type { PlexIdentity } from '../sync/base/plexIdentity.ts';
import { ownValues } from '../sync/match/ownValues.ts';
import { tagModesOf } from '../sync/write/tagKnowledge.ts';
import { reasonOf, type Unmatched } from '../sync/match/unmatched.ts';
import { coversToLookAt, pictureGaps } from './pictureGaps.ts';
import { ratingGap } from './ratingGap.ts';

type Knowledge = Pick<DrainContext, 'db' | 'settings'>;

/** Of a scene with its item. */
export function judgeFound(
  context: Knowledge,
  { machineIdentifier }: PlexIdentity,
  job: KnownScene,
  { item, evidence }: Found,
): LookedAt {
  const { db, settings } = context;
  const { scene, state } = job;
  const { ratingKey } = item;
  const values = ownValues(db, job, item);
  const modes = tagModesOf(db, machineIdentifier).one;
  const decided = decideScene({ scene, item, values }, settings.fields, modes);
  const gaps: LookedAt['gaps'][number][] = [
    ...fieldGaps({ ...decided, item, pushed: values.pushed }),
  ];
  const rating = ratingGap(context, scene, item);
  if (rating !== null) gaps.push(rating);
  const had = ownItem(job);
  if (had !== null && had !== ratingKey) {
    gaps.push(
      isIndexed(db, had)
        ? whole('moved', `Its file is in item ${ratingKey} now, not in ${had}.`)
        : whole('item-gone', `Plex has item ${had} no more; its file is in item ${ratingKey}.`),
    );
  } else if (state?.matchedBy === 'path' && evidence.how !== 'path') {
    gaps.push(whole('moved', `Its item has the file elsewhere than before: ${evidence.why}.`));
  } else if (hasOtherFiles(context, job)) {
    gaps.push(whole('moved', 'Its files in Stash are others than before.'));
  }
  const owner = { sceneId: scene.id, ratingKey, gaps };
  // Of an item that is not known as the scene's, the push that makes it so looks at the pictures.
  if (had !== ratingKey) return { ...owner, foundItem: ratingKey };
  gaps.push(...pictureGaps(context, scene, item));
  const pictures = coversToLookAt(context, scene, item, gaps);
  return { ...owner, covers: { address: scene.cover, pictures } };
}

/** Of a scene for which there is no item. */
export function judgeUnmatched(
  { db }: Knowledge,
  plex: PlexIdentity,
  job: KnownScene,
  outcome: Unmatched,
): LookedAt {
  const owner = { sceneId: job.scene.id, ratingKey: '' };
  // That a scene is kept out is what a person wants.
  if (outcome.kind === 'excluded' || outcome.kind === 'gated') return { ...owner, gaps: [] };
  const reason = reasonOf({ db }, plex, job, outcome);
  const because = noItemCauses[reason].because;
  const had = ownItem(job);
  if (had !== null && !isIndexed(db, had)) {
    const words = `Plex has item ${had} no more, and no other for the scene: ${because}.`;
    return { ...owner, ratingKey: had, gaps: [whole('item-gone', words)] };
  }
  const words = `${because.charAt(0).toUpperCase()}${because.slice(1)}.`;
  // Also where Plex has the item it had, and it is not the scene's any more.
  const isNews = job.state?.noItemReason !== reason;
  return { ...owner, gaps: [{ ...whole('missing', words), isNews }] };
}

/** The item that the scene has, as far as PlexSync knows. */
function ownItem({ state }: KnownScene): string | null {
  return state?.noItemReason === null ? state.ratingKey : null;
}

/** Whether PlexSync knows the scene by other files: it was moved in Stash, or merged into another. */
function hasOtherFiles({ db }: Knowledge, { scene, state }: KnownScene): boolean {
  if (state === null) return false;
  const known = new Set(sceneFiles(db, scene.id).map(({ path }) => path));
  const present = new Set(scene.files.map(({ path }) => path));
  return known.size > 0 && (known.size !== present.size || [...known].some((p) => !present.has(p)));
}

function whole(kind: FoundGap['kind'], reason: string): FoundGap {
  const nothing = { stash: null, plex: null, toCome: null };
  return { kind, field: '', confidence: 'possibly', ...nothing, reason };
}
