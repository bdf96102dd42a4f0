// Every operation that was recorded on a real Stash, done to the simulated one: the same hooks, the
// same payloads, the same effect on `updated_at`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StashSimulator, startStashSimulator } from '../../simulators/stash/server.ts';
import {
  fieldOf,
  listOf,
  readJson,
  recording,
  recordingScript,
  seenBy,
  until,
  writePlugin,
} from './stashKit.ts';

const eventsPath = recording('hook-events.json');
const samplesPath = recording('stdin-samples.json');

/** What the plugin that made the recordings had asked for. */
const triggers = [
  ...['Create', 'Update', 'Destroy'].map((event) => `Scene.${event}.Post`),
  ...['Performer', 'Studio', 'Tag', 'Group'].flatMap((kind) => [
    `${kind}.Update.Post`,
    `${kind}.Destroy.Post`,
  ]),
  'Tag.Merge.Post',
];

type Step = (stash: StashSimulator, recorded: unknown) => Promise<unknown>;

/** A mutation with the input that the recorded hook shows; `own` where the hook shows none. */
function mutation(name: string, type: string, own?: unknown): Step {
  const selection = /[dD]estroy/.test(name) ? '' : '{ id }';
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
  return (stash, recorded) => stash.graphql(query, { input: own ?? sentInput(recorded) });
}

function plain(query: string): Step {
  return (stash) => stash.graphql(query);
}

/** Of the first hook's input, what the client had really sent. */
function sentInput(recorded: unknown): unknown {
  const input = fieldOf(recorded, 'hooks', 0, 'input');
  const fields = listOf(fieldOf(recorded, 'hooks', 0, 'inputFields')).map(String);
  if (Array.isArray(input)) return input.map((one: unknown) => picked(one, fields));
  return fields.length === 0 ? input : picked(input, fields);
}

function picked(value: unknown, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, fieldOf(value, field)]));
}

const sceneUpdate = mutation('sceneUpdate', 'SceneUpdateInput');
const destroyed = (field: string, value: unknown): unknown => ({
  [field]: value,
  delete_file: false,
  delete_generated: true,
});

/** In the order of the recording; `watched` is the scene whose `updated_at` is looked at. */
const steps: Readonly<Record<string, { readonly run: Step; readonly watched?: number }>> = {
  performerCreate: { run: plain('mutation { performerCreate(input: {name: "P"}) { id } }') },
  studioCreate: { run: plain('mutation { studioCreate(input: {name: "S"}) { id } }') },
  tagCreate: { run: plain('mutation { tagCreate(input: {name: "T"}) { id } }') },
  groupCreate: { run: plain('mutation { groupCreate(input: {name: "G"}) { id } }') },
  sceneUpdate: { run: sceneUpdate },
  'sceneUpdate partial date year': { run: sceneUpdate, watched: 2 },
  'sceneUpdate partial date month': { run: sceneUpdate, watched: 2 },
  'sceneUpdate rating': { run: sceneUpdate },
  'sceneUpdate no change': { run: sceneUpdate },
  'sceneUpdate cover': { run: sceneUpdate },
  'scenesUpdate (array)': { run: mutation('scenesUpdate', '[SceneUpdateInput!]') },
  bulkSceneUpdate: { run: mutation('bulkSceneUpdate', 'BulkSceneUpdateInput') },
  performerUpdate: { run: mutation('performerUpdate', 'PerformerUpdateInput') },
  bulkPerformerUpdate: { run: mutation('bulkPerformerUpdate', 'BulkPerformerUpdateInput') },
  studioUpdate: { run: mutation('studioUpdate', 'StudioUpdateInput') },
  tagUpdate: { run: mutation('tagUpdate', 'TagUpdateInput') },
  tagsMerge: { run: mutation('tagsMerge', 'TagsMergeInput') },
  performerMerge: {
    run: plain('mutation { performerMerge(input: {source: [2], destination: 1}) { id } }'),
  },
  groupUpdate: { run: mutation('groupUpdate', 'GroupUpdateInput') },
  sceneMerge: {
    run: plain('mutation { sceneMerge(input: {source: [4], destination: 3}) { id } }'),
    watched: 3,
  },
  sceneAddPlay: { run: plain('mutation { sceneAddPlay(id: 1) { count } }') },
  sceneAddO: { run: plain('mutation { sceneAddO(id: 1) { count } }') },
  sceneGenerateScreenshot: { run: plain('mutation { sceneGenerateScreenshot(id: 1) }') },
  'metadataAutoTag (scene changed by it)': {
    run: async (stash) => stash.library.autoTag(6, [2]),
    watched: 6,
  },
  sceneMarkerCreate: {
    run: plain(`mutation {
      sceneMarkerCreate(input: {scene_id: 1, primary_tag_id: 1, title: "m", seconds: 0.5}) { id }
    }`),
  },
  'rename + scan': {
    run: (stash) => stash.library.scan({ renamed: [{ sceneId: 56, path: '/data/new.mp4' }] }),
    watched: 56,
  },
  moveFiles: { run: async (stash) => stash.library.moveFile(7, '/data/x/y.mp4'), watched: 7 },
  metadataClean: { run: (stash) => stash.library.clean([59]) },
  sceneDestroy: { run: mutation('sceneDestroy', 'SceneDestroyInput', destroyed('id', '9')) },
  scenesDestroy: {
    run: mutation('scenesDestroy', 'ScenesDestroyInput', destroyed('ids', ['10', '11'])),
  },
  performerDestroy: { run: mutation('performerDestroy', 'PerformerDestroyInput') },
  // Refused: the tag is the primary tag of the marker above.
  tagDestroy: { run: mutation('tagDestroy', 'TagDestroyInput', { id: '1' }) },
  tagsDestroy: {
    run: (stash, recorded) =>
      stash.graphql('mutation ($ids: [ID!]!) { tagsDestroy(ids: $ids) }', {
        ids: fieldOf(recorded, 'hooks', 0, 'input'),
      }),
  },
  groupDestroy: { run: mutation('groupDestroy', 'GroupDestroyInput') },
  studioDestroy: { run: mutation('studioDestroy', 'StudioDestroyInput') },
};

interface Outcome {
  readonly operation: string;
  readonly recordedMove: unknown;
  readonly moved: boolean;
  readonly recordedHooks: unknown[];
  readonly hooks: unknown[];
}

/** `inputFields` comes from a Go map: its order means nothing. */
function comparable(hook: unknown): unknown {
  const fields = fieldOf(hook, 'inputFields');
  const sorted = Array.isArray(fields) ? { inputFields: fields.map(String).sort() } : {};
  return typeof hook === 'object' && hook !== null ? { ...hook, ...sorted } : hook;
}

function hookContext(stdin: string): unknown {
  return fieldOf(JSON.parse(stdin), 'args', 'hookContext');
}

/** Scenes as they were on the real Stash as far as the recordings show: files of those destroyed. */
function addScenes(stash: StashSimulator, recorded: readonly unknown[]): void {
  const files = new Map<number, { path: string; oshash: string }>();
  for (const hook of recorded.flatMap((event) => listOf(fieldOf(event, 'hooks')))) {
    const input = fieldOf(hook, 'input');
    const path = fieldOf(input, 'path');
    if (typeof path !== 'string') continue;
    files.set(Number(fieldOf(hook, 'id')), { path, oshash: String(fieldOf(input, 'oshash')) });
  }
  for (let id = 2; id <= 60; id += 1) {
    stash.store.addScene({ id, files: [files.get(id) ?? { path: `/data/media/${id}.mp4` }] });
  }
}

describe.skipIf(eventsPath === undefined || samplesPath === undefined)(
  'operations recorded on a real Stash (skipped without the recordings)',
  () => {
    const outcomes: Outcome[] = [];
    const directory = mkdtempSync(join(tmpdir(), 'stash-replay-'));
    let nowMs = Date.UTC(2026, 0, 11, 12);
    let stash: StashSimulator | undefined;
    let stdin: string[] = [];

    beforeAll(async () => {
      const recorded = listOf(readJson(eventsPath ?? ''));
      writePlugin(directory, { script: recordingScript, triggers });
      stash = await startStashSimulator({ directory, nowMs: () => nowMs });
      await stash.library.scan({ added: [{ path: '/data/media/1.mp4' }] });
      addScenes(stash, recorded);
      for (const name of ['A', 'B']) stash.store.addPerformer({ name });
      for (const name of ['T1', 'T2', 'T3']) stash.store.addTag({ name });
      stash.store.addStudio({ name: 'Studio A' });
      stash.store.addGroup({ name: 'Group A' });
      for (const event of recorded) {
        const operation = String(fieldOf(event, 'operation'));
        const step = steps[operation];
        if (step === undefined) throw new Error(`nothing here does "${operation}"`);
        const watched = step.watched ?? 1;
        const before = stash.store.scene(watched)?.updatedAt;
        const seenBefore = seenBy(stash).length;
        nowMs += 1000;
        await step.run(stash, event);
        outcomes.push({
          operation,
          recordedMove: fieldOf(event, 'scene_updated_at_moved'),
          moved: stash.store.scene(watched)?.updatedAt !== before,
          recordedHooks: listOf(fieldOf(event, 'hooks')).map(comparable),
          hooks: seenBy(stash).slice(seenBefore).map(hookContext).map(comparable),
        });
      }
      const run = `mutation ($args: Map) {
        runPluginOperation(plugin_id: "probe", args: $args)
      }`;
      for (const args of [
        { n: 5, arr: [1, 'b', { c: 1.5 }], mode: 'x' },
        { ms: 500, mode: 'sleep' },
        { mode: 'detach' },
      ]) {
        await stash.graphql(run, { args });
      }
      const task =
        'mutation { runPluginTask(plugin_id: "probe", task_name: "Work", args_map: {x: 1}) }';
      await stash.graphql(task);
      const { jobs } = stash;
      await until(() => jobs.list().length === 0, 'the task has ended');
      await stash.close();
      stdin = seenBy(stash);
    });

    afterAll(async () => {
      await stash?.close();
      rmSync(directory, { recursive: true, force: true });
    });

    test('are all done here', () => {
      expect(outcomes.map(({ operation }) => operation)).toEqual(Object.keys(steps));
    });

    test.each(Object.keys(steps))('%s fires the same hooks with the same payload', (operation) => {
      const outcome = outcomes.find((one) => one.operation === operation);
      expect(outcome?.hooks).toEqual(outcome?.recordedHooks);
      // Equal texts: the keys stand in the same order too.
      expect(JSON.stringify(outcome?.hooks)).toBe(JSON.stringify(outcome?.recordedHooks));
    });

    test.each(Object.keys(steps))('%s moves updated_at as it does there', (operation) => {
      const outcome = outcomes.find((one) => one.operation === operation);
      if (outcome?.recordedMove === null) return;
      expect(outcome?.moved).toBe(outcome?.recordedMove);
    });

    test('give plugins the same stdin, key for key in the same order', () => {
      const samples = listOf(readJson(samplesPath ?? '')).map((sample) => leveled(sample));
      const ours = new Set(stdin.map((text) => leveled(JSON.parse(text))));
      expect(samples.length).toBeGreaterThan(10);
      expect(samples.filter((sample) => !ours.has(sample))).toEqual([]);
    });
  },
);

/** The text of a stdin with everything taken out that belongs to one machine or one moment. */
function leveled(stdin: unknown): string {
  return JSON.stringify(stdin, (key, value: unknown) => {
    if (['Value', 'Port', 'Dir', 'PluginDir'].includes(key)) return typeof value;
    return key === 'inputFields' && Array.isArray(value) ? value.map(String).sort() : value;
  });
}
