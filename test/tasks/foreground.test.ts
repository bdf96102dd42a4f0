// The ends of a handshake that hold for minutes, on a clock that runs fast.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { isLocked, tryLock } from '../../src/store/file/lock.ts';
import { openStore } from '../../src/store/file/open.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { beginRun } from '../../src/store/run/run.ts';
import * as state from '../../src/store/file/state.ts';
import { readState, writeState } from '../../src/store/file/state.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { ask, askerOf, askNoMore } from '../../src/sync/process/takeover.ts';
import { drainInForeground } from '../../src/tasks/foreground.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.configure();
});
afterEach(async () => {
  await world.close();
});

/** Runs a task in this process. */
async function task(said: string[], bar: number[]): Promise<string> {
  const clock = fastClock(100);
  const directory = makeDataDirectory(world.data);
  const { db } = openStore(directory.database, clock.now());
  try {
    return await drainInForeground(
      {
        db,
        directory,
        clock,
        now: clock.now(),
        log: openLog(directory.log, clock),
        version: '0.0.0-test',
        programPath: import.meta.filename,
        caller: 'task',
        say: (line) => said.push(line),
        progress: (share) => bar.push(share),
      },
      { done: 0, slice: { over: () => Promise.resolve(null) } },
    );
  } finally {
    db.close();
  }
}

describe('[1.2 PROC-04] a worker that never lets go', () => {
  it('is watched for a while, and nothing is written beside it', async () => {
    const lock = tryLock(join(world.data, 'worker.lock'));
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'Never' });
    await world.choose('process', {});
    await world.choose('sync', { scene: pair.sceneId });
    const said: string[] = [];
    const end = await task(said, []);
    expect(said).toContain(
      'The background worker did not let go for 30 s: it goes on itself, and this task shows how far it is.',
    );
    expect(end).toMatch(/^0 scenes done in .*\. Nothing was finished for 2 minutes by the process/);
    expect(world.plex.counts().requests).toBe(0);
    expect(askerOf(join(world.data, 'takeover'))).toBeNull();
    lock?.release();
  });
});

describe('[1.0 QUEUE-03] a task that asks for the lock and never comes for it', () => {
  it('does not keep the worker from its work for long', async () => {
    const pair = world.addPair();
    const worker = world.startWorker(fastClock(20));
    await until('it begins', () => world.logText().includes('The worker begins'));
    const path = join(world.data, 'takeover');
    expect(ask(path)).toBe(true);
    await until('it stands by', () => world.logText().includes('the worker stands by'));
    world.edit(pair.sceneId, { title: 'After all' });
    await until('it arrives', () => world.titled([pair], 'After all') === 1);
    expect(world.logText()).toContain('The worker goes on');
    expect(askerOf(path)).not.toBeNull();
    askNoMore(path);
    expect(askerOf(path)).toBeNull();
    await worker.stop();
  });
});

it('[1.2 PROC-02] a task without anybody beside it drains what waits', async () => {
  const pairs = world.addPairs(12);
  world.editAll(pairs, 'Alone');
  const bar: number[] = [];
  expect(await task([], bar)).toMatch(/^12 scenes done in .*\. Nothing waits any more\.$/);
  expect(world.titled(pairs, 'Alone')).toBe(12);
  expect(bar.at(-1)).toBe(1);
});

it('[1.4 RECON-01] a task whose comparison meets errors leaves the next try to the worker, and does not blame Stash', async () => {
  world.withStore((db) => {
    db.exec(`CREATE TRIGGER full BEFORE UPDATE OF place ON run
      BEGIN SELECT RAISE(ABORT, 'nobody expected this'); END`);
    const scope = { since: null, until: null, library: null, kinds: null };
    transaction(db, () => beginRun(db, { origin: 'person', scope, dry: false, limit: null }, 1));
  });
  world.edit(world.addPair().sceneId, { title: 'One' });
  const end = await task([], []);
  expect(end).toContain('A part of the comparison failed and is tried again');
  expect(end).not.toContain('Stash does not answer');
});

describe('[1.2 PROC-03] a task while PlexSync’s locks are released', () => {
  it('leaves that to the worker, and does not say that nothing waits', async () => {
    const pairs = world.addPairs(3);
    world.editAll(pairs, 'Ours');
    const worker = world.startWorker();
    await until('they are there', () => world.titled(pairs, 'Ours') === 3);
    await world.settled();
    await worker.stop();
    await world.choose('release-locks', {});
    const end = await task([], []);
    expect(end).toMatch(/PlexSync has been paused for .* Its locks are being released/);
  });
});

describe('[1.0 ADV-02] a worker that stood by', () => {
  it('goes on at the pace that was learned meanwhile', async () => {
    const pair = world.addPair();
    const worker = world.startWorker();
    const path = join(world.data, 'worker.lock');
    await until('it has the lock', () => isLocked(path));
    expect(ask(join(world.data, 'takeover'))).toBe(true);
    await until('it lets go', () => !isLocked(path));
    const lock = tryLock(path);
    const learned = { share: 0.25, latencyMs: 20, usualMs: 15, why: 'errors', at: 1 } as const;
    world.withStore((db) => {
      writeState(db, state.pace, { pace: learned, ceilingPerSecond: null, wroteAt: 0 });
    });
    lock?.release();
    askNoMore(join(world.data, 'takeover'));
    world.edit(pair.sceneId, { title: 'One' });
    await until('it arrives', () => world.titled([pair], 'One') === 1);
    await world.settled();
    await worker.stop();
    const kept = world.withStore((db) => readState(db, state.pace))?.pace;
    expect(kept).toMatchObject({ why: 'errors' });
  });
});
