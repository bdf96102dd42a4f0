// What the simulated Stash answers to GraphQL.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { fieldOf, listOf, startStash, temporaryDirectory } from './stashKit.ts';

async function post(
  stash: StashSimulator,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: unknown; encoding: unknown; text: string }> {
  const agent = new Agent();
  onTestFinished(() => agent.close());
  const answer = await request(stash.graphqlUrl, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
    dispatcher: agent,
  });
  return {
    status: answer.statusCode,
    type: answer.headers['content-type'],
    encoding: answer.headers['content-encoding'],
    text: await answer.body.text(),
  };
}

async function ids(stash: StashSimulator, args: string): Promise<unknown> {
  const { data, errors } = await stash.graphql(`{ findScenes${args} { count scenes { id } } }`);
  if (errors.length > 0) return errors[0]?.['message'];
  const scenes = listOf(fieldOf(data, 'findScenes', 'scenes')).map((scene) => fieldOf(scene, 'id'));
  return [fieldOf(data, 'findScenes', 'count'), scenes.map(Number)];
}

describe('findScenes', () => {
  test('with ids gives them in the order asked for and ignores filter and page', async () => {
    const stash = await startStash();
    for (let id = 1; id <= 5; id += 1) stash.store.addScene();
    expect(await ids(stash, '(ids: [3, 1], filter: {per_page: 1, page: 2})')).toEqual([2, [3, 1]]);
    expect(await ids(stash, '(scene_ids: [4])')).toEqual([1, [4]]);
    expect(await ids(stash, '(ids: [])')).toEqual([5, [1, 2, 3, 4, 5]]);
  });

  test('fails as a whole for one id that is missing, given twice, or no number', async () => {
    const stash = await startStash();
    stash.store.addScene();
    expect(await ids(stash, '(ids: [1, 99])')).toBe('scene with id 99 not found');
    expect(await ids(stash, '(ids: [1, 1])')).toBe('validating ids: duplicate id found: 1');
    expect(await ids(stash, '(ids: ["x"])')).toBe(
      'converting ids: strconv.Atoi: parsing "x": invalid syntax',
    );
    const { data } = await stash.graphql('{ findScenes(ids: [99]) { count } }');
    expect(data).toBeNull();
    expect((await stash.graphql('{ findScene(id: 99) { id } }')).data).toEqual({ findScene: null });
  });

  test('has pages of 25; a negative size is all, and 0 is the count alone', async () => {
    const stash = await startStash();
    for (let id = 1; id <= 30; id += 1) stash.store.addScene();
    const range = (from: number, to: number): number[] =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index);
    expect(await ids(stash, '')).toEqual([30, range(1, 25)]);
    expect(await ids(stash, '(filter: {page: 2})')).toEqual([30, range(26, 30)]);
    expect(await ids(stash, '(filter: {per_page: -1})')).toEqual([30, range(1, 30)]);
    expect(await ids(stash, '(filter: {per_page: 0})')).toEqual([30, []]);
    expect(await ids(stash, '(filter: {per_page: 2, sort: "id", direction: DESC})')).toEqual([
      30,
      [30, 29],
    ]);
    expect(await ids(stash, '(filter: {sort: "nonsense"})')).toBe('invalid sort: nonsense');
  });

  test('filters by what scenes refer to', async () => {
    const stash = await startStash();
    const tag = stash.store.addTag({ name: 'T' });
    const performer = stash.store.addPerformer({ name: 'P' });
    const studio = stash.store.addStudio({ name: 'S' });
    const group = stash.store.addGroup({ name: 'G' });
    stash.store.addScene({ tagIds: [tag] });
    stash.store.addScene({ performerIds: [performer], studioId: studio });
    stash.store.addScene({ groups: [{ groupId: group, sceneIndex: 1 }], organized: true });
    const filtered = (filter: string): Promise<unknown> =>
      ids(stash, `(scene_filter: {${filter}})`);
    const includes = '{value: [1], modifier: INCLUDES}';
    expect(await filtered(`tags: ${includes}`)).toEqual([1, [1]]);
    expect(await filtered(`performers: ${includes}`)).toEqual([1, [2]]);
    expect(await filtered(`studios: ${includes}`)).toEqual([1, [2]]);
    expect(await filtered(`groups: ${includes}`)).toEqual([1, [3]]);
    expect(await filtered('organized: true')).toEqual([1, [3]]);
    expect(await filtered(`tags: ${includes}, OR: {organized: true}`)).toEqual([2, [1, 3]]);
    expect(await filtered('NOT: {organized: true}')).toEqual([2, [1, 2]]);
    expect(await filtered('tags: {modifier: IS_NULL}')).toEqual([2, [2, 3]]);
  });

  test('compares times as texts, in the offset of the server', async () => {
    let nowMs = Date.UTC(2026, 5, 1, 22, 30);
    const stash = await startStash([], { nowMs: () => nowMs, utcOffsetMinutes: 120 });
    stash.store.addPerformer({ name: 'P' });
    stash.store.addScene({ performerIds: [1] });
    nowMs += 60_000;
    stash.store.addScene();
    const { data } = await stash.graphql('{ findScene(id: 1) { updated_at } }');
    expect(fieldOf(data, 'findScene', 'updated_at')).toBe('2026-06-02T00:30:00+02:00');
    const since = (value: string, more = ''): Promise<unknown> =>
      ids(
        stash,
        `(scene_filter: {updated_at: {value: "${value}", modifier: GREATER_THAN}${more}})`,
      );
    expect(await since('2026-06-02T00:30:00+02:00')).toEqual([1, [2]]);
    // The same moment in another offset is another text.
    expect(await since('2026-06-01T22:30:00Z')).toEqual([2, [1, 2]]);
    expect(await since('2026-07')).toEqual([0, []]);
    const related = 'performers_filter: {updated_at: {value: "2026", modifier: GREATER_THAN}}';
    expect(await ids(stash, `(scene_filter: {${related}})`)).toEqual([1, [1]]);
  });

  test('answers 50 of 100,000 scenes', async () => {
    const stash = await startStash();
    for (let id = 1; id <= 100_000; id += 1) {
      stash.store.addScene({ title: `Scene ${id}`, files: [{ path: `/data/${id}.mp4` }] });
    }
    const wanted = Array.from({ length: 50 }, (_, index) => (index + 1) * 1999);
    expect(await ids(stash, `(ids: [${wanted.join(', ')}])`)).toEqual([50, wanted]);
    const page = '(filter: {per_page: 2, page: 50000, sort: "id"})';
    expect(await ids(stash, page)).toEqual([100_000, [99_999, 100_000]]);
  });
});

describe('a scene', () => {
  test('comes with files, paths and all that it refers to', async () => {
    const stash = await startStash([], { externalHost: 'https://stash.example', apiKey: 'k&y' });
    stash.store.addStudio({ name: 'Studio' });
    stash.store.addTag({ name: 'Tag' });
    stash.store.addPerformer({ name: 'Ann', fields: { disambiguation: 'actor' } });
    stash.store.addGroup({ name: 'Group' });
    stash.store.addScene({
      title: 'T',
      date: '2020-07',
      studioId: 1,
      tagIds: [1],
      performerIds: [1],
      groups: [{ groupId: 1, sceneIndex: 3 }],
      files: [{ path: '/data/a/b.mp4', size: 5_000_000_000, durationSeconds: 61.5 }],
      updatedAt: '2026-01-01T00:00:00Z',
    });
    const { data, errors } = await stash.graphql(`{ findScene(id: 1) {
      title details date rating100 organized o_counter play_count last_played_at
      studio { id name parent_studio { id } } tags { name parents { id } }
      performers { name disambiguation alias_list image_path }
      groups { group { name } scene_index }
      files { path basename size duration fingerprint(type: "oshash") }
      paths { screenshot stream }
    } }`);
    expect(errors).toEqual([]);
    const updatedAt = Date.parse(stash.store.entity('performer', 1)?.updatedAt ?? '') / 1000;
    const imagePath = `https://stash.example/performer/1/image?t=${updatedAt}&default=true`;
    expect(data?.['findScene']).toEqual({
      title: 'T',
      details: '',
      date: '2020-07',
      rating100: null,
      organized: false,
      o_counter: 0,
      play_count: 0,
      last_played_at: null,
      studio: { id: '1', name: 'Studio', parent_studio: null },
      tags: [{ name: 'Tag', parents: [] }],
      performers: [
        {
          name: 'Ann',
          disambiguation: 'actor',
          alias_list: [],
          image_path: imagePath,
        },
      ],
      groups: [{ group: { name: 'Group' }, scene_index: 3 }],
      files: [
        {
          path: '/data/a/b.mp4',
          basename: 'b.mp4',
          size: 5_000_000_000,
          duration: 61.5,
          fingerprint: '0000000000000001',
        },
      ],
      paths: {
        screenshot: 'https://stash.example/scene/1/screenshot?t=1767225600',
        stream: 'https://stash.example/scene/1/stream?apikey=k%26y',
      },
    });
  });

  test('has a cover or a default image', async () => {
    const stash = await startStash();
    stash.store.addScene();
    const image = async (path: string): Promise<unknown[]> => {
      const answer = await request(`${stash.url}${path}`);
      return [answer.statusCode, answer.headers['content-type'], await answer.body.text()];
    };
    expect((await image('/scene/1/screenshot')).slice(0, 2)).toEqual([200, 'image/svg+xml']);
    const cover = `data:image/png;base64,${Buffer.from('pixels').toString('base64')}`;
    await stash.graphql(
      'mutation ($c: String) { sceneUpdate(input: {id: 1, cover_image: $c}) { id } }',
      {
        c: cover,
      },
    );
    expect(await image('/scene/1/screenshot?t=1')).toEqual([200, 'image/png', 'pixels']);
    expect((await image('/scene/2/screenshot'))[0]).toBe(404);
    expect((await image('/scene/x/screenshot'))[0]).toBe(400);
  });

  test('can be made to break the schema, for whoever must not trust it', async () => {
    const stash = await startStash();
    for (let id = 1; id <= 2; id += 1)
      stash.store.addScene({ title: 'fine', files: [{ path: '/x' }] });
    stash.store.corrupt(2, { title: 123, date: '2024-13-45', files: null, organized: undefined });
    const { data } = await stash.graphql(
      '{ all: findScenes { scenes { id name: title date organized files { id } } } findScene(id: 2) { title } }',
    );
    expect(fieldOf(data, 'all', 'scenes')).toEqual([
      { id: '1', name: 'fine', date: null, organized: false, files: [{ id: '1' }] },
      { id: '2', name: 123, date: '2024-13-45', files: null },
    ]);
    expect(fieldOf(data, 'findScene')).toEqual({ title: 123 });
    stash.store.heal(2);
    expect((await stash.graphql('{ findScene(id: 2) { title } }')).data).toEqual({
      findScene: { title: 'fine' },
    });
  });
});

describe('a mutation', () => {
  const update = async (stash: StashSimulator, fields: string): Promise<unknown> => {
    const { data, errors } = await stash.graphql(
      `mutation { sceneUpdate(input: {id: 1, ${fields}}) { title date rating100 studio { id } tags { id } } }`,
    );
    return errors[0]?.['message'] ?? data?.['sceneUpdate'];
  };

  test('changes what was sent, trimmed, and nothing else', async () => {
    const stash = await startStash();
    stash.store.addStudio({ name: 'S' });
    stash.store.addTag({ name: 'T' });
    stash.store.addScene({ title: 'a', rating100: 20, files: [{ path: '/x' }] });
    expect(await update(stash, 'title: "  b  ", studio_id: 1, tag_ids: [1]')).toEqual({
      title: 'b',
      date: null,
      rating100: 20,
      studio: { id: '1' },
      tags: [{ id: '1' }],
    });
    expect(
      await update(stash, 'title: null, rating100: null, studio_id: null, tag_ids: []'),
    ).toEqual({
      title: '',
      date: null,
      rating100: null,
      studio: null,
      tags: [],
    });
  });

  test.each([
    ['2020', '2020'],
    ['2020-07', '2020-07'],
    ['2020-07-31', '2020-07-31'],
    ['2020-07-31T10:00:00Z', '2020-07-31'],
    ['', null],
  ])('takes the date "%s" as %s', async (sent, kept) => {
    const stash = await startStash();
    stash.store.addScene({ date: '1999' });
    expect(await update(stash, `date: "${sent}"`)).toMatchObject({ date: kept });
  });

  test.each(['garbage', '2020-13', '2020-02-31'])('refuses the date "%s"', async (sent) => {
    const stash = await startStash();
    stash.store.addScene();
    expect(await update(stash, `date: "${sent}"`)).toContain(
      'converting date: failed to parse date',
    );
  });

  test('that fails changes nothing and fires nothing', async () => {
    const stash = await startStash([{}]);
    stash.store.addScene({ title: 'a' });
    expect(await update(stash, 'title: "b", studio_id: 77')).toContain('FOREIGN KEY');
    expect(await update(stash, 'title: ""')).toBe('title must be set if scene has no files');
    const bulk = 'mutation { bulkSceneUpdate(input: {ids: [1, 99], title: "b"}) { id } }';
    expect((await stash.graphql(bulk)).errors[0]?.['message']).toBe('sql: no rows in result set');
    expect(stash.store.scene(1)?.title).toBe('a');
    expect(stash.hookRuns).toEqual([]);
  });

  test('in bulk sets, adds or removes', async () => {
    const stash = await startStash();
    for (const name of ['A', 'B', 'C']) stash.store.addTag({ name });
    stash.store.addScene({ tagIds: [1] });
    stash.store.addScene({ tagIds: [2] });
    const bulk = async (mode: string, tags: string): Promise<unknown> => {
      const input = `{ids: [1, 2], tag_ids: {mode: ${mode}, ids: [${tags}]}}`;
      await stash.graphql(`mutation { bulkSceneUpdate(input: ${input}) { id } }`);
      return [1, 2].map((id) => stash.store.scene(id)?.tagIds);
    };
    expect(await bulk('ADD', '3')).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(await bulk('REMOVE', '1, 3')).toEqual([[], [2]]);
    expect(await bulk('SET', '2, 3')).toEqual([
      [2, 3],
      [2, 3],
    ]);
  });

  test('that takes away or merges what scenes refer to takes it from the scenes', async () => {
    const stash = await startStash();
    for (const name of ['A', 'B']) {
      stash.store.addTag({ name });
      stash.store.addPerformer({ name });
      stash.store.addGroup({ name });
    }
    stash.store.addStudio({ name: 'S' });
    stash.store.addScene({
      tagIds: [1, 2],
      performerIds: [1],
      studioId: 1,
      groups: [{ groupId: 1, sceneIndex: 7 }],
    });
    await stash.graphql('mutation { tagsMerge(input: {source: [1], destination: 2}) { id } }');
    await stash.graphql('mutation { performerMerge(input: {source: [1], destination: 2}) { id } }');
    await stash.graphql('mutation { studiosDestroy(ids: [1]) }');
    await stash.graphql('mutation { groupsDestroy(ids: [1]) }');
    expect(stash.store.scene(1)).toMatchObject({
      tagIds: [2],
      performerIds: [2],
      studioId: null,
      groups: [],
    });
  });

  test('that merges scenes gives their files to the one that stays', async () => {
    const stash = await startStash([{ triggers: ['Scene.Update.Post', 'Scene.Destroy.Post'] }]);
    for (const path of ['/1.mp4', '/2.mp4']) stash.store.addScene({ files: [{ path }] });
    await stash.graphql('mutation { sceneMerge(input: {source: [2], destination: 1}) { id } }');
    expect(stash.store.scene(1)?.files.map((file) => file.path)).toEqual(['/1.mp4', '/2.mp4']);
    expect(stash.store.scene(2)).toBeUndefined();
    expect(stash.hookRuns).toEqual([]);
  });
});

describe('settings of a plugin', () => {
  const configured = async (stash: StashSimulator): Promise<unknown> => {
    const { data } = await stash.graphql('{ configuration { plugins(include: ["probe"]) } }');
    return fieldOf(data, 'configuration', 'plugins');
  };
  const configure =
    'mutation ($input: Map!) { configurePlugin(plugin_id: "probe", input: $input) }';

  test('are absent until they are set', async () => {
    const stash = await startStash();
    expect(await configured(stash)).toEqual({});
  });

  test('are replaced whole, whatever is in them', async () => {
    const stash = await startStash();
    await stash.graphql(configure, { input: { token: 't', nested: { list: [1, 'a', null] } } });
    expect(await configured(stash)).toEqual({
      probe: { token: 't', nested: { list: [1, 'a', null] } },
    });
    const { data } = await stash.graphql(configure, { input: { url: 'http://plex' } });
    expect(data?.['configurePlugin']).toEqual({ url: 'http://plex' });
    expect(await configured(stash)).toEqual({ probe: { url: 'http://plex' } });
    await stash.graphql(configure, { input: {} });
    expect(await configured(stash)).toEqual({});
  });

  test('lie in config.yml and are there in the next life', async () => {
    const directory = temporaryDirectory();
    const first = await startStash([], { directory });
    await first.graphql(configure, { input: { token: 't' } });
    await first.close();
    const path = join(directory, 'config.yml');
    expect(fieldOf(parse(readFileSync(path, 'utf8')), 'plugins', 'settings')).toEqual({
      probe: { token: 't' },
    });
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(await configured(await startStash([], { directory }))).toEqual({
      probe: { token: 't' },
    });
  });
});

describe('an answer', () => {
  test('is typed and refused as the client would have it', async () => {
    const stash = await startStash();
    const bad = { query: '{ nope }' };
    const own = 'application/graphql-response+json';
    expect(await post(stash, bad)).toMatchObject({ status: 400, type: own });
    expect(await post(stash, bad, { accept: '*/*' })).toMatchObject({ status: 400, type: own });
    expect(await post(stash, bad, { accept: 'application/json' })).toMatchObject({
      status: 422,
      type: 'application/json',
    });
    expect(JSON.parse((await post(stash, bad)).text)).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      data: null,
    });
    expect((await post(stash, '{')).status).toBe(400);
    const unbound = { query: 'query ($id: ID!) { findScene(id: $id) { id } }', variables: {} };
    expect(await post(stash, unbound)).toMatchObject({ status: 400 });
  });

  test('is written as Go writes JSON, errors first', async () => {
    const stash = await startStash();
    stash.store.addScene({ title: '<a & b>' });
    const query = '{ findScene(id: 1) { title } bad: findScene(id: "x") { id } }';
    expect((await post(stash, { query })).text).toBe(
      '{"errors":[{"message":"strconv.Atoi: parsing \\"x\\": invalid syntax","path":["bad"]}],' +
        '"data":{"findScene":{"title":"\\u003ca \\u0026 b\\u003e"},"bad":null}}',
    );
  });

  test('is compressed for who asks for plain JSON and can take it', async () => {
    const stash = await startStash();
    const query = { query: '{ version { version } }' };
    const gzip = { 'accept-encoding': 'gzip' };
    const plain = await post(stash, query, { ...gzip, accept: 'application/json' });
    expect(plain.encoding).toBe('gzip');
    expect((await post(stash, query, gzip)).encoding).toBeUndefined();
  });

  test('tells the schema to who asks', async () => {
    const stash = await startStash();
    const { data } = await stash.graphql(
      '{ __schema { queryType { name } } systemStatus { status } }',
    );
    expect(data).toEqual({
      __schema: { queryType: { name: 'Query' } },
      systemStatus: { status: 'OK' },
    });
  });
});
