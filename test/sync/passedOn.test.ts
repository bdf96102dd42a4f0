// An item passes from one scene to another, or turns out to be none of the scene's: whoever has it
// then, it shows that scene's values, and what PlexSync put there for another is not a person's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/sync/base/clock.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

/** Everything of it is due that was edited a moment ago: it becomes one batch. */
const aMinuteLater: Clock = { ...systemClock, now: () => Date.now() + 60_000 };

describe('[1.0 MATCH-01] an item that passes on', () => {
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
  const filesOf = (scene: number) => world.stash.store.scene(scene)?.files ?? [];

  it('after its scene was pinned to another item shows the next scene’s values and nothing of the first', async () => {
    // No path tells, so that of two files of one name and size the first to come has the item.
    await world.configure({ pathMappings: '/s=>/elsewhere' });
    const first = on.scene({ path: '/s/a/film.mp4' });
    const item = on.item({ path: '/data/b/film.mp4' });
    const own = on.item({ path: '/data/other/encoded.mp4', size: 77, seconds: 61.5 });
    world.startWorker();
    world.edit(first, { title: 'A', details: 'Of A', studio: 'A’s', tags: ['a'] });
    await world.settled();
    expect(on.title(item)).toBe('A');
    const second = on.scene({ path: '/s/b/film.mp4' });
    world.edit(second, { title: 'B', tags: ['b'] });
    await world.settled();
    expect(on.title(item)).toBe('A');
    await on.pin(first, own);
    await until('the first has its own', () => on.title(own) === 'A');
    await world.settled();
    world.edit(second, { title: 'B, edited' });
    await world.settled();
    expect(on.itemOfScene(second)).toBe(item);
    expect(world.plex.library.item(item)).toMatchObject({
      title: 'B, edited',
      genres: ['b'],
      summary: '',
      studio: '',
    });
    expect(world.plex.library.item(own)).toMatchObject({ title: 'A', genres: ['a'] });
  });

  it('and back again, as when the files of two scenes are swapped, shows the values of whose file it has', async () => {
    const [f, g] = [
      { path: '/data/f.mp4', size: 11 },
      { path: '/data/g.mp4', size: 22 },
    ];
    const [a, b] = [on.scene(f), on.scene(g)];
    const [x, y] = [on.item(f), on.item(g)];
    world.startWorker();
    world.edit(a, { title: 'A', details: 'Of A', tags: ['a'] });
    world.edit(b, { title: 'B', studio: 'B’s', tags: ['b'] });
    await world.settled();
    expect([x, y].map(on.title)).toEqual(['A', 'B']);
    const [filesOfA, filesOfB] = [filesOf(a), filesOf(b)];
    world.stash.store.changeScene(a, { files: filesOfB }, { touch: false });
    world.stash.store.changeScene(b, { files: filesOfA }, { touch: false });
    world.edit(a, { title: 'A, edited' });
    await world.settled();
    world.edit(b, { title: 'B, edited' });
    await world.settled();
    expect(world.plex.library.item(x)).toMatchObject({
      title: 'B, edited',
      summary: '',
      studio: 'B’s',
      genres: ['b'],
    });
    expect(world.plex.library.item(y)).toMatchObject({
      title: 'A, edited',
      summary: 'Of A',
      studio: '',
      genres: ['a'],
    });
    expect([on.itemOfScene(a), on.itemOfScene(b)]).toEqual([y, x]);
  });

  it.each(['edited after that', 'edited before that'] as const)(
    'to a copy when its scene is deleted shows all of the copy’s values, with values withdrawn (the copy was %s)',
    async (order) => {
      await world.configure({ withdrawWhenGone: true });
      const scene = on.scene({ path: '/data/film.mp4' });
      const copy = on.scene({ path: '/copies/film.mp4' });
      const item = on.item({ path: '/data/film.mp4' });
      const worker = world.startWorker();
      const face = { title: 'Same', details: 'Same words', studio: 'Studio', tags: ['Tag'] };
      world.edit(scene, face);
      await world.settled();
      expect(on.title(item)).toBe('Same');
      world.edit(copy, face);
      await world.settled();
      expect(on.itemOfScene(copy)).toBeNull();
      await worker.stop();

      const edit = (): void => world.edit(copy, { title: 'Same, edited' });
      if (order === 'edited before that') edit();
      world.stash.store.removeScene(scene);
      world.dropEvent('Scene.Destroy.Post', scene);
      if (order === 'edited after that') edit();
      world.startWorker(aMinuteLater);
      await until('the copy has it', () => on.title(item) === 'Same, edited');
      await world.settled();
      expect(on.itemOfScene(copy)).toBe(item);
      const shown = world.plex.library.item(item);
      expect(shown).toMatchObject({
        title: 'Same, edited',
        summary: 'Same words',
        studio: 'Studio',
        genres: ['Tag'],
      });
      expect([...(shown?.locked ?? [])].toSorted()).toEqual([
        'genre',
        'studio',
        'summary',
        'title',
      ]);
    },
  );

  it.each(['with that link', 'without that link'] as const)(
    'is given up by a scene that a link tied to it, when that scene was merged into another in Stash (%s)',
    async (link) => {
      const file = { path: '/data/film.mp4' };
      const scene = on.scene(file);
      const item = on.item(file);
      const urls = [`plex/library/metadata/${item}`];
      world.stash.store.changeScene(scene, { urls }, { touch: true });
      world.startWorker();
      world.edit(scene, { title: 'Merged away', tags: ['merged away'] });
      await world.settled();
      expect(on.choice(scene)).toBe(item);
      // As a merge does: the file goes to the other scene, and no hook fires.
      const heir = on.scene();
      const files = filesOf(scene);
      world.stash.store.removeScene(scene);
      world.stash.store.changeScene(
        heir,
        { files, ...(link === 'with that link' ? { urls } : {}) },
        { touch: true },
      );
      world.edit(heir, { title: 'Heir' });
      await world.settled();
      expect(on.itemOfScene(heir)).toBe(item);
      expect(world.plex.library.item(item)).toMatchObject({ title: 'Heir', genres: [] });
      expect(on.choice(scene)).toBeNull();
      expect([...on.reviewList()]).toEqual([]);
    },
  );

  it('is not asked about any more for a scene that was merged into another in Stash', async () => {
    const file = { path: '/data/x/shared.mp4' };
    const [gone, stays] = [on.scene(file), on.scene(file)];
    const item = on.item(file);
    world.startWorker();
    world.edit(world.addPair().sceneId, { title: 'so that PlexSync learns which files Stash has' });
    await world.settled();
    await on.filesLearnt();
    world.edit(gone, { title: 'Gone' });
    world.edit(stays, { title: 'Stays' });
    await world.settled();
    expect([...on.reviewList().keys()]).toEqual([gone, stays]);
    // No hook fires for it.
    world.stash.store.removeScene(gone);
    world.edit(stays, { title: 'Stays, edited' });
    await until('it arrives', () => on.title(item) === 'Stays, edited');
    await world.settled();
    expect([...on.reviewList()]).toEqual([]);
    expect(on.reviewsCounted()).toBe(0);
  });
});

describe('[1.0 MATCH-01] an item that only looks like the scene’s', () => {
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

  it('because it lies where the chosen one did is not written to, and the chosen one is known again elsewhere', async () => {
    const encoded = { path: '/data/encoded.mp4', size: 50, seconds: 33 };
    const scene = on.scene({ path: '/stash/film.mp4', size: 9 });
    const chosen = on.item(encoded);
    world.startWorker(fastClock(60));
    world.edit(scene, { title: 'One' });
    await world.settled();
    await on.pin(scene, chosen);
    await until('the chosen one is in step', () => on.title(chosen) === 'One');
    await world.settled();

    world.plex.library.removeItem(chosen);
    const stranger = on.item({ path: encoded.path, size: 51, seconds: 999 });
    for (const title of ['Two', 'Three']) {
      world.edit(scene, { title });
      await world.settled();
      expect(on.title(stranger)).toBe('scanned');
    }
    await until('a person is asked', () => on.reviewList().get(scene) === 'pin-gone');
    const back = on.item({ ...encoded, path: '/data/back/encoded.mp4' });
    await until('it is known again', () => on.title(back) === 'Three');
    await world.settled();
    expect(on.choice(scene)).toBe(back);
    expect(on.title(stranger)).toBe('scanned');
  });

  it('by what PlexSync knew of it long ago does not keep the scene from the one that fits', async () => {
    const file = { path: '/data/film.mp4', size: 9, seconds: 60 };
    const stranger = on.item({ path: '/data/stranger.mp4', size: 5, seconds: 5 });
    const right = on.item({ ...file, path: '/data/moved/film.mp4' });
    const worker = world.startWorker();
    world.edit(world.addPair().sceneId, { title: 'so that PlexSync learns which files Plex has' });
    await world.settled();
    await on.filesLearnt();
    await worker.stop();
    // As if that file had lain there when PlexSync looked last.
    const changed = world.withStore((db) =>
      db
        .prepare(
          `UPDATE plex_part SET path = ?, path_key = ?, name = 'film.mp4', size = ?, duration_ms = ?
           WHERE rating_key = ?`,
        )
        .run(file.path, file.path, file.size, file.seconds * 1_000, stranger),
    );
    expect(changed.changes).toBe(1);

    world.startWorker();
    const scene = on.scene(file);
    world.edit(scene, { title: 'One' });
    await until('it arrives', () => on.title(right) === 'One', 15_000);
    await world.settled();
    expect(on.itemOfScene(scene)).toBe(right);
    expect(on.title(stranger)).toBe('scanned');
  });
});
