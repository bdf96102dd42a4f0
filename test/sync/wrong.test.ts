// Wrong is never written: where two could be meant, nothing is, and a person is asked.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readState, survey } from '../../src/store/file/state.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

describe('[1.0 MATCH-01] [1.0 MATCH-03] an item that is not surely the scene’s is never written to', () => {
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

  it('of one name in two folders, the one of the same size is it', async () => {
    const scene = on.scene({ path: '/stash/x/scene.mp4', size: 11 });
    const other = on.item({ path: '/data/a/scene.mp4', size: 10 });
    const right = on.item({ path: '/data/b/scene.mp4', size: 11 });
    world.startWorker();
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect([on.title(right), on.title(other)]).toEqual(['New', 'scanned']);
  });

  it('of one name and size in two folders neither is, and a person is asked', async () => {
    const scene = on.scene({ path: '/stash/x/scene.mp4' });
    const items = [on.item({ path: '/data/a/scene.mp4' }), on.item({ path: '/data/b/scene.mp4' })];
    world.startWorker();
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect(items.map(on.title)).toEqual(['scanned', 'scanned']);
    expect(on.reason(scene)).toBe('review');
    expect(on.reviewed(scene)).toEqual(items);
  });

  it('of one name and size in two folders, the mapped path tells which', async () => {
    await world.configure({ pathMappings: '/stash=>/data' });
    const scene = on.scene({ path: '/stash/b/scene.mp4' });
    const other = on.item({ path: '/data/a/scene.mp4' });
    const right = on.item({ path: '/data/b/scene.mp4' });
    world.startWorker();
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect([on.title(right), on.title(other)]).toEqual(['New', 'scanned']);
  });

  it('the same size and length under another name are not enough', async () => {
    const scene = on.scene({ path: '/stash/x/one.mp4' });
    const item = on.item({ path: '/data/x/two.mp4' });
    world.startWorker();
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect(on.title(item)).toBe('scanned');
    expect(on.reviewed(scene)).toEqual([item]);
  });

  it('a name alone is nothing when the sizes differ', async () => {
    const scene = on.scene({ path: '/stash/x/one.mp4', size: 10, seconds: 60 });
    const item = on.item({ path: '/data/x/one.mp4', size: 11, seconds: 90 });
    world.startWorker();
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect(on.title(item)).toBe('scanned');
    expect(on.reviewed(scene)).toEqual([]);
  });

  it('the right path with another size and another length asks a person', async () => {
    const scene = on.scene({ path: '/data/x/one.mp4', size: 10, seconds: 60 });
    const item = on.item({ path: '/data/x/one.mp4', size: 11, seconds: 90 });
    world.startWorker();
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect(on.title(item)).toBe('scanned');
    expect(on.reviewed(scene)).toEqual([item]);
  });

  it('a file that Plex has not looked into yet is waited for', async () => {
    const scene = on.scene({ path: '/stash/x/one.mp4' });
    const item = world.plex.library.addItem(world.section, {
      title: 'scanned',
      files: [{ path: '/data/x/one.mp4', size: 1_000_000, durationMs: 60_400, analysed: false }],
    });
    world.startWorker(fastClock(60));
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect(on.title(item)).toBe('scanned');
    world.plex.library.analyse(item);
    await until('it arrives', () => on.title(item) === 'New');
  });

  it('two scenes whose files are versions of one item do not fight over it', async () => {
    const small = { path: '/data/x/film 1080p.mp4', size: 10 };
    const large = { path: '/data/x/film 2160p.mp4', size: 40 };
    const scenes = [on.scene(small), on.scene(large)];
    const item = on.item(small, large);
    world.startWorker();
    for (const scene of scenes) world.edit(scene, { title: `Scene ${scene}` });
    await world.settled();
    const first = on.title(item);
    const writes = world.plex.counts().writes;
    for (let round = 0; round < 3; round += 1) {
      for (const scene of scenes) world.edit(scene, { details: `round ${round} of ${scene}` });
      await world.settled();
    }
    // At most one of them has it, and it stays that one's.
    const owners = scenes.filter((scene) => on.itemOfScene(scene) === item);
    expect(owners.length).toBeLessThanOrEqual(1);
    expect(on.title(item)).toBe(first);
    if (owners.length === 0) expect(world.plex.counts().writes).toBe(writes);
    for (const scene of scenes.filter((id) => !owners.includes(id))) {
      expect(on.reason(scene)).toBe('review');
    }
  });

  it('the one that a person chooses of two such scenes has it, and the other lets go', async () => {
    const small = { path: '/data/x/film 1080p.mp4', size: 10 };
    const large = { path: '/data/x/film 2160p.mp4', size: 40 };
    const [first, second] = [on.scene(small), on.scene(large)];
    const item = on.item(small, large);
    world.startWorker();
    world.edit(first, { title: 'First', tags: ['of the first'] });
    await world.settled();
    world.edit(second, { title: 'Second' });
    await world.settled();
    await on.pin(second, item);
    await until('the second has it', () => on.title(item) === 'Second');
    world.edit(first, { title: 'First again' });
    await world.settled();
    expect(on.title(item)).toBe('Second');
    expect(on.reason(first)).toBe('review');
    // What PlexSync had put there for the first is its own to take away.
    expect(world.plex.library.item(item)?.genres).toEqual([]);
  });

  it('one file in two scenes is neither’s until a person says whose', async () => {
    const file = { path: '/data/x/shared.mp4' };
    const scenes = [on.scene(file), on.scene(file)] as const;
    const item = on.item(file);
    world.startWorker();
    world.edit(world.addPair().sceneId, { title: 'so that PlexSync learns which files Stash has' });
    await until('it has learnt it', () =>
      world.withStore((db) => (readState(db, survey)?.doneAt ?? null) !== null),
    );
    for (const scene of scenes) world.edit(scene, { title: `Scene ${scene}` });
    await world.settled();
    expect(on.title(item)).toBe('scanned');
    expect(scenes.map(on.reason)).toEqual(['review', 'review']);
    await on.pin(scenes[1], item);
    await until('it is there', () => on.title(item) === `Scene ${scenes[1]}`);
    world.edit(scenes[0], { title: 'Not this one' });
    await world.settled();
    expect(on.title(item)).toBe(`Scene ${scenes[1]}`);
  });

  it('a copy of the file elsewhere does not take the item of the one at its path', async () => {
    const [scene, copy] = [
      on.scene({ path: '/data/x/film.mp4' }),
      on.scene({ path: '/data/copies/film.mp4' }),
    ];
    const item = on.item({ path: '/data/x/film.mp4' });
    world.startWorker();
    world.edit(copy, { title: 'Copy' });
    await world.settled();
    world.edit(scene, { title: 'Original' });
    await world.settled();
    world.edit(copy, { title: 'Copy again' });
    await world.settled();
    expect(on.title(item)).toBe('Original');
    expect(on.itemOfScene(copy)).toBeNull();
  });

  it('a file that Plex scanned anew keeps its scene under the new rating key', async () => {
    const file = { path: '/data/x/film.mp4' };
    const scene = on.scene(file);
    const old = on.item(file);
    world.startWorker(fastClock(60));
    world.edit(scene, { title: 'One' });
    await world.settled();
    world.plex.library.removeItem(old);
    const renewed = on.item(file);
    world.edit(scene, { title: 'Two' });
    await until('it arrives', () => on.title(renewed) === 'Two');
  });

  it.each(['same-item', 'new-item'] as const)(
    'a file renamed on disk keeps its item, whichever side sees it first (Plex: %s)',
    async (movedFile) => {
      world.plex.switches.movedFile = movedFile;
      const scene = on.scene({ path: '/data/x/before.mp4' });
      on.item({ path: '/data/x/before.mp4' });
      world.startWorker(fastClock(60));
      world.edit(scene, { title: 'One' });
      await world.settled();
      // Plex first.
      const inPlex = world.plex.library.moveFile('/data/x/before.mp4', '/data/y/after.mp4');
      world.edit(scene, { title: 'Two' });
      await world.settled();
      const known = world.stash.store.scene(scene);
      if (known === undefined) throw new Error('no scene');
      const moved = known.files.map((file) => ({ ...file, path: '/data/y/after.mp4' }));
      world.stash.store.changeScene(scene, { files: moved }, { touch: false });
      world.dropEvent('Scene.Update.Post', scene);
      await world.settled();
      await until('it arrives', () => on.title(inPlex) === 'Two');
      expect(on.itemOfScene(scene)).toBe(inPlex);
    },
  );

  it.each(['gone', 'kept in its trash'] as const)(
    'a file renamed on disk that Stash saw first has its new item in Plex, the old one being %s',
    async (old) => {
      const scene = on.scene({ path: '/data/x/before.mp4' });
      const before = on.item({ path: '/data/x/before.mp4' });
      world.startWorker(fastClock(60));
      world.edit(scene, { title: 'One' });
      await world.settled();
      const known = world.stash.store.scene(scene);
      if (known === undefined) throw new Error('no scene');
      const moved = known.files.map((file) => ({ ...file, path: '/data/y/after.mp4' }));
      world.stash.store.changeScene(scene, { files: moved }, { touch: false });
      world.dropEvent('Scene.Update.Post', scene);
      await world.settled();
      if (old === 'gone') world.plex.library.removeItem(before);
      const after = on.item({ path: '/data/y/after.mp4' });
      // The scene is not saved again.
      await until('it arrives', () => on.title(after) === 'One');
      expect(on.itemOfScene(scene)).toBe(after);
    },
  );

  it('a mapping typed wrong leads to nothing that is not the scene’s own file', async () => {
    const scene = on.scene({ path: '/stash/clips/1.mp4', size: 10, seconds: 60 });
    const right = on.item({ path: '/data/clips/1.mp4', size: 10, seconds: 60 });
    const wrong = on.item({ path: '/data/other/clips/1.mp4', size: 77, seconds: 400 });
    await world.configure({ pathMappings: '/stash=>/data' });
    world.startWorker();
    world.edit(scene, { title: 'One' });
    await world.settled();
    await world.configure({ pathMappings: '/stash=>/data/other' });
    world.edit(scene, { title: 'Two' });
    await world.settled();
    expect(on.title(wrong)).toBe('scanned');
    expect(on.title(right)).toBe('Two');
  });

  it('a library that was renamed and moved in Plex keeps its scenes', async () => {
    const scene = on.scene({ path: '/data/x/film.mp4' });
    const item = on.item({ path: '/data/x/film.mp4' });
    const first = world.startWorker();
    world.edit(scene, { title: 'One' });
    await world.settled();
    await first.stop();
    // The folder of the library has another name now; Plex keeps the items.
    const moved = world.plex.library.moveFile('/data/x/film.mp4', '/library/x/film.mp4');
    expect(moved).toBe(item);
    world.startWorker();
    world.edit(scene, { title: 'Two' });
    await world.settled();
    expect(on.title(item)).toBe('Two');
  });

  it('the scene that a file was assigned to has its item, and what stood there is known as ours', async () => {
    const file = { path: '/data/x/film.mp4' };
    const [giver, taker] = [on.scene(file), on.scene({ path: '/data/x/other.mp4', size: 5 })];
    const item = on.item(file);
    world.startWorker();
    world.edit(giver, { title: 'Giver', tags: ['giver’s'] });
    await world.settled();
    const files = world.stash.store.scene(giver)?.files ?? [];
    // As sceneAssignFile does: no hook, no time moved.
    world.stash.store.changeScene(giver, { files: [] }, { touch: false });
    world.stash.store.changeScene(taker, { files }, { touch: false });
    world.edit(taker, { title: 'Taker', tags: ['taker’s'] });
    await world.settled();
    expect(world.plex.library.item(item)).toMatchObject({ title: 'Taker', genres: ['taker’s'] });
    world.edit(giver, { title: 'Giver again' });
    await world.settled();
    expect(on.title(item)).toBe('Taker');
    expect(on.reason(giver)).toBe('no-file');
  });
});
