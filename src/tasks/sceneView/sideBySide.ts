// A scene beside its item: which item a push would write to, and what it would write. Where Plex
// cannot tell, what the data file knows stands in.
import { PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import type { ItemView, Trouble } from '../../contract/sceneView.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Scene } from '../../domain/base/scene.ts';
import type { Database } from '../../store/file/database.ts';
import { pinOf } from '../../store/match/pin.ts';
import { sceneState } from '../../store/mirror/sceneState.ts';
import { index, readState } from '../../store/file/state.ts';
import { checkDecision, decideScene } from '../../sync/write/decideScene.ts';
import type { KnownScene } from '../../sync/base/job.ts';
import type { Found } from '../../sync/match/known.ts';
import { isIndexOf } from '../../sync/match/libraryIndex.ts';
import { ownValues } from '../../sync/match/ownValues.ts';
import { fileKeys, sceneText } from '../../sync/read/sceneKeys.ts';
import { tagModesOf } from '../../sync/write/tagKnowledge.ts';
import { rulesOf } from '../../sync/match/survey.ts';
import { reasonOf, type Unmatched } from '../../sync/match/unmatched.ts';
import { keptOut, likelyItem, whichItem } from '../../sync/match/whichItem.ts';
import type { Sides } from './fields.ts';
import { foundItem, likelyView, noItem, rememberedItem, unknownItem } from './item.ts';
import type { Live, PlexSide } from './live.ts';
import { tried, troubleOf } from './trouble.ts';

export interface Seen extends Pick<Sides, 'item' | 'pushed' | 'decided' | 'because'> {
  readonly view: ItemView;
  readonly plexTrouble: Trouble | null;
  /** Why the decision must not be sent. */
  readonly blocked: Trouble | null;
}

const undecided = { item: null, decided: null, blocked: null } as const;

/** @param scene null where Stash did not tell it */
export async function sideBySide(
  db: Database,
  sceneId: number,
  scene: Scene | null,
  { stash, plex }: Live,
): Promise<Seen> {
  const { settings, read } = stash;
  if (scene === null || settings === null) {
    const isGone = read?.kind === 'gone';
    const view = isGone ? goneView(db, sceneId) : rememberedView(db, sceneId);
    const because = isGone
      ? 'The scene is gone.'
      : read === null || scene !== null
        ? 'Stash or the settings could not be asked.'
        : 'The scene could not be read.';
    return { ...undecided, ...remembered(db, sceneId), view, because, plexTrouble: plex.trouble };
  }
  const context = { db, settings, rules: rulesOf(db, settings) };
  const job: KnownScene = {
    scene,
    files: fileKeys(scene.files, context.rules),
    text: sceneText(scene),
    state: sceneState(db, sceneId),
    pin: pinOf(db, sceneId),
  };
  const looked = await lookedUp(context, job, plex);
  if (looked.kind === 'answered') {
    const outcome = looked.value;
    if (outcome.kind === 'found') return decided(db, settings, job, outcome, plex);
    const known = { ...undecided, ...remembered(db, sceneId), plexTrouble: plex.trouble };
    if (isUnsearched(db, job, outcome, plex)) {
      const because = 'PlexSync has not looked through Plex’s libraries yet.';
      return { ...known, view: unknownItem(db, sceneId), because };
    }
    const sections = plex.open?.identity.sections ?? [];
    const reason = reasonOf({ db }, { sections }, job, outcome);
    const view = noItem(db, sceneId, reason, outcome);
    return { ...known, view, because: 'There is no item to write to.' };
  }
  return {
    ...undecided,
    ...remembered(db, sceneId),
    view: withoutPlex(context, job),
    because: 'Plex could not be asked.',
    plexTrouble: looked.trouble,
  };
}

/** Whether nothing was found because there is no index of this Plex to look it up in. */
function isUnsearched(
  db: Database,
  { files }: KnownScene,
  outcome: Unmatched,
  { open }: PlexSide,
): boolean {
  const isNothing =
    outcome.kind === 'none' || (outcome.kind === 'review' && outcome.reason === 'pin-gone');
  if (!isNothing || files.length === 0 || open === null) return false;
  return !isIndexOf(readState(db, index), open.identity);
}

type Context = Parameters<typeof whichItem>[0];

async function lookedUp(
  context: Context,
  job: KnownScene,
  { open, trouble }: PlexSide,
): ReturnType<typeof tried<Awaited<ReturnType<typeof whichItem>>>> {
  const out = keptOut(context, job);
  if (out !== null) return { kind: 'answered', value: out };
  if (open === null) {
    const unasked = new PlexSyncError('plex-unreachable', 'Plex was not asked.');
    return { kind: 'failed', trouble: trouble ?? troubleOf(unasked) };
  }
  const { client, identity } = open;
  const { sections } = identity;
  const items = async (keys: readonly string[]): ReturnType<typeof client.items> =>
    await client.items(keys);
  return await tried(async () => await whichItem(context, { sections, items }, job));
}

function decided(
  db: Database,
  settings: Settings,
  job: KnownScene,
  found: Found,
  plex: PlexSide,
): Seen {
  const { scene, state } = job;
  const { item } = found;
  const values = ownValues(db, job, item);
  const server = plex.open?.identity.machineIdentifier ?? '';
  const modes = tagModesOf(db, server).one;
  const result = decideScene({ scene, item, values }, settings.fields, modes);
  return {
    view: foundItem(db, scene.id, state, found, plex.open?.identity.sections ?? []),
    plexTrouble: plex.trouble,
    item,
    pushed: values.pushed,
    decided: result,
    blocked: blockedBy(() => checkDecision(result.decision)),
    because: '',
  };
}

function blockedBy(check: () => void): Trouble | null {
  try {
    check();
    return null;
  } catch (thrown) {
    return troubleOf(toPlexSyncError(thrown));
  }
}

function withoutPlex(context: Context, job: KnownScene): ItemView {
  const { db } = context;
  const { id } = job.scene;
  if (job.state !== null) return rememberedView(db, id);
  const match = likelyItem(context, job);
  if (match.kind === 'none') return unknownItem(db, id);
  return match.kind === 'item' ? likelyView(db, id, match.best) : noItem(db, id, 'review', match);
}

function rememberedView(db: Database, sceneId: number): ItemView {
  const state = sceneState(db, sceneId);
  if (pinOf(db, sceneId)?.kind === 'never') return noItem(db, sceneId, 'excluded', null);
  if (state === null || (state.noItemReason === null && state.ratingKey === null)) {
    return unknownItem(db, sceneId);
  }
  return state.noItemReason === null
    ? rememberedItem(db, sceneId, state)
    : noItem(db, sceneId, state.noItemReason, null);
}

/** Of a scene that is gone, the item that it had is shown as well. */
function goneView(db: Database, sceneId: number): ItemView {
  const none = noItem(db, sceneId, 'gone', null);
  const state = sceneState(db, sceneId);
  if (state === null || state.ratingKey === null) return none;
  return { ...rememberedItem(db, sceneId, state), state: 'none', none: none.none };
}

function remembered(db: Database, sceneId: number): Pick<Seen, 'pushed'> {
  return { pushed: sceneState(db, sceneId)?.pushed ?? null };
}
