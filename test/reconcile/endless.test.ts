// Edits that never end: a run gives way to them, and gets on all the same.
import { afterEach, describe, expect, it } from 'vitest';
import { lastRuns, runUnderWay } from '../../src/store/run/run.ts';
import { index, readState, writeState } from '../../src/store/file/state.ts';
import { allRows } from '../store/support.ts';
import { type InStep, openInStep } from './inStep.ts';

let library: InStep;
afterEach(async () => {
  await library.close();
});

/** An edit before each turn, and so many ms after it, until no run is under way. @returns ms */
async function edited(everyMs: number, afterTurn: () => void = () => {}): Promise<number> {
  const { world, db, pair } = library;
  const from = library.nowMs;
  for (let made = 0; made < 2_000 && runUnderWay(db) !== null; made += 1) {
    world.edit(pair(0).sceneId, { title: `Edit ${made}` });
    await library.turn();
    afterTurn();
    library.nowMs += everyMs;
  }
  return library.nowMs - from;
}

/** Plex's libraries were walked through since the run began. */
function walkedJustNow(): void {
  const { db, nowMs } = library;
  const known = readState(db, index);
  if (known === null) throw new Error('there is no index');
  writeState(db, index, { ...known, fullWalkAt: nowMs });
}

describe('[1.4 RECON-01] edits without end', () => {
  it('do not hold a run up: it has a step every five seconds beside them', async () => {
    library = await openInStep(220);
    const { db, world } = library;
    const { id } = library.begin({ dry: true });
    walkedJustNow();
    const ms = await edited(500);
    expect(lastRuns(db, 1)).toMatchObject([{ id, state: 'ended', figures: { scenes: 220 } }]);
    // Five pages; before them what earlier runs told is put away and Plex is looked through, behind
    // them are the items.
    expect(ms).toBeLessThanOrEqual(9 * 6_000);
    expect(ms).toBeGreaterThan(6 * 5_000);
    // The edits went on meanwhile.
    expect(world.plex.library.item(library.pair(0).ratingKey)?.title).toMatch(/^Edit /);
  }, 60_000);

  it('do not make a run queue more than its last page: what that queued is pushed before the next', async () => {
    library = await openInStep(160);
    const { db, world, pairs } = library;
    const found = world.stash.store.addTag({ name: 'found' });
    for (const { sceneId } of pairs) world.stash.library.autoTag(sceneId, [found]);
    library.begin();
    let most = 0;
    await edited(20_000, () => {
      most = Math.max(most, allRows(db, 'queue').length);
    });
    // The scene that is edited gets its tag with the edit.
    expect(lastRuns(db, 1)).toMatchObject([
      { state: 'ended', figures: { scenes: 160, queued: { 'stale:genre': 159 } } },
    ]);
    expect(most).toBeLessThanOrEqual(51);
    await library.drained();
    const tagged = pairs.filter(({ ratingKey }) =>
      world.plex.library.item(ratingKey)?.genres.includes('found'),
    );
    expect(tagged).toHaveLength(160);
  }, 60_000);

  it('have no walk through all of Plex among them for ten minutes, and one then', async () => {
    library = await openInStep(4);
    const { db, world, pair } = library;
    const { id } = library.begin({ dry: true });
    const from = library.nowMs;
    let walkedAt = Number.POSITIVE_INFINITY;
    await edited(20_000, () => {
      const phase = runUnderWay(db)?.place.phase;
      if (phase === 'scenes') walkedAt = Math.min(walkedAt, library.nowMs);
    });
    expect(lastRuns(db, 1)).toMatchObject([{ id, state: 'ended' }]);
    expect(walkedAt - from).toBeGreaterThanOrEqual(600_000);
    expect(walkedAt - from).toBeLessThan(720_000);
    // Who has nothing to walk through does not wait, nor does anybody where edits pause.
    const { id: next } = library.begin({ dry: true });
    walkedJustNow();
    expect(await edited(20_000)).toBeLessThan(300_000);
    expect(lastRuns(db, 1)).toMatchObject([{ id: next, state: 'ended' }]);
    const { id: last } = library.begin({ dry: true });
    world.edit(pair(0).sceneId, { title: 'The last one' });
    await library.turns(20, 1_000);
    expect(lastRuns(db, 1)).toMatchObject([{ id: last, state: 'ended' }]);
  }, 60_000);

  it('do not keep a run that is due by itself from being begun', async () => {
    library = await openInStep(4);
    const { db, world, pair } = library;
    await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1, reconcileEvery: 'hourly' });
    const hour = 3_600_000;
    const until = library.nowMs + 2 * hour;
    for (let made = 0; library.nowMs < until; made += 1) {
      world.edit(pair(0).sceneId, { title: `Edit ${made}` });
      await library.turn();
      library.nowMs += 60_000;
    }
    expect(lastRuns(db, 9).map(({ origin, state }) => [origin, state])).toContainEqual([
      'schedule',
      'ended',
    ]);
  }, 60_000);
});
