// How all scenes and items stand: against a plain reading of the rules, over made-up data files.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageGroups, type CoverageGroup } from '../../src/contract/coverageGroups.ts';
import { coverageCounts, coverageList } from '../../src/store/figures/coverage.ts';
import type { Database } from '../../src/store/file/database.ts';
import { run } from '../../src/store/file/sql.ts';
import { newStore, t0 } from './support.ts';

const reasons = ['waiting', 'outside', 'review', 'no-file', 'gated', 'excluded', 'gone'] as const;

/** One scene: what its row says, and what else there is of it. */
const made = fc.record({
  state: fc.constantFrom('none', 'new', 'item', ...reasons),
  inQueue: fc.boolean(),
  isDead: fc.boolean(),
  extra: fc.constantFrom('none', 'due', 'given-up'),
  gaps: fc.array(fc.constantFrom('found', 'waiting', 'queued', 'told', 'ignored'), {
    maxLength: 3,
  }),
});
type Made = typeof made extends fc.Arbitrary<infer T> ? T : never;

/** The rules as the documentation has them. */
function groupOf({ state, inQueue, isDead, extra, gaps }: Made): CoverageGroup | null {
  if (isDead || extra === 'given-up') return 'failed';
  if (inQueue || extra === 'due') return 'queued';
  if (state === 'none' || state === 'new' || state === 'gone') return null;
  if (state !== 'item') return state;
  return gaps.some((gap) => gap === 'found' || gap === 'waiting') ? 'differs' : 'in-sync';
}

function put(db: Database, id: number, scene: Made): void {
  const { state, inQueue, isDead, extra, gaps } = scene;
  if (state !== 'none') {
    run(
      db,
      `INSERT INTO scene_state (scene_id, rating_key, section_id, no_item_reason, pushed, intent)
       VALUES (?, ?, '1', ?, '{}', '{}')`,
      id,
      state === 'item' || state === 'gone' ? String(1_000 + id) : null,
      state === 'item' || state === 'new' ? null : state,
    );
  }
  if (inQueue) {
    run(
      db,
      `INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at,
         source, correlation) VALUES (?, 'scene', ?, 1, ?, ?, ?, 's', 'c')`,
      `scene:${id}`,
      id,
      t0,
      t0,
      t0,
    );
  }
  if (isDead) {
    run(
      db,
      `INSERT INTO dead_letter (key, entity, entity_id, error_code, message, attempts,
         first_error_at, last_error_at, correlation) VALUES (?, 'scene', ?, 'internal', 'm', 6, ?, ?, 'c')`,
      `scene:${id}`,
      id,
      t0,
      t0,
    );
  }
  if (extra !== 'none') {
    run(
      db,
      `INSERT INTO extra (scene_id, kind, what, due_at, correlation) VALUES (?, 'poster', 'w', ?, 'c')`,
      id,
      extra === 'due' ? t0 : null,
    );
  }
  for (const [at, gap] of gaps.entries()) {
    run(
      db,
      `INSERT INTO gap (scene_id, rating_key, kind, field, confidence, reason, state, run_id, found_at)
       VALUES (?, ?, 'stale', ?, 'possibly', 'r', ?, 1, ?)`,
      id,
      String(1_000 + id),
      `f${at}`,
      gap,
      t0,
    );
  }
}

function putPart(db: Database, ratingKey: string, title = ''): void {
  run(
    db,
    `INSERT INTO plex_part (rating_key, path_key, section_id, path, name, title, title_key, date,
       studio_key, added_at, updated_at, walk, changed) VALUES (?, ?, '1', ?, 'n', ?, '', '', '', 1, 1, 1, 1)`,
    ratingKey,
    `/media/${ratingKey}`,
    `/media/${ratingKey}.mp4`,
    title,
  );
}

const listOf = (db: Database, group: CoverageGroup, search: string | null = null) =>
  coverageList(db, { group, search, offset: 0, limit: 500 });

describe('[1.4 GAP-03] coverage', () => {
  it('puts every scene into the group that the rules say, and each number is that of its list', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 30 }), (scenes) => {
        const db = newStore();
        for (const [at, scene] of scenes.entries()) put(db, at + 1, scene);
        const expected = new Map(scenes.map((scene, at) => [at + 1, groupOf(scene)]));
        const counts = coverageCounts(db);
        for (const group of coverageGroups) {
          const ids = [...expected].filter(([, its]) => its === group).map(([id]) => id);
          const { total, rows } = listOf(db, group);
          expect(rows.map(({ sceneId }) => sceneId)).toEqual(ids);
          expect([group, total, counts[group]]).toEqual([group, ids.length, ids.length]);
        }
        db.close();
      }),
      { numRuns: 60 },
    );
  });

  it('counts an item of Plex that no scene has, and not one that a scene has', () => {
    const db = newStore();
    put(db, 1, { state: 'item', inQueue: true, isDead: false, extra: 'none', gaps: [] });
    put(db, 2, { state: 'gone', inQueue: false, isDead: false, extra: 'none', gaps: [] });
    for (const [key, title] of [
      ['1001', 'Has'],
      ['1002', 'Had'],
      ['7', '100 % Night'],
    ] as const) {
      putPart(db, key, title);
    }
    expect(coverageCounts(db)['only-in-plex']).toBe(2);
    expect(listOf(db, 'only-in-plex').rows.map(({ ratingKey }) => ratingKey)).toEqual([
      '7',
      '1002',
    ]);
    expect(listOf(db, 'only-in-plex', '0 % n')).toMatchObject({
      total: 1,
      rows: [{ sceneId: null, ratingKey: '7', title: '100 % Night', path: '/media/7.mp4' }],
    });
  });

  it('answers page by page', () => {
    const db = newStore();
    const scene: Made = { state: 'item', inQueue: false, isDead: false, extra: 'none', gaps: [] };
    for (let id = 1; id <= 5; id += 1) put(db, id, scene);
    const page = coverageList(db, { group: 'in-sync', search: null, offset: 3, limit: 10 });
    expect(page.total).toBe(5);
    expect(page.rows.map(({ sceneId }) => sceneId)).toEqual([4, 5]);
    expect(listOf(db, 'in-sync', '2').rows.map(({ sceneId }) => sceneId)).toEqual([2]);
  });
});
