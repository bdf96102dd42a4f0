import { afterEach, describe, expect, it } from 'vitest';
import { type StashClient, openStashClient } from '../../src/stash/client.ts';
import { type FakeStash, json, startFakeStash } from './fakeStash.ts';

let stash: FakeStash | undefined;
let client: StashClient | undefined;

afterEach(async () => {
  await client?.close();
  await stash?.close();
});

/** A Stash that answers every request with this data. */
async function answering(data: unknown): Promise<{ stash: FakeStash; client: StashClient }> {
  stash = await startFakeStash((_asked, response) => json(response, { data }));
  client = openStashClient(stash.connection);
  return { stash, client };
}

const badAnswer = { code: 'stash-bad-answer' };

describe('the settings of the plugin', () => {
  it('are what Stash keeps for it, nested values included', async () => {
    const settings = { plexUrl: 'http://plex:32400', rules: [{ from: '/a', to: '/b' }], n: 1.5 };
    const plugins = { 'plex-sync': settings, other: { a: 1 } };
    const { client, stash } = await answering({ configuration: { plugins } });
    expect(await client.settings('plex-sync')).toEqual(settings);
    expect(stash.asked[0]?.variables).toEqual({ pluginIds: ['plex-sync'] });
  });

  it('are empty if nothing was ever set: Stash leaves the plugin out then', async () => {
    const { client } = await answering({ configuration: { plugins: {} } });
    expect(await client.settings('plex-sync')).toEqual({});
    expect(await client.settings('constructor')).toEqual({});
  });

  it.each([
    [{}],
    [{ configuration: {} }],
    [{ configuration: { plugins: null } }],
    [{ configuration: { plugins: [] } }],
    [{ configuration: { plugins: { 'plex-sync': [] } } }],
    [{ configuration: { plugins: { 'plex-sync': 'x' } } }],
  ])('are never taken for empty when the answer is %j', async (data) => {
    const { client } = await answering(data);
    await expect(client.settings('plex-sync')).rejects.toMatchObject(badAnswer);
  });
});

describe('the API key', () => {
  it('is null if none was generated', async () => {
    const { client } = await answering({ configuration: { general: { apiKey: '' } } });
    expect(await client.apiKey()).toBeNull();
  });

  it('is told if there is one', async () => {
    const { client } = await answering({ configuration: { general: { apiKey: 'abc' } } });
    expect(await client.apiKey()).toBe('abc');
  });
});

describe('whether the plugin is enabled', () => {
  it.each([
    [[{ id: 'plex-sync', enabled: true }], true],
    [[{ id: 'plex-sync', enabled: false }], false],
    [[{ id: 'other', enabled: true }], false],
    [[], false],
    [null, false],
  ])('with %j installed is %j', async (plugins, expected) => {
    const { client } = await answering({ plugins });
    expect(await client.pluginEnabled('plex-sync')).toBe(expected);
  });

  it('is not taken for no when the answer lacks it', async () => {
    const { client } = await answering({});
    await expect(client.pluginEnabled('plex-sync')).rejects.toMatchObject(badAnswer);
  });
});

describe('the version', () => {
  it('is empty for a Stash built without one', async () => {
    const { client } = await answering({ version: { version: null } });
    expect(await client.version()).toBe('');
  });
});

describe('a page of scene ids', () => {
  it('is asked for in the order of the ids', async () => {
    const findScenes = { count: 2001, scenes: [{ id: '7' }, { id: '12' }] };
    const { client, stash } = await answering({ findScenes });
    expect(await client.sceneIdsPage({ page: 2, perPage: 1000 })).toEqual({
      count: 2001,
      ids: [7, 12],
    });
    expect(stash.asked[0]?.variables).toEqual({
      filter: { page: 2, per_page: 1000, sort: 'id', direction: 'ASC' },
    });
  });

  it.each([[{ count: 1, scenes: null }], [{ count: 1, scenes: [{ id: 'x' }] }], [{ scenes: [] }]])(
    'is refused as %j',
    async (findScenes) => {
      const { client } = await answering({ findScenes });
      await expect(client.sceneIdsPage({ page: 1, perPage: 10 })).rejects.toMatchObject(badAnswer);
    },
  );
});
