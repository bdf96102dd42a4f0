// Bad data and bad settings: named, kept apart, and in nobody's way.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetters } from '../../src/store/queue/deadLetter.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
});

describe('[1.0 VALID-01] invalid scenes', () => {
  it('become dead letters with the field named while the other 48 of the batch arrive', async () => {
    await world.configure();
    const pairs = world.addPairs(50);
    const [first, second] = pairs;
    if (first === undefined || second === undefined) throw new Error('no pairs');
    world.stash.store.corrupt(first.sceneId, { title: 7 });
    world.stash.store.corrupt(second.sceneId, { date: '2024-13-45' });
    for (const { sceneId } of pairs) world.edit(sceneId, { details: 'Edited' });
    world.startWorker();
    await until(
      'the others are there',
      () => world.plex.library.items().filter((item) => item.summary === 'Edited').length === 48,
    );
    await until('two are dead letters', () => world.status().deadLetters.count === 2);
    const letters = world.withStore((db) => deadLetters(db, 10));
    expect(new Map(letters.map((letter) => [letter.entityId, letter.field]))).toEqual(
      new Map([
        [first.sceneId, 'title'],
        [second.sceneId, 'date'],
      ]),
    );
    expect(letters.every((letter) => letter.errorCode === 'scene-invalid')).toBe(true);

    world.stash.store.heal(first.sceneId);
    world.edit(first.sceneId, { details: 'Mended' });
    await until(
      'the mended one is there',
      () => world.plex.library.item(first.ratingKey)?.summary === 'Mended',
    );
    await until('its dead letter is gone', () => world.status().deadLetters.count === 1);
  });
});

describe('[1.0 VALID-01] an edit that must not be sent', () => {
  it('is a dead letter with the field named, and holds up none of those that it goes with', async () => {
    await world.configure({ tagsAs: 'label' });
    const pairs = world.addPairs(10);
    const [odd, ...others] = pairs;
    if (odd === undefined) throw new Error('no pairs');
    // A person's label, in a list that is not locked: it goes out again with those of Stash.
    world.plex.library.setByPerson(odd.ratingKey, { labels: ['Bell\u0007'], locked: [] });
    const change = { details: 'Edited', tags: ['Noir'] };
    for (const { sceneId } of pairs) world.edit(sceneId, change);
    world.startWorker();
    const summaryOf = (ratingKey: string) => world.plex.library.item(ratingKey)?.summary;
    await until('the others are there', () =>
      others.every(({ ratingKey }) => summaryOf(ratingKey) === 'Edited'),
    );
    await world.settled();
    const letters = world.withStore((db) => deadLetters(db, 10));
    expect(letters).toMatchObject([
      { entityId: odd.sceneId, errorCode: 'edit-invalid', field: 'label', attempts: 1 },
    ]);
    expect(letters[0]?.message).toBe('Not sent to Plex: label holds a control character.');
    expect(world.plex.history(odd.ratingKey)).toEqual([]);

    world.plex.library.setByPerson(odd.ratingKey, { labels: ['Bell'], locked: [] });
    world.edit(odd.sceneId, change);
    await until('the mended one is there', () => summaryOf(odd.ratingKey) === 'Edited');
    await until('its dead letter is gone', () => world.status().deadLetters.count === 0);
  });
});

describe('[1.0 VALID-01] a withdrawal that must not be sent', () => {
  it('costs no other of its batch anything', async () => {
    await world.configure({ withdrawWhenGone: true });
    const pairs = world.addPairs(4);
    const [odd, ...others] = pairs;
    if (odd === undefined) throw new Error('no pairs');
    // What Plex's scanner had found, which is to come back.
    for (const { ratingKey } of pairs) {
      const studio = ratingKey === odd.ratingKey ? 'Was\u0007' : 'Was';
      world.plex.library.setByPerson(ratingKey, { studio, locked: [] });
    }
    const studioOf = (ratingKey: string) => world.plex.library.item(ratingKey)?.studio;
    world.startWorker(fastClock(60));
    for (const { sceneId } of pairs) world.edit(sceneId, { studio: 'Ours' });
    await until('all are in step', () =>
      pairs.every(({ ratingKey }) => studioOf(ratingKey) === 'Ours'),
    );
    await world.settled();
    for (const { sceneId } of pairs) {
      world.stash.store.removeScene(sceneId);
      world.dropEvent('Scene.Destroy.Post', sceneId);
    }
    await until('the others are withdrawn', () =>
      others.every(({ ratingKey }) => studioOf(ratingKey) === 'Was'),
    );
    await until('one is a dead letter', () => world.status().deadLetters.count === 1);
    expect(world.withStore((db) => deadLetters(db, 10))).toMatchObject([
      { entityId: odd.sceneId, errorCode: 'edit-invalid', field: 'studio' },
    ]);
    expect(studioOf(odd.ratingKey)).toBe('Ours');
  });
});

describe('[1.0 VALID-03] wrong settings', () => {
  it('are told all at once by name, capture goes on, and all arrives once they are right', async () => {
    await world.configure({
      plexUrl: 'plex:32400',
      plexToken: '',
      plexLibraries: 'Videos,,',
      pathMappings: '/data->/media',
      plexConnectTimeout: -1,
      plexWriteTimeout: 'long',
    });
    const pairs = world.addPairs(5);
    world.startWorker(fastClock(20));
    for (const { sceneId } of pairs) world.edit(sceneId, { title: 'Edited' });
    await until('the problems are told', () => world.status().problems.length > 0);
    expect(world.status().problems.map((problem) => problem.setting)).toEqual([
      'plexUrl',
      'plexToken',
      'plexLibraries',
      'pathMappings',
      'plexConnectTimeout',
      'plexWriteTimeout',
    ]);
    expect(world.status().queue.pending).toBe(5);
    expect(world.plex.accessLog).toEqual([]);
    await world.configure();
    await until('all arrive', () =>
      pairs.every(({ ratingKey }) => world.plex.library.item(ratingKey)?.title === 'Edited'),
    );
    expect(world.status().problems).toEqual([]);
  });

  it('name a library that Plex does not have, with those it has', async () => {
    await world.configure({ plexLibraries: 'Filme' });
    const { sceneId } = world.addPair();
    world.startWorker();
    world.edit(sceneId, { title: 'Edited' });
    await until('the problem is told', () => world.status().problems.length === 1);
    expect(world.status().problems[0]).toMatchObject({
      setting: 'plexLibraries',
      message: expect.stringMatching(/"Filme".*"Videos"/) as string,
    });
  });
});
