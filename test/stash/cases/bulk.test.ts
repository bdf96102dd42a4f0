import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { workersOf } from '../harness/processes.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

describe('a bulk edit of 100 scenes in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  let edited: readonly Pair[];
  beforeAll(async () => {
    world = await openRealWorld();
    edited = world.pairs.slice(0, 100);
  });
  afterAll(async () => {
    await world?.close();
  });

  const titleOf = (pair: Pair): string => `Title of scene ${pair.sceneId}`;

  test('60 scenes saved at the same moment start one worker, and all arrive [1.0 QUEUE-02] [1.0 QUEUE-03]', async () => {
    // Stash sets no limit: 60 hooks run at once.
    const crowd = edited.slice(0, 60);
    await Promise.all(crowd.map(async (pair) => await world.edit(pair, { title: 'In the crowd' })));
    await until('every item has its title', () =>
      crowd.every((pair) => world.item(pair).title === 'In the crowd'),
    );
    await world.settled();
    expect(workersOf(world.stash.directory)).toHaveLength(1);
    expect(world.log().match(/The worker begins/g)).toHaveLength(1);
  });

  test('100 scenes saved together, each with a title of its own, all arrive [1.0 QUEUE-02]', async () => {
    // Stash hands every hook the whole list (stashapp/stash resolver_mutation_scene.go).
    await world.face.graphql(
      v.unknown(),
      'mutation ($input: [SceneUpdateInput!]!) { scenesUpdate(input: $input) { id } }',
      { input: edited.map((pair) => ({ id: pair.sceneId, title: titleOf(pair) })) },
    );
    await until('every item has its title', () =>
      edited.every((pair) => world.item(pair).title === titleOf(pair)),
    );
  });

  test('a bulk edit of 100 scenes arrives, every item is right, and no other is touched [1.0 QUEUE-02] [1.0 QUEUE-03]', async () => {
    const begun = performance.now();
    const ms = await world.bulkEdit(edited, {
      details: 'Edited together',
      date: '2022-03-04',
      studio_id: await world.studio('Bulk Films'),
      tag_ids: { mode: 'ADD', ids: await world.tags('Bulk', 'Hundred') },
      performer_ids: { mode: 'ADD', ids: await world.performers('Gus Hale') },
    });
    await until('every item has the summary', () =>
      edited.every((pair) => world.item(pair).summary === 'Edited together'),
    );
    const arrivedMs = performance.now() - begun;
    const { scenes, deadLetters } = await world.settled();
    for (const pair of edited) {
      const item = world.item(pair);
      expect(item).toMatchObject({
        title: titleOf(pair),
        summary: 'Edited together',
        originallyAvailableAt: '2022-03-04',
        studio: 'Bulk Films',
        actors: ['Gus Hale'],
      });
      expect([...item.genres].sort()).toEqual(['Bulk', 'Hundred']);
    }
    for (const pair of world.pairs.slice(100)) {
      expect(world.plex.history(pair.ratingKey)).toEqual([]);
    }
    expect(scenes.matched).toBe(100);
    expect(deadLetters.count).toBe(0);
    expect(world.plex.counts().everyItemEdits).toBe(0);
    expect(world.complaints()).toEqual([]);
    console.info(
      `bulk edit of 100: Stash answered after ${ms.toFixed(0)} ms (${(ms / 100).toFixed(1)} ms per scene), ` +
        `all in Plex after ${arrivedMs.toFixed(0)} ms, ${world.plex.counts().edits} edit requests so far`,
    );
  });
});
