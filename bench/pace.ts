// `bench pace`: what a Plex that becomes slow, and quick again, is asked per second; and that a
// ceiling is never passed. Every figure is counted at the simulator.
import { setTimeout as delay } from 'node:timers/promises';
import type { Installed } from '../test/helpers/installed.ts';
import { type PlexProcess, plexFile, startPlexProcess } from './plexProcess.ts';
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';
import { editOf, namesOf } from './scenes.ts';
import { holdWorker, installForBench, patiently, saveScenes, wakeWorker } from './world.ts';

export interface PaceOptions {
  /** Requests per second that the setting allows in the second run. */
  readonly ceiling: number;
}

export const paceDefaults: PaceOptions = { ceiling: 10 };

const fastMs = 30;
const slowMs = 900;
const phases = [
  { name: 'quick', serviceMs: fastMs, seconds: 10 },
  { name: 'slow', serviceMs: slowMs, seconds: 20 },
  { name: 'quick again', serviceMs: fastMs, seconds: 30 },
] as const;
/** More than a Plex of 30 ms can take in all phases. */
const scenes = 1_600;
const wantedWithinSeconds = 30;

interface Course {
  /** Unix ms of each write, ascending. */
  readonly writes: readonly number[];
  /** Unix ms at which each phase began, and the last one's end. */
  readonly begins: readonly number[];
}

export async function benchPace({ ceiling }: PaceOptions): Promise<Report> {
  const load = loadNow();
  const free = await run({});
  const limited = await run({ plexRequestsPerSecond: ceiling });
  const back = secondsToBack(free);
  const unit = 'requests/s';
  const figures: Figure[] = phases.map(({ name, serviceMs }, at) =>
    figure({
      name: `${name}: a write takes ${serviceMs} ms`,
      value: rateOf(free, at),
      unit,
      floor: { name: 'one after the other', value: 1000 / serviceMs },
    }),
  );
  return report(
    'pace',
    load,
    { scenes, ceiling },
    [
      ...figures,
      figure({
        name: 'from quick again to 90 % of the rate before',
        value: back,
        unit: 's',
        target: { relation: '<=', value: wantedWithinSeconds },
      }),
      ...phases.map(({ name }, at) =>
        figure({ name: `with the ceiling, ${name}`, value: rateOf(limited, at), unit }),
      ),
      figure({
        name: 'with the ceiling, most within any one second',
        value: mostWithinASecond(limited.writes),
        unit,
        target: { relation: '<=', value: ceiling },
        kind: 'correctness',
      }),
      mustBe('runs in which nothing was written', [free, limited].filter(isEmpty).length, 0),
    ],
    [
      `${scenes} scenes with values of their own wait, so that there is always a next write.`,
      'Requests that changed something, in each second, without a ceiling and with it:',
      ...table(free, limited),
    ],
  );
}

async function run(settings: Readonly<Record<string, unknown>>): Promise<Course> {
  const plex = await startPlexProcess(scenes);
  const world = await installForBench();
  try {
    await world.configure({ plexUrl: plex.url, plexToken: plex.token, ...settings });
    const names = namesOf(world);
    const ids = Array.from({ length: scenes }, (_, index) =>
      world.stash.store.addScene({ files: [{ ...plexFile(index + 1), durationSeconds: 60 }] }),
    );
    holdWorker(world);
    await saveScenes(
      world,
      ids.map((id) => editOf(id, 'First', names)),
    );
    return await throughPhases(world, plex);
  } finally {
    await world.close();
    await plex.close();
  }
}

async function throughPhases(world: Installed, plex: PlexProcess): Promise<Course> {
  const begins: number[] = [];
  for (const { serviceMs, seconds } of phases) {
    await plex.setWriteServiceMs(serviceMs);
    if (begins.length === 0) {
      wakeWorker(world);
      await patiently('it writes', async () => (await plex.counts()).writes > 5, 60_000);
    }
    begins.push(Date.now());
    await delay(seconds * 1000);
  }
  begins.push(Date.now());
  const keys = [...(await plex.ratingKeys()).values()];
  const histories = await Promise.all(keys.map(async (key) => (await plex.item(key)).history));
  // A group is one request, noted with each of its items.
  const times = new Set(
    histories.flatMap((history) => history.map(({ at, query }) => `${at} ${query}`)),
  );
  const writes = [...times].map((one) => Number(one.split(' ', 1)[0])).toSorted((a, b) => a - b);
  return { writes, begins };
}

function isEmpty({ writes }: Course): boolean {
  return writes.length === 0;
}

function countBetween(writes: readonly number[], from: number, to: number): number {
  return writes.filter((at) => at >= from && at < to).length;
}

/** Of a phase, without its first two seconds: a write of the former one is still under way. */
function rateOf({ writes, begins }: Course, phase: number): number {
  const from = (begins[phase] ?? 0) + 2_000;
  const to = begins[phase + 1] ?? 0;
  return (countBetween(writes, from, to) * 1000) / (to - from);
}

/** From the last phase's begin to the first second in which 90 % of the first phase's rate is kept. */
function secondsToBack(course: Course): number {
  const wanted = 0.9 * rateOf(course, 0);
  const begin = course.begins[2] ?? 0;
  for (let ms = 0; ms < phases[2].seconds * 1000; ms += 100) {
    if (countBetween(course.writes, begin + ms, begin + ms + 1_000) >= wanted) return ms / 1000;
  }
  return Number.POSITIVE_INFINITY;
}

function mostWithinASecond(writes: readonly number[]): number {
  return Math.max(0, ...writes.map((at) => countBetween(writes, at, at + 1_000)));
}

function table(free: Course, limited: Course): readonly string[] {
  return phases.flatMap(({ name, seconds }, phase) => {
    const cells = ({ writes, begins }: Course): string =>
      Array.from({ length: seconds }, (_, second) => {
        const from = (begins[phase] ?? 0) + second * 1000;
        return String(countBetween(writes, from, from + 1000)).padStart(2);
      }).join(' ');
    return [`${name.padEnd(12)} ${cells(free)}`, `${' '.repeat(12)} ${cells(limited)}`];
  });
}
