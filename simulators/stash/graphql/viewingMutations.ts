// Plays, O's, resume times: none of them fires a hook or moves a scene's `updated_at` (stashapp/stash
// internal/api/resolver_mutation_scene.go, pkg/sqlite/table.go viewHistoryTable).
import { StashError } from '../errors.ts';
import { rfc3339Seconds } from '../goFormats.ts';
import type { SceneRecord } from '../store/records.ts';
import { parseId } from '../store/find.ts';
import type { StashStore } from '../store/store.ts';
import type { Args, RequestContext, Resolvers } from './context.ts';

type History = 'playHistory' | 'oHistory';

export const viewingMutations: Resolvers = {
  sceneAddPlay: (args, context) => added('playHistory', args, context),
  sceneAddO: (args, context) => added('oHistory', args, context),

  // Without a time the newest one goes. Of several at one time one goes for each time that is named.
  sceneDeletePlay: ({ id, times }, { store }) => {
    const scene = store.scene(parseId(String(id)));
    // Unlike everything else here, this says nothing of a scene that is not there.
    if (scene === undefined) return historyView([]);
    const left = [...scene.playHistory];
    for (const time of timesOf(times) ?? [left.at(-1) ?? '']) {
      const at = left.lastIndexOf(time);
      if (at !== -1) left.splice(at, 1);
    }
    store.changeScene(scene.id, { playHistory: left }, { touch: false });
    return historyView(left);
  },

  sceneResetPlayCount: ({ id }, { store }) => {
    const scene = store.scene(parseId(String(id)));
    if (scene !== undefined) store.changeScene(scene.id, { playHistory: [] }, { touch: false });
    return 0;
  },

  sceneSaveActivity: ({ id, resume_time: resume, playDuration }, { store }) => {
    const scene = existing(parseId(String(id)), store);
    const played = typeof playDuration === 'number' ? playDuration : 0;
    const change = {
      playDurationSeconds: scene.playDurationSeconds + played,
      ...(typeof resume === 'number' ? { resumeTimeSeconds: resume } : {}),
    };
    store.changeScene(scene.id, change, { touch: false });
    return true;
  },

  sceneResetActivity: ({ id, reset_resume: resume, reset_duration: duration }, { store }) => {
    const scene = existing(parseId(String(id)), store);
    const change = {
      ...(resume === true ? { resumeTimeSeconds: 0 } : {}),
      ...(duration === true ? { playDurationSeconds: 0 } : {}),
    };
    store.changeScene(scene.id, change, { touch: false });
    return true;
  },
};

function added(which: History, { id, times }: Args, { store }: RequestContext): unknown {
  const scene = store.scene(parseId(String(id)));
  if (scene === undefined) throw new StashError(noScene(which));
  const all = [...scene[which], ...(timesOf(times) ?? timesOf([store.now()]) ?? [])].sort();
  store.changeScene(scene.id, { [which]: all }, { touch: false });
  return historyView(all);
}

/** In UTC and whole seconds, as they are kept; undefined where none is named. */
function timesOf(times: unknown): string[] | undefined {
  if (!Array.isArray(times) || times.length === 0) return undefined;
  return times.map((time) => {
    const ms = Date.parse(String(time));
    if (Number.isNaN(ms))
      throw new StashError(`ParseDateStringAsTime failed: dateString <${time}>`);
    return rfc3339Seconds(ms, 0);
  });
}

function historyView(history: readonly string[]): unknown {
  return { count: history.length, history: history.toReversed() };
}

function noScene(which: History): string {
  const table = which === 'playHistory' ? 'scenes_view_dates' : 'scenes_o_dates';
  return `inserting into ${table}: FOREIGN KEY constraint failed`;
}

function existing(id: number, store: StashStore): SceneRecord {
  const scene = store.scene(id);
  if (scene === undefined) throw new StashError(`id ${id} does not exist in scenes`);
  return scene;
}
