// `bench outage`: a queue fills, Plex is down for ten minutes and comes back. What that costs Plex and
// the jobs, when the first of them arrives, and how the rate of writes rises. The servers are real
// HTTP; what the worker sleeps is skipped.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { outages } from '../src/store/queue/outage.ts';
import { type RecoveryStrategy, recoveryStrategies } from '../src/contract/recoverySettings.ts';
import { courses } from '../src/domain/recover/strategy.ts';
import { openWorld, type World } from '../test/helpers/world.ts';
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';
import { patiently } from './world.ts';
import { type SkippingClock, skippingClock } from './skippingClock.ts';

export interface OutageOptions {
  readonly scenes: number;
}

export const outageDefaults: OutageOptions = { scenes: 5_000 };

const downMs = 600_000;
const writeServiceMs = 10;
const patienceMs = 900_000;

interface Course {
  readonly attempts: number;
  readonly deadLetters: number;
  readonly notArrived: number;
  /** Requests that the worker made while Plex was down, after the one that found it out. */
  readonly requests: number;
  readonly probes: number;
  /** From Plex being back to the first write, ms. */
  readonly firstWriteMs: number;
  /** Of each write, ms since the first one; ascending. */
  readonly writes: readonly number[];
  readonly waited: number;
}

export async function benchOutage({ scenes }: OutageOptions): Promise<Report> {
  const load = loadNow();
  const figures: Figure[] = [];
  const notes: string[] = [];
  for (const strategy of recoveryStrategies) {
    const course = await run(scenes, strategy);
    figures.push(...figuresOf(strategy, course, scenes));
    notes.push(...table(strategy, course));
  }
  return report(
    'outage',
    load,
    { scenes, 'minutes down': downMs / 60_000, 'ms for a write': writeServiceMs },
    figures,
    [
      'Scenes with values of their own are saved, Plex refuses connections for ten minutes and is back.',
      'What the worker sleeps is skipped, so minutes are those of its clock; requests take their real time.',
      'Writes per second, in each two seconds from the first one on:',
      ...notes,
    ],
  );
}

function figuresOf(strategy: RecoveryStrategy, course: Course, scenes: number): Figure[] {
  const { longestProbeMs } = courses[strategy].unreachable;
  const name = (what: string): string => `${strategy}: ${what}`;
  return [
    mustBe(name('attempts spent'), course.attempts, 0),
    mustBe(name('dead letters'), course.deadLetters, 0),
    mustBe(name('scenes that did not arrive'), course.notArrived, 0),
    mustBe(name('changes told as waiting'), course.waited, scenes),
    figure({
      name: name('requests while Plex was down'),
      value: course.requests,
      unit: '',
      target: { relation: '<=', value: mostProbes(strategy) },
      kind: 'correctness',
    }),
    figure({
      name: name('from Plex being back to the first write'),
      value: course.firstWriteMs / 1000,
      unit: 's',
      target: { relation: '<=', value: longestProbeMs / 1000 },
    }),
    figure({
      name: name('writes in the first ten seconds'),
      value: between(course.writes, 0, 10_000) / 10,
      unit: '/s',
    }),
    figure({
      name: name('writes in the next ten seconds'),
      value: between(course.writes, 10_000, 20_000) / 10,
      unit: '/s',
    }),
    figure({
      name: name('from the first write to the last'),
      value: (course.writes.at(-1) ?? 0) / 1000,
      unit: 's',
    }),
  ];
}

/** As many as the schedule allows at its shortest, and the failures that make it an outage. */
function mostProbes(strategy: RecoveryStrategy): number {
  const { threshold, firstProbeMs, longestProbeMs } = courses[strategy].unreachable;
  let probes = 0;
  let at = 0;
  while (at <= downMs) {
    at += 0.9 * Math.min(longestProbeMs, firstProbeMs * 2 ** probes);
    probes += 1;
  }
  return probes - 1 + threshold - 1;
}

async function run(scenes: number, recoveryStrategy: RecoveryStrategy): Promise<Course> {
  // A fair one that repeats: the same schedule in each run.
  let seed = 1;
  const clock = skippingClock(() => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  });
  const world = await openWorld({
    plex: { nowMs: () => clock.now(), switches: { writeServiceMs } },
  });
  try {
    await world.configure({ recoveryStrategy });
    return await throughOutage(world, clock, scenes);
  } finally {
    await world.close();
  }
}

async function throughOutage(world: World, clock: SkippingClock, scenes: number): Promise<Course> {
  const pairs = world.addPairs(scenes);
  for (const { sceneId } of pairs) world.edit(sceneId, { title: `Title ${sceneId}` });
  await world.plex.goAway();
  const requestsAt: number[] = [];
  const seen = (message: unknown): void => {
    if (originOf(message) === world.plex.url) requestsAt.push(clock.now());
  };
  subscribe('undici:request:create', seen);
  const downAt = clock.now();
  let backAt = Number.NaN;
  clock.plan(downAt + downMs, async () => {
    backAt = clock.now();
    await world.plex.comeBack();
  });
  world.startWorker(clock);
  const titled = (): number =>
    pairs.filter(
      ({ sceneId, ratingKey }) => world.plex.library.item(ratingKey)?.title === `Title ${sceneId}`,
    ).length;
  await patiently('nothing waits', () => nothingWaits(world), patienceMs);
  unsubscribe('undici:request:create', seen);
  const { totals, deadLetters } = world.status();
  const [outage] = world.withStore(outages);
  if (outage === undefined) throw new Error('there was no outage');
  const writesAt = world.plex.accessLog.filter(({ method }) => method === 'PUT').map((w) => w.at);
  const first = writesAt[0] ?? Number.NaN;
  return {
    attempts: totals.failed,
    deadLetters: deadLetters.count,
    notArrived: scenes - titled(),
    // The first of them found out that it is down.
    requests: between(requestsAt, downAt, backAt) - 1,
    probes: outage.probes,
    firstWriteMs: first - backAt,
    writes: writesAt.map((at) => at - first),
    waited: outage.jobs,
  };
}

function nothingWaits(world: World): boolean {
  const { spooled, pending, inFlight } = world.status().queue;
  return spooled + pending + inFlight === 0;
}

function originOf(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('request' in message)) return '';
  const { request } = message;
  if (typeof request !== 'object' || request === null || !('origin' in request)) return '';
  return String(request.origin);
}

function between(times: readonly number[], from: number, to: number): number {
  return times.filter((at) => at >= from && at < to).length;
}

function table(strategy: RecoveryStrategy, { writes, probes }: Course): readonly string[] {
  const rates = Array.from({ length: 30 }, (_, n) => between(writes, n * 2_000, (n + 1) * 2_000));
  const shown = rates.slice(0, rates.findLastIndex((rate) => rate > 0) + 1);
  const cells = shown.map((count) => (count / 2).toFixed(1)).join(' ');
  return [`${strategy} (${probes} probes): ${cells}`];
}
