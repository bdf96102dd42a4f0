// A library that a person takes out of those to keep in step is not written to any more, whatever
// PlexSync knows of its items; put back, its scenes go on.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fastClock } from '../helpers/fastClock.ts';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

const film = { path: '/private/film.mp4', size: 123 };

describe('[1.0 MATCH-01] a library that is not to be kept in step', () => {
  let world: World;
  let on: MatchingWorld;
  /** The other library’s. */
  let videos: MatchingWorld;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
    const section = world.plex.library.addSection({ title: 'Private', locations: ['/private'] });
    on = matchingWorld(world, section);
    videos = matchingWorld(world);
  });
  afterEach(async () => {
    await world.close();
  });

  /** Only the library “Videos” is kept in step, and PlexSync has noticed. */
  const takeOut = async (): Promise<void> => {
    await world.configure({ plexLibraries: 'Videos' });
    // Settings are read anew after a few seconds, which are over when this one is through.
    await until('the setting is in force', async () => {
      world.edit(world.addPair().sceneId, { title: 'any' });
      await world.settled();
      return (
        world.withStore((db) =>
          db.prepare('SELECT 1 FROM plex_part WHERE section_id <> ?').get(world.section),
        ) === undefined
      );
    });
  };

  it.each(['by itself', 'because a person chose it'] as const)(
    'gets no edit of a scene that had an item there (%s), and all of it when it is put back',
    async (how) => {
      const scene = on.scene(film);
      const chosen = how === 'because a person chose it';
      const item = on.item(chosen ? { path: '/private/encoded.mp4', size: 77, seconds: 5 } : film);
      world.startWorker(fastClock(60));
      world.edit(scene, { title: 'One' });
      await world.settled();
      if (chosen) await on.pin(scene, item);
      await until('it is in step', () => on.title(item) === 'One');
      await world.settled();
      await takeOut();
      const written = world.plex.history(item).length;
      world.edit(scene, { title: 'Two' });
      await world.settled();
      expect(on.title(item)).toBe('One');
      expect(world.plex.history(item).length).toBe(written);
      if (!chosen) expect(on.reason(scene)).toBe('outside');
      else expect(on.choice(scene)).toBe(item);

      await world.configure();
      // The scene is not saved again.
      await until('it goes on', () => on.title(item) === 'Two');
      expect(on.itemOfScene(scene)).toBe(item);
    },
  );

  it('gets nothing of a scene that a link of an older tool ties to an item there', async () => {
    world.startWorker(fastClock(60));
    await takeOut();
    const scene = on.scene(film);
    const item = on.item(film);
    const urls = [`plex/library/metadata/${item}`];
    world.stash.store.changeScene(scene, { urls }, { touch: true });
    for (const title of ['One', 'Two']) {
      world.edit(scene, { title });
      await world.settled();
      expect(on.title(item)).toBe('scanned');
      expect(on.reason(scene)).toBe('outside');
      expect(on.choice(scene)).toBeNull();
    }
    await world.configure();
    await until('it goes on', () => on.title(item) === 'Two');
  });

  it('gives way to the item of the same file in one that is', async () => {
    const scene = on.scene(film);
    const item = on.item(film);
    world.startWorker(fastClock(60));
    world.edit(scene, { title: 'One' });
    await until('it is in step', () => on.title(item) === 'One');
    await world.settled();
    // There before, so that the look at what is left to be kept in step sees it.
    const copy = videos.item({ ...film, path: '/data/film.mp4' });
    await takeOut();
    world.edit(scene, { title: 'Two' });
    await until('it arrives', () => videos.title(copy) === 'Two');
    await world.settled();
    expect(on.title(item)).toBe('One');
    expect(on.itemOfScene(scene)).toBe(copy);
  });
});
