// A task keeps Stash's job queue for a slice of time, and ends where only Plex, a person or time help.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { sweepAnswer } from '../../src/contract/sync.ts';
import { type Installed, installPlugin } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';
import { arrived, changeQuietly, logLines, saveAll, startTask } from './taskKit.ts';

let world: Installed;
beforeEach(async () => {
  world = await installPlugin({ env: { PLEXSYNC_SLICE_MS: '1500' } });
  await world.configure();
});
afterEach(async () => {
  await world.close();
});

const changed = async (count: number, serviceMs: number): Promise<readonly Pair[]> => {
  const pairs = world.addPairs(count);
  await saveAll(world, pairs.slice(0, 1), 'Met');
  await until('one is there', () => arrived(world, pairs.slice(0, 1), 'Met') === 1);
  world.plex.switches.writeServiceMs = serviceMs;
  changeQuietly(world, pairs, 'Changed');
  return pairs;
};
const told = (pattern: RegExp): boolean => logLines(world).some((line) => pattern.test(line));
const tasksRun = (): number => world.stash.runs.filter(({ kind }) => kind === 'task').length;

describe('[1.2 TIME-04] a task whose slice is over', () => {
  it('gives way to a scan that waits, and goes on after it [1.2 TIME-03] [1.2 PROC-05]', async () => {
    const pairs = await changed(250, 40);
    const task = await startTask(world, 'Sync all scenes');
    await until('it runs', () => world.stash.jobs.find(task.jobId)?.status === 'RUNNING');
    await world.stash.library.scan({ added: [{ path: '/data/new.mp4' }] });
    // The scan had its turn, and there is a lot left to do.
    expect(arrived(world, pairs, 'Changed')).toBeLessThan(250);
    expect(
      told(/^Sync all scenes: \d+ scenes? done.*Other jobs of Stash wait: this goes on after/),
    ).toBe(true);
    await until('the continuation is there', () =>
      world.stash.jobs
        .list()
        .some(({ description }) => description.endsWith('PlexSync: Process queue (continued)')),
    );
    await until('all are there', () => arrived(world, pairs, 'Changed') === 250);
    await until('no job is left', () => world.stash.jobs.list().length === 0);
    expect(tasksRun()).toBe(2);
    const shares = logLines(world).filter((line) => line.startsWith('Process queue: '));
    expect(shares).toHaveLength(1);
  });

  it('goes on where no other job waits, however long it takes [1.2 PROC-05]', async () => {
    const pairs = await changed(150, 40);
    const task = await startTask(world, 'Sync all scenes');
    expect(await task.ended()).toBe('FINISHED');
    expect(arrived(world, pairs, 'Changed')).toBe(150);
    expect(tasksRun()).toBe(1);
  });

  it('leaves the rest to the worker where Stash takes no continuation, and says so [1.2 TIME-05]', async () => {
    const pairs = await changed(200, 40);
    const message = 'the queue is closed';
    world.stash.faults.set({ kind: 'graphql-error', message }, Number.POSITIVE_INFINITY, 'RunTask');
    await startTask(world, 'Sync all scenes');
    await world.stash.library.scan({ added: [{ path: '/data/new.mp4' }] });
    expect(told(/took no continuation \(.*the queue is closed\): the background worker does/)).toBe(
      true,
    );
    expect(arrived(world, pairs, 'Changed')).toBeLessThan(200);
    await until('all are there', () => arrived(world, pairs, 'Changed') === 200);
    expect(tasksRun()).toBe(1);
  });
});

describe('[1.2 PROC-05] a task that can do no more', () => {
  it('ends when Plex goes away and says that the worker goes on, which it does', async () => {
    const pairs = await changed(150, 30);
    const task = await startTask(world, 'Sync all scenes');
    await until('some are there', () => arrived(world, pairs, 'Changed') >= 10);
    await world.plex.goAway();
    expect(await task.ended()).toBe('FINISHED');
    expect(
      told(/^Sync all scenes: .*Plex has been away.* The background worker goes on by itself\.$/),
    ).toBe(true);
    await world.plex.comeBack();
    await until('all are there', () => arrived(world, pairs, 'Changed') === 150);
  });

  it('ends when only a person can help, and says what with', async () => {
    await world.configure({ plexToken: '' });
    const [pair] = world.addPairs(1);
    await world.save(pair?.sceneId ?? 0, { title: 'Waits' });
    const task = await startTask(world);
    expect(await task.ended()).toBe('FINISHED');
    expect(
      told(/^Process queue: 0 scenes? done.* until plexToken is put right; 1 change waits/),
    ).toBe(true);
  });

  it('tries Plex at once, though the next try is far away, and then drains [1.2 PROC-01]', async () => {
    const pairs = await changed(3, 0);
    await world.plex.goAway();
    await saveAll(world, pairs, 'Back');
    await until('the outage is seen', () => world.status().plex.circuit === 'open');
    await world.plex.comeBack();
    const task = await startTask(world);
    expect(await task.ended()).toBe('FINISHED');
    expect(arrived(world, pairs, 'Back')).toBe(3);
  });
});

describe('[1.2 PROC-01] the operations of syncing', () => {
  const operate = async (args: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const { data, errors } = await world.stash.graphql(
      'mutation ($args: Map) { runPluginOperation(plugin_id: "plex-sync", args: $args) }',
      { args },
    );
    expect(errors ?? []).toEqual([]);
    return data?.['runPluginOperation'];
  };

  it('sync pushes one scene, sync-changed those changed since, sync-all every one', async () => {
    const pairs = await changed(20, 0);
    const [first] = pairs;
    if (first === undefined) throw new Error('no pair');
    expect(await operate({ name: 'sync', scene: first.sceneId })).toMatchObject({
      sentence: `Scene ${first.sceneId} is synced now.`,
    });
    await until('it is there', () => arrived(world, [first], 'Changed') === 1);
    expect(arrived(world, pairs, 'Changed')).toBe(1);

    const future = new Date(Date.now() + 3_600_000).toISOString();
    await operate({ name: 'sync-changed', since: future });
    await until('it is through', () => world.status().queue.toSync === 0);
    expect(arrived(world, pairs, 'Changed')).toBe(1);
    const answer = v.parse(sweepAnswer, await operate({ name: 'sync-changed', since: 1 }));
    expect(answer.sentence).toMatch(/^The scenes changed in Stash since .* are compared/);
    expect(answer.since).toBeLessThan(Date.now() - 3_590_000);
    await until('all are there', () => arrived(world, pairs, 'Changed') === 20);

    changeQuietly(world, pairs, 'Again');
    await operate({ name: 'sync-all' });
    await until('all are there again', () => arrived(world, pairs, 'Again') === 20);
  });
});
