// `bench drain`: how fast the worker brings many changed scenes into a Plex that takes its time for
// each write, one after the other; how often it asks for that, and how much memory it needs.
import { isDeepStrictEqual } from 'node:util';
import type { Installed } from '../test/helpers/installed.ts';
import { editOf, everyField, itemAt, namesOf, type SceneNames, type Stage } from './scenes.ts';
import { idleNodePeakMb, peakMemoryMb } from './memory.ts';
import { type PlexProcess, plexFile, startPlexProcess } from './plexProcess.ts';
import { type Recorded, replay } from './replay.ts';
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';
import {
  holdWorker,
  installForBench,
  patiently,
  saveScenes,
  settled,
  stopWorker,
  wakeWorker,
} from './world.ts';

export interface DrainOptions {
  readonly scenes: number;
}

export const drainDefaults: DrainOptions = { scenes: 1_000 };

const writeServiceMs = 30;
/** PUTs that the bare clients make for the measured ceiling: some seconds' worth. */
const ceilingWrites = 200;

export async function benchDrain({ scenes }: DrainOptions): Promise<Report> {
  const load = loadNow();
  const plex = await startPlexProcess(scenes);
  const world = await installForBench();
  try {
    const configure = async (stage: Stage): Promise<void> => {
      const address = { plexUrl: plex.url, plexToken: plex.token };
      await world.configure({ ...address, ...everyField(stage) });
    };
    await configure('First');
    const names = namesOf(world);
    const ids = Array.from({ length: scenes }, (_, index) => addScene(world, index + 1));

    // The first contact: Plex knows the files only. Not clocked.
    const firstContact = await push(world, plex, ids, names, 'First');
    await stopWorker(world);
    await plex.setWriteServiceMs(writeServiceMs);
    await configure('Changed');
    const changed = await push(world, plex, ids, names, 'Changed');
    const peakMb = peakMemoryMb(world.workers()[0] ?? 0);

    const pushed = await readBack(plex, ids, 'Changed', changed.wokenAt);
    const rate = (count: number, ms: number): number => (count * 1000) / ms;
    const seconds = pushed.lastAt - changed.wokenAt;
    const puts = pushed.requests.slice(0, ceilingWrites);
    const atOnceMs = await replay(puts, 8);
    const oneByOne = puts.slice(0, ceilingWrites / 2);
    const oneByOneMs = await replay(oneByOne);

    // Lists that get shorter. Not clocked.
    await stopWorker(world);
    await plex.setWriteServiceMs(0);
    const less = await push(world, plex, ids, names, 'Less');
    const left = await readBack(plex, ids, 'Less', less.wokenAt);
    const { deadLetters } = world.status();
    const unit = 'scenes/s';
    return report(
      'drain',
      load,
      { scenes, writeServiceMs },
      [
        figure({
          name: "from the worker's start to the last write",
          value: rate(scenes, seconds),
          unit,
          floor: { name: `one write per ${writeServiceMs} ms`, value: 1000 / writeServiceMs },
          target: { relation: '>=', value: 0.9, of: 'floor' },
        }),
        figure({
          name: 'the same beside what the simulator takes',
          value: rate(scenes, seconds),
          unit,
          floor: { name: 'bare clients, 8 at once', value: rate(puts.length, atOnceMs) },
        }),
        figure({
          name: 'from the first write to the last',
          value: rate(pushed.requests.length - 1, pushed.lastAt - pushed.firstAt),
          unit,
          floor: {
            name: 'one bare client, one by one',
            value: rate(oneByOne.length, oneByOneMs),
          },
        }),
        figure({
          name: 'HTTP requests to Plex per scene',
          value: changed.requests / scenes,
          unit: '',
          floor: { name: 'one write each', value: 1 },
          target: { relation: '<=', value: 1.1 },
        }),
        figure({
          name: 'the same at the first contact, with the index of files to make',
          value: firstContact.requests / scenes,
          unit: '',
          floor: { name: 'one write each', value: 1 },
        }),
        figure({
          name: 'the same where every list of every scene loses an entry as well',
          value: less.requests / scenes,
          unit: '',
          floor: { name: 'one write each', value: 1 },
        }),
        ...memoryOf(peakMb),
        mustBe('scenes that did not arrive with every field', pushed.missing + left.missing, 0),
        mustBe('dead letters', deadLetters.count, 0),
      ],
      [
        'Every text field and list is mirrored, and every scene changes in all of them, in its own way: title, sort title, summary, date, studio, content rating; one more each of tags, performers, directors and groups (collections). All events lie in the spool when the worker starts.',
        'Where an entry goes from a list, Plex needs a second request for the item, since nobody has shown what it makes of additions and removals in one.',
        'Plex is a simulator in a process of its own, Stash one in the process of the bench, which sleeps meanwhile.',
        "Node's timers are late by up to a millisecond, so the simulator stays below the ceiling by itself: see what bare clients reach.",
      ],
    );
  } finally {
    await world.close();
    await plex.close();
  }
}

/** Nothing where there is no /proc. */
function memoryOf(peakMb: number): readonly Figure[] {
  if (Number.isNaN(peakMb)) return [];
  return [
    figure({
      name: "worker's peak memory",
      value: peakMb,
      unit: 'MB',
      floor: { name: 'node -e 0', value: idleNodePeakMb() },
      target: { relation: '<=', value: 150 },
    }),
  ];
}

function addScene(world: Installed, number: number): number {
  return world.stash.store.addScene({ files: [{ ...plexFile(number), durationSeconds: 60 }] });
}

/** Saves all with the worker held back, lets it go and waits until nothing is left. */
async function push(
  world: Installed,
  plex: PlexProcess,
  ids: readonly number[],
  names: SceneNames,
  stage: Stage,
): Promise<{ readonly wokenAt: number; readonly requests: number }> {
  holdWorker(world);
  await saveScenes(
    world,
    ids.map((id) => editOf(id, stage, names)),
  );
  const before = await plex.counts();
  const wokenAt = wakeWorker(world);
  await patiently(
    'as many items are written as scenes were saved',
    async () => (await plex.counts()).editedItems - before.editedItems >= ids.length,
    60_000 + ids.length * 200,
  );
  await settled(world);
  return { wokenAt, requests: (await plex.counts()).requests - before.requests };
}

interface Pushed {
  readonly missing: number;
  /** Unix ms. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The PUTs, each once. */
  readonly requests: readonly Recorded[];
}

async function readBack(
  plex: PlexProcess,
  ids: readonly number[],
  stage: Stage,
  sinceMs: number,
): Promise<Pushed> {
  const ratingKeys = await plex.ratingKeys();
  const queries = new Map<string, number>();
  let missing = 0;
  for (const [index, id] of ids.entries()) {
    const key = ratingKeys.get(plexFile(index + 1).path) ?? '';
    const { item, history } = await plex.item(key);
    if (!isDeepStrictEqual(inNoOrder(item), itemAt(id, stage))) missing += 1;
    for (const { at, query } of history) if (at >= sinceMs) queries.set(query, at);
  }
  const times = [...queries.values()];
  return {
    missing,
    firstAt: Math.min(...times),
    lastAt: Math.max(...times),
    requests: [...queries.keys()].map((query) => ({
      url: `${plex.url}/library/sections/${plex.sectionId}/all?${query}`,
      method: 'PUT',
      headers: { 'x-plex-token': plex.token, accept: 'application/json' },
      body: '',
    })),
  };
}

function inNoOrder(item: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(item).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) ? value.map(String).toSorted() : value,
  ]);
  return Object.fromEntries<unknown>(entries);
}
