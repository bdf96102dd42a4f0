// A choice made in a terminal while a worker lives: it is carried out in Plex, and remembered.
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { reviewAnswer } from '../../src/contract/review.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { makePlace } from './support.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe('[1.0 MATCH-03] a scene that fits two items of Plex', () => {
  it('is written to neither until a person chooses one; the choice holds from then on', async () => {
    world = await openWorld();
    const { stash, plex, section, data } = world;
    const place = makePlace();
    const call = async (...args: readonly string[]): Promise<string> => {
      const ended = await place.plexsync(...args, '--data', data);
      expect({ args, code: ended.code, stderr: ended.stderr }).toEqual({
        args,
        code: 0,
        stderr: '',
      });
      return ended.stdout;
    };
    const size = 7_000_000;
    const sceneId = stash.store.addScene({
      files: [{ path: '/stash/clip.mp4', size, durationSeconds: 60 }],
    });
    const [first = '', second = ''] = ['/data/a/clip.mp4', '/data/b/clip.mp4'].map((path) =>
      plex.library.addItem(section, { title: path, files: [{ path, size, durationMs: 60_000 }] }),
    );
    await world.configure();
    world.edit(sceneId, { title: 'Chosen' });
    world.startWorker();
    await until('it waits for a choice', async () => {
      return v.parse(reviewAnswer, JSON.parse(await call('review', '--json'))).total === 1;
    });
    expect(await call('status')).toContain('1 scene waits for your choice: plexsync review');
    const shown = await call('review');
    for (const item of [first, second]) expect(shown).toContain(`item ${item}`);
    const titleOf = (item: string): string | undefined => plex.library.item(item)?.title;
    expect([first, second].map(titleOf)).toEqual(['/data/a/clip.mp4', '/data/b/clip.mp4']);

    await call('pin', String(sceneId), second);
    await until('the chosen item is written', () => titleOf(second) === 'Chosen');
    await world.settled();
    expect(titleOf(first)).toBe('/data/a/clip.mp4');
    expect(await call('review')).toBe('No scene waits for your choice.\n');

    world.edit(sceneId, { title: 'Chosen still' });
    await until('it is written again', () => titleOf(second) === 'Chosen still');

    await call('never', String(sceneId));
    world.edit(sceneId, { title: 'Never seen' });
    await world.settled();
    expect([first, second].map(titleOf)).toEqual(['/data/a/clip.mp4', 'Chosen still']);
    expect(await call('status')).toContain('excluded: 1 scene');
  });
});
