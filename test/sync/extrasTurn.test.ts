// An edit that comes while many pictures are sent to a slow Plex: it waits for a few of them, and not
// for as many as fit into a turn. Counted in pictures, not in time.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jpeg } from '../helpers/pictures.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.configure();
});
afterEach(async () => {
  await world.close();
});

describe('[1.0 QUEUE-03] an edit among pictures that Plex takes slowly', () => {
  it('waits for a few of them only', async () => {
    const pairs = world.addPairs(12);
    for (const { sceneId } of pairs) {
      const bytes = jpeg(`cover ${sceneId}`);
      const cover = { bytes, contentType: 'image/jpeg' };
      world.stash.store.changeScene(sceneId, { cover }, { touch: true });
    }
    world.editAll(pairs, 'Ours');
    world.startWorker();
    await until('the text is there', () => world.titled(pairs, 'Ours') === pairs.length);
    world.plex.switches.writeServiceMs = 1_000;
    const before = world.plex.counts().uploads;
    await until('the next picture is there', () => world.plex.counts().uploads > before);
    const late = world.addPair();
    world.edit(late.sceneId, { title: 'Late' });
    const atEdit = world.plex.counts().uploads;
    await until('the edit is there', () => world.titled([late], 'Late') === 1);
    expect(world.plex.counts().uploads - atEdit).toBeLessThanOrEqual(6);
    world.plex.switches.writeServiceMs = 0;
    await world.settled();
    expect(world.plex.counts().uploads).toBe(pairs.length);
  }, 60_000);
});
