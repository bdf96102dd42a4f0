// Pictures and ratings that are gone from Plex and were given up: told, and tried again by a person's word
// alone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extraCounts } from '../../src/store/queue/extra.ts';
import { jpeg } from '../helpers/pictures.ts';
import { type InStep, openInStep } from './inStep.ts';

const byItself = { origin: 'schedule', limit: 3 } as const;
let library: InStep;
beforeEach(async () => {
  library = await openInStep(6);
  const { world, pairs } = library;
  for (const { sceneId } of pairs) {
    const cover = { bytes: jpeg(`cover ${sceneId}`), contentType: 'image/jpeg' };
    world.stash.store.changeScene(sceneId, { cover }, { touch: false });
    // A cover's address tells whole seconds: this one is another, and is read later.
    world.stash.store.stampScene(
      sceneId,
      `${new Date(Date.now() + 60_000).toISOString().slice(0, 19)}Z`,
    );
  }
  library.nowMs += 120_000;
  await library.reconciled();
  await library.drained();
  expect(uploads()).toBe(6);
});
afterEach(async () => {
  await library.close();
});

const uploads = (): number => library.world.plex.counts().uploads;

/** Posters of the first so many are gone, and Plex takes them no more. */
async function givenUp(count: number): Promise<void> {
  const { world, pairs, db } = library;
  for (const { ratingKey } of pairs.slice(0, count)) {
    world.plex.library.removeImageByPerson(ratingKey, 'posters', false);
  }
  world.plex.switches.failUploads = { status: 400 };
  await library.reconciled();
  await library.drained();
  expect(extraCounts(db)).toEqual({ waiting: 0, givenUp: count });
}

function tag(at: number): void {
  const { stash } = library.world;
  const id = stash.store.addTag({ name: `tag ${at}` });
  stash.library.autoTag(library.pair(at).sceneId, [id]);
}

describe('[1.4 GAP-04] a picture that is gone and was given up', () => {
  it('is told by runs by themselves, and takes nothing of their limit', async () => {
    await givenUp(4);
    const tried = uploads();
    tag(4);
    tag(5);
    const run = await library.reconciled(byItself);
    expect(run.figures.found).toEqual({ 'empty:poster': 4, 'stale:genre': 2 });
    expect(run.figures.queued).toEqual({ 'stale:genre': 2 });
    expect(run.figures.waiting).toBe(0);
    await library.drained();
    const again = await library.reconciled(byItself);
    expect(again.figures.found).toEqual({ 'empty:poster': 4 });
    expect(again.figures.queued).toEqual({});
    expect(library.gaps('empty').map(({ state }) => state)).toEqual(Array(4).fill('told'));
    expect(uploads()).toBe(tried);
  });

  it('is sent by a person’s word for it, by its number, by a dry run’s list, and by a run they ask for', async () => {
    await givenUp(4);
    const { world, db } = library;
    await library.reconciled(byItself);
    world.plex.switches.failUploads = false;
    const [one] = library.gaps('empty');
    const before = uploads();
    expect(await world.choose('release-gaps', { gap: one?.id })).toMatchObject({ count: 1 });
    await library.drained();
    expect(uploads()).toBe(before + 1);
    await library.reconciled({ dry: true });
    const scene = library.gaps('empty')[0]?.sceneId;
    expect(await world.choose('release-gaps', { scene, dry: true })).toMatchObject({ count: 1 });
    await library.drained();
    expect(uploads()).toBe(before + 2);
    const run = await library.reconciled();
    expect(run.figures.queued).toEqual({ 'empty:poster': 2 });
    await library.drained();
    expect(uploads()).toBe(before + 4);
    expect(extraCounts(db)).toEqual({ waiting: 0, givenUp: 0 });
  });
});
