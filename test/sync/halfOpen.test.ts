// What ends an outage when no text can: pictures that are due while every row waits for its next try.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextExtraAt, wantExtra } from '../../src/store/queue/extra.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { retryAt } from '../../src/store/queue/queueSettle.ts';
import { circuit } from '../../src/store/file/state.ts';
import { readState, writeState } from '../../src/store/file/state.ts';
import { openTurns, type Turns } from './turns.ts';

let turns: Turns;
beforeEach(async () => {
  turns = await openTurns();
});
afterEach(async () => {
  await turns.close();
});

describe('[1.5 RECV-01] Plex answers again while all text waits for its next try', () => {
  it('and a picture that is due is the trial: nobody turns in a circle until the text is due', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    const failing = world.addPair();
    world.edit(pair.sceneId, { title: 'One' });
    await turns.turns(4, 500);
    expect(world.titled([pair], 'One')).toBe(1);
    const rating = { sceneId: pair.sceneId, kind: 'rating', what: '80', correlation: 'c' } as const;
    wantExtra(db, rating, turns.nowMs);
    raiseScene(db, failing.sceneId, turns.nowMs, 'test', 'c');
    const inAnHour = turns.nowMs + 3_600_000;
    const after = { attempts: 3, errorCode: 'plex-server-error', now: turns.nowMs } as const;
    retryAt(db, `scene:${failing.sceneId}`, { dueAt: inAnHour, ...after });
    const outage = { since: turns.nowMs, cause: 'away', failedProbes: 1, lastFailed: null };
    writeState(db, circuit, { kind: 'half-open', ...outage });
    await turns.turns(5, 100);
    expect(nextExtraAt(db)).toBeNull();
    expect(world.plex.library.item(pair.ratingKey)?.userRating).toBe(8);
    expect(readState(db, circuit)?.kind).toBe('closed');
    expect((await turns.turn()).kind).toBe('idle');
  });

  const halfOpenWithRatingAt = async (dueAt: (now: number) => number): Promise<string> => {
    const { world, db } = turns;
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'One' });
    await turns.turns(4, 500);
    const rating = { sceneId: pair.sceneId, kind: 'rating', what: '80', correlation: 'c' } as const;
    wantExtra(db, rating, dueAt(turns.nowMs));
    const outage = { since: turns.nowMs, cause: 'away', failedProbes: 1, lastFailed: null };
    writeState(db, circuit, { kind: 'half-open', ...outage });
    return pair.ratingKey;
  };

  it('and pictures are all there is: one is the trial, and a Plex that fails it is away as before', async () => {
    const { world, db } = turns;
    const key = await halfOpenWithRatingAt((now) => now + 30_000);
    await turns.turns(3, 1_000);
    // The outage put it off: until it was tried nothing is proven.
    expect(readState(db, circuit)?.kind).toBe('half-open');
    turns.nowMs += 30_000;
    world.plex.switches.failEverything = { status: 503, on: 'writes' };
    await turns.turn();
    expect(readState(db, circuit)).toMatchObject({ kind: 'open', failedProbes: 2 });
    world.plex.switches.failEverything = false;
    await turns.turns(20, 10_000);
    expect(readState(db, circuit)?.kind).toBe('closed');
    expect(world.plex.library.item(key)?.userRating).toBe(8);
  });

  it('and the one picture that waits has hours to wait: it holds up no end of the outage', async () => {
    await halfOpenWithRatingAt((now) => now + 3_600_000);
    await turns.turns(2, 100);
    expect(readState(turns.db, circuit)?.kind).toBe('closed');
  });

  it('and what waited was removed by a person: it is not said to be away until the next edit', async () => {
    const { world, db } = turns;
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'One' });
    await turns.turns(4, 500);
    const outage = { since: turns.nowMs, cause: 'away', failedProbes: 1, lastFailed: null };
    writeState(db, circuit, { kind: 'half-open', ...outage });
    await turns.turns(2, 100);
    expect(readState(db, circuit)?.kind).toBe('closed');
    expect((await turns.turn()).kind).toBe('idle');
  });
});
