// "Scene": one scene as it stands between Stash and Plex, what a push now would do, and what was done
// before. Nothing is written: not in Plex, not in Stash, and of the data file no more than the session.
import { type SceneArguments, sceneArguments } from '../../contract/arguments.ts';
import type { SceneViewAnswer } from '../../contract/sceneView.ts';
import type { Scene } from '../../domain/base/scene.ts';
import { shownTitle } from '../../domain/mirror/title.ts';
import type { Database } from '../../store/file/database.ts';
import { heldBack } from '../../store/queue/pushable.ts';
import { sceneFiles } from '../../store/match/sceneFile.ts';
import { lastMatch } from '../../store/mirror/sceneState.ts';
import { sceneTitle } from '../../store/mirror/sceneTitle.ts';
import { index, readState } from '../../store/file/state.ts';
import type { TaskContext } from '../context.ts';
import { historyOf } from '../history.ts';
import type { Operation } from '../operation.ts';
import { extraFields } from './extraFields.ts';
import { type Sides, textFields } from './fields.ts';
import { type Live, withLive } from './live.ts';
import { queueView } from './queue.ts';
import { sentenceOf } from './sentence.ts';
import { sideBySide } from './sideBySide.ts';

export const sceneView: Operation<SceneArguments, SceneViewAnswer> = {
  arguments: sceneArguments,
  perform: async (context, { scene }) =>
    await withLive(context, scene, async (live) => await viewOf(context, scene, live)),
};

const changesShown = 20;

async function viewOf(
  { db }: Pick<TaskContext, 'db'>,
  sceneId: number,
  live: Live,
): Promise<SceneViewAnswer> {
  const { stash, plex } = live;
  const scene = stash.read?.kind === 'scene' ? stash.read.scene : null;
  const seen = await sideBySide(db, sceneId, scene, live);
  const sides: Sides = { ...seen, settings: stash.settings, scene };
  const asked = { db, stash: stash.client, plex: plex.open?.client ?? null };
  const ratingKey = seen.view.item;
  const fields = [...textFields(sides), ...(await extraFields({ ...asked, ratingKey }, sides))];
  const view = {
    scene: sceneOf(db, sceneId, scene, live),
    live: { stash: stash.trouble, plex: seen.plexTrouble },
    item: { ...seen.view, link: linkOf(db, ratingKey) },
    held: heldBack(db, sceneId),
    queue: queueView(db, sceneId),
    fields,
    blocked: seen.blocked,
    history: historyOf(db, { sceneId }, 0, changesShown),
  };
  return { sentence: sentenceOf(view), ...view };
}

/** As Plex's own links to items are, and as they are read (`src/domain/match/urlPin.ts`). */
function linkOf(db: Database, ratingKey: string | null): string | null {
  const server = readState(db, index)?.machineIdentifier ?? null;
  if (server === null || ratingKey === null) return null;
  const key = encodeURIComponent(`/library/metadata/${ratingKey}`);
  return `https://app.plex.tv/desktop/#!/server/${encodeURIComponent(server)}/details?key=${key}`;
}

function sceneOf(
  db: Database,
  id: number,
  scene: Scene | null,
  { stash: { read } }: Live,
): SceneViewAnswer['scene'] {
  const { pushedAt } = lastMatch(db, id);
  if (scene !== null) {
    const path = scene.files[0]?.path ?? '';
    return { id, state: 'there', words: null, title: shownTitle(scene), path, pushedAt };
  }
  const known = {
    id,
    title: sceneTitle(db, id),
    path: sceneFiles(db, id)[0]?.path ?? '',
    pushedAt,
  };
  switch (read?.kind) {
    case 'gone':
      return { ...known, state: 'gone', words: 'Stash has no scene of this number.' };
    case 'invalid':
    case 'failed':
      return { ...known, state: 'unreadable', words: read.message };
    case 'scene':
    case undefined:
      return { ...known, state: 'unknown', words: null };
  }
}
