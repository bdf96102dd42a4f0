// What is remembered of each scene: its item, what was pushed, or why it has none.
import { describe, expect, it } from 'vitest';
import {
  type BeforeValues,
  nothingBefore,
  type PushedValues,
} from '../../src/domain/mirror/values.ts';
import type { Evidence } from '../../src/domain/match/match.ts';
import type { Database } from '../../src/store/file/database.ts';
import { putItem } from '../../src/store/match/plexPart.ts';
import { othersValues, ownerOf, takeFromOthers } from '../../src/store/match/itemOwner.ts';
import type { OwnValues } from '../../src/store/mirror/ownValues.ts';
import {
  dropGoneWithoutItem,
  sceneCounts,
  scenesWithout,
  newestWaitingSince,
} from '../../src/store/mirror/sceneLists.ts';
import {
  dropScene,
  forgetScene,
  recordIntent,
  recordNoItem,
  recordPushed,
  sceneState,
} from '../../src/store/mirror/sceneState.ts';
import { row, transaction } from '../../src/store/file/sql.ts';
import { allRows, listed, newStore, plansOf, t0 } from './support.ts';

const evidence: Evidence = { how: 'path', score: 98, why: 'the same path' };
const item = { ratingKey: '7', sectionId: '3', evidence, movedSince: null };
const nothing: PushedValues = { scalars: {}, tags: {} };
const some: PushedValues = {
  scalars: { title: 'T', summary: '', originallyAvailableAt: '2020-01-01', studio: 'Ünïcode "😀"' },
  tags: { genre: [], actor: ['Ann', "O'Neil"] },
};
const before: BeforeValues = {
  scalars: { title: 'scanned', studio: '' },
  tags: { genre: ['Old'] },
  locked: ['title', 'genre'],
};
const values = (more: Partial<OwnValues> = {}): OwnValues => ({
  pushed: nothing,
  intent: nothing,
  before: nothingBefore,
  ...more,
});

/** The scene has the item, and something was written there. */
function has(db: Database, sceneId: number, ratingKey: string, at = t0): void {
  const pushed = { scalars: { title: `of ${sceneId}` }, tags: {} };
  recordIntent(db, sceneId, { ...item, ratingKey }, values({ before }));
  recordPushed(db, sceneId, pushed, at);
}
const titleOf = (own: OwnValues | null): string | undefined => own?.pushed.scalars.title;

const lastPushAt = (db: Database): unknown =>
  row(db, 'SELECT max(pushed_at) AS t FROM scene_state')?.['t'];

describe('what is remembered of a scene', () => {
  it('is nothing before it was seen', () => {
    expect(sceneState(newStore(), 12)).toBeNull();
  });

  it('is its item and the intent before the write, and what was confirmed after it', () => {
    const db = newStore();
    recordIntent(db, 12, item, values({ intent: some, before }));
    expect(sceneState(db, 12)).toEqual({
      ratingKey: '7',
      sectionId: '3',
      matchedBy: 'path',
      waitingSince: null,
      noItemReason: null,
      pushed: nothing,
      intent: some,
      before,
    });
    expect(lastPushAt(db)).toBeNull();
    recordPushed(db, 12, some, t0);
    expect(sceneState(db, 12)).toMatchObject({ pushed: some, intent: some, before });
    expect(lastPushAt(db)).toBe(t0);
  });

  it('[1.0 MATCH-03] is how its item was found, how surely and why', () => {
    const db = newStore();
    recordIntent(db, 12, item, values());
    expect(allRows(db, 'scene_state')).toMatchObject([
      { matched_by: 'path', score: 98, why: 'the same path' },
    ]);
    recordNoItem(db, 12, 'review', false, t0);
    expect(allRows(db, 'scene_state')).toMatchObject([
      { matched_by: null, score: null, why: null },
    ]);
  });

  it('is the newest intent, for the newest item, when it is written again', () => {
    const db = newStore();
    recordIntent(db, 12, item, values({ intent: some, before }));
    recordIntent(db, 12, { ...item, ratingKey: '8', sectionId: '4' }, values({ pushed: some }));
    expect(sceneState(db, 12)).toEqual({
      ratingKey: '8',
      sectionId: '4',
      matchedBy: 'path',
      waitingSince: null,
      noItemReason: null,
      pushed: some,
      intent: nothing,
      before: nothingBefore,
    });
  });

  it('keeps the time of the last write when there was nothing to write', () => {
    const db = newStore();
    recordIntent(db, 12, item, values());
    recordPushed(db, 12, nothing, null);
    expect(lastPushAt(db)).toBeNull();
    recordPushed(db, 12, some, t0);
    recordPushed(db, 12, some, null);
    expect(lastPushAt(db)).toBe(t0);
  });

  it.each([
    ['no JSON', 'garbage'],
    ['cut JSON', '{"scalars":{"title":"T"'],
    ['another shape', '{"scalars":{"title":7},"tags":{},"locked":["title"]}'],
    ['a list', '[]'],
    ['nothing', ''],
    ['an empty object', '{}'],
  ])('counts as never pushed, and as written over nothing, where it holds %s', (_, damage) => {
    const db = newStore();
    recordIntent(db, 12, item, values({ pushed: some, intent: some, before }));
    db.prepare('UPDATE scene_state SET pushed = ?, before = ?').run(damage, damage);
    expect(sceneState(db, 12)).toMatchObject({
      ratingKey: '7',
      pushed: nothing,
      intent: some,
      before: nothingBefore,
    });
  });

  it('stays while it has no item: should the item be its own again, what is ours is known', () => {
    const db = newStore();
    has(db, 12, '7');
    const had = sceneState(db, 12);
    recordNoItem(db, 12, 'waiting', true, t0);
    expect(sceneState(db, 12)).toEqual({
      ...had,
      matchedBy: null,
      waitingSince: t0,
      noItemReason: 'waiting',
    });
  });
});

describe('[1.0 MATCH-03] an item', () => {
  it('is one scene’s: the data file itself does not take two', () => {
    const db = newStore();
    has(db, 1, '7');
    expect(() => has(db, 2, '7')).toThrow(/UNIQUE/);
    expect([ownerOf(db, '7', 2), ownerOf(db, '7', 1), ownerOf(db, '8', 1)]).toEqual([
      1,
      null,
      null,
    ]);
  });

  it('is nobody’s once its scene has no item, and what was put there stays known', () => {
    const db = newStore();
    has(db, 1, '7');
    recordNoItem(db, 1, 'review', false, t0);
    expect(ownerOf(db, '7', 2)).toBeNull();
    expect(titleOf(othersValues(db, '7', 2))).toBe('of 1');
    expect(othersValues(db, '7', 1)).toBeNull();
    expect(othersValues(db, '8', 2)).toBeNull();
  });

  it('has the values of the scene that has it, else of the one that wrote there last', () => {
    const db = newStore();
    has(db, 1, '7', t0 + 5);
    recordNoItem(db, 1, 'waiting', false, t0);
    has(db, 2, '7', t0 + 9);
    forgetScene(db, 2);
    expect(titleOf(othersValues(db, '7', 9))).toBe('of 2');
    has(db, 3, '7', t0);
    expect(titleOf(othersValues(db, '7', 9))).toBe('of 3');
    expect(titleOf(othersValues(db, '7', 3))).toBe('of 2');
    expect(othersValues(db, '7', 3)?.before).toEqual(before);
  });

  it('that passes to another scene leaves nothing of itself with those that had it', () => {
    const db = newStore();
    has(db, 1, '7');
    forgetScene(db, 1);
    has(db, 2, '7');
    recordNoItem(db, 2, 'review', false, t0);
    has(db, 3, '7');
    has(db, 4, '8');
    expect(takeFromOthers(db, '7', 9)).toBe(3);
    expect(sceneState(db, 1)).toBeNull();
    const lost = { ratingKey: null, sectionId: null, pushed: nothing, intent: nothing };
    expect(sceneState(db, 2)).toMatchObject({ ...lost, noItemReason: 'review' });
    expect(sceneState(db, 3)).toMatchObject({
      ...lost,
      noItemReason: 'waiting',
      before: nothingBefore,
    });
    expect(sceneState(db, 4)).toMatchObject({ ratingKey: '8', noItemReason: null });
    has(db, 9, '7');
    expect(takeFromOthers(db, '7', 9)).toBeNull();
    expect(ownerOf(db, '7', 1)).toBe(9);
  });

  it('can be exchanged by two scenes for each other’s in one go', () => {
    const db = newStore();
    has(db, 1, '7');
    has(db, 2, '8');
    transaction(db, () => {
      expect(takeFromOthers(db, '8', 1)).toBe(2);
      has(db, 1, '8');
      expect(takeFromOthers(db, '7', 2)).toBeNull();
      has(db, 2, '7');
    });
    expect([ownerOf(db, '7', 0), ownerOf(db, '8', 0)]).toEqual([2, 1]);
  });

  it('is found by its scenes through an index, however many scenes there are', () => {
    const db = newStore();
    const plan = plansOf(db, () => {
      ownerOf(db, '7', 1);
      othersValues(db, '7', 1);
      takeFromOthers(db, '7', 1);
    });
    expect(plan.filter((step) => step.startsWith('SCAN'))).toEqual([]);
    const searches = plan.filter((step) => step.startsWith('SEARCH'));
    expect(searches.length).toBeGreaterThanOrEqual(5);
    // What goes both ways of a scene goes with it.
    const quick = /USING INDEX scene_state_(item|former)|^SEARCH viewing USING INTEGER PRIMARY KEY/;
    for (const step of searches) expect(step).toMatch(quick);
  });
});

describe('a scene that is gone', () => {
  it('leaves nothing behind if it never had an item', () => {
    const db = newStore();
    recordNoItem(db, 12, 'waiting', true, t0);
    forgetScene(db, 12);
    forgetScene(db, 99);
    expect(sceneState(db, 12)).toBeNull();
    expect(newestWaitingSince(db)).toBeNull();
  });

  it('leaves what it put into its item for the scene that has the file next', () => {
    const db = newStore();
    has(db, 12, '7');
    forgetScene(db, 12);
    expect(sceneState(db, 12)).toMatchObject({ ratingKey: '7', noItemReason: 'gone' });
    expect(sceneCounts(db)).toEqual({ matched: 0, byReason: {} });
    expect(titleOf(othersValues(db, '7', 13))).toBe('of 12');
  });

  it('is forgotten for good when its values are out of Plex, or its item is', () => {
    const db = newStore();
    for (const [id, key] of [
      [1, '7'],
      [2, '8'],
      [3, '9'],
    ] as const) {
      has(db, id, key);
      forgetScene(db, id);
    }
    has(db, 4, '77');
    dropScene(db, 1);
    putItem(
      db,
      '3',
      listed({ ratingKey: '8', parts: [{ file: '/a', size: 1, durationMs: 1 }] }),
      1,
    );
    expect(dropGoneWithoutItem(db)).toBe(1);
    expect([1, 2, 3, 4].map((id) => sceneState(db, id)?.noItemReason)).toEqual([
      undefined,
      'gone',
      undefined,
      null,
    ]);
  });
});

describe('[1.4 GAP-03] a scene without an item', () => {
  it('has its reason, and waits only for a file that Plex may scan yet', () => {
    const db = newStore();
    recordNoItem(db, 1, 'waiting', true, t0);
    recordNoItem(db, 2, 'review', false, t0 + 1);
    recordNoItem(db, 3, 'no-file', false, t0 + 2);
    recordNoItem(db, 5, 'outside', false, t0 + 2);
    recordNoItem(db, 6, 'excluded', false, t0 + 2);
    has(db, 4, '7');
    expect(sceneCounts(db)).toEqual({
      matched: 1,
      byReason: { waiting: 1, review: 1, 'no-file': 1, outside: 1, excluded: 1 },
    });
    expect(newestWaitingSince(db)).toBe(t0);
    expect(scenesWithout(db, ['outside', 'waiting', 'review'])).toEqual([1, 2, 5]);
    expect(scenesWithout(db, [])).toEqual([]);
  });

  it('waits since the first time, however often it is looked for in vain', () => {
    const db = newStore();
    for (const later of [0, 60_000, 120_000]) recordNoItem(db, 1, 'waiting', true, t0 + later);
    expect(newestWaitingSince(db)).toBe(t0);
    // In doubt, while the right file may be on its way: it waits on.
    recordNoItem(db, 1, 'review', true, t0 + 150_000);
    expect(newestWaitingSince(db)).toBe(t0);
    recordNoItem(db, 2, 'waiting', true, t0 + 500);
    expect(newestWaitingSince(db)).toBe(t0 + 500);
    // Settled for a while, then gone again: it waits anew.
    recordNoItem(db, 1, 'review', false, t0 + 180_000);
    recordNoItem(db, 1, 'waiting', true, t0 + 240_000);
    expect(newestWaitingSince(db)).toBe(t0 + 240_000);
  });

  it('waits no more once it has an item', () => {
    const db = newStore();
    recordNoItem(db, 1, 'waiting', true, t0);
    recordIntent(db, 1, item, values());
    expect(newestWaitingSince(db)).toBeNull();
    expect(sceneCounts(db)).toEqual({ matched: 1, byReason: {} });
  });
});
