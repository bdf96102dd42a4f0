// The scope of a run: which scenes, which library, which kinds of gaps; and what a person's word does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gapPage } from '../../src/store/mirror/gap.ts';
import { beginRun, lastRuns, type NewRun, type Run, runUnderWay } from '../../src/store/run/run.ts';
import { transaction } from '../../src/store/file/sql.ts';
import type { Pair } from '../helpers/world.ts';
import { openTurns, type Turns } from '../sync/turns.ts';
import { allRows } from '../store/support.ts';

const scope = { since: null, until: null, library: null, kinds: null };
const anything = { kind: null, field: null, state: null, confidence: null };

let turns: Turns;
let pairs: readonly Pair[];

/** Four scenes in step, each then given a tag that no hook told. */
beforeEach(async () => {
  turns = await openTurns();
  const { world } = turns;
  pairs = world.addPairs(4);
  for (const { sceneId } of pairs) world.edit(sceneId, { title: `Scene ${sceneId}` });
  await turns.turns(20, 1_000);
  expect(allRows(turns.db, 'queue')).toEqual([]);
  const tag = world.stash.store.addEntity('tag', { name: 'auto' });
  for (const { sceneId } of pairs) world.stash.library.autoTag(sceneId, [tag]);
});
afterEach(async () => {
  await turns.close();
});

async function reconciled(more: Partial<NewRun>): Promise<Run> {
  const { db, nowMs } = turns;
  const wanted: NewRun = { origin: 'person', scope, dry: true, limit: null, ...more };
  transaction(db, () => beginRun(db, wanted, nowMs));
  for (let made = 0; made < 100 && runUnderWay(db) !== null; made += 1) {
    await turns.turns(1, 1_000);
  }
  const [run] = lastRuns(db, 1);
  if (run === undefined || run.state === 'running') throw new Error('the run did not end');
  return run;
}

describe('[1.4 GAP-05] [1.4 AUTO-03] the scope by time', () => {
  it('has scenes changed since then, and before then', async () => {
    const hourMs = 3_600_000;
    const realNow = Date.now();
    const lately = await reconciled({ scope: { ...scope, since: realNow - hourMs } });
    expect(lately.figures.found).toEqual({ 'empty:genre': 4 });
    const later = await reconciled({ scope: { ...scope, since: realNow + hourMs } });
    expect(later.figures).toMatchObject({ scenes: 0, found: {} });
    const earlier = await reconciled({ scope: { ...scope, until: realNow - hourMs } });
    expect(earlier.figures.found).toEqual({});
  });
});

describe('[1.4 ADV-03] the scope by library', () => {
  it('has the scenes whose items are in it, by name or number, and no others', async () => {
    const own = await reconciled({ scope: { ...scope, library: 'videos' } });
    expect(own.figures.found).toEqual({ 'empty:genre': 4 });
    const byNumber = await reconciled({ scope: { ...scope, library: turns.world.section } });
    expect(byNumber.figures.found).toEqual({ 'empty:genre': 4 });
    const none = await reconciled({ scope: { ...scope, library: 'No such library' } });
    expect(none).toMatchObject({ state: 'stopped', figures: { scenes: 0 } });
  });
});

describe('a scope by kind', () => {
  it('has gaps of those kinds alone', async () => {
    const run = await reconciled({ scope: { ...scope, kinds: ['stale', 'missing'] } });
    expect(run.figures).toMatchObject({ scenes: 4, found: {} });
  });
});

describe('gaps above the limit', () => {
  it('wait for a word, and are pushed when it is said', async () => {
    const { db, world } = turns;
    // A scene that was saved a second later has another address of its cover, which may wait as well.
    await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1, fields: 'poster: off' });
    const run = await reconciled({ origin: 'schedule', dry: false, limit: 1 });
    expect(run.figures).toMatchObject({ queued: { 'empty:genre': 1 }, waiting: 3 });
    expect(gapPage(db, { ...anything, state: 'waiting' }, 0, 10)).toHaveLength(3);
    const answer = await world.choose('release-gaps', {});
    expect(answer).toMatchObject({ count: 3 });
    await turns.turns(20, 10_000);
    for (const { ratingKey } of pairs) {
      expect(world.plex.library.item(ratingKey)?.genres).toEqual(['auto']);
    }
    const after = await reconciled({});
    expect(after.figures.found).toEqual({});
  });
});
