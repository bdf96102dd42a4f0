// A person chooses at the very moment at which the scene is on its way to Plex: the choice counts.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type RunningWorker, type World } from '../helpers/world.ts';

const film = { path: '/data/x/film.mp4', size: 10, seconds: 60 };
/** Other encodings of the same film: nothing but a person can tell. */
const encoded = { path: '/data/y/encoded.mp4', size: 99, seconds: 61.7 };
const another = { path: '/data/z/another.mp4', size: 88, seconds: 63.4 };
/** Long enough to choose in, and short of the time after which PlexSync reads an item again. */
const slowReadMs = 1_200;

describe('[1.0 MATCH-03] a choice made while its scene is on its way', () => {
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

  /** Edits the scene, and chooses while PlexSync reads its item before writing it. */
  const whileRead = async (
    {
      scene,
      title,
      item,
    }: { readonly scene: number; readonly title: string; readonly item: string },
    choose: () => unknown,
  ): Promise<void> => {
    world.plex.switches.readServiceMs = slowReadMs;
    world.edit(scene, { title });
    await until('the item is being read', () =>
      world.plex.accessLog.some(
        ({ status, target }) => status === 'none' && keysRead(target).includes(item),
      ),
    );
    await choose();
    world.plex.switches.readServiceMs = 0;
  };
  /** How it ended: with nothing waiting, or with the worker. */
  const settledBy = async (worker: RunningWorker): Promise<string> =>
    await Promise.race([
      world.settled().then(() => 'alive'),
      worker.ended.then((code) => `ended with ${code}`),
    ]);
  /** A scene of a file that Plex has, for which a person chose another encoding, in step. */
  const chosen = async () => {
    const scene = on.scene(film);
    const fits = on.item(film);
    const x = on.item(encoded);
    const y = on.item(another);
    const worker = world.startWorker();
    world.edit(scene, { title: 'Zero' });
    await world.settled();
    await on.pin(scene, x);
    await until('the chosen one is in step', () => on.title(x) === 'Zero');
    await world.settled();
    return { scene, fits, x, y, worker };
  };

  it.each(['a link of an older tool names its item', 'its item is remembered'] as const)(
    '“never” is not undone, and nothing is written any more, when %s',
    async (how) => {
      const scene = on.scene(film);
      const item = on.item(film);
      world.startWorker();
      world.edit(scene, { title: 'One' });
      await world.settled();
      expect(on.title(item)).toBe('One');
      if (how !== 'its item is remembered') {
        const urls = [`plex/library/metadata/${item}`];
        world.stash.store.changeScene(scene, { urls }, { touch: true });
      }
      const written = world.plex.history(item).length;
      await whileRead({ scene, title: 'Two', item }, () => on.never(scene));
      await world.settled();
      expect(on.choice(scene)).toBe('never');
      expect(on.reason(scene)).toBe('excluded');
      world.edit(scene, { title: 'Three' });
      await world.settled();
      expect(on.choice(scene)).toBe('never');
      expect(on.reason(scene)).toBe('excluded');
      expect(on.title(item)).toBe('One');
      expect(world.plex.history(item).length).toBe(written);
    },
  );

  it('another item chosen is the one that is written, and the one chosen before is left alone', async () => {
    const { scene, x, y } = await chosen();
    const written = world.plex.history(x).length;
    await whileRead({ scene, title: 'One', item: x }, () => on.pin(scene, y));
    await until('the one chosen last has it', () => on.title(y) === 'One');
    await world.settled();
    expect(on.choice(scene)).toBe(y);
    expect(on.itemOfScene(scene)).toBe(y);
    expect(on.title(x)).toBe('Zero');
    expect(world.plex.history(x).length).toBe(written);
  });

  it('a choice that is taken back is gone, and the scene is matched as if it had not been made', async () => {
    const { scene, fits, x, worker } = await chosen();
    await whileRead({ scene, title: 'One', item: x }, () => world.choose('unpin', { scene }));
    expect(await settledBy(worker)).toBe('alive');
    expect(on.choice(scene)).toBeNull();
    expect(on.itemOfScene(scene)).toBe(fits);
    expect(on.title(fits)).toBe('One');
  });

  it('an item that is given from one scene to another is the other’s', async () => {
    const { scene, fits, x, worker } = await chosen();
    const other = on.scene({ path: '/data/x/other.mp4', size: 7, seconds: 7 });
    world.edit(other, { title: 'Other' });
    await world.settled();
    await whileRead({ scene, title: 'One', item: x }, async () => {
      await world.choose('unpin', { scene });
      await on.pin(other, x);
    });
    expect(await settledBy(worker)).toBe('alive');
    expect([on.choice(scene), on.choice(other)]).toEqual([null, x]);
    expect(on.itemOfScene(other)).toBe(x);
    expect([on.title(x), on.title(fits)]).toEqual(['Other', 'One']);
  });
});

/** Rating keys of the items that a request asks for; [] if it is of another kind. */
function keysRead(target: string): readonly string[] {
  return /^\/library\/metadata\/([\d,]+)(?:\?|$)/.exec(target)?.[1]?.split(',') ?? [];
}
