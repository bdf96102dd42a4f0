// `plexsync watch` while there is much to push: edits are noticed, and the reconciliation goes on.
import { expect, it, onTestFinished } from 'vitest';
import { watching } from '../../src/cli/watchWork.ts';
import { openReconciling } from '../../src/reconcile/reconciling.ts';
import { runUnderWay } from '../../src/store/run/run.ts';
import { connection, writeState } from '../../src/store/file/state.ts';
import { openTurns, type Turns } from '../sync/turns.ts';
import type { Pair } from '../helpers/world.ts';

const everyMs = 5_000;
/** A slow Plex: a turn takes longer than `watch` lets pass between two looks. */
const turnMs = 10_000;
const dayMs = 24 * 3_600_000;

/** Scenes changed long ago, none of which is pushed yet. */
async function openFirstPass(count: number): Promise<{ turns: Turns; pairs: readonly Pair[] }> {
  let aheadMs = -dayMs;
  const turns = await openTurns(
    { stash: { nowMs: () => Date.now() + aheadMs } },
    { sideWork: (db) => watching(db, openReconciling(db), everyMs) },
  );
  onTestFinished(async () => await turns.close());
  const { world, db } = turns;
  const pairs = world.addPairs(count);
  for (const { sceneId } of pairs)
    world.stash.store.changeScene(sceneId, { title: 'Old' }, { touch: true });
  aheadMs = 0;
  const address = { scheme: 'http', host: '127.0.0.1', port: world.stash.port } as const;
  writeState(db, connection, { ...address, cookie: null, apiKey: null, pluginDir: '' });
  return { turns, pairs };
}

it('an edit of a scene that was pushed is noticed during the first pass, and goes before the rest', async () => {
  const { turns, pairs } = await openFirstPass(400);
  const { world } = turns;
  const pushed = (): readonly Pair[] =>
    pairs.filter(({ ratingKey }) => world.plex.library.item(ratingKey)?.title === 'Old');
  for (let made = 0; made < 20 && pushed().length < 100; made += 1) await turns.turns(1, turnMs);
  const [edited] = pushed();
  if (edited === undefined) throw new TypeError('none was pushed');
  world.stash.store.changeScene(edited.sceneId, { title: 'New' }, { touch: true });
  await turns.turns(4, turnMs);
  expect(world.titled([edited], 'New')).toBe(1);
  expect(pushed().length).toBeLessThan(pairs.length - 1);
}, 60_000);

it('a reconciliation goes on during the first pass, and looks at Stash do too', async () => {
  const { turns, pairs } = await openFirstPass(400);
  const { world, db } = turns;
  await turns.turns(3, turnMs);
  await world.choose('reconcile', {});
  const placeOf = (): string | undefined => runUnderWay(db)?.place.phase;
  const looks = (): number =>
    world.stash.accessLog.filter(({ body }) => body.includes('SceneTimesAfter')).length;
  expect(placeOf()).toBe('tidy');
  const before = looks();
  await turns.turns(5, turnMs);
  expect(placeOf()).not.toBe('tidy');
  expect(looks()).toBeGreaterThan(before);
  expect(world.titled(pairs, 'Old')).toBeLessThan(pairs.length);
}, 60_000);
