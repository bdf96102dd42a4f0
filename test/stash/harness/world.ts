// A real Stash with PlexSync installed, a simulated Plex that knows the same files, and the verbs
// in which the cases speak. Everything lies in one temporary directory and ends with it.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import * as v from 'valibot';
import { inject } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../../simulators/plex/server.ts';
import type { ItemSnapshot } from '../../../simulators/plex/snapshot.ts';
import { type Status, statusSchema } from '../../../src/contract/status.ts';
import { until } from '../../helpers/wait.ts';
import type { StashFace } from './client.ts';
import { mediaFiles, scanDocument, type ScannedLibrary } from './library.ts';
import { type StashProcess, type StashProcessOptions, startStash } from './process.ts';

export type EntityKind = 'tag' | 'performer' | 'studio' | 'group';

export interface Pair {
  readonly sceneId: string;
  readonly ratingKey: string;
  /** Of the scene's file. */
  readonly path: string;
}

export interface RealWorld {
  readonly stash: StashProcess;
  readonly face: StashFace;
  readonly plex: PlexSimulator;
  readonly section: string;
  /** Scenes of the library with their items, by path. */
  readonly pairs: readonly Pair[];
  /** Data directory of PlexSync. */
  readonly data: string;
  pair(index: number): Pair;
  item(pair: Pair): ItemSnapshot;
  /** Replaces the plugin's settings: address and token of this Plex, and what is given. */
  configure(settings?: Readonly<Record<string, unknown>>): Promise<void>;
  /** `sceneUpdate`, as the edit form saves. */
  edit(pair: Pair, input: Readonly<Record<string, unknown>>): Promise<void>;
  /** `bulkSceneUpdate`. @returns milliseconds until Stash answered */
  bulkEdit(pairs: readonly Pair[], input: Readonly<Record<string, unknown>>): Promise<number>;
  /** Ids of new tags. */
  tags(...names: readonly string[]): Promise<readonly string[]>;
  performers(...names: readonly string[]): Promise<readonly string[]>;
  studio(name: string): Promise<string>;
  group(name: string): Promise<string>;
  rename(kind: EntityKind, id: string, name: string): Promise<void>;
  /** Deletes it in Stash; the scenes stay. */
  destroy(kind: EntityKind, id: string): Promise<void>;
  /** Any other mutation; the answer is not looked at. */
  mutate(document: string, variables?: Readonly<Record<string, unknown>>): Promise<void>;
  status(): Promise<Status>;
  operation(args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Switches the plugin on or off in Stash. */
  enable(enabled: boolean): Promise<void>;
  /** Resolves when nothing waits any more, and tells the status then. */
  settled(): Promise<Status>;
  /** PlexSync's own log; empty before its worker's first life. */
  log(): string;
  /** Warnings and errors in Stash's log that concern a plugin, but that Plex is away: cases make it so. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

const scenesSchema = v.object({
  findScenes: v.object({
    scenes: v.array(v.object({ id: v.string(), files: v.array(v.object({ path: v.string() })) })),
  }),
});
const created = v.record(v.string(), v.object({ id: v.string() }));
const anything = v.unknown();

export interface WorldOptions {
  /** Folder with videos that are scanned with the plugin installed; else the library scanned before. */
  readonly media?: string;
  /** Another library scanned before. */
  readonly library?: ScannedLibrary;
  /** Where Plex has the videos; where Stash has them, unless given. */
  readonly plexFolder?: string;
  /** Settings of the plugin from the beginning; a running worker may believe old ones for seconds. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False: Stash begins without PlexSync, which is installed later. */
  readonly installed?: boolean;
  /** Folders of plugins beside PlexSync. */
  readonly plugins?: readonly string[];
  readonly config?: StashProcessOptions['config'];
  readonly env?: StashProcessOptions['env'];
  /** How long Plex takes each video for; a second unless given. */
  readonly durationMs?: number;
}

/** Starts both servers and configures the plugin. */
export async function openRealWorld(options: WorldOptions = {}): Promise<RealWorld> {
  const { binary, root, library, plugin } = inject('realStash');
  const { media, config = {}, env = {} } = options;
  const own = options.installed === false ? [] : [plugin];
  const plugins = [...own, ...(options.plugins ?? [])];
  const plex = await startPlexSimulator();
  try {
    const content = media === undefined ? (options.library ?? library) : { media };
    const stash = await startStash({ ...content, binary, root, plugins, config, env });
    try {
      return await furnish(stash, plex, content.media, options);
    } catch (error) {
      await stash.close();
      throw error;
    }
  } catch (error) {
    await plex.close();
    throw error;
  }
}

async function furnish(
  stash: StashProcess,
  plex: PlexSimulator,
  media: string,
  { media: toBeScanned, plexFolder = media, settings = {}, durationMs = 1000 }: WorldOptions,
): Promise<RealWorld> {
  const { face } = stash;
  const section = plex.library.addSection({ title: 'Videos', locations: [plexFolder] });
  const ratingKeys = new Map<string, string>();
  for (const { path, sizeBytes } of mediaFiles(media)) {
    const inPlex = join(plexFolder, relative(media, path));
    const files = [{ path: inPlex, size: sizeBytes, durationMs }];
    const title = `scanned ${basename(path)}`;
    ratingKeys.set(path, plex.library.addItem(section, { title, files }));
  }
  const data = join(stash.directory, 'plex-sync');
  await configurePlugin(face, plex, settings);
  if (toBeScanned !== undefined) await face.job(scanDocument);
  const pairs = await readPairs(face, ratingKeys);

  const operation = async (args: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const { runPluginOperation } = await face.graphql(
      v.object({ runPluginOperation: v.unknown() }),
      'mutation ($args: Map) { runPluginOperation(plugin_id: "plex-sync", args: $args) }',
      { args },
    );
    return runPluginOperation;
  };
  const status = async (): Promise<Status> =>
    v.parse(statusSchema, await operation({ name: 'status' }));
  const mutate = async (
    document: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<void> => {
    await face.graphql(anything, document, variables);
  };
  const createAll = async (
    kind: EntityKind,
    names: readonly string[],
  ): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (const name of names) {
      const document = `mutation ($input: ${typeOf(kind)}CreateInput!) { ${kind}Create(input: $input) { id } }`;
      const answer = await face.graphql(created, document, { input: { name } });
      ids.push(...Object.values(answer).map((entity) => entity.id));
    }
    return ids;
  };

  const world: RealWorld = {
    stash,
    face,
    plex,
    section,
    pairs,
    data,
    pair: (index) => {
      const found = pairs[index];
      if (found === undefined) throw new RangeError(`the library has no pair ${index}`);
      return found;
    },
    item: ({ ratingKey }) => {
      const found = plex.library.item(ratingKey);
      if (found === undefined) throw new RangeError(`Plex has no item ${ratingKey}`);
      return found;
    },
    configure: async (settings) => {
      await configurePlugin(face, plex, settings);
    },
    edit: async ({ sceneId }, input) => {
      await mutate('mutation ($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }', {
        input: { id: sceneId, ...input },
      });
    },
    bulkEdit: async (edited, input) => {
      const begun = performance.now();
      await mutate(
        'mutation ($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }',
        { input: { ids: edited.map((pair) => pair.sceneId), ...input } },
      );
      return performance.now() - begun;
    },
    tags: async (...names) => await createAll('tag', names),
    performers: async (...names) => await createAll('performer', names),
    studio: async (name) => (await createAll('studio', [name])).join(),
    group: async (name) => (await createAll('group', [name])).join(),
    rename: async (kind, id, name) => {
      await mutate(
        `mutation ($input: ${typeOf(kind)}UpdateInput!) { ${kind}Update(input: $input) { id } }`,
        { input: { id, name } },
      );
    },
    destroy: async (kind, id) => {
      await mutate(
        `mutation ($input: ${typeOf(kind)}DestroyInput!) { ${kind}Destroy(input: $input) }`,
        { input: { id } },
      );
    },
    mutate,
    status,
    operation,
    enable: async (enabled) => {
      await mutate('mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }', {
        map: { 'plex-sync': enabled },
      });
    },
    settled: async () => {
      let last: Status | null = null;
      await until('nothing waits in PlexSync', async () => {
        last = await status();
        const { spooled, pending, inFlight } = last.queue;
        return spooled + pending + inFlight === 0;
      });
      if (last === null) throw new TypeError('unreachable');
      return last;
    },
    log: () => {
      const path = join(data, 'plex-sync.log');
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    },
    complaints: () =>
      stash
        .logText()
        .split('\n')
        .filter((line) => /^(WARN|ERRO)/.test(line) && /plugin|hook|plex-?sync/i.test(line))
        .filter((line) => !/\[Plugin \/ PlexSync\] (\d+ \w+ ago: )?Plex is away: /.test(line)),
    close: async () => {
      await stash.close();
      await plex.close();
    },
  };
  return world;
}

function typeOf(kind: EntityKind): string {
  return kind.slice(0, 1).toUpperCase() + kind.slice(1);
}

async function configurePlugin(
  face: StashFace,
  plex: PlexSimulator,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await face.graphql(
    anything,
    'mutation ($input: Map!) { configurePlugin(plugin_id: "plex-sync", input: $input) }',
    { input: { plexUrl: plex.url, plexToken: plex.token, ...settings } },
  );
}

async function readPairs(
  face: StashFace,
  ratingKeys: ReadonlyMap<string, string>,
): Promise<readonly Pair[]> {
  const { findScenes } = await face.graphql(
    scenesSchema,
    '{ findScenes(filter: { per_page: -1, sort: "path" }) { scenes { id files { path } } } }',
  );
  return findScenes.scenes.map(({ id, files }) => {
    const path = files[0]?.path ?? '';
    const ratingKey = ratingKeys.get(path);
    if (ratingKey === undefined) throw new RangeError(`Plex has no item for ${path}`);
    return { sceneId: id, ratingKey, path };
  });
}
