// The clock is set by a day while Plex is away, in each state of the circuit: what waits arrives within
// the longest interval between two probes, whichever way it was set.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outages } from '../../src/store/queue/outage.ts';
import { circuit, readState } from '../../src/store/file/state.ts';
import { brokenMoves, mostAttempts, movesOf, pass } from './passing.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
const day = 86_400_000;
let turns: Turns;
beforeEach(async () => {
  turns = await openTurns();
});
afterEach(async () => {
  await turns.close();
});

/** How the circuit comes into each of its states, and what ends the fault. */
const states = {
  doubt: async () => {
    await turns.world.configure({ recoveryStrategy: 'aggressive' });
    turns.nowMs += 6_000;
    turns.world.plex.switches.failEverything = { status: 500, count: 1 };
    return { kind: 'closed', ends: () => {} };
  },
  open: async () => {
    await turns.world.plex.goAway();
    return { kind: 'open', ends: () => turns.world.plex.comeBack() };
  },
  'half-open': async () => {
    const { switches } = turns.world.plex;
    switches.failEverything = { status: 500, on: 'writes' };
    return { kind: 'half-open', ends: () => void (switches.failEverything = false) };
  },
  refused: async () => {
    const { switches } = turns.world.plex;
    switches.unauthorized = true;
    return { kind: 'refused', ends: () => void (switches.unauthorized = false) };
  },
} as const;
type State = keyof typeof states;
const byADay = [
  ['forward', day],
  ['back', -day],
] as const;
const cases = byADay.flatMap(([way, ms]) =>
  (['doubt', 'open', 'half-open', 'refused'] as const).map((state) => [way, state, ms] as const),
);

/** @returns what ends the fault */
async function enter(state: State): Promise<() => Promise<void> | void> {
  const { kind, ends } = await states[state]();
  const { world, db } = turns;
  world.editAll(pairs, 'During');
  for (let turn = 0; turn < 20; turn += 1) {
    await turns.turn();
    const known = readState(db, circuit);
    if (known?.kind === kind && (kind !== 'closed' || known.kind !== 'closed' || known.doubt)) {
      return ends;
    }
    turns.nowMs = Math.max(turns.nowMs + 20, world.status().plex.nextProbeAt ?? 0);
  }
  throw new Error(`it did not become ${state}`);
}

let pairs: ReturnType<Turns['world']['addPairs']>;

describe('[1.5 STAT-02] [1.5 HLTH-03] a clock that is set by a day', () => {
  it.each(cases)('%s holds up nothing: %s', async (_, state, ms) => {
    const { world, db } = turns;
    pairs = world.addPairs(3);
    world.editAll(pairs, 'Before');
    await pass(turns, 10_000);
    const ends = await enter(state);
    turns.nowMs += ms;
    await turns.turn();
    await ends();
    await pass(turns, 3 * minute);
    expect(world.titled(pairs, 'During')).toBe(3);
    expect(readState(db, circuit)).toEqual({ kind: 'closed' });
    expect(brokenMoves(movesOf(world.logText()))).toEqual([]);
    expect(mostAttempts(turns)).toBe(0);
    for (const { beganAt, endedAt } of outages(db)) {
      expect(beganAt).toBeLessThanOrEqual(endedAt ?? 0);
      expect(endedAt).toBeLessThanOrEqual(turns.nowMs);
    }
  });
});
