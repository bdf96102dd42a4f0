// The queue, verb by verb: what an event, a push and a failure do to the row of a scene.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bury } from '../../src/store/deadLetter.ts';
import {
  claim,
  finish,
  giveBack,
  giveBackAll,
  giveBackAlone,
  nextDueAt,
  queueCounts,
  queueKey,
  type QueueRow,
  raise,
  rearm,
  retryAt,
} from '../../src/store/queue.ts';
import { durableTransaction, transaction } from '../../src/store/sql.ts';
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
    'of a %s is kept, and neither due nor claimed however long it waits',
    (entity) => {
      const db = newStore();
      const key = raiseScene(db, 5, t0, { entity });
      raiseScene(db, 5, t0 + 1, { entity });
      expect(key).toBe(`${entity}:5`);
      expect(claim(db, t0 + 10 ** 12, 50)).toEqual([]);
      expect(nextDueAt(db)).toBeNull();
      expect(queueCounts(db)).toEqual({
        pending: 0,
        inFlight: 0,
        retrying: 0,
        kept: 1,
        oldestEventAt: null,
      });
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
      entityId: 12,
      revision: 1,
      attempts: 0,
      aloneFailures: 0,
      firstErrorAt: null,
      source: 'Scene.Create.Post',
      correlation: 'abc-1',
    });
  });

  it('finds its rows through the index, however long the queue', () => {
    const db = newStore();
    const plan = plansOf(db, () => {
      claim(db, t0, 50);
      nextDueAt(db);
    }).join('\n');
    expect(plan).toMatch(/SEARCH queue USING INDEX queue_due \(due_at/);
    expect(plan).not.toMatch(/SCAN queue(?! USING (COVERING )?INDEX)|TEMP B-TREE/);
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
    rearm(db, 12, t0, 'index-1-12');
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
    rearm(db, 12, t0 + 1, 'index');
    expect(nextDueAt(db)).toBe(t0 + 60_000);
    const claimed = only(claim(db, t0 + 60_000, 50));
    rearm(db, 12, t0 + 60_001, 'index');
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
