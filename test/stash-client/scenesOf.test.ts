import { describe, expect, it } from 'vitest';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { openStashClient } from '../../src/stash/client.ts';
import { json, startFakeStash } from './fakeStash.ts';
import { openSimulated, requestsTo } from './simulated.ts';

const kinds = ['performer', 'studio', 'tag', 'group'] as const;
type Kind = (typeof kinds)[number];

/** A scene that refers to this one. */
function addSceneOf(stash: StashSimulator, kind: Kind, id: number): number {
  const links = {
    performer: { performerIds: [id] },
    studio: { studioId: id },
    tag: { tagIds: [id] },
    group: { groups: [{ groupId: id, sceneIndex: null }] },
  };
  return stash.store.addScene(links[kind]);
}

describe.each(kinds)('the scenes of a %s', (kind) => {
  it('come with its name, in the order of their ids, and none of another', async () => {
    const { stash, client } = await openSimulated();
    const id = stash.store.addEntity(kind, { name: 'Wanted' });
    const other = stash.store.addEntity(kind, { name: 'Other' });
    const wanted = [addSceneOf(stash, kind, id)];
    addSceneOf(stash, kind, other);
    stash.store.addScene();
    wanted.push(addSceneOf(stash, kind, id));
    expect(await client.scenesOf(kind, id, 0, 10)).toMatchObject({
      entity: { entity: kind, id, name: 'Wanted', children: [] },
      ids: wanted,
    });
    await expect.poll(() => requestsTo(stash)).toBe(1);
  });

  it('come in pages after the last id, and nothing is skipped when scenes vanish in between', async () => {
    const { stash, client } = await openSimulated();
    const id = stash.store.addEntity(kind, { name: 'Wanted' });
    const all = Array.from({ length: 5 }, () => addSceneOf(stash, kind, id));
    expect((await client.scenesOf(kind, id, 0, 2)).ids).toEqual(all.slice(0, 2));
    for (const scene of all.slice(0, 2)) stash.store.removeScene(scene);
    expect((await client.scenesOf(kind, id, all[1] ?? 0, 2)).ids).toEqual(all.slice(2, 4));
    expect((await client.scenesOf(kind, id, all[3] ?? 0, 2)).ids).toEqual(all.slice(4));
    expect(await client.scenesOf(kind, id, all[4] ?? 0, 2)).toMatchObject({
      entity: { name: 'Wanted' },
      ids: [],
    });
  });

  it('are none once it is destroyed, and it is known as gone', async () => {
    const { stash, client } = await openSimulated();
    const id = stash.store.addEntity(kind, { name: 'Wanted' });
    addSceneOf(stash, kind, id);
    stash.store.removeEntity(kind, id);
    expect(await client.scenesOf(kind, id, 0, 10)).toEqual({ entity: null, ids: [] });
  });

  it('are asked for with its new name once it is renamed', async () => {
    const { stash, client } = await openSimulated();
    const id = stash.store.addEntity(kind, { name: 'Before' });
    stash.store.changeEntity(kind, id, { name: 'After' });
    expect((await client.scenesOf(kind, id, 0, 1)).entity).toMatchObject({ name: 'After' });
  });
});

describe.each(['performer', 'tag'] as const)('the scenes of a %s', (kind) => {
  it('are those of all that were merged into it', async () => {
    const { stash, client } = await openSimulated();
    const [source, destination] = ['S', 'D'].map((name) => stash.store.addEntity(kind, { name }));
    const ids = [source, destination].map((id) => addSceneOf(stash, kind, id ?? 0));
    stash.store.mergeEntities(kind, [source ?? 0], destination ?? 0);
    expect((await client.scenesOf(kind, destination ?? 0, 0, 10)).ids).toEqual(ids);
    expect(await client.scenesOf(kind, source ?? 0, 0, 10)).toEqual({ entity: null, ids: [] });
  });
});

describe('the scenes of a tag', () => {
  it('are not those of its children', async () => {
    const { stash, client } = await openSimulated();
    const parent = stash.store.addTag({ name: 'Parent' });
    const child = stash.store.addTag({ name: 'Child', fields: { parent_ids: [parent] } });
    stash.store.addScene({ tagIds: [child] });
    expect((await client.scenesOf('tag', parent, 0, 10)).ids).toEqual([]);
  });

  it('are those of its children where they are asked for, each once', async () => {
    const { stash, client } = await openSimulated();
    const parent = stash.store.addTag({ name: 'Parent' });
    const [one = 0, two = 0] = ['One', 'Two'].map((name) =>
      stash.store.addTag({ name, fields: { parent_ids: [parent] } }),
    );
    const below = [[one], [one, two], [two, parent]].map((tagIds) =>
      stash.store.addScene({ tagIds }),
    );
    stash.store.addScene({ tagIds: [parent] });
    const { entity } = await client.scenesOf('tag', parent, 0, 10);
    expect(entity?.children).toEqual([one, two]);
    expect(await client.scenesOfAny('tag', entity?.children ?? [], 0, 10)).toEqual(below);
    expect(await client.scenesOfAny('tag', [one, two], below[0] ?? 0, 1)).toEqual([below[1]]);
    expect(await client.scenesOfAny('tag', [], 0, 10)).toEqual([]);
    expect((await client.scenesOf('tag', one, 0, 10)).entity).toMatchObject({
      parents: [{ id: parent, name: 'Parent' }],
    });
  });

  it('are no empty list when Stash has trouble', async () => {
    const { stash, client } = await openSimulated();
    stash.faults.set({ kind: 'graphql-error', message: 'database is locked' });
    await expect(client.scenesOf('tag', 1, 0, 10)).rejects.toMatchObject({
      code: 'stash-query-failed',
    });
  });

  it.each([
    [0, 0, 10],
    [1.5, 0, 10],
    [1, -1, 10],
    [1, 0, 0],
    [1, 0, -1],
    [1, 0, Number.NaN],
  ])('are not asked for as %d after %d, at most %d', async (id, afterId, limit) => {
    const { stash, client } = await openSimulated();
    const bad = client.scenesOf('tag', id, afterId, limit);
    await expect(bad).rejects.toMatchObject({ code: 'bad-arguments' });
    expect(requestsTo(stash)).toBe(0);
  });

  it.each([
    ['no word about the tag', {}, []],
    ['a tag without a name', { entity: { id: '1', name: '', parents: [], children: [] } }, []],
    ['a tag without its children', { entity: { id: '1', name: 'Tag', parents: [] } }, []],
    ['more scenes than asked for', { entity: null }, [{ id: '4' }, { id: '5' }, { id: '6' }]],
    ['scenes from before the page', { entity: null }, [{ id: '3' }]],
    ['scenes in another order', { entity: null }, [{ id: '5' }, { id: '4' }]],
    ['null for scenes', { entity: null }, null],
  ])('are refused from an answer with %s', async (_title, entity, scenes) => {
    const fake = await startFakeStash((_asked, response) =>
      json(response, { data: { ...entity, findScenes: { scenes } } }),
    );
    const client = openStashClient(fake.connection);
    await expect(client.scenesOf('tag', 1, 3, 2)).rejects.toMatchObject({
      code: 'stash-bad-answer',
    });
    await client.close();
    await fake.close();
  });
});
