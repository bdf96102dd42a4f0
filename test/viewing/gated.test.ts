// A scene that the settings keep out of Plex, though it had an item before they did: what was watched of
// it does not go there either.
import { afterEach, expect, test } from 'vitest';
import { type Kit, openKit } from './kit.ts';

let kit: Kit | null = null;
afterEach(async () => {
  await kit?.close();
  kit = null;
});

test.each([
  ['before the scene was compared with Plex again', false],
  ['after it', true],
])('a scene that may not go to Plex goes neither way, %s [1.2 SYNC-01]', async (_when, edited) => {
  kit = await openKit(2);
  const { world, pairs } = kit;
  const [one, two] = pairs;
  if (one === undefined || two === undefined) throw new Error('no pair');
  world.edit(one.sceneId, { tags: ['Private'] });
  await kit.turns(20, 1000);
  await kit.set({ viewing: 'watched, resume, rating', neverWithTags: 'Private' });
  if (edited) {
    world.edit(one.sceneId, { title: 'Edited' });
    await kit.turns(40, 1000);
  }
  for (const { sceneId } of pairs) kit.play(sceneId, kit.nowMs);
  world.plex.library.setSeen(one.ratingKey, { userRating: 8 });
  await kit.pass(true);
  expect(world.plex.library.seen(two.ratingKey).viewCount).toBe(1);
  expect(world.plex.library.seen(one.ratingKey).viewCount).toBe(0);
  expect(kit.scene(one.sceneId).rating100).toBeNull();
});
