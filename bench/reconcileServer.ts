// One of the two servers of `bench reconcile`, filled with the library of reconcileLibrary.ts. Prints
// where it is, then takes one line of JSON for each thing wanted: to let things drift apart, or its figures.
//   node bench/reconcileServer.ts plex | stash <scenes> <directory>
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { startPlexSimulator } from '../simulators/plex/server.ts';
import { startStashSimulator } from '../simulators/stash/server.ts';
import {
  driftOf,
  folder,
  itemOf,
  newFrom,
  performers,
  sceneOf,
  studios,
  tags,
} from './reconcileLibrary.ts';

const wanted = v.union([
  v.strictObject({ drift: v.literal(true) }),
  v.strictObject({ settings: v.record(v.string(), v.unknown()) }),
  v.strictObject({ counts: v.literal(true) }),
]);

interface Server {
  readonly where: object;
  readonly add: (number: number) => void;
  readonly drift: (number: number) => void;
  readonly configure: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly requests: () => number;
  readonly writes: () => number;
  readonly close: () => Promise<void>;
}

const [which = '', scenes = '0', directory = ''] = process.argv.slice(2);
const server = which === 'plex' ? await openPlex() : await openStash();
for (let number = 1; number <= Number(scenes); number += 1) server.add(number);
tell(server.where);

for await (const line of createInterface({ input: process.stdin })) {
  const call = v.parse(wanted, JSON.parse(line));
  if ('drift' in call) {
    for (let number = 1; number <= Number(scenes); number += 1) server.drift(number);
  } else if ('settings' in call) await server.configure(call.settings);
  const { user, system } = process.cpuUsage();
  tell({ requests: server.requests(), writes: server.writes(), cpuMs: (user + system) / 1_000 });
}
await server.close();

async function openPlex(): Promise<Server> {
  const plex = await startPlexSimulator();
  const section = plex.library.addSection({ title: 'Videos', locations: ['/data'] });
  const keys = new Map<number, string>();
  const drift = (number: number): void => {
    const key = keys.get(number) ?? '';
    switch (driftOf(number)) {
      case 'empty':
        return plex.library.setByPerson(key, { studio: '', locked: [] });
      case 'plexReverted':
        return plex.library.setByPerson(key, { title: `scene-${number}`, locked: [] });
      case 'itemGone':
        return plex.library.removeItem(key);
      case 'noScene': {
        const files = [{ path: `${folder}/alone/${number}.mp4`, size: number }];
        plex.library.addItem(section, { title: String(newFrom + number), files });
        return undefined;
      }
      case 'edited':
        return plex.library.setByPerson(key, { summary: 'A person wrote this.' });
      default:
        return undefined;
    }
  };
  return {
    where: { url: plex.url, token: plex.token },
    add: (number) => void keys.set(number, plex.library.addItem(section, itemOf(number))),
    drift,
    configure: async () => {},
    requests: () => plex.counts().requests,
    writes: () => plex.counts().writes,
    close: () => plex.close(),
  };
}

async function openStash(): Promise<Server> {
  // Known to Stash and enabled: the worker looks whether it is.
  const pluginFolder = join(directory, 'plugins', 'plex-sync');
  mkdirSync(pluginFolder, { recursive: true });
  writeFileSync(join(pluginFolder, 'plex-sync.yml'), 'name: PlexSync\nversion: 0.0.0\n');
  const stash = await startStashSimulator({ directory });
  stash.loadPlugins();
  const { store, library } = stash;
  const some = (count: number, add: (number: number) => number): readonly number[] =>
    Array.from({ length: count }, (_, index) => add(index + 1));
  const ids = {
    studios: some(studios, (number) => store.addStudio({ name: `Studio ${number}` })),
    tags: some(tags, (number) => store.addTag({ name: `Tag ${number}` })),
    performers: some(performers, (number) => store.addPerformer({ name: `Performer ${number}` })),
  };
  const extra = store.addTag({ name: 'Found by itself' });
  const pick = (from: readonly number[], numbers: readonly number[]): number[] =>
    numbers.flatMap((number) => from[number - 1] ?? []);
  const add = (number: number): void => {
    const { path, size, studio, ...scene } = sceneOf(number);
    store.addScene({
      id: number,
      title: scene.title,
      details: scene.details,
      date: scene.date,
      studioId: ids.studios[studio - 1] ?? null,
      tagIds: pick(ids.tags, scene.tags),
      performerIds: pick(ids.performers, scene.performers),
      files: [{ path, size, durationSeconds: 600 }],
      updatedAt: '2025-01-01T12:00:00+01:00',
    });
  };
  const drift = (number: number): void => {
    switch (driftOf(number)) {
      case 'stashChanged':
        return library.autoTag(number, [extra]);
      case 'missing': {
        const files = [{ path: `/data/new/${number}.mp4`, size: number, durationSeconds: 60 }];
        store.addScene({ id: newFrom + number, title: 'New', files });
        return undefined;
      }
      case 'sceneGone':
        return store.removeScene(number);
      case 'moved':
        // Under its name: Plex has it where it was.
        return library.moveFile(number, sceneOf(number).path.replace(folder, '/data/moved'));
      default:
        return undefined;
    }
  };
  return {
    where: { url: stash.url, token: '' },
    add,
    drift,
    configure: async (settings) => {
      await stash.graphql(
        'mutation ($input: Map!) { configurePlugin(plugin_id: "plex-sync", input: $input) }',
        { input: settings },
      );
    },
    requests: () => stash.accessLog.length,
    writes: () => 0,
    close: () => stash.close(),
  };
}

function tell(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
