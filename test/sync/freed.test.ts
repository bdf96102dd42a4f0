// An item that a scene lets go of: another scene that could not have it gets it by itself. And what
// is told about the scenes in review is the same wherever it is told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

describe('[1.0 MATCH-03] an item that a scene lets go of', () => {
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

  /** The first of two scenes has the item; the second is asked about, since it fits as well. */
  const takenByFirst = async () => {
    // No path tells.
    await world.configure({ pathMappings: '/s=>/elsewhere' });
    const first = on.scene({ path: '/s/a/film.mp4' });
    const second = on.scene({ path: '/s/b/film.mp4' });
    const item = on.item({ path: '/data/film.mp4' });
    const other = on.item({ path: '/data/other.mp4', size: 77, seconds: 61.5 });
    world.startWorker();
    world.edit(first, { title: 'First' });
    await until('the first has it', () => on.title(item) === 'First');
    await world.settled();
    world.edit(second, { title: 'Second' });
    await world.settled();
    expect([...on.reviewList()]).toEqual([[second, 'taken']]);
    return { first, second, item, other };
  };
  /** Resolves when the scene has the item, without having been saved. */
  const getsIt = async (scene: number, item: string, title: string): Promise<void> => {
    await until(`the item shows “${title}”`, () => on.title(item) === title, 15_000);
    await world.settled();
    expect(on.itemOfScene(scene)).toBe(item);
    expect([...on.reviewList()]).toEqual([]);
    expect(on.reviewsCounted()).toBe(0);
  };
  /** The scene's file is replaced by another one. */
  const replaceFile = (scene: number, path: string, size: number): void => {
    const file = world.stash.store.newFile({ path, size, durationSeconds: 61.5 });
    world.stash.store.changeScene(scene, { files: [file] }, { touch: true });
  };

  it('of two that it fits, because it is never to be written, goes to the other', async () => {
    const { first, second, item } = await twoInReview(world, on);
    await on.never(second);
    await getsIt(first, item, 'First');
  });

  it('of two that it fits, because it was deleted, goes to the other', async () => {
    const { first, second, item } = await twoInReview(world, on);
    world.stash.store.removeScene(second);
    world.dropEvent('Scene.Destroy.Post', second);
    await getsIt(first, item, 'First');
  });

  it('because another one was chosen for it goes to the scene that was asked about', async () => {
    const { first, second, item, other } = await takenByFirst();
    await on.pin(first, other);
    await getsIt(second, item, 'Second');
    expect(on.title(other)).toBe('First');
  });

  it('because its file is another one now goes to the scene that was asked about', async () => {
    const { first, second, item, other } = await takenByFirst();
    replaceFile(first, '/s/a/other.mp4', 77);
    world.edit(first, { title: 'First again' });
    await getsIt(second, item, 'Second');
    expect(on.title(other)).toBe('First again');
  });

  it('because its file is another one now goes to the scene that was turned away and waits', async () => {
    const first = on.scene({ path: '/data/film.mp4' });
    const copy = on.scene({ path: '/data/copies/film.mp4' });
    const item = on.item({ path: '/data/film.mp4' });
    const other = on.item({ path: '/data/other.mp4', size: 77, seconds: 61.5 });
    world.startWorker();
    world.edit(first, { title: 'First' });
    await until('the first has it', () => on.title(item) === 'First');
    await world.settled();
    world.edit(copy, { title: 'Copy' });
    await world.settled();
    expect(on.reason(copy)).toBe('waiting');
    replaceFile(first, '/data/other.mp4', 77);
    world.edit(first, { title: 'First again' });
    await getsIt(copy, item, 'Copy');
    expect(on.title(other)).toBe('First again');
  });
});

describe('[1.0 MATCH-03] scenes in review', () => {
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

  it('are as many in the status as in the list, after a choice too', async () => {
    const { second, item } = await twoInReview(world, on);
    expect([on.reviewsCounted(), on.reviewList().size]).toEqual([2, 2]);
    await on.pin(second, item);
    expect([on.reviewsCounted(), on.reviewList().size]).toEqual([1, 1]);
    await until('the chosen one has it', () => on.title(item) === 'Second');
    await world.settled();
    expect([on.reviewsCounted(), on.reviewList().size]).toEqual([1, 1]);
  });

  it('are as many in the status as in the list while Plex is away and a choice cannot be carried out yet', async () => {
    const scene = on.scene({ path: '/s/film.mp4' });
    const item = on.item({ path: '/data/1/film.mp4' });
    on.item({ path: '/data/2/film.mp4' });
    world.startWorker();
    world.edit(scene, { title: 'One' });
    await world.settled();
    expect([on.reviewsCounted(), on.reviewList().size]).toEqual([1, 1]);
    await world.plex.goAway();
    await on.pin(scene, item);
    expect([on.reviewsCounted(), on.reviewList().size]).toEqual([0, 0]);
    await until('the outage is noticed', () => world.status().plex.circuit === 'open');
    expect([on.reviewsCounted(), on.reviewList().size]).toEqual([0, 0]);
    await world.plex.comeBack();
    await until('the chosen one has it', () => on.title(item) === 'One');
  });
});

interface TwoScenes {
  readonly first: number;
  readonly second: number;
  readonly item: string;
}

/** Two scenes of one file, for both of which a person is asked. */
async function twoInReview(world: World, on: MatchingWorld): Promise<TwoScenes> {
  const file = { path: '/data/x/shared.mp4' };
  const [first, second] = [on.scene(file), on.scene(file)];
  const item = on.item(file);
  world.startWorker();
  world.edit(world.addPair().sceneId, { title: 'so that PlexSync learns which files Stash has' });
  await world.settled();
  await on.filesLearnt();
  world.edit(first, { title: 'First' });
  world.edit(second, { title: 'Second' });
  await world.settled();
  expect([...on.reviewList()]).toEqual([
    [first, 'several-scenes'],
    [second, 'several-scenes'],
  ]);
  return { first, second, item };
}
