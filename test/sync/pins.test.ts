// A person's choice holds: whatever happens to files, rating keys, the index or the whole library.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fastClock } from '../helpers/fastClock.ts';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

const film = { path: '/data/x/film.mp4', size: 10, seconds: 60 };
/** Another encoding of the same film: nothing but a person can tell. */
const other = { path: '/data/y/encoded.mp4', size: 99, seconds: 61.7 };

describe('[1.0 MATCH-03] a choice that a person made', () => {
  let world: World;
  let on: MatchingWorld;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
    on = matchingWorld(world);
  });
  afterEach(async () => {
    await world.close();
  });

  /** A scene whose file is in Plex under another name, chosen by a person, and in step. */
  const chosen = async (): Promise<{ scene: number; item: string }> => {
    const scene = on.scene(film);
    const item = on.item(other);
    world.startWorker(fastClock(60));
    world.edit(scene, { title: 'One' });
    await world.settled();
    expect(on.title(item)).toBe('scanned');
    await on.pin(scene, item);
    await until('it arrives', () => on.title(item) === 'One');
    return { scene, item };
  };

  it('is carried out at once, and every later edit follows it', async () => {
    const { scene, item } = await chosen();
    world.edit(scene, { title: 'Two' });
    await until('it arrives', () => on.title(item) === 'Two');
  });

  it('goes before a better match', async () => {
    const { scene, item } = await chosen();
    const better = on.item(film);
    world.edit(scene, { title: 'Two' });
    await until('it arrives', () => on.title(item) === 'Two');
    expect(on.title(better)).toBe('scanned');
  });

  it('survives an index that is made anew', async () => {
    const { scene, item } = await chosen();
    world.withStore((db) =>
      db.exec("DELETE FROM plex_part; DELETE FROM state WHERE name = 'index'"),
    );
    world.edit(scene, { title: 'Two' });
    await until('it arrives', () => on.title(item) === 'Two');
  });

  it('survives a new rating key of the item', async () => {
    const { scene, item } = await chosen();
    world.plex.library.removeItem(item);
    const renewed = on.item(other);
    world.edit(scene, { title: 'Two' });
    await until('it arrives', () => on.title(renewed) === 'Two');
    world.edit(scene, { title: 'Three' });
    await until('it arrives', () => on.title(renewed) === 'Three');
  });

  it.each(['same-item', 'new-item'] as const)(
    'survives a renamed file in Plex (%s)',
    async (movedFile) => {
      world.plex.switches.movedFile = movedFile;
      const { scene } = await chosen();
      const moved = world.plex.library.moveFile(other.path, '/data/z/renamed.mp4');
      world.edit(scene, { title: 'Two' });
      await until('it arrives', () => on.title(moved) === 'Two');
    },
  );

  it('survives a renamed file in Stash', async () => {
    const { scene, item } = await chosen();
    const files = (world.stash.store.scene(scene)?.files ?? []).map((file) => ({
      ...file,
      path: '/data/x/other name.mp4',
    }));
    world.stash.store.changeScene(scene, { files }, { touch: false });
    world.edit(scene, { title: 'Two' });
    await until('it arrives', () => on.title(item) === 'Two');
  });

  it('survives that all scenes are pushed anew', async () => {
    const { item } = await chosen();
    const better = on.item(film);
    for (const { id } of world.stash.store.scenes()) {
      world.stash.store.changeScene(id, { title: 'All anew' }, { touch: true });
      world.dropEvent('Scene.Update.Post', id);
    }
    await until('it arrives', () => on.title(item) === 'All anew');
    await world.settled();
    expect(on.title(better)).toBe('scanned');
  });

  it('is not believed of another Plex, in which the rating key is another item', async () => {
    const { scene, item } = await chosen();
    world.plex.library.removeItem(item);
    const stranger = on.item({ path: '/data/q/stranger.mp4', size: 5, seconds: 5 });
    // As after a Plex was set up anew: the same number, another video.
    world.withStore((db) => {
      db.prepare('UPDATE pin SET rating_key = ? WHERE scene_id = ?').run(stranger, scene);
      db.prepare('UPDATE scene_state SET rating_key = ? WHERE scene_id = ?').run(stranger, scene);
    });
    world.edit(scene, { title: 'Two' });
    await world.settled();
    await until('a person is asked', () => on.reason(scene) === 'review');
    expect(on.title(stranger)).toBe('scanned');
  });

  it('whose item is gone from Plex is asked for anew, and never replaced by a guess', async () => {
    const { scene, item } = await chosen();
    const better = on.item(film);
    world.plex.library.removeItem(item);
    world.edit(scene, { title: 'Two' });
    await until('a person is asked', () => on.reason(scene) === 'review');
    await world.settled();
    expect(on.title(better)).toBe('scanned');
    const back = on.item(other);
    await until('it is known again', () => on.title(back) === 'Two');
  });

  it('can be taken back: then PlexSync finds the item by itself', async () => {
    const { scene } = await chosen();
    const better = on.item(film);
    await world.choose('unpin', { scene });
    await until('it is found', () => on.itemOfScene(scene) === better);
    await until('it arrives', () => on.title(better) === 'One');
  });

  it('“never” is never pushed, whatever would push it', async () => {
    const scene = on.scene(film);
    const item = on.item(film);
    world.startWorker(fastClock(60));
    world.edit(scene, { title: 'One', studio: 'Studio', tags: ['Tag'] });
    await world.settled();
    expect(on.title(item)).toBe('One');
    await on.never(scene);
    await until('it is excluded', () => on.reason(scene) === 'excluded');
    const writes = world.plex.counts().writes;

    world.edit(scene, { title: 'An edit' });
    await world.settled();
    // A fan-out.
    const [studio] = [...world.stash.store.entities('studio')];
    if (studio === undefined) throw new Error('no studio');
    world.stash.store.changeEntity('studio', studio.id, { name: 'Renamed' });
    world.dropEvent('Studio.Update.Post', studio.id);
    await world.settled();
    // A new file in Plex, and an index made anew.
    const again = on.item({ ...film, path: '/data/x/again/film.mp4' });
    world.withStore((db) =>
      db.exec("DELETE FROM plex_part; DELETE FROM state WHERE name = 'index'"),
    );
    world.edit(scene, { title: 'Another edit' });
    await world.settled();
    // The item under a new rating key, and other mappings.
    world.plex.library.removeItem(item);
    const renewed = on.item(film);
    await world.configure({ pathMappings: '/data=>/data' });
    world.edit(scene, { title: 'A third edit' });
    await world.settled();
    // A link of an older tool.
    world.stash.store.changeScene(
      scene,
      { urls: [`plex/library/metadata/${renewed}`] },
      { touch: true },
    );
    world.edit(scene, { title: 'A fourth edit' });
    await world.settled();

    expect(world.plex.counts().writes).toBe(writes);
    expect([on.title(renewed), on.title(again)]).toEqual(['scanned', 'scanned']);
    expect(on.reason(scene)).toBe('excluded');
  });

  it('“never” that comes while its scene is on its way stops what is not written yet', async () => {
    const pairs = world.addPairs(40);
    world.plex.switches.writeServiceMs = 20;
    world.startWorker();
    world.editAll(pairs, 'One');
    await until('the batch is on its way', () => world.titled(pairs, 'One') > 2);
    const last = pairs.at(-1);
    if (last === undefined) throw new Error('no pair');
    await on.never(last.sceneId);
    await world.settled();
    const writes = world.plex.counts().writes;
    world.edit(last.sceneId, { title: 'Two' });
    await world.settled();
    expect(on.title(last.ratingKey)).not.toBe('Two');
    expect(world.plex.counts().writes).toBe(writes);
  });
});

describe('[1.0 MATCH-01] a link that an older tool left at the scene', () => {
  let world: World;
  let on: MatchingWorld;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
    on = matchingWorld(world);
  });
  afterEach(async () => {
    await world.close();
  });

  it('decides between two items of the same file, and is remembered', async () => {
    const scene = on.scene({ path: '/stash/film.mp4' });
    const items = [
      on.item({ path: '/data/a/film.mp4' }),
      on.item({ path: '/data/b/film.mp4' }),
    ] as const;
    world.stash.store.changeScene(
      scene,
      { urls: ['https://example.org/film', `plex/library/metadata/${items[1]}`] },
      { touch: true },
    );
    world.startWorker();
    world.edit(scene, { title: 'One' });
    await world.settled();
    expect(items.map(on.title)).toEqual(['scanned', 'One']);
    world.stash.store.changeScene(scene, { urls: [] }, { touch: true });
    world.edit(scene, { title: 'Two' });
    await world.settled();
    expect(items.map(on.title)).toEqual(['scanned', 'Two']);
  });

  it('that names an item of another file is not believed', async () => {
    const scene = on.scene({ path: '/data/film.mp4', size: 1, seconds: 10 });
    const right = on.item({ path: '/data/film.mp4', size: 1, seconds: 10 });
    const stranger = on.item({ path: '/data/stranger.mp4', size: 2, seconds: 20 });
    world.stash.store.changeScene(
      scene,
      { urls: [`plex/library/metadata/${stranger}`] },
      { touch: true },
    );
    world.startWorker();
    world.edit(scene, { title: 'One' });
    await world.settled();
    expect([on.title(right), on.title(stranger)]).toEqual(['One', 'scanned']);
  });
});
