// A play, a resume point and a rating in a real Stash and a simulated Plex, both ways.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { viewingAnswer } from '../../../src/contract/viewing.ts';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

const sceneSchema = v.object({
  findScene: v.object({
    play_history: v.array(v.string()),
    resume_time: v.nullable(v.number()),
    rating100: v.nullable(v.number()),
  }),
});

describe('what one user watched, began and rated, in a real Stash [1.2 SYNC-01]', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld({
      settings: { viewing: 'watched, resume, rating', fields: 'all: off, title: mirror' },
      durationMs: 3_600_000,
      env: { PLEXSYNC_VIEWING_MS: '300', TZ: 'America/St_Johns' },
    });
  });
  afterAll(async () => {
    await world?.close();
  });

  const scene = async ({
    sceneId,
  }: Pair): Promise<v.InferOutput<typeof sceneSchema>['findScene']> => {
    const query = 'query ($id: ID!) { findScene(id: $id) { play_history resume_time rating100 } }';
    return (await world.face.graphql(sceneSchema, query, { id: sceneId })).findScene;
  };

  test('comes from Plex to Stash, at its time, and no further', async () => {
    const pair = world.pair(0);
    await world.edit(pair, { title: 'From Plex' });
    await until('the item has the title', () => world.item(pair).title === 'From Plex');
    const at = Math.floor(Date.now() / 1000) - 120;
    const seen = {
      viewCount: 1,
      viewOffsetMs: 400_000,
      userRating: 7,
      lastViewedAt: at,
      lastRatedAt: at,
    };
    world.plex.library.setSeen(pair.ratingKey, seen);
    await until('all of it is in Stash', async () => {
      const { play_history, resume_time, rating100 } = await scene(pair);
      return play_history.length === 1 && resume_time === 400 && rating100 === 70;
    });
    const { play_history } = await scene(pair);
    expect(play_history.map((time) => Date.parse(time) / 1000)).toEqual([at]);
    await world.settled();
    const passes = (await world.status()).viewing?.lastAt ?? 0;
    await until(
      'another pass has ended',
      async () => ((await world.status()).viewing?.lastAt ?? 0) > passes,
    );
    expect(world.plex.library.seen(pair.ratingKey)).toEqual(seen);
    expect((await scene(pair)).play_history).toHaveLength(1);
  });

  test('comes from Stash to Plex, once', async () => {
    const pair = world.pair(1);
    await world.edit(pair, { title: 'From Stash' });
    await until('the item has the title', () => world.item(pair).title === 'From Stash');
    await world.mutate('mutation ($id: ID!) { sceneSaveActivity(id: $id, resume_time: 300) }', {
      id: pair.sceneId,
    });
    // A minute ago, so that nobody is at it.
    const times = [new Date(Date.now() - 120_000).toISOString()];
    await world.mutate(
      'mutation ($id: ID!, $times: [Timestamp!]) { sceneAddPlay(id: $id, times: $times) { count } }',
      { id: pair.sceneId, times },
    );
    await world.edit(pair, { rating100: 85 });
    await until('all of it is in Plex', () => {
      const { viewCount, viewOffsetMs, userRating } = world.plex.library.seen(pair.ratingKey);
      return viewCount === 1 && viewOffsetMs === 300_000 && userRating === 9;
    });
    expect(await scene(pair)).toMatchObject({ resume_time: 300, rating100: 85 });
    expect((await scene(pair)).play_history).toHaveLength(1);
  });

  test('a lower rating and an earlier point count as well, and what was there stands in the history [1.2 SYNC-03]', async () => {
    const pair = world.pair(0);
    const at = Math.floor(Date.now() / 1000) - 90;
    world.plex.library.setSeen(pair.ratingKey, { viewOffsetMs: 60_000, lastViewedAt: at });
    await world.edit(pair, { rating100: 20 });
    await until('both have come over', async () => {
      const { userRating } = world.plex.library.seen(pair.ratingKey);
      return userRating === 2 && (await scene(pair)).resume_time === 60;
    });
    const answer = await world.operation({ name: 'viewing', scene: Number(pair.sceneId) });
    const { changes } = v.parse(viewingAnswer, answer);
    const lastOf = (field: string): unknown => changes.find((change) => change.field === field);
    expect(lastOf('rating')).toMatchObject({ side: 'plex', before: '7', after: '2' });
    expect(lastOf('resume')).toMatchObject({ side: 'stash', before: '400', after: '60' });
    expect(world.complaints()).toEqual([]);
  });
});
