import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

describe('a change of one scene in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
  });
  afterAll(async () => {
    await world?.close();
  });

  test('a single edit reaches Plex: title, summary, partial date, studio, tags, performers [1.0 QUEUE-03]', async () => {
    const pair = world.pair(0);
    await world.edit(pair, {
      title: 'Blue Harbour',
      details: 'First line\nSecond line',
      date: '2020-07',
      studio_id: await world.studio('Harbour Films'),
      tag_ids: await world.tags('Sea', 'Boats'),
      performer_ids: await world.performers('Ann Bell', 'Carl Dorn'),
    });
    await until('the item has the title', () => world.item(pair).title === 'Blue Harbour');
    const { scenes } = await world.settled();
    const item = world.item(pair);
    expect(item).toMatchObject({
      title: 'Blue Harbour',
      summary: 'First line\nSecond line',
      originallyAvailableAt: '2020-07-01',
      studio: 'Harbour Films',
    });
    expect([...item.genres].sort()).toEqual(['Boats', 'Sea']);
    expect([...item.actors].sort()).toEqual(['Ann Bell', 'Carl Dorn']);
    expect(scenes).toEqual({ matched: 1, withoutItem: {} });
  });

  test('a second edit of the scene replaces what the first one put there, and takes away what Stash has no more [1.0 MATCH-02]', async () => {
    const pair = world.pair(0);
    await world.edit(pair, {
      title: 'Blue Harbour, Part 2',
      details: '',
      date: '2021',
      studio_id: null,
      tag_ids: await world.tags('Storm'),
      performer_ids: [],
    });
    await until('the item has the new title', () => world.item(pair).title.endsWith('Part 2'));
    await world.settled();
    expect(world.item(pair)).toMatchObject({
      title: 'Blue Harbour, Part 2',
      summary: '',
      originallyAvailableAt: '2021-01-01',
      studio: '',
      genres: ['Storm'],
      actors: [],
    });
  });

  test('text in other scripts arrives as it was typed, control characters do not [1.0 VALID-02]', async () => {
    const pair = world.pair(1);
    const title = 'Zoe\u0308 & "Møn" <1> \\ 100% 👩‍👩‍👧 שלום';
    await world.edit(pair, { title, details: 'tab\there\r\nnext\u0007 line' });
    await until('the item has the title', () => world.item(pair).title.includes('שלום'));
    expect(world.item(pair).title).toBe(title.normalize('NFC'));
    expect(world.item(pair).summary).toBe('tab here\nnext line');
  });

  test('an edit made while its scene is being pushed is pushed as well [1.0 MATCH-02]', async () => {
    const pair = world.pair(2);
    world.plex.switches.writeServiceMs = 500;
    const writesBefore = world.plex.counts().writes;
    await world.edit(pair, { title: 'While on its way' });
    await until('the write has begun', () => world.plex.counts().writes > writesBefore);
    await world.edit(pair, { title: 'Changed meanwhile' });
    world.plex.switches.writeServiceMs = 0;
    await until('the later title is there', () => world.item(pair).title === 'Changed meanwhile');
    await world.settled();
    expect(world.item(pair).title).toBe('Changed meanwhile');
  });

  test('saving what is there already writes nothing to Plex', async () => {
    const pair = world.pair(2);
    const writesBefore = world.plex.counts().writes;
    await world.edit(pair, { title: 'Changed meanwhile' });
    await until('the worker has looked', () => world.log().includes('Plex has it all'));
    expect(world.plex.counts().writes).toBe(writesBefore);
  });

  test('a renamed performer of no scene writes nothing to Plex, and keeps nothing waiting [1.0 MATCH-02]', async () => {
    const [id = ''] = await world.performers('Eve Frost');
    const writesBefore = world.plex.counts().writes;
    await world.rename('performer', id, 'Eve Frost-Gray');
    const { queue } = await world.settled();
    expect(queue).toMatchObject({ fanOuts: 0, pending: 0 });
    expect(world.plex.counts().writes).toBe(writesBefore);
  });

  test('a scene deleted in Stash is forgotten, and Plex keeps its item', async () => {
    const pair = world.pair(3);
    await world.edit(pair, { title: 'Soon gone' });
    await until('the item has the title', () => world.item(pair).title === 'Soon gone');
    const { scenes: before } = await world.settled();
    await world.face.graphql(
      v.unknown(),
      'mutation ($input: SceneDestroyInput!) { sceneDestroy(input: $input) }',
      { input: { id: pair.sceneId } },
    );
    await until('the worker tells of it', () => world.log().includes('"scene-gone"'));
    const { scenes } = await world.settled();
    expect(scenes.matched).toBe(before.matched - 1);
    expect(world.item(pair).title).toBe('Soon gone');
  });
});
