// What is remembered of each scene: its item, what was pushed, or why it has none.
import { describe, expect, it } from 'vitest';
import type { PushedValues } from '../../src/domain/diff.ts';
import type { Database } from '../../src/store/open.ts';
import { putItem } from '../../src/store/plexPart.ts';
import {
  forgetScene,
  lastPushAt,
  recordIntent,
  recordNoItem,
  recordPushed,
  sceneCounts,
  sceneState,
  scenesSeenIn,
  waitingScenes,
} from '../../src/store/sceneState.ts';
import { transaction } from '../../src/store/sql.ts';
import { newStore, plansOf, t0 } from './support.ts';

const item = { ratingKey: '7', sectionId: '3', matchedBy: 'path' };
const nothing: PushedValues = { scalars: {}, tags: {} };
const some: PushedValues = {
  scalars: { title: 'T', summary: '', originallyAvailableAt: '2020-01-01', studio: 'Ünïcode "😀"' },
  tags: { genre: [], actor: ['Ann', "O'Neil"] },
};
const file = (name: string, size = 1): Parameters<typeof recordNoItem>[3][number] => ({
  plexPath: `/media/${name}`,
  name,
  size,
});
const awaited = (db: Database): number =>
  Number(db.prepare('SELECT count(*) AS n FROM awaited_file').get()?.['n']);

function list(db: Database, ratingKey: string, path: string, size: number, walk: number): void {
  const parts = [{ file: path, size, durationMs: null }];
  putItem(db, '3', { ratingKey, title: 't', addedAt: 1, updatedAt: 1, parts }, walk);
}

describe('what is remembered of a scene', () => {
  it('is nothing before it was seen', () => {
    expect(sceneState(newStore(), 12)).toBeNull();
  });

  it('is its item and the intent before the write, and what was confirmed after it', () => {
    const db = newStore();
    recordIntent(db, 12, item, nothing, some);
    expect(sceneState(db, 12)).toEqual({
      ratingKey: '7',
      sectionId: '3',
      pushed: nothing,
      intent: some,
    });
    expect(lastPushAt(db)).toBeNull();
    recordPushed(db, 12, some, t0);
    expect(sceneState(db, 12)).toMatchObject({ pushed: some, intent: some });
    expect(lastPushAt(db)).toBe(t0);
  });

  it('is the newest intent, for the newest item, when it is written again', () => {
    const db = newStore();
    recordIntent(db, 12, item, nothing, some);
    const other = { ratingKey: '8', sectionId: '4', matchedBy: 'name-size' };
    recordIntent(db, 12, other, some, nothing);
    expect(sceneState(db, 12)).toEqual({
      ratingKey: '8',
      sectionId: '4',
      pushed: some,
      intent: nothing,
    });
  });

  it('keeps the time of the last write when there was nothing to write', () => {
    const db = newStore();
    recordIntent(db, 12, item, nothing, nothing);
    recordPushed(db, 12, nothing, null);
    expect(lastPushAt(db)).toBeNull();
    recordPushed(db, 12, some, t0);
    recordPushed(db, 12, some, null);
    expect(lastPushAt(db)).toBe(t0);
  });

  it.each([
    ['no JSON', 'garbage'],
    ['cut JSON', '{"scalars":{"title":"T"'],
    ['another shape', '{"scalars":{"title":7},"tags":{}}'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('counts as never pushed where it holds %s', (_, damage) => {
    const db = newStore();
    recordIntent(db, 12, item, some, some);
    db.prepare('UPDATE scene_state SET pushed = ?').run(damage);
    expect(sceneState(db, 12)).toMatchObject({ ratingKey: '7', pushed: nothing, intent: some });
  });

  it('goes with the scene, and the files that it waited for', () => {
    const db = newStore();
    recordNoItem(db, 12, 'not-in-plex', [file('a.mp4')], t0);
    forgetScene(db, 12);
    expect(sceneState(db, 12)).toBeNull();
    expect(awaited(db)).toBe(0);
    expect(waitingScenes(db)).toEqual({ count: 0, newestSince: null });
  });
});

describe('[1.4 GAP-03] a scene without an item', () => {
  it('has its reason, and waits only for a file that Plex may scan yet', () => {
    const db = newStore();
    recordNoItem(db, 1, 'not-in-plex', [file('a.mp4')], t0);
    recordNoItem(db, 2, 'ambiguous', [file('b.mp4')], t0 + 1);
    recordNoItem(db, 3, 'no-file', [], t0 + 2);
    recordIntent(db, 4, item, nothing, nothing);
    expect(sceneCounts(db)).toEqual({
      matched: 1,
      byReason: { 'not-in-plex': 1, ambiguous: 1, 'no-file': 1 },
    });
    expect(waitingScenes(db)).toEqual({ count: 1, newestSince: t0 });
  });

  it('waits since the first time, however often it is looked for in vain', () => {
    const db = newStore();
    for (const later of [0, 60_000, 120_000]) {
      recordNoItem(db, 1, 'not-in-plex', [file('a.mp4')], t0 + later);
    }
    expect(waitingScenes(db)).toEqual({ count: 1, newestSince: t0 });
    recordNoItem(db, 2, 'not-in-plex', [file('b.mp4')], t0 + 500);
    expect(waitingScenes(db)).toEqual({ count: 2, newestSince: t0 + 500 });
    // In doubt for a while, then gone again: it waits anew.
    recordNoItem(db, 1, 'ambiguous', [file('a.mp4')], t0 + 180_000);
    recordNoItem(db, 1, 'not-in-plex', [file('a.mp4')], t0 + 240_000);
    expect(waitingScenes(db)).toEqual({ count: 2, newestSince: t0 + 240_000 });
  });

  it('waits no more once it has an item', () => {
    const db = newStore();
    recordNoItem(db, 1, 'not-in-plex', [file('a.mp4'), file('b.mp4')], t0);
    expect(awaited(db)).toBe(2);
    recordIntent(db, 1, item, nothing, nothing);
    expect(awaited(db)).toBe(0);
    expect(waitingScenes(db).count).toBe(0);
    expect(sceneCounts(db)).toEqual({ matched: 1, byReason: {} });
  });

  it('waits for the files that it has now, not for those it had', () => {
    const db = newStore();
    recordNoItem(db, 1, 'not-in-plex', [file('old.mp4'), file('old.mp4')], t0);
    recordNoItem(db, 1, 'not-in-plex', [file('new.mp4')], t0);
    list(db, '7', '/media/old.mp4', 1, 2);
    expect(scenesSeenIn(db, 2)).toEqual([]);
    list(db, '8', '/media/new.mp4', 1, 3);
    expect(scenesSeenIn(db, 3)).toEqual([1]);
  });
});

describe('the scenes that a walk of the index has found', () => {
  it('are those whose path, or name and size, it saw, each once', () => {
    const db = newStore();
    recordNoItem(db, 1, 'not-in-plex', [file('a.mp4', 10), file('a2.mp4', 10)], t0);
    recordNoItem(db, 2, 'ambiguous', [file('b.mp4', 20)], t0);
    recordNoItem(db, 3, 'not-in-plex', [file('c.mp4', 30)], t0);
    recordNoItem(db, 4, 'not-in-plex', [file('d.mp4', 40)], t0);
    list(db, '71', '/media/a.mp4', 10, 5);
    list(db, '72', '/media/a2.mp4', 10, 5);
    list(db, '73', '/elsewhere/B.mp4', 20, 5);
    // Of another size, and seen by an earlier walk.
    list(db, '74', '/elsewhere/c.mp4', 31, 5);
    list(db, '75', '/media/d.mp4', 40, 4);
    expect(scenesSeenIn(db, 5)).toEqual([1, 2]);
    expect(scenesSeenIn(db, 4)).toEqual([4]);
    expect(scenesSeenIn(db, 6)).toEqual([]);
  });

  it('are found without a scan of all files for each that is awaited, at 100,000 files', () => {
    const db = newStore();
    transaction(db, () => {
      for (let at = 0; at < 100_000; at += 1) list(db, `${at}`, `/media/${at}.mp4`, at, 1);
      for (let at = 0; at < 50; at += 1) list(db, `n${at}`, `/media/new ${at}.mp4`, at, 2);
      for (let at = 0; at < 1_000; at += 1) {
        recordNoItem(db, at, 'not-in-plex', [file(`new ${at}.mp4`, at)], t0);
      }
    });
    const plan = plansOf(db, () => scenesSeenIn(db, 2));
    // The few that are awaited may be gone through; the files of Plex are looked up.
    expect(plan.filter((step) => step.startsWith('SCAN p'))).toEqual([]);
    expect(plan.filter((step) => step.startsWith('SEARCH p USING INDEX'))).toHaveLength(2);
    expect(scenesSeenIn(db, 2)).toHaveLength(50);
  });
});
