// The worker's life: what it stays for, what it leaves for, and that leaving strands nothing.
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { tryLock } from '../../src/store/file/lock.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import * as state from '../../src/store/file/state.ts';
import { readState, writeState } from '../../src/store/file/state.ts';
import { type Clock, systemClock } from '../../src/sync/base/clock.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { noteMissed } from '../../src/sync/base/missed.ts';
import { type WorkerOptions, runWorker } from '../../src/sync/worker.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { openTurns } from './turns.ts';

const minute = 60_000;
let world: World;
let stop: AbortController;
let running: Promise<number> | null;
beforeEach(async () => {
  world = await openWorld();
  await world.configure();
  stop = new AbortController();
  running = null;
});
afterEach(async () => {
  stop.abort();
  await running;
  await world.close();
});

/** A worker under a supervisor: this process, which lives. */
function start(options: Partial<WorkerOptions> = {}): Promise<number> {
  running = runWorker({
    dataDirectory: world.data,
    version: '0.0.0-test',
    programPath: import.meta.filename,
    stop: stop.signal,
    supervisorPid: () => process.pid,
    supervisorGone: () => {},
    ...options,
  });
  return running;
}

const lockIsFree = (): boolean => {
  const lock = tryLock(makeDataDirectory(world.data).lock);
  lock?.release();
  return lock !== null;
};
const claim = (): string => join(world.data, 'supervisor');

describe('a worker whose supervisor is gone', () => {
  it('lets go of the lock, wakes another once, and ends', async () => {
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'One' });
    let supervisor = process.pid;
    const lockAtWaking: boolean[] = [];
    const ended = start({
      supervisorPid: () => supervisor,
      supervisorGone: () => {
        lockAtWaking.push(lockIsFree());
        // So that a worker that does not end is a failure and not a hang.
        if (lockAtWaking.length > 20) stop.abort();
      },
    });
    await until('it is there', () => world.titled([pair], 'One') === 1);
    supervisor = 1;
    expect(await ended).toBe(0);
    expect(lockAtWaking).toEqual([true]);
    expect(world.logText().match(/The worker leaves/g)).toHaveLength(1);
  });

  it('that is asked to go does not come back either, whatever waits', async () => {
    await world.plex.goAway();
    world.edit(world.addPair().sceneId, { title: 'One' });
    const ended = start();
    await until('the outage is seen', () => world.status().plex.circuit === 'open');
    stop.abort();
    expect(await ended).toBe(0);
    expect(world.logText().match(/The worker leaves/g)).toHaveLength(1);
  });
});

describe('a worker that leaves because nothing is left to do', () => {
  it('has given up the claim before its last look, and takes a row that comes just then', async () => {
    const [first, second] = world.addPairs(2);
    if (first === undefined || second === undefined) throw new Error('no pairs');
    const claimAtLastLook: boolean[] = [];
    const clock: Clock = {
      ...systemClock,
      // The last look reads the clock, and at no other time is the lock free.
      now: () => {
        if (world.titled([first], 'One') === 1 && claimAtLastLook.length < 2 && lockIsFree()) {
          if (claimAtLastLook.length === 0) {
            world.stash.store.changeScene(second.sceneId, { title: 'Two' }, { touch: true });
            world.withStore((db) =>
              raiseScene(db, second.sceneId, Date.now(), 'choice', 'choice-1', 0),
            );
          }
          claimAtLastLook.push(existsSync(claim()));
        }
        return Date.now();
      },
    };
    world.edit(first.sceneId, { title: 'One' });
    const ended = start({ clock, lingerMs: 1_500 });
    await until('the worker claims', () => existsSync(claim()));
    expect(await ended).toBe(0);
    expect(world.titled([second], 'Two')).toBe(1);
    expect(claimAtLastLook).toEqual([false, false]);
    expect(existsSync(claim())).toBe(false);
    expect(lockIsFree()).toBe(true);
  });

  it('leaves the rest to another that has claimed meanwhile', async () => {
    const pair = world.addPair();
    const other = `1 ${processStartOf(1)} ${bootId()}\n`;
    let handedOver = false;
    const clock: Clock = {
      ...systemClock,
      now: () => {
        if (!handedOver && world.titled([pair], 'One') === 1 && lockIsFree()) {
          handedOver = true;
          writeFileSync(claim(), other);
          world.withStore((db) => raiseScene(db, pair.sceneId, Date.now(), 'choice', 'c-1', 0));
        }
        return Date.now();
      },
    };
    world.edit(pair.sceneId, { title: 'One' });
    expect(await start({ clock, lingerMs: 1_000 })).toBe(0);
    expect(readFileSync(claim(), 'utf8')).toBe(other);
    expect(world.status().queue.pending).toBe(1);
  });
});

describe('the spool', () => {
  it('may hold folders and files that cannot be read: the rest is taken, and one line tells', async () => {
    const spool = join(world.data, 'spool');
    mkdirSync(join(spool, '@eaDir'));
    const name = 'Scene.Update.Post-7-1.1-999999999-7';
    writeFileSync(join(spool, name), '');
    // No event is that large; it takes no room on the disk.
    truncateSync(join(spool, name), 3 * 1024 ** 3);
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'One' });
    const ended = start({ lingerMs: 1_500 });
    await until('it is there', () => world.titled([pair], 'One') === 1);
    expect(world.status().queue.spooled).toBe(1);
    // Nor does it keep the worker from leaving.
    expect(await ended).toBe(0);
    expect(world.logText().match(/cannot be read and is left alone/g)).toHaveLength(1);
    expect(existsSync(join(spool, '@eaDir'))).toBe(true);
  });
});

describe('a moment in which nothing can be pushed', () => {
  it('does not end a worker with changes waiting, however long ago the last edit was', async () => {
    const pair = world.addPair();
    const clock = fastClock(300);
    const passes = async (ms: number): Promise<void> => {
      const end = clock.now() + ms;
      await until('the time has passed', () => clock.now() > end);
    };
    await world.plex.goAway();
    let exit: number | null = null;
    world.edit(pair.sceneId, { title: 'Waits' });
    void start({ clock }).then((code) => (exit = code));
    await until('the outage is seen', () => world.status().plex.circuit === 'open');
    await passes(11 * minute);
    await world.configure({ plexUrl: '' });
    await until('the problem is told', () => world.status().problems.length > 0);
    await passes(30 * minute);
    expect(exit).toBeNull();
    await world.plex.comeBack();
    await world.configure();
    await until('it arrives', () => world.titled([pair], 'Waits') === 1);
    expect(world.status().problems).toEqual([]);
  });
});

describe('a Stash with a login and no API key', () => {
  it('lets a worker in for days that waits for Plex to scan a file', async () => {
    const time = { ms: Date.now() + 10_000 };
    const login = { username: 'somebody', password: 'secret' };
    const t = await openTurns({ stash: { login, nowMs: () => time.ms } });
    try {
      const pass = async (count: number, everyMs: number): Promise<void> => {
        for (let turns = 0; turns < count; turns += 1) {
          t.nowMs = time.ms;
          await t.turn();
          time.ms += everyMs;
        }
      };
      const path = '/data/not yet.mp4';
      const files = [{ path, size: 5, durationSeconds: 9 }];
      const scene = t.world.stash.store.addScene({ files });
      dropEventWithCookie(t.world, scene, t.world.stash.sessionCookie());
      await pass(24 * 60, 2 * minute);
      expect(t.world.status().problems).toEqual([]);
      t.world.stash.store.changeScene(scene, { title: 'Waited' }, { touch: true });
      const found = { title: 'scanned', files: [{ path, size: 5 }] };
      const item = t.world.plex.library.addItem(t.world.section, found);
      await pass(70, minute);
      expect(t.world.plex.library.item(item)?.title).toBe('Waited');
    } finally {
      await t.close();
    }
  });
});

describe('an address of Stash that cannot be connected to', () => {
  it('is a problem that is told, and not the end of the worker', async () => {
    const t = await openTurns();
    try {
      const pair = t.world.addPair();
      t.world.edit(pair.sceneId, { title: 'One' });
      await t.turns(2, 3_000);
      const known = readState(t.db, state.connection);
      if (known === null) throw new Error('no connection');
      writeState(t.db, state.connection, { ...known, host: 'fe80::1%eth0' });
      t.world.withStore((db) => raiseScene(db, pair.sceneId, t.nowMs, 'choice', 'choice-1', 0));
      expect(await t.turn()).toMatchObject({ kind: 'blocked' });
      const [problem] = t.world.status().problems;
      expect(problem?.setting).toBe('Stash');
      expect(problem?.message).toMatch(/not a host name.*Set host/);
      // The next event tells another one.
      t.world.edit(pair.sceneId, { title: 'Two' });
      await t.turns(2, 6_000);
      expect(t.world.titled([pair], 'Two')).toBe(1);
      expect(t.world.status().problems).toEqual([]);
    } finally {
      await t.close();
    }
  });
});

describe('a Plex that asks to be left alone without saying for how long', () => {
  it('is left alone for a minute, when it says so to a read too', async () => {
    const t = await openTurns();
    try {
      t.world.plex.switches.rateLimit = { on: 'reads' };
      t.world.edit(t.world.addPair().sceneId, { title: 'One' });
      await t.turn();
      const { circuit, nextProbeAt } = t.world.status().plex;
      expect(circuit).toBe('open');
      expect((nextProbeAt ?? 0) - t.nowMs).toBeGreaterThanOrEqual(minute);
      t.nowMs = nextProbeAt ?? 0;
      await t.turn();
      expect((t.world.status().plex.nextProbeAt ?? 0) - t.nowMs).toBeGreaterThanOrEqual(minute);
    } finally {
      await t.close();
    }
  });
});

describe('events that may have been missed', () => {
  it('are noted from the earliest time on', () => {
    const since = world.withStore((db) => {
      noteMissed(db, 2_000, 'updated');
      noteMissed(db, 3_000, 'unreadable');
      const kept = readState(db, state.missedSince);
      noteMissed(db, 1_000, 'earlier');
      return [kept, readState(db, state.missedSince)];
    });
    expect(since).toEqual([
      { since: 2_000, reason: 'updated', until: 3_000 },
      { since: 1_000, reason: 'earlier', until: 3_000 },
    ]);
  });
});

describe('the log', () => {
  it('hides the token for good, and of the cookies that Stash renews all the time the newest', () => {
    const path = join(world.data, 'some.log');
    const log = openLog(path, systemClock);
    log.keepSecret(['the-token']);
    for (let number = 0; number < 1_000; number += 1) {
      log.keepSecret([`cookie-number-${number}.`], 'session');
    }
    log.write('info', 'x', 'the-token cookie-number-999. cookie-number-950. cookie-number-5.');
    expect(readFileSync(path, 'utf8')).toContain('*** *** *** cookie-number-5.');
  });
});

function dropEventWithCookie(of: World, sceneId: number, cookie: string): void {
  const event = {
    server_connection: {
      Scheme: 'http',
      Host: '127.0.0.1',
      Port: of.stash.port,
      SessionCookie: { Name: 'session', Value: cookie },
      Dir: of.stash.directory,
      PluginDir: '',
    },
    args: { hookContext: { id: sceneId, type: 'Scene.Update.Post', input: null } },
  };
  const name = `Scene.Update.Post-${sceneId}-1.1-999999999-1000`;
  writeFileSync(join(of.data, 'spool', name), `${JSON.stringify(event)}\n`, { mode: 0o600 });
}

function processStartOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19] ?? '';
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
