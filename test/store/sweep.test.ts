// Sweeps and the backlog, on real data files.
import { describe, expect, it } from 'vitest';
import { backlog, hurry } from '../../src/store/figures/backlog.ts';
import { nextDueAt, raiseScene } from '../../src/store/queue/queue.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { retryAt } from '../../src/store/queue/queueSettle.ts';
import {
  clearState,
  fullSyncNeeded,
  readState,
  sweptAt,
  writeState,
} from '../../src/store/file/state.ts';
import {
  advanceSweep,
  beginSweep,
  endSweeps,
  scenesToRaise,
  sweepUnderWay,
} from '../../src/store/queue/sweep.ts';
import { newStore, t0 } from './support.ts';

const page = (ids: readonly number[], left: number) => ({
  ids,
  left,
  next: left === 0 ? null : (ids.at(-1) ?? null),
});

describe('[1.2 PROC-02] a sweep of scenes', () => {
  it('goes on from its last page, raises in bulk, and ends with the last one', () => {
    const db = newStore();
    expect(scenesToRaise(db)).toBeNull();
    beginSweep(db, t0, null);
    expect(scenesToRaise(db)).toBe(1);
    const first = sweepUnderWay(db);
    if (first === null) throw new Error('no sweep');
    advanceSweep(db, first.kind, first.sweep, page([1, 2, 3], 2), t0);
    expect(sweepUnderWay(db)).toMatchObject({ kind: 'all', sweep: { afterId: 3, left: 2 } });
    expect(backlog(db)).toEqual({ rows: 3 + 2, extras: 0 });
    const second = sweepUnderWay(db);
    if (second === null) throw new Error('no sweep');
    advanceSweep(db, second.kind, second.sweep, page([4, 5], 0), t0);
    expect(sweepUnderWay(db)).toBeNull();
    expect(backlog(db).rows).toBe(5);
    expect(readState(db, sweptAt)).toBe(t0);
    // An edit goes before all of them.
    raiseScene(db, 9, t0, 'edit', 'c', 0);
    expect(claim(db, t0, 1)[0]?.key).toBe('scene:9');
  });

  it('of all scenes ends the need for a full sync, unless that arose after it began', () => {
    for (const [since, left] of [
      [t0 - 1, null],
      [t0 + 1, { since: t0 + 1, reason: 'lost' }],
    ] as const) {
      const db = newStore();
      writeState(db, fullSyncNeeded, { since, reason: 'lost' });
      beginSweep(db, t0, null);
      const found = sweepUnderWay(db);
      if (found === null) throw new Error('no sweep');
      advanceSweep(db, found.kind, found.sweep, page([1], 0), t0 + 2);
      expect(readState(db, fullSyncNeeded)).toEqual(left);
      clearState(db, fullSyncNeeded);
    }
  });

  it('of changed scenes leaves that need, and takes in an earlier one that was not through', () => {
    const db = newStore();
    writeState(db, fullSyncNeeded, { since: t0 - 1, reason: 'lost' });
    beginSweep(db, t0, t0 - 5_000);
    beginSweep(db, t0 + 1, t0 - 1_000);
    const found = sweepUnderWay(db);
    expect(found).toMatchObject({ kind: 'changed', sweep: { since: t0 - 5_000, begunAt: t0 + 1 } });
    if (found === null) throw new Error('no sweep');
    advanceSweep(db, found.kind, found.sweep, page([1], 0), t0);
    expect(readState(db, fullSyncNeeded)).not.toBeNull();
  });

  it('that is begun anew while a page is on its way begins with the first scene', () => {
    const db = newStore();
    beginSweep(db, t0, null);
    const found = sweepUnderWay(db);
    if (found === null) throw new Error('no sweep');
    beginSweep(db, t0 + 1, null);
    advanceSweep(db, found.kind, found.sweep, page([1, 2], 7), t0);
    expect(sweepUnderWay(db)).toMatchObject({ sweep: { begunAt: t0 + 1, afterId: 0 } });
    expect(backlog(db).rows).toBe(2 + 1);
  });

  it('of a shorter time than has passed leaves the scenes before it to the next one', () => {
    const db = newStore();
    const hour = 3_600_000;
    for (const [at, since, then] of [
      [t0, t0 - 24 * hour, t0],
      [t0 + 9 * hour, t0 + 8 * hour, t0],
      [t0 + 10 * hour, t0 - 60_000, t0 + 10 * hour],
    ] as const) {
      beginSweep(db, at, since);
      const found = sweepUnderWay(db);
      if (found === null) throw new Error('no sweep');
      advanceSweep(db, found.kind, found.sweep, page([1], 0), at);
      expect(readState(db, sweptAt)).toBe(then);
    }
  });

  it('that was ended while a page is on its way raises none of it', () => {
    const db = newStore();
    beginSweep(db, t0, null);
    const found = sweepUnderWay(db);
    if (found === null) throw new Error('no sweep');
    expect(endSweeps(db, t0)).toBe(0);
    expect(endSweeps(db, t0 + 1)).toBe(1);
    advanceSweep(db, found.kind, found.sweep, page([1, 2], 7), t0);
    expect(backlog(db).rows).toBe(0);
  });
});

describe('[1.2 PROC-01] what waits for its time', () => {
  it('is due at once when a person says so, and what is in flight is left alone', () => {
    const db = newStore();
    for (const id of [1, 2, 3]) raiseScene(db, id, t0, 'edit', 'c', 0);
    const [flying] = claim(db, t0, 1);
    const later = { dueAt: t0 + 3_600_000, attempts: 2, errorCode: 'plex-server-error', now: t0 };
    retryAt(db, 'scene:2', later);
    expect(flying?.key).toBe('scene:1');
    expect(hurry(db, t0 + 10)).toBe(1);
    expect(nextDueAt(db)).toBe(t0);
    expect(claim(db, t0 + 10, 5).map(({ key }) => key)).toEqual(['scene:3', 'scene:2']);
    expect(backlog(db).rows).toBe(3);
  });
});
