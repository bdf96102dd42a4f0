// The token of somebody whom the server is shared with: reads go through, writes do not. That is no
// refusal that comes and goes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { circuit, readState } from '../../src/store/file/state.ts';
import { outages } from '../../src/store/queue/outage.ts';
import { pass } from './passing.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
let turns: Turns;
beforeEach(async () => {
  turns = await openTurns();
});
afterEach(async () => {
  await turns.close();
});

const logged = (what: RegExp): number => (turns.world.logText().match(what) ?? []).length;

describe('[1.5 HLTH-01] a token that may read and not write', () => {
  const refused = async (): Promise<readonly { sceneId: number; ratingKey: string }[]> => {
    const { world } = turns;
    const pairs = [world.addPair(), world.addPair()];
    world.plex.switches.guestToken = true;
    world.edit(pairs[0]?.sceneId ?? 0, { title: 'Waits' });
    await pass(turns, 2 * minute);
    return pairs;
  };

  it('is told once, in words that help, and tried again less and less often', async () => {
    const { world, db } = turns;
    await refused();
    expect(world.status().sentence).toBe(
      'The token may read but not write: it is not the owner’s. Nothing is pushed until plexToken is the owner’s; 1 change waits.',
    );
    world.plex.resetCounts();
    await pass(turns, 6 * 60 * minute);
    expect(logged(/"event":"recovery"/g)).toBe(0);
    expect(logged(/"event":"settings"/g)).toBe(0);
    // Refused; and what a minute later was known besides.
    expect(logged(/"event":"setting"/g)).toBe(2);
    expect(outages(db)).toMatchObject([{ kind: 'token', endedAt: null }]);
    expect(world.plex.counts().writes).toBeLessThanOrEqual(11);
    expect(world.plex.counts().writes).toBeGreaterThanOrEqual(8);
    expect(world.status().deadLetters.count).toBe(0);
  });

  it('is replaced by the owner’s: that works at once', async () => {
    const { world, db } = turns;
    const [pair] = await refused();
    await pass(turns, 3 * 60 * minute);
    world.plex.switches.guestToken = false;
    await world.configure({ plexRequestsPerSecond: 100 });
    await pass(turns, 2 * minute);
    expect(world.titled(pair === undefined ? [] : [pair], 'Waits')).toBe(1);
    expect(readState(db, circuit)?.kind).toBe('closed');
    expect(world.status().problems).toEqual([]);
    expect(logged(/Plex takes the token again/g)).toBe(1);
    expect(logged(/"event":"settings"/g)).toBe(1);
  });

  it('is no owner’s either when nothing waits any more', async () => {
    const { db } = turns;
    await refused();
    db.exec('DELETE FROM queue');
    await pass(turns, 30 * minute);
    expect(readState(db, circuit)?.kind).toBe('refused');
    expect(logged(/"event":"recovery"/g)).toBe(0);
  });
});
