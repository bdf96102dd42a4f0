// Covers and ratings as a person sees them: what changes in Stash is in Plex a moment later, what a
// person chose in Plex stays, and none of it holds up or fails the text.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ItemSnapshot } from '../../simulators/plex/snapshot.ts';
import { type ExtrasAnswer, extrasAnswer } from '../../src/contract/lists.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { jpeg } from '../helpers/pictures.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';

describe('[1.0 QUEUE-03] covers and ratings', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
  });
  afterEach(async () => {
    await world.close();
  });

  const item = ({ ratingKey }: Pair): ItemSnapshot => {
    const found = world.plex.library.item(ratingKey);
    if (found === undefined) throw new Error(`no item ${ratingKey}`);
    return found;
  };
  const poster = (pair: Pair): string | undefined =>
    item(pair).posters.find(({ selected }) => selected)?.name;
  const called = (bytes: Buffer): string =>
    `upload://posters/${createHash('sha1').update(bytes).digest('hex')}`;
  const change = (
    { sceneId }: Pair,
    what: Parameters<World['stash']['store']['changeScene']>[1],
  ): void => {
    world.stash.store.changeScene(sceneId, what, { touch: true });
    world.dropEvent('Scene.Update.Post', sceneId);
  };
  const cover = (text: string) => ({
    cover: { bytes: jpeg(text), contentType: 'image/jpeg' },
  });
  it('reach the item with the text, and follow every change', async () => {
    const pair = world.addPair();
    world.startWorker();
    change(pair, { title: 'One', rating100: 80, ...cover('first') });
    await until('both are there', () => poster(pair) === called(jpeg('first')));
    await world.settled();
    expect(item(pair)).toMatchObject({ title: 'One', userRating: 8 });
    expect(item(pair).locked).toContain('thumb');
    change(pair, { rating100: 55, ...cover('second') });
    await until('the new cover is there', () => poster(pair) === called(jpeg('second')));
    await world.settled();
    expect(item(pair).userRating).toBe(6);
    change(pair, { rating100: null });
    await until('the rating is gone', () => item(pair).userRating === undefined);
  });

  it('are not sent again when something else of the scene changes', async () => {
    const pair = world.addPair();
    world.startWorker();
    change(pair, { title: 'One', rating100: 80, ...cover('first') });
    await until('it arrives', () => poster(pair) === called(jpeg('first')));
    await world.settled();
    const { uploads, ratings } = world.plex.counts();
    expect([uploads, ratings]).toEqual([1, 1]);
    change(pair, { title: 'Two' });
    await until('the title arrives', () => item(pair).title === 'Two');
    await world.settled();
    expect(world.plex.counts()).toMatchObject({ uploads, ratings });
  });

  it('that a person gave in Plex stay', async () => {
    const pair = world.addPair();
    const chosen = world.plex.library.setImageByPerson(pair.ratingKey, 'posters', jpeg('mine'));
    await fetch(
      `${world.plex.url}/:/rate?key=${pair.ratingKey}&identifier=com.plexapp.plugins.library&rating=3&X-Plex-Token=${world.plex.token}`,
      { method: 'PUT' },
    );
    world.startWorker();
    change(pair, { title: 'One', rating100: 80, ...cover('first') });
    await until('the title arrives', () => item(pair).title === 'One');
    await world.settled();
    expect([poster(pair), item(pair).userRating]).toEqual([chosen, 3]);
  });

  it('that fail do not fail the text, and come by themselves', async () => {
    const pairs = world.addPairs(3);
    world.plex.switches.failUploads = { status: 500, count: 4 };
    world.startWorker(fastClock(60));
    for (const pair of pairs) change(pair, { title: 'One', ...cover(pair.ratingKey) });
    await until('the texts arrive', () => world.titled(pairs, 'One') === 3);
    await until('the pictures arrive', () =>
      pairs.every((pair) => poster(pair) === called(jpeg(pair.ratingKey))),
    );
    await world.settled();
    expect(world.status().deadLetters.count).toBe(0);
  });

  it('that were wanted when everything was killed are sent by the next worker', async () => {
    const pair = world.addPair();
    world.plex.switches.failUploads = { status: 500 };
    const worker = world.startWorker();
    change(pair, { title: 'One', ...cover('first') });
    await until('the text arrives', () => item(pair).title === 'One');
    await until('the upload is tried', () => world.plex.counts().uploads > 0);
    await worker.stop();
    world.plex.switches.failUploads = false;
    world.startWorker(fastClock(60));
    await until('the picture arrives', () => poster(pair) === called(jpeg('first')));
  });

  it('that were given up come when a person has them tried again', async () => {
    const pair = world.addPair();
    world.plex.switches.failUploads = { status: 500 };
    world.startWorker(fastClock(2_000));
    change(pair, { title: 'One', ...cover('first') });
    await until('the poster is given up', () => world.status().extras.givenUp === 1);
    world.plex.switches.failUploads = false;
    expect(await world.choose('retry', { all: true })).toMatchObject({
      count: 1,
      sentence: '1 picture or rating is tried again at once.',
    });
    await until('it arrives', () => poster(pair) === called(jpeg('first')));
    await world.settled();
    expect(world.status().extras.givenUp).toBe(0);
  });

  it('that were given up are listed with why, and can be tried again or put away by cause', async () => {
    const pairs = world.addPairs(2);
    const [first] = pairs;
    if (first === undefined) throw new Error('no pair');
    world.plex.switches.failUploads = { status: 500 };
    world.startWorker(fastClock(2_000));
    for (const [at, pair] of pairs.entries()) change(pair, { title: 'Two', ...cover(`no ${at}`) });
    await until('both are given up', () => world.status().extras.givenUp === 2);
    const list = async (): Promise<ExtrasAnswer> =>
      v.parse(extrasAnswer, await world.choose('extras', { search: 'two' }));
    const { total, byCause, rows } = await list();
    expect({ total, byCause }).toEqual({ total: 2, byCause: { 'plex-server-error': 2 } });
    expect(rows[0]).toMatchObject({
      scene: Number(first.sceneId),
      kind: 'poster',
      title: 'Two',
      dueAt: null,
      cause: { code: 'plex-server-error' },
    });
    const other = { list: 'extras', cause: 'image-too-large' };
    expect(await world.choose('remove', { ...other, yes: true })).toMatchObject({ count: 0 });
    expect(await world.choose('retry', other)).toMatchObject({ count: 0 });
    world.plex.switches.failUploads = false;
    expect(await world.choose('retry', { list: 'extras', keys: [first.sceneId] })).toMatchObject({
      sentence: '1 picture or rating is tried again at once.',
    });
    await until('it arrives', () => poster(first) === called(jpeg('no 0')));
    const put = await world.choose('remove', { list: 'extras', keys: [pairs[1]?.sceneId] });
    expect(put).toMatchObject({ sentence: 'Removed 1 picture or rating from what was given up.' });
    expect(await list()).toMatchObject({ total: 0, byCause: {}, rows: [] });
  });

  it('wait while Plex is away, and cost no text its turn', async () => {
    const pair = world.addPair();
    world.startWorker(fastClock(20));
    await world.plex.goAway();
    change(pair, { title: 'One', rating100: 80, ...cover('first') });
    await until('the outage is seen', () => world.status().plex.circuit === 'open');
    await world.plex.comeBack();
    await until('all arrive', () => poster(pair) === called(jpeg('first')));
    await world.settled();
    expect(item(pair)).toMatchObject({ title: 'One', userRating: 8 });
  });

  it('are left alone where the setting says so', async () => {
    await world.configure({ fields: 'poster: off, rating: off' });
    const pair = world.addPair();
    world.startWorker();
    change(pair, { title: 'One', rating100: 80, ...cover('first') });
    await until('the title arrives', () => item(pair).title === 'One');
    await world.settled();
    expect(world.plex.counts()).toMatchObject({ uploads: 0, ratings: 0 });
  });

  it('of a scene that a person excludes are not sent', async () => {
    const pair = world.addPair();
    world.plex.switches.failUploads = { status: 500 };
    const worker = world.startWorker(fastClock(60));
    change(pair, { title: 'One', ...cover('first') });
    await until('the upload is tried', () => world.plex.counts().uploads > 0);
    await worker.stop();
    await world.choose('never', { scene: pair.sceneId });
    world.plex.switches.failUploads = false;
    world.startWorker(fastClock(60));
    await world.settled();
    expect(poster(pair)).not.toBe(called(jpeg('first')));
  });
});
