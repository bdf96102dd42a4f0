// `bench storm`: many hooks at once, some of them killed at random, while a worker drains; and the
// same once more where the first of them has to wake the worker. Every hook that exited with 0 must
// have kept its change, there must never be two at work, and one worker start must do.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from './processes.ts';
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';
import { median, percentile } from './statistics.ts';
import { makeNodeCounter } from './nodeCounter.ts';
import { type Blow, runStorm } from './stormHooks.ts';
import { openStormWorld, type StormWorld } from './stormWorld.ts';

export interface StormOptions {
  readonly hooks: number;
  readonly parallel: number;
  readonly kills: number;
}

export const stormDefaults: StormOptions = { hooks: 300, parallel: 16, kills: 60 };

const writeServiceMs = 30;
export async function benchStorm(options: StormOptions): Promise<Report> {
  const load = loadNow();
  const draining = await oneStorm(options, true);
  const asleep = await oneStorm(options, false);
  return report(
    'storm',
    load,
    { ...options, writeServiceMs },
    [...figures('worker draining', draining), ...figures('nobody awake', asleep)],
    [
      'Kept: in the spool, in the queue or in Plex, looked at once when the last hook has ended, and arrived: in Plex once nothing waits any more.',
      'Worker starts are counted by the "Node" that the supervisor is given, including any that finds the lock held.',
      'Holders of the lock are read from /proc/locks by a process of its own, every 2 ms.',
      'Floor of the times: as many shells that only read the same input, as many at once. One process starts them all, which is most of what either takes.',
    ],
  );
}

interface Outcome {
  readonly blows: readonly Blow[];
  readonly floor: readonly Blow[];
  readonly lostAtOnce: number;
  readonly lostInTheEnd: number;
  readonly killedButKept: number;
  readonly workerStarts: number;
  readonly lockTaken: number;
  readonly lock: { readonly samples: number; readonly held: number; readonly most: number };
  readonly filesLeft: number;
}

async function oneStorm(options: StormOptions, awake: boolean): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'plexsync-storm-'));
  const counter = makeNodeCounter(folder);
  // Scenes that the worker is busy with when the storm comes.
  const earlier = Math.ceil(options.hooks / 3);
  let world: StormWorld | undefined;
  try {
    world = await openStormWorld(folder, counter.path, options.hooks + earlier, writeServiceMs);
    const [before, scenes] = [world.scenes.slice(0, earlier), world.scenes.slice(earlier)];
    const watch = await world.watchLock();
    const sh = findOnPath('sh');
    if (awake) {
      await runStorm(before, [sh, world.launcher, 'hook'], { ...options, kills: 0 }, world);
      await world.firstWrite();
    }
    const blows = await runStorm(scenes, [sh, world.launcher, 'hook'], options, world);
    const kept = scenesOf(blows, (blow) => blow.code === 0);
    const lostAtOnce = world.lostOf(kept);
    await world.settled();
    const lock = await watch.stop();
    const killed = scenesOf(blows, (blow) => blow.signal === 'SIGKILL');
    const outcome = {
      blows,
      lostAtOnce,
      lostInTheEnd: world.notInPlex(kept),
      killedButKept: killed.length - world.notInPlex(killed),
      workerStarts: counter.workerStarts(),
      lockTaken: world.timesTheLockWasTaken(),
      lock,
      filesLeft: world.spoolFiles(),
    };
    const calm = { ...options, kills: 0 };
    return { ...outcome, floor: await runStorm(scenes, [sh, '-c', 'cat >/dev/null'], calm, world) };
  } finally {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function scenesOf(blows: readonly Blow[], which: (blow: Blow) => boolean): readonly number[] {
  return blows.filter(which).map(({ sceneId }) => sceneId);
}

function figures(name: string, outcome: Outcome): Figure[] {
  const { blows, floor, lock } = outcome;
  const count = (which: (blow: Blow) => boolean): number => blows.filter(which).length;
  const times = blows.filter(({ code }) => code === 0).map(({ ms }) => ms);
  const floorTimes = floor.map(({ ms }) => ms);
  const plain = (what: string, value: number): Figure =>
    figure({ name: `${name}: ${what}`, value, unit: '' });
  const shell = "sh -c 'cat >/dev/null'";
  return [
    plain(
      'hooks that exited 0',
      count(({ code }) => code === 0),
    ),
    plain(
      'hooks killed',
      count(({ signal }) => signal === 'SIGKILL'),
    ),
    plain('killed, and the change was kept all the same', outcome.killedButKept),
    mustBe(
      `${name}: hooks that ended otherwise`,
      count(({ code, signal }) => code !== 0 && signal !== 'SIGKILL'),
      0,
    ),
    mustBe(`${name}: exited 0 and not kept`, outcome.lostAtOnce, 0),
    mustBe(`${name}: exited 0 and never arrived`, outcome.lostInTheEnd, 0),
    mustBe(`${name}: files left in the spool`, outcome.filesLeft, 0),
    // Where nobody was seen to hold it, there is no /proc/locks: nothing is known then.
    ...(lock.held > 0 ? [mustBe(`${name}: most holders of the lock at once`, lock.most, 1)] : []),
    plain('looks at the lock', lock.samples),
    plain('looks that found it held', lock.held),
    plain('times the lock was taken', outcome.lockTaken),
    mustBe(`${name}: worker starts`, outcome.workerStarts, 1),
    figure({
      name: `${name}: hook, median`,
      value: median(times),
      unit: 'ms',
      floor: { name: shell, value: median(floorTimes) },
    }),
    figure({
      name: `${name}: hook, 99th percentile`,
      value: percentile(times, 99),
      unit: 'ms',
      floor: { name: shell, value: percentile(floorTimes, 99) },
    }),
  ];
}
