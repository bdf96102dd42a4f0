// An outage from its first failure to the last slow write after it, as the engine goes through it: on
// a clock that only the test moves, with a simulated Stash and Plex.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataDirectory } from '../../src/store/file/dataDirectory.ts';
import { outages } from '../../src/store/queue/outage.ts';
import {
  circuit,
  clearState,
  ramp,
  readState,
  stashReach,
  writeState,
} from '../../src/store/file/state.ts';
import { openTurns, type Turns } from './turns.ts';

let turns: Turns;
let file: string;
beforeEach(async () => {
  turns = await openTurns();
  file = dataDirectory(turns.world.data).outage;
});
afterEach(async () => {
  await turns.close();
});

const moves = (): readonly string[] =>
  [...turns.world.logText().matchAll(/"message":"Plex: ([\w-]+ → [\w-]+): /g)].map(
    ([, move = '']) => move,
  );

describe('an outage', () => {
  it('[1.5 VISB-03] [1.5 STAT-01] [1.5 VISB-02] is told: history, file, status, and a line for each transition', async () => {
    const { world, db } = turns;
    const pairs = world.addPairs(3);
    world.editAll(pairs, 'One');
    await turns.turns(6, 500);
    expect(world.titled(pairs, 'One')).toBe(3);
    expect(existsSync(file)).toBe(false);

    const beganAt = turns.nowMs;
    await world.plex.goAway();
    world.editAll(pairs, 'Two');
    await turns.turns(3, 500);
    const { plex } = world.status();
    expect(plex).toMatchObject({ circuit: 'open', code: 'plex-unreachable' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      circuit: 'open',
      nextTryAt: plex.nextProbeAt,
      code: 'plex-unreachable',
    });
    for (let probe = 0; probe < 3; probe += 1) {
      turns.nowMs = world.status().plex.nextProbeAt ?? 0;
      await turns.turn();
    }
    expect(world.status().plex).toMatchObject({ probes: 3, waiting: 3 });

    await world.plex.comeBack();
    turns.nowMs = world.status().plex.nextProbeAt ?? 0;
    await turns.turns(6, 500);
    expect(world.titled(pairs, 'Two')).toBe(3);
    expect(moves()).toEqual(['closed → open', 'open → half-open', 'half-open → closed']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ circuit: 'closed' });
    const [outage, ...others] = outages(db);
    expect(others).toEqual([]);
    expect(outage).toMatchObject({ kind: 'away', code: 'plex-unreachable', jobs: 3, probes: 4 });
    expect(outage?.beganAt).toBeGreaterThanOrEqual(beganAt);
    expect(outage?.endedAt).toBeGreaterThan(outage?.beganAt ?? 0);
    expect(world.logText()).toContain('3 changes waited for it');
  });

  it('[1.5 RECV-04] is followed by writes that are few at first, also for a worker that begins anew', async () => {
    const { world, db } = turns;
    const pairs = world.addPairs(4);
    await world.plex.goAway();
    pairs.forEach((pair, n) => world.edit(pair.sceneId, { title: `Title ${n}` }));
    await turns.turns(2, 500);
    turns.nowMs = world.status().plex.nextProbeAt ?? 0;
    await turns.turn();
    await world.plex.comeBack();
    turns.nowMs = world.status().plex.nextProbeAt ?? 0;
    await turns.turn();
    // The trial was one write.
    expect(readState(db, ramp)?.perSecond).toBe(1.1);
    expect(world.status().pace.why).toBe('recovery');
    await turns.restart();
    await turns.turns(6, 500);
    expect(readState(db, ramp)?.perSecond).toBeGreaterThan(1.1);
  });

  it('that is over at the first probe slows nothing down', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    await world.plex.goAway();
    world.edit(pair.sceneId, { title: 'Waits' });
    await turns.turns(2, 500);
    await world.plex.comeBack();
    turns.nowMs = world.status().plex.nextProbeAt ?? 0;
    await turns.turns(3, 500);
    expect(world.titled([pair], 'Waits')).toBe(1);
    expect(readState(db, ramp)).toBeNull();
  });

  it('[1.5 STAT-02] is known to a worker with a new data file, which probes at the stored time', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    await world.plex.goAway();
    world.edit(pair.sceneId, { title: 'Waits' });
    await turns.turns(2, 500);
    const { nextProbeAt } = world.status().plex;
    clearState(db, circuit);
    await turns.restart();
    expect(world.status().plex).toMatchObject({ circuit: 'open', nextProbeAt });
    expect(await turns.turn()).toEqual({ kind: 'idle', until: nextProbeAt });
  });

  it('is no worse for a file that is torn: one warning, and the data file decides', async () => {
    const { world, db } = turns;
    writeFileSync(file, '{"version":1,"circ');
    clearState(db, circuit);
    await turns.restart();
    expect(world.status().plex.circuit).toBe('closed');
    expect(world.logText().match(/outage\.json is of no use/g)).toHaveLength(1);
  });

  it('with a refused token is one of its own kind', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    await world.configure({ plexToken: 'no-longer-a-good-token' });
    world.edit(pair.sceneId, { title: 'Waits' });
    await turns.turns(2, 500);
    expect(readState(db, circuit)?.kind).toBe('refused');
    expect(outages(db)).toMatchObject([{ kind: 'token', code: 'plex-unauthorized' }]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ circuit: 'refused' });
  });

  it('[1.5 HLTH-02] of Stash is none of Plex’s', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'Waits' });
    await world.stash.close();
    await turns.turns(2, 500);
    expect(readState(db, stashReach)).toMatchObject({ kind: 'away' });
    expect(world.status()).toMatchObject({ plex: { circuit: 'closed' } });
    expect(world.status().sentence).toMatch(/^Stash has not answered for/);
    expect(outages(db)).toEqual([]);
  });
});

describe('the file outage.json', () => {
  const kept = (): unknown => JSON.parse(readFileSync(file, 'utf8'));

  it('[1.5 STAT-02] says it when a person has the next try moved, also while Stash is away', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    await world.plex.goAway();
    world.edit(pair.sceneId, { title: 'Waits' });
    await turns.turns(2, 500);
    await world.stash.close();
    // The settings are asked for anew.
    turns.nowMs += 6_000;
    const known = readState(db, circuit);
    if (known?.kind !== 'open') throw new Error('it is not open');
    writeState(db, circuit, { ...known, probeAt: turns.nowMs });
    await turns.turn();
    expect(kept()).toMatchObject({ circuit: 'open', nextTryAt: turns.nowMs });
  });

  it('[1.5 STAT-01] is put right by the next worker when one died before it was written', async () => {
    const { world } = turns;
    const pair = world.addPair();
    await world.plex.goAway();
    world.edit(pair.sceneId, { title: 'Waits' });
    await turns.turns(2, 500);
    const before = readFileSync(file, 'utf8');
    await world.plex.comeBack();
    turns.nowMs = world.status().plex.nextProbeAt ?? 0;
    await turns.turn();
    expect(kept()).toMatchObject({ circuit: 'closed' });
    writeFileSync(file, before);
    await turns.restart();
    await turns.turn();
    expect(kept()).toMatchObject({ circuit: 'closed' });
  });

  it.each([
    ['missing', () => rmSync(file), 0],
    ['empty', () => writeFileSync(file, ''), 1],
    ['torn', () => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40)), 1],
    ['of a later version', () => writeFileSync(file, '{"version":2,"circuit":"half-closed"}'), 1],
    // Root may write anything; but nobody may write a file where a directory is.
    [
      'not to be written',
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      1,
    ],
  ])(
    '[1.5 STAT-01] [1.5 STAT-02] that is %s harms nothing: Plex is probed at the stored time',
    async (_, harm, warnings) => {
      const { world } = turns;
      const pair = world.addPair();
      await world.plex.goAway();
      world.edit(pair.sceneId, { title: 'Waits' });
      await turns.turns(2, 500);
      const { nextProbeAt } = world.status().plex;
      harm();
      await turns.restart();
      expect(await turns.turn()).toEqual({ kind: 'idle', until: nextProbeAt });
      turns.nowMs = nextProbeAt ?? 0;
      await turns.turn();
      expect(world.status().plex.probes).toBe(1);
      await world.plex.comeBack();
      turns.nowMs = world.status().plex.nextProbeAt ?? 0;
      await turns.turns(3, 500);
      expect(world.titled([pair], 'Waits')).toBe(1);
      expect(world.logText().match(/"event":"outage-file"/g) ?? []).toHaveLength(warnings);
      if (!statSync(file).isDirectory()) expect(kept()).toMatchObject({ circuit: 'closed' });
    },
  );
});
