// What scenes refer to, and how the simulated Stash finds them by it or by their files. The real
// one was seen doing the same.
import { describe, expect, test } from 'vitest';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { fieldOf, listOf, startStash } from './stashKit.ts';

const kinds = ['performer', 'studio', 'tag', 'group'] as const;

async function stashWithEach(names: readonly string[]): Promise<StashSimulator> {
  const triggers = ['Performer', 'Studio', 'Tag', 'Group', 'Movie'].flatMap((name) =>
    ['Update', 'Destroy', 'Merge'].map((event) => `${name}.${event}.Post`),
  );
  const stash = await startStash([{ triggers }]);
  for (const kind of kinds) for (const name of names) stash.store.addEntity(kind, { name });
  return stash;
}

function hooksOf(stash: StashSimulator): unknown[] {
  return stash.stdinSent.map(({ text }) => {
    const context = fieldOf(JSON.parse(text), 'args', 'hookContext');
    return [fieldOf(context, 'type'), fieldOf(context, 'id')];
  });
}

function messages(errors: readonly unknown[]): unknown[] {
  return errors.map((error) => fieldOf(error, 'message'));
}

describe('a performer, studio, tag or group of the simulated Stash', () => {
  test.each(kinds)('(%s) that does not exist is null and no scene has it', async (kind) => {
    const stash = await startStash();
    stash.store.addScene();
    const find = `find${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    const { data, errors } = await stash.graphql(`{
      ${find}(id: 9) { name }
      findScenes(scene_filter: { ${kind}s: { value: [9], modifier: INCLUDES } }) { count }
    }`);
    expect([data, errors]).toEqual([{ [find]: null, findScenes: { count: 0 } }, []]);
  });

  test('is renamed, and the hook of its kind fires', async () => {
    const stash = await stashWithEach(['A']);
    for (const kind of kinds) {
      await stash.graphql(`mutation { ${kind}Update(input: { id: 1, name: "B" }) { id } }`);
      expect(stash.store.entity(kind, 1)?.name).toBe('B');
    }
    expect(hooksOf(stash)).toEqual(
      ['Performer', 'Studio', 'Tag', 'Group', 'Movie'].map((name) => [`${name}.Update.Post`, 1]),
    );
  });

  test('is destroyed together with the scenes’ links to it, and the hook of its kind fires', async () => {
    const stash = await stashWithEach(['A']);
    const groups = [{ groupId: 1, sceneIndex: null }];
    stash.store.addScene({ performerIds: [1], studioId: 1, tagIds: [1], groups });
    for (const kind of kinds) {
      await stash.graphql(`mutation { ${kind}Destroy(input: { id: 1 }) }`);
    }
    expect(stash.store.scene(1)).toMatchObject({
      performerIds: [],
      studioId: null,
      tagIds: [],
      groups: [],
    });
    expect(hooksOf(stash)).toEqual(
      ['Performer', 'Studio', 'Tag', 'Group', 'Movie'].map((name) => [`${name}.Destroy.Post`, 1]),
    );
  });

  test('is merged into another: a hook for tags, none for performers', async () => {
    const stash = await stashWithEach(['A', 'B', 'C']);
    stash.store.addScene({ performerIds: [2, 1], tagIds: [1, 2] });
    stash.store.addScene({ performerIds: [3], tagIds: [3] });
    for (const mutation of ['tagsMerge', 'performerMerge']) {
      await stash.graphql(
        `mutation { ${mutation}(input: { source: [2, 3], destination: 1 }) { id } }`,
      );
    }
    const links = [1, 2].map((id) => stash.store.scene(id));
    const merged = { performerIds: [1], tagIds: [1] };
    expect(links).toMatchObject([merged, merged]);
    expect(hooksOf(stash)).toEqual([['Tag.Merge.Post', 1]]);
    const { data } = await stash.graphql(
      '{ findTag(id: 1) { aliases } two: findTag(id: 2) { id } }',
    );
    expect(data).toEqual({ findTag: { aliases: ['B', 'C'] }, two: null });
  });

  test('that is a marker’s tag hands the marker over when it is merged', async () => {
    const stash = await stashWithEach(['A', 'B']);
    stash.store.markerTags.add(2);
    stash.store.mergeEntities('tag', [2], 1);
    expect([...stash.store.markerTags]).toEqual([1]);
  });

  test.each([
    ['tagsMerge(input: { source: [9], destination: 1 }) { id }', 'id 9 does not exist in tags'],
    [
      'tagsMerge(input: { source: [1], destination: 1 }) { id }',
      'cannot merge where source == destination',
    ],
    ['tagsMerge(input: { source: [1], destination: 9 }) { id }', 'tag with id 9 not found'],
    [
      'performerMerge(input: { source: [9], destination: 1 }) { id }',
      'finding source performers: performer with id 9 not found',
    ],
    [
      'performerMerge(input: { source: [1], destination: 1 }) { id }',
      'destination performer cannot be in source list',
    ],
    ['tagDestroy(input: { id: 9 })', 'id 9 does not exist in tags'],
  ])('cannot be changed by %s', async (mutation, message) => {
    const stash = await stashWithEach(['A']);
    const { errors } = await stash.graphql(`mutation { ${mutation} }`);
    expect(messages(errors)).toEqual([message]);
    expect(stash.store.entity('tag', 1)?.name).toBe('A');
    expect(hooksOf(stash)).toEqual([]);
  });

  test('is merged with nothing: nothing happens', async () => {
    const stash = await stashWithEach(['A']);
    const { data, errors } = await stash.graphql(
      'mutation { tagsMerge(input: { source: [], destination: 1 }) { id } }',
    );
    expect([data, errors, hooksOf(stash)]).toEqual([{ tagsMerge: null }, [], []]);
  });
});

describe('the path of a scene’s file in the simulated Stash', () => {
  const paths = [
    '/m/100% a_b.mp4',
    '/m/100X aXb.mp4',
    '/m/Case.mp4',
    '/m/ÄÖ.mp4',
    '/r.mp4',
    'D:\\r.mp4',
  ];

  test.each([
    ['/m/100% a_b.mp4', [1, 2]],
    ['/m/100x axb.mp4', [2]],
    ['/M/CASE.MP4', [3]],
    ['/m/äö.mp4', []],
    ['/m/%', [1, 2, 3, 4]],
    ['/m/____.mp4', [3]],
    ['/r.mp4', []],
    ['//r.mp4', [5]],
    ['D:\\r.mp4', []],
    ['D:\\\\r.mp4', [6]],
    ['', []],
  ])('is compared as by SQLite: EQUALS %j', async (value, found) => {
    const stash = await startStash();
    for (const path of paths) stash.store.addScene({ files: [{ path: '/other.mp4' }, { path }] });
    const { data, errors } = await stash.graphql(
      'query ($scenes: SceneFilterType!) { findScenes(scene_filter: $scenes) { scenes { id } } }',
      { scenes: { path: { value, modifier: 'EQUALS' } } },
    );
    const ids = listOf(fieldOf(data, 'findScenes', 'scenes')).map((scene) => fieldOf(scene, 'id'));
    expect([ids.map(Number), errors]).toEqual([found, []]);
  });

  test('that cannot be read fails the list of scenes, and of single scenes that one', async () => {
    const stash = await startStash();
    for (const path of paths) stash.store.addScene({ files: [{ path }] });
    const message = 'file *models.BaseFile is not a video file';
    stash.store.corrupt(2, { files: new Error(message) });
    const list = await stash.graphql('{ findScenes { scenes { id files { path } } } }');
    expect(list).toMatchObject({
      data: null,
      errors: [{ message, path: ['findScenes', 'scenes', 1, 'files'] }],
    });
    const single = await stash.graphql(
      '{ a: findScene(id: 1) { files { path } } b: findScene(id: 2) { files { path } } }',
    );
    expect(single).toMatchObject({
      data: { a: { files: [{ path: paths[0] }] }, b: null },
      errors: [{ message, path: ['b', 'files'] }],
    });
  });
});
