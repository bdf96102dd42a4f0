// Runs of the reconciliation and the gaps they find, on real data files.
import { describe, expect, it } from 'vitest';
import { gapCounts, gapPage, type FoundGap, ignoreGap } from '../../src/store/mirror/gap.ts';
import {
  beginRun,
  endRun,
  lastRuns,
  type NewRun,
  type Run,
  type RunPlace,
  runUnderWay,
} from '../../src/store/run/run.ts';
import { keepPage, type LookedAt } from '../../src/store/run/runPage.ts';
import { allRows, newStore, t0 } from './support.ts';

const whole: NewRun = {
  origin: 'person',
  scope: { since: null, until: null, library: null, kinds: null },
  dry: false,
  limit: null,
};
const anything = { kind: null, field: null, state: null, confidence: null };

function begun(db: ReturnType<typeof newStore>, more: Partial<NewRun> = {}): Run {
  const run = beginRun(db, { ...whole, ...more }, t0);
  if (run === null) throw new Error('another run is under way');
  return run;
}

function gap(more: Partial<FoundGap> = {}): FoundGap {
  const sides = { stash: 'a', plex: '', toCome: 'a' };
  return {
    kind: 'empty',
    field: 'studio',
    confidence: 'definitely',
    ...sides,
    reason: 'x',
    ...more,
  };
}

function scene(sceneId: number, ...gaps: FoundGap[]): LookedAt {
  return { sceneId, ratingKey: String(sceneId), gaps };
}

const next: RunPlace = { phase: 'scenes', after: 50, left: 0 };
const read = { unread: 0, stashRequests: 1, plexRequests: 1, next };

describe('[1.4 RECON-01] a run', () => {
  it('is alone: of two, one runs', () => {
    const db = newStore();
    const first = begun(db);
    expect(beginRun(db, whole, t0)).toBeNull();
    expect(runUnderWay(db)?.id).toBe(first.id);
    expect(endRun(db, first.id, 'ended', t0 + 5)).toBe(true);
    expect(endRun(db, first.id, 'ended', t0 + 6)).toBe(false);
    expect(begun(db).id).toBeGreaterThan(first.id);
  });

  it('counts and queues a page once, also where it was asked for twice', () => {
    const db = newStore();
    const run = begun(db);
    const page = { ...read, looked: [scene(7, gap(), gap({ field: 'title', kind: 'stale' }))] };
    expect(keepPage(db, run, page, t0)).toBe(true);
    expect(keepPage(db, run, page, t0)).toBe(false);
    const { figures, place } = runUnderWay(db) ?? run;
    expect(place).toEqual(next);
    expect(figures).toMatchObject({
      scenes: 1,
      stashRequests: 1,
      found: { 'empty:studio': 1, 'stale:title': 1 },
      queued: { 'empty:studio': 1, 'stale:title': 1 },
    });
    expect(allRows(db, 'queue')).toMatchObject([
      { key: 'scene:7', source: 'reconcile', priority: 1 },
    ]);
  });

  it('keeps no page of a run that a person ended', () => {
    const db = newStore();
    const run = begun(db);
    endRun(db, run.id, 'stopped', t0);
    expect(keepPage(db, run, { ...read, looked: [scene(7, gap())] }, t0)).toBe(false);
    expect(gapPage(db, anything, 0, 10)).toEqual([]);
    expect(allRows(db, 'queue')).toEqual([]);
  });

  it('is kept among the last 30', () => {
    const db = newStore();
    for (let made = 0; made < 35; made += 1) endRun(db, begun(db).id, 'ended', t0);
    expect(lastRuns(db, 100)).toHaveLength(30);
  });
});

describe('[1.4 ADV-01] a dry run', () => {
  it('lists what it finds and queues nothing', () => {
    const db = newStore();
    keepPage(db, begun(db, { dry: true }), { ...read, looked: [scene(7, gap())] }, t0);
    expect(allRows(db, 'queue')).toEqual([]);
    expect(gapPage(db, anything, 0, 10)).toMatchObject([
      { sceneId: 7, kind: 'empty', field: 'studio', stash: 'a', plex: '', state: 'found' },
    ]);
  });
});

describe('a run by itself', () => {
  it('queues up to its limit, scene by scene, and the rest waits for a word', () => {
    const db = newStore();
    const looked = [
      scene(1, gap(), gap({ field: 'title' })),
      scene(2, gap(), gap({ field: 'title' })),
      scene(3, gap()),
    ];
    const run = begun(db, { origin: 'schedule', limit: 3 });
    keepPage(db, run, { ...read, looked }, t0);
    expect(allRows(db, 'queue').map(({ key }) => key)).toEqual(['scene:1', 'scene:3']);
    expect(runUnderWay(db)?.figures.waiting).toBe(2);
    expect(gapPage(db, { ...anything, state: 'waiting' }, 0, 10)).toMatchObject([
      { sceneId: 2 },
      { sceneId: 2 },
    ]);
  });
});

describe('a gap', () => {
  it('that is a person’s or without a scene is told, and nothing is queued', () => {
    const db = newStore();
    const looked = [
      scene(1, gap({ kind: 'edited' })),
      { sceneId: 0, ratingKey: '9', gaps: [gap({ kind: 'no-scene', field: '' })] },
    ];
    keepPage(db, begun(db), { ...read, looked }, t0);
    expect(allRows(db, 'queue')).toEqual([]);
    expect(gapCounts(db).map(({ kind, state }) => [kind, state])).toEqual([
      ['edited', 'told'],
      ['no-scene', 'told'],
    ]);
  });

  it('that is closed goes when its scene is looked at again, and one that is ignored stays so', () => {
    const db = newStore();
    const first = begun(db, { dry: true });
    const both = scene(1, gap(), gap({ field: 'title' }));
    keepPage(db, first, { ...read, looked: [both] }, t0);
    const title = gapPage(db, { ...anything, field: 'title' }, 0, 1)[0];
    expect(ignoreGap(db, title?.id ?? 0)).toBe(true);
    endRun(db, first.id, 'ended', t0);
    keepPage(db, begun(db), { ...read, looked: [scene(1, gap({ field: 'title' }))] }, t0);
    expect(allRows(db, 'queue')).toEqual([]);
    expect(gapPage(db, anything, 0, 10)).toMatchObject([{ field: 'title', state: 'ignored' }]);
  });

  it('of which PlexSync knows as much already is told, and not queued', () => {
    const db = newStore();
    const missing = { ...gap({ kind: 'missing', field: '' }), isNews: false };
    keepPage(
      db,
      begun(db),
      { ...read, looked: [{ sceneId: 1, ratingKey: '', gaps: [missing] }] },
      t0,
    );
    expect(allRows(db, 'queue')).toEqual([]);
  });

  it('of another kind than the run asks for is not found', () => {
    const db = newStore();
    const run = begun(db, { scope: { ...whole.scope, kinds: ['stale'] } });
    keepPage(db, run, { ...read, looked: [scene(1, gap())] }, t0);
    expect(gapPage(db, anything, 0, 10)).toEqual([]);
  });
});
