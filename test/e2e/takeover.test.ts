// A task takes the queue over from the worker and hands it back, whoever dies, hangs or comes beside.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { type Installed, installPlugin } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';
import {
  arrived,
  backgroundWorkers,
  changeQuietly,
  killAll,
  logLines,
  otherTask,
  overlappingWrites,
  saveAll,
  startTask,
  tasksOf,
} from './taskKit.ts';

let world: Installed;
beforeEach(async () => {
  world = await installPlugin({ env: { PLEXSYNC_PATIENCE_MS: '1000' } });
  await world.configure();
});
afterEach(async () => {
  for (const pid of world.workers()) killProcess(pid, 'SIGCONT');
  await world.close();
});

/** Scenes that PlexSync has met, and a Plex that is slow from now on. */
const acquainted = async (count: number, serviceMs: number): Promise<readonly Pair[]> => {
  const pairs = world.addPairs(count);
  await saveAll(world, pairs.slice(0, 1), 'Met');
  await until('one is there', () => arrived(world, pairs.slice(0, 1), 'Met') === 1);
  world.plex.switches.writeServiceMs = serviceMs;
  return pairs;
};
const asker = (): string => {
  const path = join(world.data, 'takeover');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};
const hasTheQueue = async (): Promise<number> => {
  await until('the worker stands by', () => /the worker stands by/.test(world.logText()));
  // It looks for the free lock only now and then: whoever comes meanwhile may have it.
  await until('a task has the lock', () => world.status().worker?.kind === 'task');
  const [pid = 0] = tasksOf(world);
  expect(asker()).toMatch(new RegExp(`^${pid} `));
  return pid;
};
/** By the last word about whose turn it is. */
const workerGoesOn = (): boolean => {
  const told = world.logText().match(/worker stands by|worker begins|worker goes on/g) ?? [];
  return (told.at(-1) ?? 'worker stands by') !== 'worker stands by';
};

describe('[1.2 PROC-01] a task that processes the queue', () => {
  it('has the worker let go and stand by, drains with a rising bar, and hands back [1.2 PROC-03]', async () => {
    const pairs = await acquainted(120, 90);
    const [worker] = backgroundWorkers(world);
    changeQuietly(world, pairs, 'By the task');
    const task = await startTask(world, 'Sync all scenes');
    await hasTheQueue();
    expect(backgroundWorkers(world)).toEqual([worker]);
    expect(await task.ended()).toBe('FINISHED');
    expect(arrived(world, pairs, 'By the task')).toBe(120);
    expect(task.bar.length).toBeGreaterThanOrEqual(10);
    expect(task.bar).toEqual([...task.bar].sort((a, b) => a - b));
    expect(task.bar.at(-1)).toBe(1);
    // Stash's own word about the plugin's answer comes after it.
    const last = logLines(world).at(-2);
    expect(last).toMatch(
      /^Sync all scenes: \d+ scenes? done.* in \d+ s\. Nothing waits any more\.$/,
    );
    await until('the worker goes on', workerGoesOn);
    expect(asker()).toBe('');
    expect(backgroundWorkers(world)).toEqual([worker]);
    await saveAll(world, pairs.slice(0, 2), 'By the worker');
    await until('it works', () => arrived(world, pairs.slice(0, 2), 'By the worker') === 2);
  });

  it('that is stopped in Stash is followed by the worker at once, and nothing is repeated [1.2 PROC-02]', async () => {
    const pairs = await acquainted(150, 30);
    changeQuietly(world, pairs, 'Stopped');
    const task = await startTask(world, 'Sync all scenes');
    await hasTheQueue();
    await until('some are there', () => arrived(world, pairs, 'Stopped') >= 20);
    await task.stop();
    expect(await task.ended()).toBe('CANCELLED');
    await until('the worker goes on', workerGoesOn, 10_000);
    await until('all are there', () => arrived(world, pairs, 'Stopped') === 150);
    // What was written when the task died may be written once more, and no other.
    const writes = pairs.map(({ ratingKey }) => world.plex.history(ratingKey).length);
    expect(writes.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(150 + 1 + 1);
    const again = await startTask(world);
    expect(await again.ended()).toBe('FINISHED');
    expect(logLines(world).at(-2)).toMatch(
      /^Process queue: 0 scenes? done.* Nothing waits any more\.$/,
    );
  });

  it('goes on when the worker that stands by is killed, and another stands by', async () => {
    const pairs = await acquainted(120, 30);
    changeQuietly(world, pairs, 'Alone');
    const task = await startTask(world, 'Sync all scenes');
    const pid = await hasTheQueue();
    const [worker = 0] = backgroundWorkers(world);
    killAll([worker]);
    await until('there is another worker', () =>
      backgroundWorkers(world).some((other) => other !== worker),
    );
    await until(
      'it stands by',
      () => (world.logText().match(/the worker stands by/g) ?? []).length >= 2,
    );
    expect(tasksOf(world)).toEqual([pid]);
    expect(await task.ended()).toBe('FINISHED');
    expect(arrived(world, pairs, 'Alone')).toBe(120);
    await until('the worker goes on', workerGoesOn);
  });

  it('works where no worker lives, and leaves one that stands by', async () => {
    const pairs = await acquainted(60, 20);
    killAll([...world.supervisors(), ...world.workers()]);
    await until('none lives', () => world.workers().length + world.supervisors().length === 0);
    changeQuietly(world, pairs, 'No worker');
    const task = await startTask(world, 'Sync all scenes');
    await hasTheQueue();
    expect(world.supervisors()).toHaveLength(1);
    expect(await task.ended()).toBe('FINISHED');
    expect(arrived(world, pairs, 'No worker')).toBe(60);
    await until('the worker begins', workerGoesOn);
  });

  it('only watches while the worker hangs, says so, and takes over when it lets go', async () => {
    const pairs = await acquainted(60, 20);
    const [worker = 0] = backgroundWorkers(world);
    killProcess(worker, 'SIGSTOP');
    changeQuietly(world, pairs, 'Late');
    const before = world.plex.counts().edits;
    const task = await startTask(world, 'Sync all scenes');
    await until('it says so', () =>
      logLines(world).some((line) => /did not let go for 1 s: it goes on itself/.test(line)),
    );
    expect(world.plex.counts().edits).toBe(before);
    killProcess(worker, 'SIGCONT');
    expect(await task.ended()).toBe('FINISHED');
    expect(arrived(world, pairs, 'Late')).toBe(60);
    await until('the worker goes on', workerGoesOn);
  });

  it('takes over from a worker that dies before it lets go', async () => {
    const pairs = await acquainted(60, 20);
    const [worker = 0] = backgroundWorkers(world);
    killProcess(worker, 'SIGSTOP');
    changeQuietly(world, pairs, 'Heir');
    const task = await startTask(world, 'Sync all scenes');
    await until('it waits', () => asker() !== '');
    killAll([worker]);
    expect(await task.ended()).toBe('FINISHED');
    expect(arrived(world, pairs, 'Heir')).toBe(60);
  });

  it('beside another one shows how far that is, and follows when it dies', async () => {
    const pairs = await acquainted(200, 60);
    changeQuietly(world, pairs, 'Two');
    const task = await startTask(world, 'Sync all scenes');
    const first = await hasTheQueue();
    const second = otherTask(world, 'process');
    await until(
      () => `it says so, and not only ${JSON.stringify(second.stderr())}`,
      () => /Another task is processing/.test(second.stderr()),
    );
    await until('it shows a bar', () => second.stderr().includes('\u0001p\u00020.'));
    killAll([first]);
    await second.ended;
    expect(await task.ended()).toBe('FINISHED');
    await until('all are there', () => arrived(world, pairs, 'Two') === 200);
    expect(overlappingWrites(world)).toEqual([]);
    expect(second.stderr()).toMatch(/Process queue: \d+ scenes? done/);
    const writes = pairs.map(({ ratingKey }) => world.plex.history(ratingKey).length);
    expect(writes.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(200 + 1 + 1);
  });
});

describe('[1.2 PROC-04] tasks that are killed again and again', () => {
  const kills = Number(process.env['PLEXSYNC_TEST_KILLS'] ?? '20');

  it(`${kills} times lose nothing, and repeat no more writes than they were killed`, async () => {
    const pairs = await acquainted(300, 60);
    changeQuietly(world, pairs, 'Killed');
    await startTask(world, 'Sync all scenes');
    // What it is asked for is noted before that.
    await hasTheQueue();
    let done = 0;
    while (done < kills) {
      await until('a task lives', async () => {
        if (tasksOf(world).length > 0) return true;
        if (world.stash.jobs.list().length === 0) await startTask(world);
        return false;
      });
      await delay(Math.random() * 400);
      const alive = tasksOf(world);
      killAll(alive);
      done += alive.length;
      await until('it is dead', () => tasksOf(world).every((pid) => !alive.includes(pid)));
    }
    await until('all are there', () => arrived(world, pairs, 'Killed') === 300, 60_000);
    expect(overlappingWrites(world)).toEqual([]);
    const writes = pairs.map(({ ratingKey }) => world.plex.history(ratingKey).length);
    expect(writes.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(300 + 1 + kills);
    expect(world.status().deadLetters.count).toBe(0);
    await until('the worker goes on', workerGoesOn);
    expect(backgroundWorkers(world)).toHaveLength(1);
  }, 180_000);
});
