// What changes scenes, and the hooks that it fires: the order, payload and effect on `updated_at`
// are those of stashapp/stash internal/api/resolver_mutation_scene.go.
import { StashError } from '../errors.ts';
import { isRecord } from '../goFormats.ts';
import { hookInput } from '../plugins/hookInput.ts';
import { emptyScene, type SceneRecord } from '../store/records.ts';
import { parseId } from '../store/find.ts';
import type { SceneChange, StashStore } from '../store/store.ts';
import { type Args, type RequestContext, type Resolvers, textList } from './context.ts';
import { sceneChange } from './input.ts';
import { sceneView } from './views.ts';

export const sceneMutations: Resolvers = {
  sceneCreate: async ({ input }, context) => {
    const fields = inputOf(input);
    const change = sceneChange(fields, emptyScene, context.store);
    if ((change.title ?? '') === '') throw new StashError(noTitle);
    const id = context.store.addScene(change);
    // Unlike other creations, those of scenes tell the hook nothing but the id.
    await context.host.runHooks(context.caller, {
      id,
      type: 'Scene.Create.Post',
      input: null,
      inputFields: [],
    });
    return refetched(id, context);
  },

  sceneUpdate: async ({ input }, context) => {
    const fields = inputOf(input);
    const [change] = plannedUpdates([fields], context.store);
    const [scene] = applied(change === undefined ? [] : [change], context.store);
    if (scene === undefined) return null;
    const sent = hookInput(context.schema, 'SceneUpdateInput', fields);
    return updateHook(scene.id, sent, fields, context);
  },

  scenesUpdate: async ({ input }, context) => {
    const list = Array.isArray(input) ? input.map(inputOf) : [];
    const scenes = applied(plannedUpdates(list, context.store), context.store);
    const sent = list.map((fields) => hookInput(context.schema, 'SceneUpdateInput', fields));
    const views: unknown[] = [];
    for (const [index, scene] of scenes.entries()) {
      views.push(await updateHook(scene.id, sent, list[index] ?? {}, context));
    }
    return views;
  },

  bulkSceneUpdate: async ({ input }, context) => {
    const fields = inputOf(input);
    const ids = textList(fields['ids']).map((id) => parseId(id, 'converting ids: '));
    const planned = ids.map((id): PlannedUpdate => {
      const scene = context.store.scene(id);
      if (scene === undefined) throw new StashError('sql: no rows in result set');
      return { id, change: sceneChange(fields, scene, context.store) };
    });
    const sent = hookInput(context.schema, 'BulkSceneUpdateInput', fields);
    const views: unknown[] = [];
    for (const scene of applied(planned, context.store)) {
      views.push(await updateHook(scene.id, sent, fields, context));
    }
    return views.length === 0 ? null : views;
  },

  sceneDestroy: async ({ input }, context) => {
    const fields = inputOf(input);
    await destroy([String(fields['id'])], 'SceneDestroyInput', fields, context);
    return true;
  },

  scenesDestroy: async ({ input }, context) => {
    const fields = inputOf(input);
    await destroy(textList(fields['ids']), 'ScenesDestroyInput', fields, context);
    return true;
  },

  // No hook, neither for the scene that stays nor for those that go.
  sceneMerge: ({ input }, context) => {
    const fields = inputOf(input);
    const sources = [...new Set(textList(fields['source']).map((id) => parseId(id)))];
    const destination = parseId(String(fields['destination']));
    const values = isRecord(fields['values']) ? fields['values'] : {};
    return sceneView(mergeScenes(sources, destination, values, context.store), context);
  },

  sceneGenerateScreenshot: ({ id }, context) => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
      Buffer.from(`still ${String(id)}`),
    ]);
    const cover = { bytes, contentType: 'image/jpeg' };
    context.store.changeScene(parseId(String(id)), { cover }, { touch: true });
    return 'todo';
  },

  // The hook carries the marker's id, not the scene's.
  sceneMarkerCreate: async ({ input }, context) => {
    const fields = inputOf(input);
    const scene = sceneOrThrow(parseId(String(fields['scene_id'])), context.store);
    const tag = parseId(String(fields['primary_tag_id']));
    context.store.markerTags.add(tag);
    const id = context.store.nextMarkerId();
    await context.host.runHooks(context.caller, {
      id,
      type: 'SceneMarker.Create.Post',
      input: hookInput(context.schema, 'SceneMarkerCreateInput', fields),
      inputFields: [],
    });
    const now = context.store.now();
    return {
      ...fields,
      id: String(id),
      scene: sceneView(scene, context),
      primary_tag: { id: String(tag), name: context.store.entity('tag', tag)?.name },
      tags: [],
      created_at: now,
      updated_at: now,
    };
  },
};

const noTitle = 'title must be set if scene has no files';

interface PlannedUpdate {
  readonly id: number;
  readonly change: SceneChange;
}

/** Everything is checked before anything is changed: one transaction. */
function plannedUpdates(inputs: readonly Args[], store: StashStore): PlannedUpdate[] {
  return inputs.map((fields) => {
    const id = parseId(String(fields['id']), 'converting id: ');
    const scene = sceneOrThrow(id, store);
    const change = sceneChange(fields, scene, store);
    if (change.title === '' && scene.files.length === 0) throw new StashError(noTitle);
    return { id, change };
  });
}

function applied(planned: readonly PlannedUpdate[], store: StashStore): SceneRecord[] {
  return planned.map(({ id, change }) => store.changeScene(id, change, { touch: true }));
}

async function updateHook(
  id: number,
  input: unknown,
  fields: Args,
  context: RequestContext,
): Promise<unknown> {
  const inputFields = Object.keys(fields);
  await context.host.runHooks(context.caller, {
    id,
    type: 'Scene.Update.Post',
    input,
    inputFields,
  });
  return refetched(id, context);
}

/** The scene as it is after its hooks; a client that has gone ends the row of hooks here. */
export function refetched(id: number, context: RequestContext): unknown {
  if (context.caller.signal.aborted) throw new StashError('context canceled');
  const scene = context.store.scene(id);
  return scene === undefined ? null : sceneView(scene, context);
}

async function destroy(
  ids: readonly string[],
  inputType: string,
  fields: Args,
  context: RequestContext,
): Promise<void> {
  const scenes = ids.map((id) => sceneOrThrow(parseId(id, 'converting id: '), context.store));
  for (const scene of scenes) context.store.removeScene(scene.id);
  for (const scene of scenes) {
    const sent = hookInput(context.schema, inputType, fields);
    const input = new Map<unknown, unknown>([
      ...(sent instanceof Map ? sent : []),
      ...primaryFile(scene),
    ]);
    const type = 'Scene.Destroy.Post';
    await context.host.runHooks(context.caller, { id: scene.id, type, input, inputFields: [] });
  }
}

/** The last word about a scene's file: after this it is gone from the database. */
export function primaryFile(scene: SceneRecord): [string, string][] {
  const [file] = scene.files;
  return [
    ['checksum', ''],
    ['oshash', file?.oshash ?? ''],
    ['path', file?.path ?? ''],
  ];
}

function mergeScenes(
  sources: readonly number[],
  destination: number,
  values: Args,
  store: StashStore,
): SceneRecord {
  if (sources.includes(destination)) {
    throw new StashError('destination scene cannot be in source list');
  }
  const target = sceneOrThrow(destination, store);
  const merged = sources.map((id) => {
    const source = store.scene(id);
    if (source !== undefined) return source;
    throw new StashError(`finding source scenes: scene with id ${id} not found`);
  });
  const files = [target, ...merged].flatMap((scene) => scene.files);
  const change = { ...sceneChange(values, target, store), files };
  const after = store.changeScene(destination, change, { touch: true });
  for (const source of merged) store.removeScene(source.id);
  return after;
}

function sceneOrThrow(id: number, store: StashStore): SceneRecord {
  const scene = store.scene(id);
  if (scene === undefined) throw new StashError(`scene with id ${id} not found`);
  return scene;
}

function inputOf(value: unknown): Args {
  return isRecord(value) ? value : {};
}
