// The first push to an item: what a person locked is kept, what the scanner made is replaced, what
// is equal already is adopted without a write.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.ts';

describe('first contact', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
  });
  afterEach(async () => {
    await world.close();
  });

  it('keeps a field that is locked in Plex and replaces one that is not', async () => {
    const { sceneId, ratingKey } = world.addPair();
    world.plex.library.setByPerson(ratingKey, { summary: 'My own words', genres: ['Mine'] });
    world.startWorker();
    world.edit(sceneId, { title: 'From Stash', details: 'From Stash', tags: ['Stash'] });
    await world.settled();
    expect(world.plex.library.item(ratingKey)).toMatchObject({
      title: 'From Stash',
      summary: 'My own words',
      genres: ['Mine'],
    });
    expect(world.logText()).toContain('"kept":"summary, genre"');
  });

  it('replaces what the scanner put into an unlocked list', async () => {
    const { sceneId, ratingKey } = world.addPair();
    world.plex.library.setByPerson(ratingKey, { genres: ['Scanned'], locked: [] });
    world.startWorker();
    world.edit(sceneId, { tags: ['Stash'] });
    await world.settled();
    expect(world.plex.library.item(ratingKey)?.genres).toEqual(['Stash']);
  });

  it('clears nothing for a scene that has no metadata yet', async () => {
    const { sceneId, ratingKey } = world.addPair();
    world.plex.library.setByPerson(ratingKey, { summary: 'Scanned', locked: [] });
    world.startWorker();
    world.dropEvent('Scene.Create.Post', sceneId);
    await world.settled();
    expect(world.plex.library.item(ratingKey)?.summary).toBe('Scanned');
    expect(world.plex.counts().writes).toBe(0);
  });

  it('writes nothing when the data file was lost after 50 pushes and all is synced anew', async () => {
    const pairs = world.addPairs(50);
    const first = world.startWorker();
    for (const { sceneId } of pairs) {
      world.edit(sceneId, { title: `Scene ${sceneId}`, tags: ['A', 'B'], performers: ['P'] });
    }
    await world.settled();
    await first.stop();
    for (const ending of ['', '-wal', '-shm']) {
      rmSync(join(world.data, `plex-sync.db${ending}`), { force: true });
    }
    world.plex.resetCounts();
    world.startWorker();
    for (const { sceneId } of pairs) world.dropEvent('Scene.Update.Post', sceneId);
    await world.settled();
    expect(world.plex.counts().writes).toBe(0);
    expect(world.status().scenes.matched).toBe(50);
  });
});
