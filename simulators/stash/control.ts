// The simulator by remote control: the calls that main.ts takes as JSON from another process.
import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import * as v from 'valibot';
import type { Fault } from './http/faults.ts';
import type { StashSimulator } from './server.ts';
import { entityKinds, type NewEntity, type NewScene } from './store/records.ts';

const image = v.pipe(
  v.object({ base64: v.string(), contentType: v.string() }),
  v.transform(({ base64, contentType }) => ({ bytes: Buffer.from(base64, 'base64'), contentType })),
);
const file = v.strictObject({
  path: v.string(),
  size: v.exactOptional(v.number()),
  durationSeconds: v.exactOptional(v.number()),
  oshash: v.exactOptional(v.string()),
});
const scene: v.GenericSchema<unknown, NewScene> = v.strictObject({
  id: v.exactOptional(v.number()),
  title: v.exactOptional(v.string()),
  code: v.exactOptional(v.string()),
  details: v.exactOptional(v.string()),
  director: v.exactOptional(v.string()),
  urls: v.exactOptional(v.array(v.string())),
  date: v.exactOptional(v.nullable(v.string())),
  rating100: v.exactOptional(v.nullable(v.number())),
  organized: v.exactOptional(v.boolean()),
  studioId: v.exactOptional(v.nullable(v.number())),
  tagIds: v.exactOptional(v.array(v.number())),
  performerIds: v.exactOptional(v.array(v.number())),
  groups: v.exactOptional(
    v.array(v.object({ groupId: v.number(), sceneIndex: v.nullable(v.number()) })),
  ),
  cover: v.exactOptional(v.nullable(image)),
  files: v.exactOptional(v.array(file)),
  createdAt: v.exactOptional(v.string()),
  updatedAt: v.exactOptional(v.string()),
});
const entity: v.GenericSchema<unknown, NewEntity> = v.strictObject({
  id: v.exactOptional(v.number()),
  name: v.string(),
  fields: v.exactOptional(v.record(v.string(), v.unknown())),
  image: v.exactOptional(v.nullable(image)),
});
const entityId = v.strictObject({ kind: v.picklist(entityKinds), id: v.number() });
const mergeable = v.strictObject({ kind: v.picklist(['performer', 'tag']), id: v.number() });
const fault: v.GenericSchema<unknown, Fault> = v.variant('kind', [
  v.object({ kind: v.literal('hang') }),
  v.object({
    kind: v.literal('status'),
    status: v.number(),
    body: v.exactOptional(v.string()),
    contentType: v.exactOptional(v.string()),
  }),
  v.object({ kind: v.literal('cut') }),
  v.object({ kind: v.literal('delay'), delayMs: v.number() }),
  v.object({ kind: v.literal('graphql-error'), message: v.string() }),
]);
const id = v.number();
const scan = v.strictObject({
  added: v.exactOptional(v.array(file)),
  renamed: v.exactOptional(v.array(v.object({ sceneId: id, path: v.string() }))),
  parallelTasks: v.exactOptional(v.number()),
});

type Call = (first: unknown, second: unknown) => unknown;
export type Calls = Readonly<Record<string, Call>>;

/** Every call by its name; each takes at most two arguments and gives something that JSON can hold. */
export function controlCalls(simulator: StashSimulator): Calls {
  const { store, library, faults, jobs } = simulator;
  return {
    addScene: (input) => store.addScene(v.parse(scene, input)),
    addScenes: (list) => v.parse(v.array(scene), list).map((input) => store.addScene(input)),
    addPerformer: (input) => store.addPerformer(v.parse(entity, input)),
    addStudio: (input) => store.addStudio(v.parse(entity, input)),
    addTag: (input) => store.addTag(v.parse(entity, input)),
    addGroup: (input) => store.addGroup(v.parse(entity, input)),
    renameEntity: (input, name) => {
      const { kind, id } = v.parse(entityId, input);
      return store.changeEntity(kind, id, { name: v.parse(v.string(), name) });
    },
    removeEntity: (input) => {
      const { kind, id } = v.parse(entityId, input);
      store.removeEntity(kind, id);
    },
    mergeEntities: (input, sources) => {
      const { kind, id } = v.parse(mergeable, input);
      store.mergeEntities(kind, v.parse(v.array(v.number()), sources), id);
    },
    scene: (input) => store.scene(v.parse(id, input)) ?? null,
    removeScene: (input) => store.removeScene(v.parse(id, input)),
    corrupt: (input, fields) =>
      store.corrupt(v.parse(id, input), v.parse(v.record(v.string(), v.unknown()), fields)),
    heal: (input) => store.heal(v.parse(id, input)),
    scan: (input) => library.scan(v.parse(scan, input)),
    clean: (input) => library.clean(v.parse(v.array(id), input)),
    autoTag: (input, tagIds) => library.autoTag(v.parse(id, input), v.parse(v.array(id), tagIds)),
    moveFile: (input, path) => library.moveFile(v.parse(id, input), v.parse(v.string(), path)),
    loadPlugins: () => simulator.loadPlugins(),
    goAway: () => simulator.goAway(),
    comeBack: () => simulator.comeBack(),
    restart: () => simulator.restart(),
    setFault: (input, times) =>
      faults.set(v.parse(fault, input), v.parse(v.optional(v.number()), times)),
    clearFault: () => faults.clear(),
    sessionCookie: () => simulator.sessionCookie(),
    jobs: () => jobs.list(),
    log: () => simulator.log,
    runs: () => simulator.runs,
    hookRuns: () => simulator.hookRuns,
    stdinSent: () => simulator.stdinSent,
    accessLog: () => simulator.accessLog,
    graphql: (query, variables) =>
      simulator.graphql(
        v.parse(v.string(), query),
        v.parse(v.optional(v.record(v.string(), v.unknown())), variables),
      ),
    /** For the next life: main.ts reads it at its start where `stateFile` names it. */
    saveState: (path) => writeFileSync(v.parse(v.string(), path), serialize(store.snapshot())),
  };
}
