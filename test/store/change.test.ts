import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Change,
  changeCount,
  changes,
  keptForMs,
  recordChanges,
} from '../../src/store/mirror/change.ts';
import type { Database } from '../../src/store/file/database.ts';
import { putSceneFiles } from '../../src/store/match/sceneFile.ts';
import { putSceneTitle } from '../../src/store/mirror/sceneTitle.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { newStore, plansOf, t0 } from './support.ts';

let db: Database;
beforeEach(() => {
  db = newStore();
});

function change(sceneId: number, more: Partial<Change> = {}): Change {
  return {
    sceneId,
    ratingKey: String(100 + sceneId),
    sectionId: '3',
    field: 'title',
    before: 'Old',
    after: 'New',
    lockedBefore: false,
    lockedAfter: true,
    run: `c${sceneId}`,
    at: t0,
    ...more,
  };
}

function record(list: readonly Change[], now = t0, limits?: { ms: number; rows: number }): void {
  transaction(db, () => recordChanges(db, list, now, limits));
}

describe('the history of changes', () => {
  it('gives back what was recorded, the newest first, in pages', () => {
    const tags = { field: 'genre', before: ['A', 'B, c'], after: [] } as const;
    record([change(1), change(2, tags)]);
    record([change(3)]);
    expect(changes(db, {}, 0, 2).map(({ sceneId }) => sceneId)).toEqual([3, 2]);
    expect(changes(db, {}, 2, 2).map(({ sceneId }) => sceneId)).toEqual([1]);
    expect(changes(db, { sceneId: 2 }, 0, 9)).toEqual([{ id: 2, title: '', ...change(2, tags) }]);
  });

  it('is asked by scene, by item, by field, and by all of them', () => {
    record([change(1), change(1, { field: 'studio' }), change(2, { ratingKey: '101' })]);
    expect(changeCount(db, {})).toBe(3);
    expect(changeCount(db, { sceneId: 1 })).toBe(2);
    expect(changeCount(db, { ratingKey: '101' })).toBe(3);
    expect(changeCount(db, { field: 'title' })).toBe(2);
    expect(changeCount(db, { sceneId: 1, ratingKey: '101', field: 'studio' })).toBe(1);
    expect(changes(db, { sceneId: 9 }, 0, 9)).toEqual([]);
  });

  it('is searched by title, file, number and value, and shows the title', () => {
    putSceneTitle(db, 1, 'Night Train');
    const file = { path: '/data/Blue.mp4', size: 1, durationSeconds: null };
    putSceneFiles(db, 2, [file]);
    record([
      change(1, { before: '50 % "off"', after: 'Ünder' }),
      change(2, { field: 'genre', before: [], after: ['Noir', 'Rail'] }),
      change(3),
    ]);
    const found = (search: string): readonly number[] =>
      changes(db, { search }, 0, 9).map(({ sceneId }) => sceneId);
    expect(changes(db, { search: 'train' }, 0, 9)).toMatchObject([
      { sceneId: 1, title: 'Night Train' },
    ]);
    expect(found('blue')).toEqual([2]);
    expect(found('noir')).toEqual([2]);
    expect(found('% "off')).toEqual([1]);
    expect(found('Ünd')).toEqual([1]);
    expect(found('3')).toEqual([3]);
    expect(found('_')).toEqual([]);
    expect(changeCount(db, { search: 'new', field: 'title' })).toBe(1);
    expect(changeCount(db, { search: 'nowhere' })).toBe(0);
  });

  it('stays with the transaction that it belongs to', () => {
    const failing = (): void =>
      transaction(db, () => {
        recordChanges(db, [change(1)], t0);
        throw new Error('the row could not be settled');
      });
    expect(failing).toThrow('could not be settled');
    expect(changeCount(db, {})).toBe(0);
  });

  it('loses what is older than ninety days', () => {
    record([change(1)]);
    record([change(2, { at: t0 + 1000 })]);
    const later = t0 + keptForMs + 500;
    record([change(3, { at: later })], later);
    expect(changes(db, {}, 0, 9).map(({ sceneId }) => sceneId)).toEqual([3, 2]);
  });

  it('loses the oldest where there are too many, and goes on doing so', () => {
    const limits = { ms: keptForMs, rows: 100 };
    for (let at = 1; at <= 40; at += 1) {
      record(
        Array.from({ length: 10 }, () => change(at)),
        t0 + at,
        limits,
      );
    }
    expect(changeCount(db, {})).toBe(100);
    expect(changes(db, {}, 99, 1)[0]?.sceneId).toBe(31);
  });

  it('takes a bounded look at the oldest rows only, and asks by index', () => {
    const plans = plansOf(db, () => {
      record([change(1)]);
      changes(db, { sceneId: 1 }, 0, 5);
      changes(db, { ratingKey: '101', field: 'title' }, 0, 5);
      changes(db, {}, 0, 5);
    });
    expect(plans.some((step) => step.includes('change_scene'))).toBe(true);
    expect(plans.some((step) => step.includes('change_item'))).toBe(true);
    expect(plans.some((step) => step.includes('TEMP B-TREE'))).toBe(false);
  });
});
