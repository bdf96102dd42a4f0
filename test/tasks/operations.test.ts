// What Stash's `runPluginOperation` can ask for, each by a real process that is given the envelope.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { choiceAnswer, pinAnswer } from '../../src/contract/choices.ts';
import { mappingsAnswer } from '../../src/contract/mappings.ts';
import { reviewAnswer } from '../../src/contract/review.ts';
import { statusSchema } from '../../src/contract/status.ts';
import { pinOf } from '../../src/store/match/pin.ts';
import * as state from '../../src/store/file/state.ts';
import { readState, writeState } from '../../src/store/file/state.ts';
import { addItem, addReview, addScene, indexMade, makePlace } from '../cli/support.ts';
import { ask, secrets } from './support.ts';

describe('[1.0 MATCH-03] the operations of choosing', () => {
  it('pin, never and unpin take ids as number or text, answer as documented, and wake the worker', async () => {
    const place = makePlace();
    place.withStore((db) => {
      addScene(db, 12);
      addItem(db, '345', '/media/a.mp4');
      const server = { scheme: 'http', host: '127.0.0.1', port: 1, pluginDir: '' } as const;
      writeState(db, state.connection, { ...server, cookie: null, apiKey: secrets[1] ?? '' });
    });
    const pinned = await ask(place, { name: 'pin', scene: '12', item: 345 });
    expect(v.parse(pinAnswer, pinned.output)).toEqual({
      scene: 12,
      item: '345',
      title: 'Night Train',
      file: '/media/a.mp4',
      sentence: 'Scene 12 is Plex item 345 from now on: Night Train (/media/a.mp4).',
    });
    expect(pinned.log).toEqual([
      'Scene 12 is Plex item 345 from now on: Night Train (/media/a.mp4).',
    ]);
    expect(place.withStore((db) => pinOf(db, 12))).toMatchObject({ ratingKey: '345' });

    const never = await ask(place, { name: 'never', scene: 12 });
    expect(v.parse(choiceAnswer, never.output).scene).toBe(12);
    expect(place.withStore((db) => pinOf(db, 12))).toEqual({ kind: 'never' });

    const unpinned = await ask(place, { name: 'unpin', scene: ' 12 ' });
    expect(v.parse(choiceAnswer, unpinned.output).sentence).toContain('is taken back');
    expect(place.withStore((db) => pinOf(db, 12))).toBeNull();
    expect(place.woken()).toEqual([place.data, place.data, place.data]);
    // What Stash told is kept for the worker, and what it did not tell stays.
    const connection = place.withStore((db) => readState(db, state.connection));
    expect(connection).toMatchObject({ cookie: { value: secrets[0] }, apiKey: secrets[1] });
  });

  it('a refused choice is an error in words, and changes nothing', async () => {
    const place = makePlace();
    place.withStore(indexMade);
    const { code, error } = await ask(place, { name: 'pin', scene: 12, item: 345 });
    expect(code).toBe(1);
    expect(error).toContain('PlexSync knows no Plex item 345');
    expect(place.withStore((db) => pinOf(db, 12))).toBeNull();
  });

  it('review answers what waits for a choice', async () => {
    const place = makePlace();
    place.withStore((db) => {
      addReview(db, { scene: 12, candidates: [{ item: '345', score: 70 }] });
      addReview(db, { scene: 13, reason: 'taken', candidates: [] });
    });
    const { output } = await ask(place, { name: 'review' });
    const { total, reviews } = v.parse(reviewAnswer, output);
    expect(total).toBe(2);
    expect(reviews).toMatchObject([
      {
        scene: 12,
        reason: 'unsure',
        words: 'No Plex item fits surely enough',
        title: 'Night Train',
        path: '/data/12.mp4',
        candidates: [
          {
            item: '345',
            section: '1',
            title: 'Item 345',
            file: '/media/345.mp4',
            score: 70,
            why: 'the same name and size',
          },
        ],
      },
      { scene: 13, reason: 'taken', candidates: [] },
    ]);
    const page = await ask(place, { name: 'review', offset: '1', limit: 1 });
    expect(v.parse(reviewAnswer, page.output).reviews.map(({ scene }) => scene)).toEqual([13]);
  });
});

describe('the operations', () => {
  it('status and mappings answer in their documented form before anything happened', async () => {
    const place = makePlace();
    const status = await ask(place, { name: 'status' });
    expect(v.safeParse(statusSchema, status.output).success).toBe(true);
    const mappings = await ask(place, { name: 'mappings' });
    expect(v.parse(mappingsAnswer, mappings.output)).toEqual({ found: null, survey: null });
  });

  it('the task "View queue status" says how many scenes wait for a choice', async () => {
    const place = makePlace();
    place.withStore((db) => {
      addReview(db, { scene: 12, candidates: [] });
    });
    const { code, log } = await ask(place, {}, 'status');
    expect(code).toBe(0);
    expect(log).toContain('1 scene waits for your choice: plexsync review');
  });

  it.each([
    [{ name: 'pin', item: 3 }, 'The argument "scene" is missing.'],
    [{ name: 'pin', scene: 12 }, 'The argument "item" is missing.'],
    [{ name: 'pin', scene: 1, item: '3/x' }, 'The argument "item" must be the number of an item'],
    [{ name: 'pin', scene: 1, item: null }, 'The argument "item" must be the number of an item'],
    [{ name: 'never', scene: 1.5 }, 'The argument "scene" must be the number of a scene in Stash'],
    [{ name: 'unpin', scene: -1 }, 'The argument "scene" must be the number of a scene in Stash'],
    [{ name: 'unpin', scene: '9'.repeat(16) }, 'The argument "scene" must be the number'],
    [{ name: 'unpin', scene: [12] }, 'The argument "scene" must be the number'],
    [{ name: 'review', limit: 0 }, 'The argument "limit" must be a whole number from 1 to 500'],
    [{ name: 'review', offset: 'x' }, 'The argument "offset" must be a whole number from 0'],
    [{ name: 'stauts' }, 'There is no operation "stauts". There are: status, process, sync, '],
    [{ name: 'toString' }, 'There is no operation "toString"'],
  ])('%j is refused with the field named', async (args, told) => {
    const { code, error, log } = await ask(makePlace(), args);
    expect(code).toBe(1);
    expect(error).toContain(told);
    expect(log).toEqual([error]);
  });
});
