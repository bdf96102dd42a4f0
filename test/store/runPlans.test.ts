// What a page of a run asks the data file is found by an index or a key, however many scenes there are: no
// statement of it goes through a table.
import { expect, it } from 'vitest';
import type { Database } from '../../src/store/file/database.ts';
import { beginRun, endRun, runUnderWay } from '../../src/store/run/run.ts';
import { keepPage, type LookedAt } from '../../src/store/run/runPage.ts';
import {
  isIndexed,
  itemsAfter,
  knownScenesBetween,
  pushedScenes,
  pushedScenesBetween,
} from '../../src/store/run/runScenes.ts';
import { sceneState } from '../../src/store/mirror/sceneState.ts';
import { newStore, t0 } from './support.ts';

/** Small by their kind: the runs, the settings, what a statement brings along. */
const small = /^SCAN (run|json_each|state|CONSTANT)\b/;
/** Gaps are kept up to a number; to count them is one look at an index. */
const bounded = /^SCAN gap USING COVERING INDEX/;

/** Every statement that `work` prepares, with the tables that it goes through as a whole. */
function scansOf(db: Database, work: () => void): readonly string[] {
  const prepare = db.prepare.bind(db);
  const texts = new Set<string>();
  db.prepare = (text: string) => {
    texts.add(text);
    return prepare(text);
  };
  work();
  db.prepare = prepare;
  expect(texts.size).toBeGreaterThan(10);
  return [...texts].flatMap((text) =>
    prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map(({ detail }) => String(detail))
      .filter((step) => step.startsWith('SCAN ') && !small.test(step) && !bounded.test(step))
      .map((step) => `${step}: ${text}`),
  );
}

it('no page of a run goes through all scenes, items, gaps or changes', () => {
  const db = newStore();
  const scope = { since: null, until: null, library: null, kinds: null };
  const gap = {
    kind: 'stale',
    field: 'title',
    confidence: 'possibly',
    stash: 'a',
    plex: 'b',
    toCome: 'a',
    reason: 'x',
  } as const;
  const cover = { kind: 'poster', gap: { ...gap, field: 'poster' } } as const;
  const looked: LookedAt = {
    sceneId: 7,
    ratingKey: '70',
    gaps: [gap],
    foundItem: '70',
    covers: { address: 'x', pictures: [cover] },
  };
  const scans = scansOf(db, () => {
    beginRun(db, { origin: 'schedule', scope, dry: false, limit: 1 }, t0);
    const run = runUnderWay(db);
    if (run === null) throw new Error('no run');
    knownScenesBetween(db, 1, 1_000, 50);
    pushedScenesBetween(db, t0, 1, 1_000, 50);
    pushedScenes(db, t0);
    itemsAfter(db, '1', 500);
    isIndexed(db, '70');
    sceneState(db, 7);
    const page = { looked: [looked], unread: 0, stashRequests: 1, plexRequests: 1 };
    keepPage(db, run, { ...page, next: { phase: 'scenes', after: 7, left: 0 } }, t0);
    endRun(db, run.id, 'ended', t0);
  });
  expect(scans).toEqual([]);
});
