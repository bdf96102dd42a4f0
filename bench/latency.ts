// `bench latency`: from the hook's exit to the value in Plex, for a lone edit with the worker alive
// and with none, and for a second edit of the same scene half a second after the first.
import { setTimeout as delay } from 'node:timers/promises';
import type { Installed } from '../test/helpers/installed.ts';
import { until } from '../test/helpers/wait.ts';
import type { Pair } from '../test/helpers/world.ts';
import { runProcess } from './processes.ts';
import { replay, startRecording } from './replay.ts';
import { type Figure, figure, loadNow, type Report, report } from './report.ts';
import { median, percentile } from './statistics.ts';
import { installForBench, settled, stopWorker } from './world.ts';

export interface LatencyOptions {
  /** Lone edits with the worker alive; half as many of the others. */
  readonly runs: number;
}

export const latencyDefaults: LatencyOptions = { runs: 21 };

const writeServiceMs = 30;
/** No other event within a second makes an edit a lone one. */
const loneAfterMs = 1_050;

interface Timed {
  /** From the hook's exit. */
  readonly ms: number;
  /** The same requests by a bare client. */
  readonly floorMs: number;
}

export async function benchLatency({ runs }: LatencyOptions): Promise<Report> {
  const load = loadNow();
  const world = await installForBench();
  try {
    await world.configure();
    const pairs = world.addPairs(20);
    world.plex.switches.writeServiceMs = writeServiceMs;
    const few = Math.ceil(runs / 2);
    const pairOf = (run: number): Pair => {
      const pair = pairs[run % pairs.length];
      if (pair === undefined) throw new Error('no scenes');
      return pair;
    };
    // The first edit of all makes the index of Plex's files.
    await timedEdit(world, pairOf(0));

    const alive: Timed[] = [];
    for (let run = 0; run < runs; run += 1) {
      await quiet();
      alive.push(await timedEdit(world, pairOf(run)));
    }
    const second: Timed[] = [];
    for (let run = 0; run < few; run += 1) {
      await quiet();
      await save(world, pairOf(run));
      await delay(500);
      second.push(await timedEdit(world, pairOf(run)));
    }
    const none: Timed[] = [];
    const nodeMs: number[] = [];
    for (let run = 0; run < few; run += 1) {
      await stopWorker(world);
      nodeMs.push((await runProcess([process.execPath, '-e', '0'], '/dev/null')).ms);
      await quiet();
      none.push(await timedEdit(world, pairOf(run)));
    }

    const same = 'the same requests';
    const noneFloor = {
      name: `node -e 0 and ${same}`,
      value: median(nodeMs) + median(none.map(({ floorMs }) => floorMs)),
    };
    return report(
      'latency',
      load,
      { 'edits, worker alive': runs, 'edits, no worker': few, 'second edits': few, writeServiceMs },
      [
        ...rows('worker alive', alive, { name: same, value: floorOf(alive) }, 500),
        ...rows('no worker', none, noneFloor, 1_000),
        ...rows('second edit', second, { name: same, value: floorOf(second) }, null),
        figure({
          name: 'second edit, slowest',
          value: Math.max(...second.map(({ ms }) => ms)),
          unit: 'ms',
          target: { relation: '<=', value: 3_000 },
        }),
      ],
      [
        `From the end of the hook's process, as Stash saw it, to the write's being applied in Plex, which takes ${writeServiceMs} ms for one.`,
        'Floor: what Stash and Plex were asked until then, asked again by a bare client.',
        'Stash and Plex are simulators in the process of the bench; hooks, supervisor and worker are real processes.',
      ],
    );
  } finally {
    await world.close();
  }
}

function rows(
  name: string,
  timed: readonly Timed[],
  floor: { readonly name: string; readonly value: number },
  atMostMs: number | null,
): Figure[] {
  const times = timed.map(({ ms }) => ms);
  return [
    figure({
      name: `${name}, median`,
      value: median(times),
      unit: 'ms',
      floor,
      ...(atMostMs === null ? {} : { target: { relation: '<=', value: atMostMs } }),
    }),
    figure({ name: `${name}, 90th percentile`, value: percentile(times, 90), unit: 'ms' }),
  ];
}

function floorOf(timed: readonly Timed[]): number {
  return median(timed.map(({ floorMs }) => floorMs));
}

/** Random, so that no rhythm of the worker's is met each time. */
async function quiet(): Promise<void> {
  await delay(loneAfterMs + Math.random() * 500);
}

let edits = 0;

/** @returns the new title, and when the hook's process had ended (Unix ms) */
async function save(
  world: Installed,
  { sceneId }: Pair,
): Promise<{ readonly title: string; readonly exitedAt: number }> {
  edits += 1;
  const title = `Edit ${edits}`;
  await world.save(sceneId, { title });
  const exitedAt = world.stash.hookRuns.at(-1)?.at;
  if (exitedAt === undefined) throw new Error('no hook ran');
  return { title, exitedAt };
}

async function timedEdit(world: Installed, pair: Pair): Promise<Timed> {
  const recording = startRecording(world);
  const { title, exitedAt } = await save(world, pair);
  const arrival = (): number | undefined =>
    world.plex.history(pair.ratingKey).find(({ after }) => after.title === title)?.at;
  await until(`"${title}" is in Plex`, () => arrival() !== undefined);
  const arrivedAt = arrival() ?? Number.NaN;
  const requests = recording.stop(arrivedAt);
  await settled(world);
  return { ms: arrivedAt - exitedAt, floorMs: await replay(requests) };
}
