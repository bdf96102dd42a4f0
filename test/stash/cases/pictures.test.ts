// Covers and ratings of a real Stash on their way to Plex, with a login and without; and texts in
// every script.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { jpeg, png } from '../../helpers/pictures.ts';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

function posterOf(world: RealWorld, pair: Pair): string | undefined {
  return world.item(pair).posters.find(({ selected }) => selected)?.name;
}

function called(bytes: Buffer): string {
  return `upload://posters/${createHash('sha1').update(bytes).digest('hex')}`;
}

function dataUrl(bytes: Buffer, type = 'image/jpeg'): string {
  return `data:${type};base64,${bytes.toString('base64')}`;
}

describe.each([
  ['without a login', false],
  ['with a login', true],
])('pictures and ratings of a real Stash %s', (_, hasPassword) => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld({ settings: { fields: 'background: mirror' } });
    if (!hasPassword) return;
    const login = { username: 'ann', password: 'a secret for tests' };
    await world.mutate(
      'mutation ($input: ConfigGeneralInput!) { configureGeneral(input: $input) { username } }',
      { input: login },
    );
    await world.face.login(login.username, login.password);
  });
  afterAll(async () => {
    await world?.close();
  });

  test('a cover becomes poster and background, a rating the stars, and both follow', async () => {
    const pair = world.pair(0);
    await world.edit(pair, {
      title: 'With a cover',
      rating100: 90,
      cover_image: dataUrl(jpeg('one')),
    });
    await until('the poster is there', () => posterOf(world, pair) === called(jpeg('one')));
    await until('the rating is there', () => world.item(pair).userRating === 9);
    await until('the background is there', () => world.item(pair).arts.length === 1);
    await until('both are locked', () =>
      ['thumb', 'art'].every((name) => world.item(pair).locked.includes(name)),
    );
    await world.edit(pair, { cover_image: dataUrl(png('two'), 'image/png'), rating100: null });
    await until('the new poster is there', () => posterOf(world, pair) === called(png('two')));
    await until('the rating is gone', () => world.item(pair).userRating === undefined);
  });

  test('an edit of something else sends no picture again', async () => {
    const pair = world.pair(0);
    await until('all is sent', () => world.item(pair).arts.length === 2);
    const { uploads } = world.plex.counts();
    await world.edit(pair, { title: 'Another title' });
    await until('it arrives', () => world.item(pair).title === 'Another title');
    await world.settled();
    expect(world.plex.counts().uploads).toBe(uploads);
  });

  test('the picture that Stash shows for a scene without a cover is not sent', async () => {
    const pair = world.pair(1);
    await world.mutate('mutation ($sql: String!) { execSQL(sql: $sql) { rows_affected } }', {
      sql: `UPDATE scenes SET cover_blob = NULL WHERE id = ${pair.sceneId}`,
    });
    const { uploads } = world.plex.counts();
    await world.edit(pair, { title: 'Without a cover', rating100: 20 });
    // The rating goes the same way, after the cover.
    await until('the rating is there', () => world.item(pair).userRating === 2);
    expect(world.item(pair).posters).toEqual([]);
    expect(world.plex.counts().uploads).toBe(uploads);
    expect(world.complaints()).toEqual([]);
  });

  test('texts in every script arrive as they were typed', async () => {
    const pair = world.pair(2);
    const family = '👩‍👩‍👧';
    const texts = {
      title: `Überfahrt – 海辺 ${family} “quoted”, comma & more`,
      details: `שלום עולם\nمرحبا\n${family} 100 % a+b=c #1?`,
    };
    await world.edit(pair, {
      ...texts,
      director: 'Éloïse Ångström',
      studio_id: await world.studio(`Студия ${family}`),
      tag_ids: await world.tags('日本語', 'naïve, with comma', `${family} emoji`),
      performer_ids: await world.performers('Zoë O’Neill', '山田 花子'),
    });
    await until('it arrives', () => world.item(pair).title === texts.title);
    await world.settled();
    const item = world.item(pair);
    expect(item).toMatchObject({
      summary: texts.details,
      studio: `Студия ${family}`,
      directors: ['Éloïse Ångström'],
    });
    expect([...item.genres].toSorted()).toEqual(
      ['日本語', 'naïve, with comma', `${family} emoji`].toSorted(),
    );
    expect([...item.actors].toSorted()).toEqual(['Zoë O’Neill', '山田 花子'].toSorted());
  });
});

test('one tag given to 100 scenes of a real Stash at once costs Plex a few writes', async () => {
  const world = await openRealWorld({ settings: { fields: 'pictures: off' } });
  try {
    const pairs = world.pairs.slice(0, 100);
    await world.face.graphql(
      v.unknown(),
      'mutation ($input: [SceneUpdateInput!]!) { scenesUpdate(input: $input) { id } }',
      { input: pairs.map(({ sceneId }) => ({ id: sceneId, title: `Scene ${sceneId}` })) },
    );
    await until('the titles are there', () =>
      pairs.every((pair) => world.item(pair).title === `Scene ${pair.sceneId}`),
    );
    await world.settled();
    const before = world.plex.counts();
    await world.bulkEdit(pairs, {
      tag_ids: { mode: 'ADD', ids: await world.tags('Together') },
      studio_id: await world.studio('One Studio'),
    });
    await until('all have both', () =>
      pairs.every((pair) => {
        const { genres, studio } = world.item(pair);
        return genres.includes('Together') && studio === 'One Studio';
      }),
    );
    await world.settled();
    const after = world.plex.counts();
    const writes = after.writes - before.writes;
    console.info(
      `one tag and one studio for 100 scenes: ${writes} writes, ${after.reads - before.reads} reads`,
    );
    // One alone to learn how this Plex takes tags, and one per batch of up to 50, which an
    // unlucky moment may cut in two.
    expect(writes).toBeLessThanOrEqual(12);
  } finally {
    await world.close();
  }
});
