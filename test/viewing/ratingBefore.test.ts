// Ratings that went to Plex one way before they went both ways, and do so again.
import { afterEach, expect, test } from 'vitest';
import { type Kit, openKit } from './kit.ts';

let kit: Kit | null = null;
afterEach(async () => {
  await kit?.close();
  kit = null;
});

test('ratings that went one way before, and do so again, are lost on neither side [1.2 SYNC-01]', async () => {
  kit = await openKit(2);
  const { world, pairs } = kit;
  const [one] = pairs;
  if (one === undefined) throw new Error('no pair');
  const fields = 'all: off, title: mirror, rating: mirror';
  await kit.set({ fields });
  world.stash.store.changeScene(one.sceneId, { rating100: 73 }, { touch: true });
  world.edit(one.sceneId, { title: 'Rated' });
  await kit.turns(60, 1000);
  expect(world.plex.library.seen(one.ratingKey).userRating).toBe(7);
  await kit.set({ fields, viewing: 'rating' });
  world.edit(one.sceneId, { title: 'Rated again' });
  await kit.turns(60, 1000);
  await kit.pass(true);
  const has = (): unknown => [
    kit?.scene(one.sceneId).rating100,
    world.plex.library.seen(one.ratingKey).userRating,
  ];
  expect(has()).toEqual([73, 7]);
  world.plex.library.setSeen(one.ratingKey, {
    userRating: 4,
    lastRatedAt: Math.floor(kit.nowMs / 1000),
  });
  await kit.pass(true);
  expect(has()).toEqual([40, 4]);
  await kit.set({ fields, viewing: '' });
  world.edit(one.sceneId, { title: 'Rated once more' });
  await kit.turns(60, 1000);
  expect(has()).toEqual([40, 4]);
});
