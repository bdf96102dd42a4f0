// A run of the reconciliation in a whole world: what no hook told is found and pushed by the queue, a
// dry run changes nothing, and what cannot be proven is not told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gapPage } from '../../src/store/mirror/gap.ts';
import { beginRun, lastRuns, type NewRun, type Run, runUnderWay } from '../../src/store/run/run.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { openTurns, type Turns } from '../sync/turns.ts';
import type { Pair } from '../helpers/world.ts';
import { allRows } from '../store/support.ts';

const whole: NewRun = {
  origin: 'person',
  scope: { since: null, until: null, library: null, kinds: null },
  dry: false,
  limit: null,
};
const anything = { kind: null, field: null, state: null, confidence: null };

let turns: Turns;
let pairs: readonly Pair[];

/** Ten scenes in step with Plex. */
beforeEach(async () => {
  turns = await openTurns();
  const { world } = turns;
  pairs = world.addPairs(10);
  for (const { sceneId } of pairs) {
    world.edit(sceneId, { title: `Scene ${sceneId}`, studio: 'One', tags: ['a', 'b'] });
  }
  await turns.turns(30, 1_000);
  expect(allRows(turns.db, 'queue')).toEqual([]);
});
afterEach(async () => {
  await turns.close();
});

const pairAt = (at: number): Pair => {
  const pair = pairs[at];
  if (pair === undefined) throw new RangeError(`no pair ${at}`);
  return pair;
};

function begin(more: Partial<NewRun> = {}): Run {
  const { db, nowMs } = turns;
  const run = transaction(db, () => beginRun(db, { ...whole, ...more }, nowMs));
  if (run === null) throw new Error('another run is under way');
  return run;
}

/** To its end, with a second between two turns. */
async function reconciled(more: Partial<NewRun> = {}): Promise<Run> {
  begin(more);
  for (let made = 0; made < 100 && runUnderWay(turns.db) !== null; made += 1) {
    await turns.turns(1, 1_000);
  }
  const [run] = lastRuns(turns.db, 1);
  if (run === undefined || run.state === 'running') throw new Error('the run did not end');
  return run;
}

const found = () =>
  gapPage(turns.db, anything, 0, 100).map(({ sceneId, kind, field }) => [sceneId, kind, field]);
const writes = (): number =>
  turns.world.plex.accessLog.filter(({ method }) => method !== 'GET').length;

/** Texts in an item of Plex that nobody has locked. */
function put(
  { ratingKey }: Pair,
  text: Readonly<Partial<Record<'studio' | 'title', string>>>,
): void {
  const entry = turns.library.find(ratingKey);
  if (entry === undefined) throw new RangeError(`no item ${ratingKey}`);
  const { state } = entry;
  turns.library.replace(entry, { ...state, text: { ...state.text, ...text }, locked: [] });
}

describe('[1.4 RECON-01] a library in step', () => {
  it('has no gaps, costs no write, and one request per 50 scenes on each side', async () => {
    const before = writes();
    const run = await reconciled();
    expect(found()).toEqual([]);
    expect(run.figures).toMatchObject({ scenes: 10, unread: 0, found: {}, queued: {} });
    expect(run.figures).toMatchObject({ stashRequests: 1, plexRequests: 1 });
    expect(writes()).toBe(before);
  });
});

describe('[1.4 GAP-01] [1.4 GAP-02] [1.4 GAP-04] what no hook told', () => {
  it('is found field by field and pushed by the queue', async () => {
    const { world } = turns;
    const [tagged, emptied, refreshed] = [pairAt(0), pairAt(1), pairAt(2)];
    const tag = world.stash.store.addEntity('tag', { name: 'auto' });
    world.stash.library.autoTag(tagged.sceneId, [tag]);
    const { library } = turns;
    // As a refresh of Plex's leaves them.
    put(emptied, { studio: '' });
    put(refreshed, { title: 'scanned' });
    const run = await reconciled();
    expect(run.figures.found).toEqual({ 'stale:genre': 1, 'empty:studio': 1, 'stale:title': 1 });
    expect(run.figures.queued).toEqual(run.figures.found);
    await turns.turns(20, 1_000);
    expect(library.item(tagged.ratingKey)?.genres).toContain('auto');
    expect(library.item(refreshed.ratingKey)?.title).toBe(`Scene ${refreshed.sceneId}`);
    expect(library.item(emptied.ratingKey)?.studio).toBe('One');
    const again = await reconciled();
    expect(again.figures.found).toEqual({});
  });

  it('a dry run lists, and leaves as it is', async () => {
    const { world } = turns;
    const { sceneId } = pairAt(0);
    const tag = world.stash.store.addEntity('tag', { name: 'auto' });
    world.stash.library.autoTag(sceneId, [tag]);
    const before = writes();
    await reconciled({ dry: true });
    expect(gapPage(turns.db, anything, 0, 10)).toMatchObject([
      { sceneId, kind: 'stale', field: 'genre', confidence: 'definitely', state: 'found' },
    ]);
    expect(allRows(turns.db, 'queue')).toEqual([]);
    expect(writes()).toBe(before);
  });
});

describe('[1.4 GAP-03] what is not there', () => {
  it('a scene that Plex has no item for, one that is gone, an item gone, an item without a scene', async () => {
    const { world } = turns;
    const [gone, lost] = [pairAt(0), pairAt(1)];
    const path = '/elsewhere/new.mp4';
    const missing = world.stash.store.addScene({ files: [{ path, size: 5, durationSeconds: 60 }] });
    world.stash.store.removeScene(gone.sceneId);
    world.plex.library.removeItem(lost.ratingKey);
    const alone = world.plex.library.addItem(world.section, {
      title: 'alone',
      files: [{ path: '/data/alone.mp4', size: 7, durationMs: 60_000 }],
    });
    // By itself with a limit of none: what is found stays as it is.
    await reconciled({ origin: 'schedule', limit: 0 });
    expect(found()).toEqual(
      expect.arrayContaining([
        [gone.sceneId, 'scene-gone', ''],
        [missing, 'missing', ''],
        [0, 'no-scene', ''],
      ]),
    );
    expect(gapPage(turns.db, { ...anything, kind: 'no-scene' }, 0, 10)).toMatchObject([
      { ratingKey: alone, plex: 'alone', state: 'told' },
    ]);
  });

  it('is not told of items that a library does not show while it is rebuilt', async () => {
    const { library } = turns;
    const { ratingKey } = pairAt(0);
    for (const pair of pairs) library.removeItem(pair.ratingKey);
    const run = await reconciled();
    expect(library.item(ratingKey)).toBeUndefined();
    expect(found()).toEqual([]);
    expect(run.figures).toMatchObject({ unread: 10, queued: {} });
  });
});

describe('a run that is killed', () => {
  it('goes on where it was, and finds each gap once', async () => {
    const { world } = turns;
    const tag = world.stash.store.addEntity('tag', { name: 'auto' });
    for (const { sceneId } of pairs) world.stash.library.autoTag(sceneId, [tag]);
    begin({ dry: true });
    for (let made = 0; made < 100 && runUnderWay(turns.db) !== null; made += 1) {
      await turns.turns(1, 1_000);
      await turns.restart();
    }
    const [run] = lastRuns(turns.db, 1);
    expect(run?.figures.found).toEqual({ 'stale:genre': 10 });
  });
});
