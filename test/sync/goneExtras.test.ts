// What is beside the text of a scene that is deleted from Stash: with `withdrawWhenGone` the locks on
// its pictures and its rating go, where they are still PlexSync's. And ratings of items that Plex has
// no more are forgotten.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ratingOf, recordRating } from '../../src/store/mirror/rating.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { jpeg } from '../helpers/pictures.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';
import { openBatches } from './batches.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
});

const item = ({ ratingKey }: Pair) => {
  const found = world.plex.library.item(ratingKey);
  if (found === undefined) throw new Error(`no item ${ratingKey}`);
  return found;
};

async function rateByPerson({ ratingKey }: Pair, rating: number): Promise<void> {
  const query = `key=${ratingKey}&identifier=com.plexapp.plugins.library&rating=${rating}`;
  const target = `${world.plex.url}/:/rate?${query}&X-Plex-Token=${world.plex.token}`;
  expect((await fetch(target, { method: 'PUT' })).ok).toBe(true);
}

describe('[1.0 MATCH-02] a scene with a cover and a rating that is gone from Stash', () => {
  /** In Plex with its text, poster, background and rating. */
  async function inStep(withdrawWhenGone: boolean, had?: (pair: Pair) => Promise<void>) {
    await world.configure({ withdrawWhenGone, fields: 'background: mirror' });
    const pair = world.addPair();
    await had?.(pair);
    world.startWorker(fastClock(60));
    const cover = { bytes: jpeg('ours'), contentType: 'image/jpeg' };
    const change = { title: 'From Stash', rating100: 80, cover };
    world.stash.store.changeScene(pair.sceneId, change, { touch: true });
    world.dropEvent('Scene.Update.Post', pair.sceneId);
    await until('all is there', () => {
      const { locked, userRating } = item(pair);
      return locked.includes('thumb') && locked.includes('art') && userRating === 8;
    });
    await world.settled();
    return pair;
  }
  async function destroy(pair: Pair): Promise<void> {
    world.stash.store.removeScene(pair.sceneId);
    world.dropEvent('Scene.Destroy.Post', pair.sceneId);
    await world.settled();
  }

  it('loses the locks on its pictures and the rating, and keeps the pictures', async () => {
    const pair = await inStep(true);
    const { posters, arts } = item(pair);
    await destroy(pair);
    expect(item(pair)).toMatchObject({ posters, arts, locked: [] });
    expect(item(pair).userRating).toBeUndefined();
    expect(item(pair).title).not.toBe('From Stash');
  });

  it('keeps them where that is not set', async () => {
    const pair = await inStep(false);
    const before = item(pair);
    await destroy(pair);
    expect(item(pair)).toEqual(before);
  });

  it('keeps what a person chose and rated since', async () => {
    const pair = await inStep(true);
    world.plex.library.setImageByPerson(pair.ratingKey, 'posters', jpeg('mine'));
    await rateByPerson(pair, 3);
    await destroy(pair);
    expect(item(pair)).toMatchObject({ locked: ['thumb'], userRating: 3 });
  });

  it('keeps a rating that a person had given already', async () => {
    const pair = await inStep(true, (it) => rateByPerson(it, 8));
    await destroy(pair);
    expect(item(pair)).toMatchObject({ locked: [], userRating: 8 });
  });

  it('is withdrawn all the same after a Plex that failed for a while', async () => {
    const pair = await inStep(true);
    world.plex.switches.failEverything = { status: 500, on: 'writes', count: 3 };
    await destroy(pair);
    await until('it is withdrawn', () => item(pair).locked.length === 0);
    expect(item(pair).userRating).toBeUndefined();
    await world.settled();
  });
});

describe('a rating of an item that Plex has no more', () => {
  it('is forgotten after the next walk of all of Plex, and no other', async () => {
    const batches = await openBatches(world);
    const [gone, there] = world.addPairs(2);
    if (gone === undefined || there === undefined) throw new Error('no pairs');
    const first = await batches.life();
    const sectionId = world.plex.library.item(there.ratingKey)?.sectionId ?? '';
    for (const { ratingKey, sceneId } of [gone, there]) {
      recordRating(first.db, { ratingKey, sectionId, sceneId }, 8, true);
    }
    recordRating(first.db, { ratingKey: '990099', sectionId: '99', sceneId: 99 }, 8, true);
    await first.close();
    world.plex.library.removeItem(gone.ratingKey);
    batches.nowMs += 25 * 3_600_000;
    const { db } = await batches.life();
    const known = [gone.ratingKey, there.ratingKey, '990099'].map(
      (key) => ratingOf(db, key).pushed,
    );
    expect(known).toEqual([undefined, 8, 8]);
    await batches.close();
  });
});
