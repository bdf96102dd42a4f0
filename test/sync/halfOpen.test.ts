// What ends an outage when no text can: pictures that are due while every row waits for its next try.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextExtraAt, wantExtra } from '../../src/store/extra.ts';
import { raiseScene } from '../../src/store/queue.ts';
import { retryAt } from '../../src/store/queueSettle.ts';
import { circuit } from '../../src/store/state.ts';
import { readState, writeState } from '../../src/store/state.ts';
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
