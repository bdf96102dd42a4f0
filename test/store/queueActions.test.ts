// What a person does to the queue and to the dead letters, on a real data file.
import { describe, expect, it } from 'vitest';
import { bury, deadLettersByCause } from '../../src/store/queue/deadLetter.ts';
import type { Database } from '../../src/store/file/database.ts';
import { raiseScene as raiseInBulk } from '../../src/store/queue/queue.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { finish, retryAt } from '../../src/store/queue/queueSettle.ts';
import {
  countQueueRows,
  deadLettersBefore,
  type Pages,
  putFirst,
  queueRowsBefore,
  removeDeadLetters,
  removeQueueRows,
  retryDeadLetters,
  retryQueueRows,
  type Which,
} from '../../src/store/queue/queueActions.ts';
import { deadLetterList, queueList } from '../../src/store/queue/queueList.ts';
import { putSceneFiles } from '../../src/store/match/sceneFile.ts';
import { recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { putSceneTitle } from '../../src/store/mirror/sceneTitle.ts';
import { run } from '../../src/store/file/sql.ts';
import { waitingList } from '../../src/store/queue/waitingList.ts';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { allRows, newStore, plansOf, queueRowOf, raiseScene, t0 } from './support.ts';

const all: Which = { kind: 'all' };
const minute = 60_000;

function counted(pages: Pages): number {
  let count = 0;
  for (const changed of pages) count += changed;
  return count;
}

function giveUp(db: Database, scene: number, code: ErrorCode, at = t0): void {
  raiseScene(db, scene, at);
  const row = claim(db, at + minute, 1_000).find(({ entityId }) => entityId === scene);
  if (row === undefined) throw new Error('it was not claimed');
  bury(db, row, { code, message: 'why', field: null }, 6, at);
  run(db, 'UPDATE queue SET in_flight = NULL');
}

const keysOf = (db: Database): readonly string[] =>
  allRows(db, 'queue')
    .map((row) => String(row['key']))
    .toSorted();

describe('[1.2 QUEUE-02] clearing the queue', () => {
  it('removes what waits and leaves what is in flight, which finishes', () => {
    const db = newStore();
    for (const scene of [1, 2, 3]) raiseScene(db, scene);
    const [first] = claim(db, t0 + minute, 1);
    const filter = queueRowsBefore(all, t0 + minute);
    expect(countQueueRows(db, filter)).toBe(2);
    expect(counted(removeQueueRows(db, filter))).toBe(2);
    expect(keysOf(db)).toEqual([first?.key]);
    expect(first !== undefined && finish(db, first, t0)).toBe(true);
    expect(keysOf(db)).toEqual([]);
  });

  it('goes through more rows than one transaction takes, and ends', () => {
    const db = newStore();
    run(
      db,
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12001)
       INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at,
         source, correlation)
       SELECT 'scene:' || i, 'scene', i, 1, ${t0}, ${t0}, ${t0} + (i % 2), 's', 'c' FROM n`,
    );
    const pages = [...removeQueueRows(db, queueRowsBefore(all, t0 + 1))];
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.reduce((sum, one) => sum + one, 0)).toBe(6_000);
    expect(counted(removeQueueRows(db, queueRowsBefore(all, t0 + 2)))).toBe(6_001);
    expect(keysOf(db)).toEqual([]);
  });

  it('leaves what was raised at the time or later, also a row that waited before and was raised again', () => {
    const db = newStore();
    for (const scene of [1, 2, 3]) raiseScene(db, scene, t0);
    raiseScene(db, 2, t0 + 10);
    raiseInBulk(db, 3, t0 + 10, 'choice', 'c', 0);
    raiseScene(db, 4, t0 + 10);
    expect(counted(removeQueueRows(db, queueRowsBefore(all, t0 + 10)))).toBe(1);
    expect(keysOf(db)).toEqual(['scene:2', 'scene:3', 'scene:4']);
  });
});

describe('[1.0 RTRY-03] dead letters', () => {
  it('[1.5 DLQM-02] are tried again: all of them, of any set of causes, or by key', () => {
    const db = newStore();
    giveUp(db, 1, 'plex-bad-request');
    giveUp(db, 2, 'plex-not-confirmed');
    giveUp(db, 3, 'plex-bad-request');
    const before = t0 + minute;
    const of = (which: Which) => deadLettersBefore(which, before);
    const keys = of({ kind: 'keys', keys: ['scene:3', 'scene:99'] });
    expect(counted(retryDeadLetters(db, keys, before, 0))).toBe(1);
    expect(keysOf(db)).toEqual(['scene:3']);
    expect(queueRowOf(db, 'scene:3')).toMatchObject({ priority: 0, attempts: 0, due_at: before });
    const cause = of({ kind: 'causes', causes: ['plex-bad-request', 'internal'] });
    expect(counted(retryDeadLetters(db, cause, before, 1))).toBe(1);
    expect(deadLettersByCause(db)).toEqual({ 'plex-not-confirmed': 1 });
    expect(counted(retryDeadLetters(db, of(all), before, 1))).toBe(1);
    expect(keysOf(db)).toEqual(['scene:1', 'scene:2', 'scene:3']);
    expect(allRows(db, 'dead_letter')).toEqual([]);
  });

  it('whose scene was edited since only end their waiting; one in flight stays as it is', () => {
    const db = newStore();
    giveUp(db, 1, 'plex-bad-request');
    giveUp(db, 2, 'plex-bad-request');
    raiseScene(db, 2);
    claim(db, t0 + minute, 1);
    raiseScene(db, 1);
    retryAt(db, 'scene:1', { dueAt: t0 + 900_000, attempts: 3, errorCode: 'plex-reset', now: t0 });
    const later = t0 + minute;
    expect(counted(retryDeadLetters(db, deadLettersBefore(all, later), later, 1))).toBe(2);
    expect(queueRowOf(db, 'scene:1')).toMatchObject({ due_at: later, attempts: 0, revision: 1 });
    expect(queueRowOf(db, 'scene:2')).toMatchObject({ in_flight: 1, revision: 1 });
  });
});

describe('[1.2 QUEUE-03] purging dead letters', () => {
  it('removes all, those of some causes, or those that failed last before a time', () => {
    const db = newStore();
    giveUp(db, 1, 'plex-bad-request', t0);
    giveUp(db, 2, 'plex-bad-request', t0 + 10);
    giveUp(db, 3, 'scene-invalid', t0 + 20);
    giveUp(db, 4, 'internal', t0 + 30);
    const purge = (which: Which, before: number): number =>
      counted(removeDeadLetters(db, deadLettersBefore(which, before)));
    expect(purge({ kind: 'causes', causes: ['plex-bad-request'] }, t0 + 10)).toBe(1);
    expect(purge({ kind: 'causes', causes: ['plex-bad-request', 'internal'] }, t0 + minute)).toBe(
      2,
    );
    expect(purge(all, t0 + 20)).toBe(0);
    expect(purge(all, t0 + 21)).toBe(1);
  });
});

describe('[1.2 QUEUE-01] changes that wait', () => {
  it('are tried at once with all attempts before them, if they waited for their next try', () => {
    const db = newStore();
    for (const scene of [1, 2, 3]) raiseScene(db, scene, t0);
    for (const scene of [1, 2]) {
      const errorCode = scene === 1 ? 'plex-reset' : 'internal';
      retryAt(db, `scene:${scene}`, { dueAt: t0 + 900_000, attempts: 4, errorCode, now: t0 });
    }
    const now = t0 + minute;
    const cause = queueRowsBefore({ kind: 'causes', causes: ['internal'] }, now);
    expect(counted(retryQueueRows(db, cause, now))).toBe(1);
    expect(queueRowOf(db, 'scene:2')).toMatchObject({ due_at: now, attempts: 0, error_code: null });
    expect(counted(retryQueueRows(db, queueRowsBefore(all, now), now))).toBe(1);
    expect(counted(retryQueueRows(db, queueRowsBefore(all, now), now))).toBe(0);
  });

  it('that are put first are the next to be pushed, whatever waits and however it failed', () => {
    const db = newStore();
    for (const scene of [1, 2, 3]) raiseScene(db, scene, t0);
    raiseInBulk(db, 7, t0 + 500, 'fan-out', 'c');
    run(db, `UPDATE queue SET alone_failures = 3 WHERE key = 'scene:7'`);
    const now = t0 + minute;
    const key = queueRowsBefore({ kind: 'keys', keys: ['scene:7'] }, now);
    expect(counted(putFirst(db, key, now))).toBe(1);
    expect(claim(db, now, 1).map((row) => row.key)).toEqual(['scene:7']);
  });
});

describe('the lists', () => {
  const query = { search: null, causes: null, offset: 0, limit: 50 };

  it('[1.2 QUEUE-01] show the queue in pages, by cause, and by number, title or path of a scene', () => {
    const db = newStore();
    for (const scene of [12, 112, 3]) raiseScene(db, scene, t0 + scene);
    raiseScene(db, 12, t0 + 900, { entity: 'performer', correlation: 'p' });
    putSceneFiles(db, 112, [{ path: '/data/Öl/100%_a.mp4', size: 1, durationSeconds: 1 }]);
    putSceneTitle(db, 3, 'Über den Wolken');
    retryAt(db, 'scene:3', { dueAt: t0, attempts: 2, errorCode: 'plex-reset', now: t0 });
    claim(db, t0 + 1_000_000, 1);
    const keys = (more: object): readonly string[] =>
      queueList(db, { ...query, ...more }).rows.map(({ key }) => key);
    expect(keys({})).toEqual(['scene:3', 'scene:12', 'scene:112', 'performer:12']);
    expect(queueList(db, { ...query, offset: 1, limit: 2 })).toMatchObject({
      total: 4,
      rows: [{ key: 'scene:12' }, { key: 'scene:112', path: '/data/Öl/100%_a.mp4' }],
    });
    expect(keys({ causes: ['plex-reset'] })).toEqual(['scene:3']);
    expect(keys({ causes: ['plex-reset', 'internal'] })).toEqual(['scene:3']);
    expect(keys({ search: '12' })).toEqual(['scene:12']);
    expect(keys({ search: 'performer:12' })).toEqual(['performer:12']);
    expect(keys({ search: 'üBER' })).toEqual(['scene:3']);
    expect(keys({ search: '0%_A' })).toEqual(['scene:112']);
    expect(keys({ search: '0__a' })).toEqual([]);
    expect(keys({ search: 'über', causes: ['internal'] })).toEqual([]);
    expect(queueList(db, query).rows[0]).toMatchObject({ title: 'Über den Wolken', attempts: 2 });
  });

  it('[1.4 GAP-03] show scenes without an item by reason, and dead letters the newest first', () => {
    const db = newStore();
    recordNoItem(db, 5, 'outside', false, t0);
    recordNoItem(db, 4, 'waiting', true, t0);
    recordNoItem(db, 6, 'gone', false, t0);
    putSceneTitle(db, 5, 'Five');
    const reasons = ['outside', 'waiting'] as const;
    const page = { search: null, reasons, offset: 0, limit: 50 };
    expect(waitingList(db, page)).toEqual({
      total: 2,
      rows: [
        { sceneId: 5, reason: 'outside', since: null, title: 'Five', path: '' },
        { sceneId: 4, reason: 'waiting', since: t0, title: '', path: '' },
      ],
    });
    expect(waitingList(db, { ...page, search: 'fiv' }).total).toBe(1);
    expect(waitingList(db, { ...page, reasons: ['waiting'] }).total).toBe(1);
    giveUp(db, 1, 'internal', t0);
    giveUp(db, 2, 'plex-bad-request', t0 + 5);
    expect(deadLetterList(db, query).rows.map(({ key }) => key)).toEqual(['scene:2', 'scene:1']);
    expect(deadLetterList(db, { ...query, causes: ['internal'] }).total).toBe(1);
  });

  it('find their pages by an index, and actions by key their rows', () => {
    const db = newStore();
    const plans = plansOf(db, () => {
      queueList(db, query);
      queueList(db, { ...query, causes: ['plex-reset'] });
      queueList(db, { ...query, search: 'a' });
      deadLetterList(db, query);
      deadLetterList(db, { ...query, causes: ['plex-reset'] });
      waitingList(db, { search: null, reasons: ['outside', 'waiting'], offset: 0, limit: 50 });
    });
    for (const index of ['queue_since', 'queue_cause', 'dead_letter_time', 'dead_letter_cause']) {
      expect(plans.join('\n')).toContain(index);
    }
    expect(plans.join('\n')).toMatch(/SEARCH scene_state USING \w* ?INDEX scene_state_open/);
    expect(plans.join('\n')).toMatch(
      /SEARCH queue USING COVERING INDEX sqlite_autoindex_queue_1|SEARCH queue USING INDEX sqlite_autoindex_queue_1/,
    );
    expect(plans.filter((step) => /^SCAN (queue|dead_letter|scene_state)$/.test(step))).toEqual([]);
    const byKey = plansOf(db, () => {
      const keys = queueRowsBefore({ kind: 'keys', keys: ['scene:1', 'scene:2'] }, t0);
      counted(removeQueueRows(db, keys));
    });
    expect(byKey.join('\n')).toContain('sqlite_autoindex_queue_1');
  });
});
