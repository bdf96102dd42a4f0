// The queue, verb by verb: what an event, a push and a failure do to the row of a scene.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bury } from '../../src/store/queue/deadLetter.ts';
import type { Database } from '../../src/store/file/database.ts';
import {
  nextDueAt,
  queueKey,
  type QueueRow,
  raise,
  raiseScene as raiseInBulk,
} from '../../src/store/queue/queue.ts';
import {
  advanceFanOut,
  claim,
  claimFanOut,
  type FanOutRow,
} from '../../src/store/queue/queueClaim.ts';
import {
  finish,
  giveBack,
  giveBackAll,
  giveBackAlone,
  retryAt,
} from '../../src/store/queue/queueSettle.ts';
import { queueCounts } from '../../src/store/queue/queueCounts.ts';
import { durableTransaction, transaction } from '../../src/store/file/sql.ts';
import { startProcess } from './process.ts';
import { allRows, newDirectory, newStore, plansOf, queueRowOf, raiseScene, t0 } from './support.ts';

const keysOf = (claimed: readonly QueueRow[]): string[] => claimed.map((row) => row.key);

function only(claimed: readonly QueueRow[]): QueueRow {
  const [row] = claimed;
  if (row === undefined || claimed.length > 1) throw new Error(`${claimed.length} rows claimed`);
  return row;
}

describe('[1.0 QUEUE-01] an event that comes while its scene is being pushed', () => {
  it('keeps the row, which is due again and pushed again', () => {
    const db = newStore();
    raiseScene(db, 12);
    const first = only(claim(db, t0, 50));
    expect(first.revision).toBe(1);
    raiseScene(db, 12, t0 + 300);
    expect(finish(db, first, t0 + 500)).toBe(false);
    expect(queueRowOf(db, 'scene:12')).toMatchObject({ in_flight: null, revision: 2, attempts: 0 });
    const second = only(claim(db, t0 + 5_000, 50));
    expect(second.revision).toBe(2);
    expect(finish(db, second, t0 + 5_100)).toBe(true);
    expect(allRows(db, 'queue')).toEqual([]);
  });

  it('keeps the row as well when the push was given up or put back', () => {
    const db = newStore();
    raiseScene(db, 12);
    const first = only(claim(db, t0, 50));
    raiseScene(db, 12, t0 + 10);
    const error = { code: 'plex-bad-request', message: 'x', field: null } as const;
    expect(transaction(db, () => bury(db, first, error, 1, t0 + 20))).toBe(false);
    expect(allRows(db, 'dead_letter')).toEqual([]);
    const second = only(claim(db, t0 + 5_000, 50));
    giveBack(db, second.key);
    raiseScene(db, 12, t0 + 6_000);
    expect(only(claim(db, t0 + 12_000, 50)).revision).toBe(3);
  });

  it('makes the row one that is new, with its own time of waiting', () => {
    const db = newStore();
    raiseScene(db, 12);
    const first = only(claim(db, t0, 50));
    raiseScene(db, 12, t0 + 300);
    finish(db, first, t0 + 500);
    expect(queueCounts(db).oldestEventAt).toBe(t0 + 300);
    // A minute later the five seconds of its burst are counted from that event.
    expect(nextDueAt(db)).toBe(t0 + 1_300);
  });

  it('ends a wait after failures: the edit may have mended the scene', () => {
    const db = newStore();
    raiseScene(db, 12);
    only(claim(db, t0, 50));
    retryAt(db, 'scene:12', { dueAt: t0 + 9_000, attempts: 3, errorCode: 'plex-reset', now: t0 });
    const again = only(claim(db, t0 + 9_000, 50));
    raiseScene(db, 12, t0 + 9_100);
    expect(finish(db, again, t0 + 9_200)).toBe(false);
    expect(queueRowOf(db, 'scene:12')).toMatchObject({
      attempts: 0,
      alone_failures: 0,
      error_code: null,
      first_error_at: null,
    });
  });
});

describe('an event', () => {
  it('raises one row, however many come', () => {
    const db = newStore();
    for (let at = 0; at < 20; at += 1) raiseScene(db, 12, t0 + at * 10, { previousAt: t0 });
    expect(allRows(db, 'queue')).toHaveLength(1);
    expect(queueRowOf(db, 'scene:12')).toMatchObject({
      revision: 20,
      first_event_at: t0,
      last_event_at: t0 + 190,
    });
  });

  it('is due at once when alone, and in a burst a second after its last, five after its first', () => {
    const db = newStore();
    raiseScene(db, 1, t0);
    expect(nextDueAt(db)).toBe(t0);
    expect(keysOf(claim(db, t0, 50))).toEqual(['scene:1']);
    raiseScene(db, 2, t0 + 500, { previousAt: t0 });
    expect(nextDueAt(db)).toBe(t0 + 1_500);
    for (let at = 1_000; at <= 9_000; at += 500) {
      raiseScene(db, 2, t0 + at, { previousAt: t0 + at - 500 });
    }
    expect(nextDueAt(db)).toBe(t0 + 5_500);
  });

  it('does not hurry a scene that waits after a failure', () => {
    const db = newStore();
    raiseScene(db, 12);
    claim(db, t0, 50);
    retryAt(db, 'scene:12', { dueAt: t0 + 60_000, attempts: 1, errorCode: 'plex-reset', now: t0 });
    raiseScene(db, 12, t0 + 1_000);
    expect(nextDueAt(db)).toBe(t0 + 60_000);
    expect(claim(db, t0 + 59_999, 50)).toEqual([]);
    expect(only(claim(db, t0 + 60_000, 50)).revision).toBe(2);
  });

  it('that is taken in late, after newer ones, does not set the clock of its row back', () => {
    const db = newStore();
    raiseScene(db, 12, t0);
    raiseScene(db, 12, t0 - 60_000);
    expect(queueRowOf(db, 'scene:12')).toMatchObject({ last_event_at: t0, revision: 2 });
  });

  it.each(['performer', 'studio', 'tag', 'group'] as const)(
    '[1.0 MATCH-02] of a %s is due like any other, and never claimed as a scene',
    (entity) => {
      const db = newStore();
      const key = raiseScene(db, 5, t0, { entity });
      raiseScene(db, 5, t0 + 1, { entity, previousAt: t0 });
      expect(key).toBe(`${entity}:5`);
      expect(claim(db, t0 + 10 ** 12, 50)).toEqual([]);
      expect(nextDueAt(db)).toBe(t0 + 1_001);
      expect(queueCounts(db)).toMatchObject({
        pending: 1,
        inFlight: 0,
        retrying: 0,
        fanOuts: 1,
        oldestEventAt: t0,
      });
      expect(claimFanOut(db, t0 + 1_000)).toBeNull();
      expect(claimFanOut(db, t0 + 1_001)).toMatchObject({ key, entity, entityId: 5, cursor: 0 });
    },
  );

  it('of another entity of the same number is another row', () => {
    const db = newStore();
    raiseScene(db, 5);
    raiseScene(db, 5, t0, { entity: 'tag' });
    expect(allRows(db, 'queue')).toHaveLength(2);
    expect(queueKey('tag', 5)).toBe('tag:5');
  });

  it('is not half there when its transaction fails', () => {
    const db = newStore();
    expect(() =>
      durableTransaction(db, () => {
        raise(db, {
          entity: 'scene',
          entityId: 1,
          source: 's',
          correlation: 'c',
          at: t0,
          previousAt: null,
        });
        throw new Error('disk full');
      }),
    ).toThrow('disk full');
    expect(allRows(db, 'queue')).toEqual([]);
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 });
  });
});

describe('a claim', () => {
  it('takes what has waited longest, in that order', () => {
    const db = newStore();
    for (const id of [30, 4, 200, 1, 15]) raiseScene(db, id, t0 + id * 1_000);
    expect(keysOf(claim(db, t0 + 10 ** 6, 3))).toEqual(['scene:1', 'scene:4', 'scene:15']);
    expect(keysOf(claim(db, t0 + 10 ** 6, 3))).toEqual(['scene:30', 'scene:200']);
  });

  it('takes nothing before its time, but for a burst that is due within a quarter of a second', () => {
    const db = newStore();
    raiseScene(db, 1, t0);
    raiseScene(db, 2, t0 + 200);
    raiseScene(db, 3, t0 + 300);
    expect(keysOf(claim(db, t0 - 1_000, 50))).toEqual([]);
    expect(keysOf(claim(db, t0, 50))).toEqual(['scene:1', 'scene:2']);
  });

  it('[1.0 RTRY-01] never takes a scene that backs off before its time', () => {
    const db = newStore();
    raiseScene(db, 1, t0);
    claim(db, t0, 1);
    const retry = { dueAt: t0 + 120_000, attempts: 1, errorCode: 'plex-rate-limited', now: t0 };
    retryAt(db, 'scene:1', retry);
    for (const early of [1_000, 250, 100, 1]) {
      expect(claim(db, retry.dueAt - early, 50)).toEqual([]);
    }
    expect(keysOf(claim(db, retry.dueAt, 50))).toEqual(['scene:1']);
  });

  it('never takes what is in flight', () => {
    const db = newStore();
    raiseScene(db, 1);
    claim(db, t0, 50);
    raiseScene(db, 1, t0 + 1);
    expect(claim(db, t0 + 10 ** 6, 50)).toEqual([]);
    expect(nextDueAt(db)).toBeNull();
  });

  it('passes over the scene that failed last, and over no other', () => {
    const db = newStore();
    for (const id of [1, 2, 3]) raiseScene(db, id, t0 + id);
    expect(keysOf(claim(db, t0 + 100, 1, 'scene:1'))).toEqual(['scene:2']);
    expect(keysOf(claim(db, t0 + 100, 50, 'scene:1'))).toEqual(['scene:3']);
    expect(keysOf(claim(db, t0 + 100, 50, 'scene:1'))).toEqual([]);
    expect(keysOf(claim(db, t0 + 100, 50))).toEqual(['scene:1']);
  });

  it('tells all that a push and its log need', () => {
    const db = newStore();
    raiseScene(db, 12, t0, { source: 'Scene.Create.Post', correlation: 'abc-1' });
    expect(only(claim(db, t0, 50))).toEqual({
      key: 'scene:12',
      entity: 'scene',
      entityId: 12,
      revision: 1,
      attempts: 0,
      aloneFailures: 0,
      firstErrorAt: null,
      source: 'Scene.Create.Post',
      correlation: 'abc-1',
      also: null,
    });
  });

  it('[1.0 OBS-01] names all events that it carries: the first ones, and how many more', () => {
    const db = newStore();
    for (let n = 0; n < 60; n += 1) raiseScene(db, 12, t0 + n, { correlation: `m0qk-9000-${n}` });
    raiseScene(db, 12, t0 + 60, { correlation: 'm0qk-9000-3' });
    const { correlation, also } = only(claim(db, t0 + 10_000, 50));
    expect(correlation).toBe('m0qk-9000-0');
    const [count, ...ids] = (also ?? '').split(' ').toReversed();
    expect(ids.toReversed()).toEqual(ids.map((_, index) => `m0qk-9000-${index + 1}`));
    expect(ids.length).toBeGreaterThan(20);
    expect(count).toBe(`+${59 - ids.length}`);
  });

  it('[1.0 OBS-01] what came while it was in flight is a push of its own name', () => {
    const db = newStore();
    raiseScene(db, 12, t0, { correlation: 'a' });
    raiseScene(db, 12, t0, { correlation: 'b' });
    const claimed = only(claim(db, t0 + 10_000, 50));
    raiseScene(db, 12, t0 + 10_001, { correlation: 'c' });
    raiseScene(db, 12, t0 + 10_002, { correlation: 'd' });
    finish(db, claimed, t0 + 10_003);
    expect(only(claim(db, t0 + 60_000, 50))).toMatchObject({ correlation: 'c', also: 'd' });
  });

  it('finds its rows through an index, however long the queue', () => {
    const db = newStore();
    const plan = plansOf(db, () => {
      claim(db, t0, 50);
      claimFanOut(db, t0);
      nextDueAt(db);
    });
    expect(plan.join('\n')).toMatch(/SEARCH queue USING INDEX queue_due \(priority=\? AND due_at/);
    expect(plan.join('\n')).toMatch(/SEARCH queue USING INDEX queue_fan_out \(due_at/);
    expect(plan.filter((step) => /^SCAN queue\b|TEMP B-TREE/.test(step))).toEqual([]);
  });
});

describe('[1.0 MATCH-02] a bulk', () => {
  function fill(db: Database, edits: number, bulk: number): void {
    transaction(db, () => {
      for (let id = 1; id <= bulk; id += 1) raiseInBulk(db, id, t0, 'fan-out', 'f');
    });
    for (let id = 1; id <= edits; id += 1) raiseScene(db, 10_000 + id, t0 + id);
  }
  const edited = (claimed: readonly QueueRow[]): number =>
    claimed.filter((row) => row.entityId > 10_000).length;

  it('goes behind what a person edits, however long it has waited', () => {
    const db = newStore();
    fill(db, 1, 5_000);
    const claimed = claim(db, t0 + 60_000, 50);
    expect(claimed).toHaveLength(50);
    expect(claimed[0]?.entityId).toBe(10_001);
    expect(edited(claimed)).toBe(1);
  });

  it('keeps a tenth of each batch, however many edits come', () => {
    const db = newStore();
    fill(db, 300, 100);
    for (let batch = 0; batch < 5; batch += 1) {
      const claimed = claim(db, t0 + 60_000, 50);
      expect([claimed.length, edited(claimed)]).toEqual([50, 45]);
    }
  });

  it('leaves its tenth to the edits where it is shorter, and has all where there are none', () => {
    const db = newStore();
    fill(db, 100, 2);
    expect(edited(claim(db, t0 + 60_000, 50))).toBe(48);
    expect(edited(claim(db, t0 + 60_000, 50))).toBe(50);
    expect(claim(db, t0 + 60_000, 50)).toHaveLength(2);
    fill(db, 0, 70);
    expect(claim(db, t0 + 60_000, 50)).toHaveLength(50);
  });

  it('is over for a scene that a person edits meanwhile: it goes with the edit, once', () => {
    const db = newStore();
    fill(db, 0, 100);
    raiseScene(db, 77, t0 + 5_000);
    const claimed = claim(db, t0 + 60_000, 10);
    expect(claimed[0]).toMatchObject({ entityId: 77, revision: 2 });
    expect(allRows(db, 'queue')).toHaveLength(100);
  });

  it('does not take a scene out of the edits that wait, nor hurry or delay one', () => {
    const db = newStore();
    raiseScene(db, 12, t0 + 3_000, { previousAt: t0 + 2_500, correlation: 'edit' });
    raiseInBulk(db, 12, t0, 'fan-out', 'f');
    expect(queueRowOf(db, 'scene:12')).toMatchObject({
      revision: 2,
      priority: 0,
      due_at: t0 + 4_000,
      correlation: 'edit f',
      source: 'Scene.Update.Post',
    });
    expect(keysOf(claim(db, t0 + 4_000, 50))).toEqual(['scene:12']);
  });
});

describe('[1.0 MATCH-02] a fan-out', () => {
  function page(db: Database, now = t0): FanOutRow {
    const row = claimFanOut(db, now);
    if (row === null) throw new Error('no fan-out is due');
    return row;
  }

  it('is claimed alone, what is due longest first, and not while it is in flight', () => {
    const db = newStore();
    raiseScene(db, 1, t0 + 2_000, { entity: 'tag' });
    raiseScene(db, 2, t0, { entity: 'studio' });
    raiseScene(db, 3, t0 - 5_000);
    expect(page(db, t0 + 2_000).key).toBe('studio:2');
    expect(page(db, t0 + 2_000).key).toBe('tag:1');
    expect(claimFanOut(db, t0 + 10 ** 9)).toBeNull();
    expect(queueCounts(db)).toMatchObject({ inFlight: 2, fanOuts: 0, pending: 1 });
    expect(giveBackAll(db)).toBe(2);
    expect(queueCounts(db).fanOuts).toBe(2);
  });

  it('goes on after the last scene that it has raised, and is due still', () => {
    const db = newStore();
    raiseScene(db, 1, t0, { entity: 'tag' });
    advanceFanOut(db, page(db), 500);
    expect(nextDueAt(db)).toBe(t0);
    const second = page(db);
    expect(second.cursor).toBe(500);
    advanceFanOut(db, second, 1_200);
    const third = page(db);
    expect(third.cursor).toBe(1_200);
    expect(finish(db, third, t0)).toBe(true);
    expect(allRows(db, 'queue')).toEqual([]);
  });

  it('begins anew where an event came while a page was raised', () => {
    const db = newStore();
    raiseScene(db, 1, t0, { entity: 'tag' });
    advanceFanOut(db, page(db), 500);
    const second = page(db);
    raiseScene(db, 1, t0 + 10, { entity: 'tag' });
    advanceFanOut(db, second, 1_000);
    expect(page(db, t0 + 60_000)).toMatchObject({ cursor: 0, revision: 2 });
  });

  it('begins anew where an event came between two pages', () => {
    const db = newStore();
    raiseScene(db, 1, t0, { entity: 'tag' });
    advanceFanOut(db, page(db), 500);
    raiseScene(db, 1, t0 + 10, { entity: 'tag' });
    expect(page(db, t0 + 60_000)).toMatchObject({ cursor: 0, revision: 2 });
  });

  it('begins anew where an event came during its last page', () => {
    const db = newStore();
    raiseScene(db, 1, t0, { entity: 'tag' });
    advanceFanOut(db, page(db), 500);
    const last = page(db);
    raiseScene(db, 1, t0 + 10, { entity: 'tag' });
    expect(finish(db, last, t0 + 20)).toBe(false);
    expect(page(db, t0 + 60_000)).toMatchObject({ cursor: 0, revision: 2 });
  });

  it('goes on where it was when Stash was away, or could not answer for a while', () => {
    const db = newStore();
    raiseScene(db, 1, t0, { entity: 'tag' });
    advanceFanOut(db, page(db), 500);
    giveBack(db, page(db).key);
    expect(page(db).cursor).toBe(500);
    retryAt(db, 'tag:1', { dueAt: t0 + 9_000, attempts: 1, errorCode: 'x', now: t0 });
    expect(claimFanOut(db, t0 + 8_999)).toBeNull();
    expect(page(db, t0 + 9_000)).toMatchObject({ cursor: 500, attempts: 1 });
  });
});

describe('when the next row is due', () => {
  it('is told of whatever kind it is: an edit, a bulk or a fan-out; not of what is in flight', () => {
    const db = newStore();
    expect(nextDueAt(db)).toBeNull();
    raiseScene(db, 1, t0 + 30_000, { entity: 'tag' });
    expect(nextDueAt(db)).toBe(t0 + 30_000);
    raiseInBulk(db, 2, t0 + 20_000, 'index', 'i');
    expect(nextDueAt(db)).toBe(t0 + 20_000);
    raiseScene(db, 3, t0 + 10_000);
    expect(nextDueAt(db)).toBe(t0 + 10_000);
    claim(db, t0 + 10_000, 50);
    expect(nextDueAt(db)).toBe(t0 + 20_000);
    claim(db, t0 + 20_000, 50);
    expect(nextDueAt(db)).toBe(t0 + 30_000);
    claimFanOut(db, t0 + 30_000);
    expect(nextDueAt(db)).toBeNull();
  });
});

describe('a row that is put back', () => {
  it('is as it was when the server failed', () => {
    const db = newStore();
    raiseScene(db, 1);
    const before = queueRowOf(db, 'scene:1');
    claim(db, t0, 50);
    giveBack(db, 'scene:1');
    expect(queueRowOf(db, 'scene:1')).toEqual(before);
  });

  it('counts that it failed alone, without spending an attempt', () => {
    const db = newStore();
    raiseScene(db, 1);
    for (const failures of [1, 2, 3]) {
      claim(db, t0, 50);
      giveBackAlone(db, 'scene:1');
      expect(queueRowOf(db, 'scene:1')).toMatchObject({
        alone_failures: failures,
        attempts: 0,
        in_flight: null,
      });
    }
    expect(only(claim(db, t0, 50)).aloneFailures).toBe(3);
  });

  it('[1.0 RTRY-01] keeps its due time, its attempts and the time of its first error', () => {
    const db = newStore();
    raiseScene(db, 1);
    for (const [attempts, at] of [
      [1, t0],
      [2, t0 + 10_000],
    ] as const) {
      only(claim(db, at, 50));
      retryAt(db, 'scene:1', {
        dueAt: at + 10_000,
        attempts,
        errorCode: `e${attempts}`,
        now: at + 1,
      });
    }
    expect(queueRowOf(db, 'scene:1')).toMatchObject({
      due_at: t0 + 20_000,
      attempts: 2,
      error_code: 'e2',
      first_error_at: t0 + 1,
      in_flight: null,
    });
    expect(queueCounts(db)).toMatchObject({ pending: 1, retrying: 1 });
    expect(only(claim(db, t0 + 20_000, 50))).toMatchObject({ attempts: 2, firstErrorAt: t0 + 1 });
  });

  it('is every row in flight when its worker died', () => {
    const db = newStore();
    for (const id of [1, 2, 3]) raiseScene(db, id);
    claim(db, t0, 2);
    expect(queueCounts(db)).toMatchObject({ inFlight: 2, pending: 1 });
    expect(giveBackAll(db)).toBe(2);
    expect(giveBackAll(db)).toBe(0);
    expect(claim(db, t0, 50)).toHaveLength(3);
  });
});

describe('a scene whose file Plex knows at last', () => {
  it('is due at once', () => {
    const db = newStore();
    raiseInBulk(db, 12, t0, 'index', 'index-1-12');
    expect(only(claim(db, t0, 50))).toMatchObject({
      key: 'scene:12',
      source: 'index',
      correlation: 'index-1-12',
    });
  });

  it('keeps the due time that it has, and is pushed once more if it is in flight', () => {
    const db = newStore();
    raiseScene(db, 12);
    claim(db, t0, 50);
    retryAt(db, 'scene:12', { dueAt: t0 + 60_000, attempts: 1, errorCode: 'x', now: t0 });
    raiseInBulk(db, 12, t0 + 1, 'index', 'index');
    expect(nextDueAt(db)).toBe(t0 + 60_000);
    const claimed = only(claim(db, t0 + 60_000, 50));
    raiseInBulk(db, 12, t0 + 60_001, 'index', 'index');
    expect(finish(db, claimed, t0 + 60_002)).toBe(false);
    expect(claim(db, t0 + 60_003, 50)).toHaveLength(1);
  });
});

describe('[1.0 QUEUE-01] what is in the queue', () => {
  it('is the same after its worker was killed, due times and all', async () => {
    const path = join(newDirectory(), 'plex-sync.db');
    const worker = startProcess(`
      const { db } = open.openStore(${JSON.stringify(path)}, ${t0});
      const event = (id, at) => ({ entity: 'scene', entityId: id, source: 's', correlation: 'c' + id, at, previousAt: null });
      sql.durableTransaction(db, () => { for (let id = 1; id <= 5; id++) queue.raise(db, event(id, ${t0} + id * 1000)); });
      const claimed = queue.claim(db, ${t0} + 3000, 50);
      queue.retryAt(db, 'scene:2', { dueAt: ${t0} + 77777, attempts: 3, errorCode: 'plex-reset', now: ${t0} + 3000 });
      queue.finish(db, claimed.find((row) => row.key === 'scene:1'), ${t0} + 3000);
      say(JSON.stringify(db.prepare('SELECT key, due_at, attempts, revision, in_flight FROM queue ORDER BY key').all()));
      await told();`);
    const told = await worker.line();
    await worker.kill();
    const db = newStore(path);
    const found = db
      .prepare('SELECT key, due_at, attempts, revision, in_flight FROM queue ORDER BY key')
      .all();
    expect(JSON.stringify(found)).toBe(told);
    expect(giveBackAll(db)).toBe(1);
    expect(found.map((row) => [row['key'], row['due_at'], row['attempts']])).toEqual([
      ['scene:2', t0 + 77_777, 3],
      ['scene:3', t0 + 3_000, 0],
      ['scene:4', t0 + 4_000, 0],
      ['scene:5', t0 + 5_000, 0],
    ]);
    expect(nextDueAt(db)).toBe(t0 + 3_000);
  });
});
