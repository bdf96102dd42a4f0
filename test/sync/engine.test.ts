// The worker's turns one by one, on a clock that only the test moves: what happens next, and when.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import { type Engine, openEngine } from '../../src/sync/engine.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { openWorld, type World } from '../helpers/world.ts';

let world: World;
let db: Database;
let engine: Engine;
let nowMs: number;

beforeEach(async () => {
  world = await openWorld();
  await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1 });
  const directory = makeDataDirectory(world.data);
  nowMs = Date.now() + 10_000;
  const clock: Clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  db = openStore(directory.database, nowMs).db;
  const log = openLog(directory.log, clock);
  engine = openEngine({ db, directory, clock, log, version: '0.0.0-test' });
});
afterEach(async () => {
  await engine.close();
  db.close();
  await world.close();
});

describe('a turn', () => {
  it('[1.5 HLTH-03] waits for the probe though a suspect is undecided when Plex goes away', async () => {
    const bad = world.addPair();
    world.plex.switches.poison.set(bad.ratingKey, 'status-500');
    const unknown = world.stash.store.addScene({
      files: [{ path: '/data/not yet scanned.mp4', size: 5, durationSeconds: 9 }],
    });
    world.edit(bad.sceneId, { title: 'Edited' });
    world.edit(unknown, { title: 'Waits for its file' });
    expect(await engine.turn()).toEqual({ kind: 'worked' });
    // The index is looked at again for the scene that waits, before the suspect is decided about.
    nowMs += 120_000;
    await world.plex.goAway();
    expect(await engine.turn()).toEqual({ kind: 'worked' });
    const { plex, queue } = world.status();
    expect(plex.circuit).toBe('open');
    expect(queue).toMatchObject({ pending: 1, inFlight: 0, retrying: 0 });
    expect(await engine.turn()).toEqual({ kind: 'idle', until: plex.nextProbeAt });
  });

  it('[1.5 HLTH-02] [1.5 RECV-03] ends an outage after which nothing is left to write', async () => {
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'Pushed' });
    await engine.turn();
    await world.plex.goAway();
    world.dropEvent('Scene.Update.Post', pair.sceneId);
    nowMs += 60_000;
    await engine.turn();
    expect(world.status().plex.circuit).toBe('open');
    await world.plex.comeBack();
    nowMs += 60_000;
    await engine.turn();
    expect(world.status()).toMatchObject({ plex: { circuit: 'closed' }, queue: { pending: 0 } });
    expect(world.logText()).toMatch(
      /Plex is back after 60 s; 1 change waited for it, 0 more to go/,
    );
  });

  it('[1.5 RECV-02] spends no job on an outage: only probes are sent, each later than the last', async () => {
    const pair = world.addPair();
    world.plex.switches.maintenance = true;
    world.edit(pair.sceneId, { title: 'Waits' });
    await engine.turn();
    const gaps: number[] = [];
    for (let probes = 0; probes < 7; probes += 1) {
      const at = world.status().plex.nextProbeAt ?? Number.NaN;
      gaps.push(at - nowMs);
      nowMs = at;
      await engine.turn();
    }
    const probed = world.plex.accessLog.slice(1).map((entry) => entry.target);
    expect(new Set(probed)).toEqual(new Set(['/identity']));
    expect(gaps[0]).toBeLessThanOrEqual(5_000);
    expect(gaps.toSorted((a, b) => a - b)).toEqual(gaps);
    expect(gaps.at(-1)).toBeLessThanOrEqual(60_000);
    expect(gaps.at(-1)).toBeGreaterThan(50_000);
    expect(world.status().queue.retrying).toBe(0);
  });

  it('[1.5 HLTH-01] tells maintenance from absence from a refused token', async () => {
    const pair = world.addPair();
    world.plex.switches.maintenance = true;
    world.edit(pair.sceneId, { title: 'Waits' });
    await engine.turn();
    expect(world.status().plex.cause).toMatch(/maintenance/i);
    world.plex.switches.maintenance = false;
    await world.plex.goAway();
    nowMs += 60_000;
    await engine.turn();
    expect(world.status().plex.cause).toMatch(/cannot be reached/);
    await world.plex.comeBack();
    // Reachable again, which /identity alone would call well; only an authenticated read tells.
    world.plex.switches.unauthorized = true;
    nowMs += 60_000;
    await engine.turn();
    expect(world.status().plex.circuit).toBe('refused');
  });

  it('[1.5 VISB-02] logs each change of the circuit once, with from, to and why', async () => {
    const pair = world.addPair();
    await world.plex.goAway();
    world.edit(pair.sceneId, { title: 'Waits' });
    await engine.turn();
    nowMs += 60_000;
    await engine.turn();
    await world.plex.comeBack();
    nowMs += 60_000;
    await engine.turn();
    const moves = world
      .logText()
      .split('\n')
      .filter((line) => line.includes('"event":"circuit"'))
      .map((line) => JSON.parse(line) as { from: string; to: string; message: string });
    expect(moves.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'closed open',
      'open half-open',
      'half-open closed',
    ]);
    for (const { message } of moves) expect(message).toMatch(/^Plex: .+ → .+: .+/);
    expect(world.logText()).toMatch(
      /Plex is back after 2 minutes; 1 change waited for it, 0 more to go/,
    );
  });
});
