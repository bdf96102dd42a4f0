// The setting `recoveryStrategy` as the engine goes by it: on a clock that only the test moves, with a
// simulated Stash and Plex.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outages } from '../../src/store/queue/outage.ts';
import { circuit, ramp, readState } from '../../src/store/file/state.ts';
import { rows } from '../../src/store/file/sql.ts';
import { openTurns, type Turns } from './turns.ts';

let turns: Turns;
beforeEach(async () => {
  turns = await openTurns();
  await set('aggressive');
});
afterEach(async () => {
  await turns.close();
});

async function set(recoveryStrategy: string): Promise<void> {
  const limits = { plexReadTimeout: 1, plexWriteTimeout: 1 };
  await turns.world.configure({ ...limits, recoveryStrategy });
}
const failNext = (count: number): void => {
  turns.world.plex.switches.failEverything = { status: 500, count };
};
const attempts = (): readonly unknown[] =>
  rows(turns.db, 'SELECT attempts FROM queue').map((row) => row['attempts']);

describe('[1.5 RECV-06] aggressive', () => {
  it('takes two failures for chance and the third for an outage, since the first; also over two workers', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    await world.plex.goAway();
    world.edit(pair.sceneId, { title: 'Waits' });
    await turns.turn();
    const firstAt = turns.nowMs;
    expect(readState(db, circuit)).toEqual({
      kind: 'closed',
      doubt: { failures: 1, since: firstAt, retryAt: firstAt + 1_000 },
    });
    expect(await turns.turn()).toEqual({ kind: 'idle', until: firstAt + 1_000 });
    await turns.restart();
    expect(await turns.turn()).toEqual({ kind: 'idle', until: firstAt + 1_000 });
    turns.nowMs += 1_000;
    await turns.turn();
    expect(outages(db)).toEqual([]);
    turns.nowMs += 1_000;
    await turns.turn();
    const open = readState(db, circuit);
    expect(open).toMatchObject({ kind: 'open', since: firstAt, failedProbes: 0 });
    const { nextProbeAt } = world.status().plex;
    expect((nextProbeAt ?? 0) - turns.nowMs).toBeLessThanOrEqual(2_000);
    expect(outages(db)).toMatchObject([{ beganAt: firstAt, endedAt: null }]);
    expect(attempts()).toEqual([0]);
  });

  it('forgets a failure after which all went through: those that are not in a row make no outage', async () => {
    const { world } = turns;
    const pair = world.addPair();
    for (const title of ['One', 'Two', 'Three', 'Four']) {
      failNext(1);
      world.edit(pair.sceneId, { title });
      await turns.turns(4, 6_000);
      expect(world.titled([pair], title)).toBe(1);
    }
    expect(world.logText().match(/Not an outage yet/g)).toHaveLength(4);
    expect(world.logText()).not.toContain('"event":"circuit"');
    expect(turns.world.status().deadLetters.count).toBe(0);
  });

  it('leaves a Plex alone at once that asks for it, for as long as it asks', async () => {
    const { world } = turns;
    world.plex.switches.rateLimit = { retryAfterSeconds: 90 };
    world.edit(world.addPair().sceneId, { title: 'Waits' });
    await turns.turn();
    const { circuit: kind, nextProbeAt } = world.status().plex;
    expect(kind).toBe('open');
    expect((nextProbeAt ?? 0) - turns.nowMs).toBe(90_000);
  });

  it('writes more at first than conservative after the same outage', async () => {
    const { world, db } = turns;
    const first: number[] = [];
    const pair = world.addPair();
    for (const strategy of ['conservative', 'aggressive']) {
      await set(strategy);
      await world.plex.goAway();
      world.edit(pair.sceneId, { title: strategy });
      await turns.turns(5, 6_000);
      await turns.turns(2, 60_000);
      await world.plex.comeBack();
      turns.nowMs = world.status().plex.nextProbeAt ?? 0;
      await turns.turn();
      expect(world.status()).toMatchObject({ plex: { circuit: 'closed' }, queue: { pending: 0 } });
      first.push(readState(db, ramp)?.perSecond ?? 0);
    }
    expect(first).toEqual([1.1, 4.5]);
  });
});

it('[1.5 RECV-06] a strategy that is changed in an outage holds from the next probe on', async () => {
  const { world } = turns;
  const untilNext = (): number => (world.status().plex.nextProbeAt ?? 0) - turns.nowMs;
  await set('conservative');
  await world.plex.goAway();
  world.edit(world.addPair().sceneId, { title: 'Waits' });
  await turns.turn();
  for (let probe = 0; probe < 5; probe += 1) {
    turns.nowMs += untilNext();
    await turns.turn();
  }
  expect(untilNext()).toBeGreaterThan(50_000);
  await set('aggressive');
  turns.nowMs += untilNext();
  await turns.turn();
  expect(untilNext()).toBeLessThanOrEqual(15_000);
});
