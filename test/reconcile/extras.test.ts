// Beside the texts: covers that no hook told of are looked at and sent, each once; ratings are told with
// both values, and a person's is kept.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { runSummary } from '../../src/domain/words/runSummary.ts';
import { coverageCounts } from '../../src/store/figures/coverage.ts';
import { gapCount, gapsIn, gapsKept, gapsReserved } from '../../src/store/mirror/gap.ts';
import type { Database } from '../../src/store/file/database.ts';
import { run as change } from '../../src/store/file/sql.ts';
import { fullSyncNeeded, missedSince, readState, writeState } from '../../src/store/file/state.ts';
import { jpeg } from '../helpers/pictures.ts';
import { anything, type InStep, openInStep } from './inStep.ts';

let library: InStep;
beforeEach(async () => {
  library = await openInStep(4);
  await firstCovers();
});
afterEach(async () => {
  await library.close();
});

/** Stash's clock has gone on since the scene was saved last: a cover's address tells whole seconds. */
function touch(
  at: number,
  change: Parameters<StashSimulator['store']['changeScene']>[1],
  minutes = 1,
): void {
  const { store } = library.world.stash;
  const { sceneId } = library.pair(at);
  store.changeScene(sceneId, change, { touch: false });
  store.stampScene(
    sceneId,
    new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19) + 'Z',
  );
  // Covers are read later than that.
  library.nowMs += 120_000;
}

/** Ignored ones of other scenes, which stay. */
function fillGaps(db: Database, count: number): void {
  change(
    db,
    `INSERT INTO gap (scene_id, rating_key, kind, field, confidence, reason, state, run_id, found_at)
     WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
     SELECT 1000000 + n, '', 'stale', 'title', 'possibly', '', 'ignored', 0, 0 FROM number`,
    count,
  );
}

/** But for those of the first covers. */
const uploads = (): number =>
  library.world.plex.accessLog.filter(({ method }) => method === 'POST').length -
  library.pairs.length;

/** Each scene has one that was compared and sent. */
async function firstCovers(): Promise<void> {
  for (const at of library.pairs.keys()) {
    touch(at, { cover: { bytes: jpeg(`first ${at}`), contentType: 'image/jpeg' } }, -10);
  }
  await library.reconciled();
  await library.drained();
  expect(uploads()).toBe(0);
}

describe('[1.4 GAP-02] [1.4 GAP-04] a cover that was generated without a hook', () => {
  it('is compared by its bytes and sent once; a scene saved with the same cover sends nothing', async () => {
    const cover = { bytes: jpeg('generated'), contentType: 'image/jpeg' };
    touch(0, { cover });
    const dry = await library.reconciled({ dry: true });
    expect(dry.figures).toMatchObject({ found: {}, covers: 1 });
    expect(uploads()).toBe(0);
    const run = await library.reconciled();
    expect(run.figures).toMatchObject({ found: {}, covers: 1 });
    await library.drained();
    expect(uploads()).toBe(1);
    const again = await library.reconciled();
    expect(again.figures.covers).toBe(0);
    // Another time, the same bytes.
    touch(0, { organized: true }, 2);
    await library.reconciled();
    await library.drained();
    expect(uploads()).toBe(1);
  });

  it('is left alone by a run of other kinds, and beyond the limit waits for a word like any gap', async () => {
    const { pairs, world } = library;
    for (const at of pairs.keys()) {
      const cover = { bytes: jpeg(`cover ${at}`), contentType: 'image/jpeg' };
      touch(at, { cover });
    }
    const all = { since: null, until: null, library: null };
    const missing = await library.reconciled({ scope: { ...all, kinds: ['missing'] } });
    expect(missing.figures.covers).toBe(0);
    const bounded = { origin: 'schedule', limit: 1 } as const;
    const byItself = await library.reconciled(bounded);
    expect(byItself.figures).toMatchObject({
      covers: 1,
      found: { 'stale:poster': 3 },
      queued: {},
      waiting: 3,
    });
    expect(byItself.figures.unlisted).toBe(0);
    await library.drained();
    expect(uploads()).toBe(1);
    expect(world.status().sentence).toContain('3 gaps wait for your word');
    // Neither another run by itself nor a dry one takes it up, and no text is held up by it.
    touch(3, { tagIds: [world.stash.store.addTag({ name: 'x' })] }, 2);
    await library.reconciled({ dry: true });
    const next = await library.reconciled(bounded);
    expect(next.figures).toMatchObject({
      covers: 1,
      queued: { 'stale:genre': 1 },
      waiting: 2,
    });
    await library.drained();
    expect(uploads()).toBe(2);
    const [ignored, left] = library.gaps('stale').filter(({ state }) => state === 'waiting');
    expect(ignored).toMatchObject({ field: 'poster', confidence: 'possibly', toCome: null });
    await world.choose('ignore-gap', { gap: ignored?.id });
    await library.reconciled();
    await library.drained();
    // A person's run takes up what waits, but for what is ignored.
    expect(uploads()).toBe(3);
    expect(library.gaps()).toMatchObject([{ sceneId: ignored?.sceneId, state: 'ignored' }]);
    expect(left).toBeDefined();
  });

  it('that waits goes by a word for its field, and is counted with its scene as one that differs', async () => {
    const { world, pairs, db } = library;
    for (const at of pairs.keys()) {
      touch(at, { cover: { bytes: jpeg(`cover ${at}`), contentType: 'image/jpeg' } });
    }
    await library.reconciled({ origin: 'start', limit: 1 });
    await library.drained();
    expect(coverageCounts(db)).toMatchObject({ differs: 3, 'in-sync': 1 });
    expect(await world.choose('release-gaps', { field: 'genre' })).toMatchObject({ count: 0 });
    expect(await world.choose('release-gaps', { field: 'poster' })).toMatchObject({ count: 3 });
    await library.drained();
    expect(uploads()).toBe(4);
    expect(coverageCounts(db)).toMatchObject({ differs: 0, 'in-sync': 4 });
    const again = await library.reconciled();
    expect(again.figures).toMatchObject({ found: {}, covers: 0, waiting: 0 });
  });

  it('is left out by no run that calls all of it looked at: what finds no room in the list is counted', async () => {
    const { pairs, pair, put, db } = library;
    for (const at of pairs.keys()) {
      touch(at, { cover: { bytes: jpeg(`cover ${at}`), contentType: 'image/jpeg' } });
    }
    const since = library.nowMs - 1_000;
    writeState(db, missedSince, { since, until: since, reason: 'hooks' });
    fillGaps(db, gapsKept - gapsReserved - 2);
    const run = await library.reconciled({ origin: 'missed', limit: 1 });
    expect(run.figures).toMatchObject({ waiting: 3, unlisted: 1 });
    expect(gapCount(db)).toBe(gapsKept - gapsReserved);
    // The rest of the list is for others.
    put(pair(0), { title: 'Drifted' });
    await library.reconciled({ dry: true });
    expect(gapsIn(db, { ...anything, kind: 'stale', state: 'found' })).toBe(1);
    expect(readState(db, missedSince)).not.toBeNull();
  });
});

describe('[1.4 GAP-02] a kind of picture that was just switched on', () => {
  const byItself = { origin: 'schedule', limit: 3 } as const;

  it('is brought over by runs by themselves within their limit, without a word and without gaps', async () => {
    const { world, db } = library;
    await world.configure({
      plexReadTimeout: 1,
      plexWriteTimeout: 1,
      fields: 'background: mirror',
    });
    writeState(db, fullSyncNeeded, { since: library.nowMs - 1_000, reason: 'lost' });
    const first = await library.reconciled(byItself);
    expect(first.figures).toMatchObject({ covers: 3, waiting: 0, putOff: 1 });
    expect(first.figures.found).toEqual({});
    expect(runSummary(first)).toContain('1 picture was never compared and is left to later runs');
    expect(library.gaps()).toEqual([]);
    // It has not looked at all of it.
    expect(readState(db, fullSyncNeeded)).not.toBeNull();
    await library.drained();
    expect(uploads()).toBe(3);
    const second = await library.reconciled(byItself);
    expect(second.figures).toMatchObject({ covers: 1, waiting: 0, putOff: 0 });
    expect(readState(db, fullSyncNeeded)).toBeNull();
    await library.drained();
    expect(uploads()).toBe(4);
    const third = await library.reconciled(byItself);
    expect(third.figures).toMatchObject({ covers: 0, putOff: 0 });
  });

  it('goes by one run that a person asks for', async () => {
    await library.world.configure({
      plexReadTimeout: 1,
      plexWriteTimeout: 1,
      fields: 'background: mirror',
    });
    await library.reconciled({ ...byItself, limit: 0 });
    expect(uploads()).toBe(0);
    const run = await library.reconciled();
    expect(run.figures).toMatchObject({ covers: 4, putOff: 0 });
    await library.drained();
    expect(uploads()).toBe(4);
  });
});

describe('[1.4 ADV-02] [1.4 ADV-04] a rating', () => {
  it('follows Stash where it is PlexSync’s, and a person’s is told and kept', async () => {
    const { world, pair } = library;
    const rate = (at: number, rating100: number): void => {
      world.stash.store.changeScene(pair(at).sceneId, { rating100 }, { touch: true });
    };
    rate(0, 60);
    rate(1, 60);
    await library.reconciled();
    await library.drained();
    rate(0, 80);
    await fetch(
      `${world.plex.url}/:/rate?key=${pair(1).ratingKey}&identifier=com.plexapp.plugins.library&rating=2&X-Plex-Token=${world.plex.token}`,
      { method: 'PUT' },
    );
    await library.reconciled({ dry: true });
    expect(library.gaps()).toMatchObject([
      {
        ...pair(0),
        kind: 'stale',
        field: 'rating',
        confidence: 'definitely',
        stash: '8',
        plex: '6',
      },
      { ...pair(1), kind: 'edited', field: 'rating', stash: '6', plex: '2', toCome: null },
    ]);
  });
});
