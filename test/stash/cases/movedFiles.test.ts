import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { copyVideo, makeVideos, scanDocument } from '../harness/library.ts';
import { expectQuietLogs } from '../harness/quietLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

const cleanDocument = 'mutation { metadataClean(input: { dryRun: false }) }';

describe('files that move or go on the disk of a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    const { root } = inject('realStash');
    makeVideos(root, 'moving-media', 4);
    world = await openRealWorld({ media: join(root, 'moving-media') });
    await world.settled();
  });
  afterAll(async () => {
    await world?.close();
  });

  /** Edits the scene, and sees it in Plex. */
  const begin = async (pair: Pair, title: string): Promise<void> => {
    await world.edit(pair, { title, tag_ids: await world.tags(`of ${title}`) });
    await world.settled();
    expect(world.item(pair)).toMatchObject({ title, genres: [`of ${title}`] });
  };
  const renamedOnDisk = (pair: Pair): string => {
    const renamed = pair.path.replace('.mp4', ' renamed.mp4');
    renameSync(pair.path, renamed);
    return renamed;
  };

  test('a file renamed keeps its item where Plex knows it again [1.0 MATCH-01]', async () => {
    const pair = world.pair(0);
    await begin(pair, 'Known again');
    const renamed = renamedOnDisk(pair);
    expect(world.plex.library.moveFile(pair.path, renamed)).toBe(pair.ratingKey);
    await world.face.job(scanDocument);
    await world.settled();
    await world.edit(pair, { title: 'Known again, later' });
    await world.settled();
    const { title, genres, parts } = world.item(pair);
    expect(title).toBe('Known again, later');
    expect(genres).toEqual(['of Known again']);
    expect(parts.map((part) => part.file)).toEqual([renamed]);
  });

  test('a file renamed that Plex takes for a new one has its metadata in the new item, without an edit [1.0 MATCH-01]', async () => {
    const pair = world.pair(1);
    await begin(pair, 'Taken for new');
    world.plex.switches.movedFile = 'new-item';
    const ratingKey = world.plex.library.moveFile(pair.path, renamedOnDisk(pair));
    expect(ratingKey).not.toBe(pair.ratingKey);
    await world.face.job(scanDocument);
    await world.settled();
    expect(world.item({ ...pair, ratingKey })).toMatchObject({
      title: 'Taken for new',
      genres: ['of Taken for new'],
    });
  });

  test('a file renamed that Plex has not noticed yet keeps its item, and the next edit reaches the new one [1.0 MATCH-01]', async () => {
    const pair = world.pair(2);
    await begin(pair, 'Not noticed yet');
    world.plex.switches.movedFile = 'new-item';
    const renamed = renamedOnDisk(pair);
    world.plex.library.moveFileUnscanned(pair.path, renamed);
    await world.face.job(scanDocument);
    await world.settled();
    await world.edit(pair, { title: 'Edited meanwhile' });
    await world.settled();
    expect(world.item(pair).title).toBe('Edited meanwhile');

    const [ratingKey = ''] = world.plex.library.scan(world.section, dirname(renamed));
    await world.edit(pair, { title: 'Edited afterwards' });
    await until('the new item has it', async () => {
      await world.settled();
      return world.item({ ...pair, ratingKey }).title === 'Edited afterwards';
    });
    expect(world.item({ ...pair, ratingKey }).genres).toEqual(['of Not noticed yet']);
  });

  test('a scene that Clean deleted leaves in Plex what it wrote [1.0 MATCH-02]', async () => {
    const pair = world.pair(3);
    await begin(pair, 'Stays in Plex');
    rmSync(pair.path);
    await world.face.job(cleanDocument);
    await world.settled();
    expect(world.log()).toContain('"scene-gone"');
    expect(world.item(pair)).toMatchObject({
      title: 'Stays in Plex',
      genres: ['of Stays in Plex'],
    });
  });
});

describe('scenes deleted from a real Stash where the setting has them withdrawn from Plex', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    const { root } = inject('realStash');
    makeVideos(root, 'leaving-media', 3);
    const media = join(root, 'leaving-media');
    world = await openRealWorld({ media, settings: { withdrawWhenGone: true } });
    await world.settled();
  });
  afterAll(async () => {
    await world?.close();
  });

  const face = (pair: Pair): unknown => {
    const { title, studio, genres, locked } = world.item(pair);
    return { title, studio, genres, locked };
  };
  const write = async (pair: Pair, name: string): Promise<void> => {
    await world.edit(pair, {
      title: name,
      studio_id: await world.studio(`Studio of ${name}`),
      tag_ids: await world.tags(`Tag of ${name}`),
    });
    await world.settled();
    expect(face(pair)).toMatchObject({ title: name, genres: [`Tag of ${name}`] });
  };

  test('Clean found no file: what Plex had before comes back, without a lock [1.0 MATCH-02]', async () => {
    const pair = world.pair(0);
    const before = face(pair);
    await write(pair, 'Cleaned away');
    rmSync(pair.path);
    await world.face.job(cleanDocument);
    await world.settled();
    expect(face(pair)).toEqual(before);
  });

  test('a person deleted the scene: what that person had typed in Plex meanwhile stays [1.0 MATCH-02]', async () => {
    const pair = world.pair(1);
    const neighbour = world.pair(2);
    await write(neighbour, 'Stays');
    await write(pair, 'Deleted');
    world.plex.library.setByPerson(pair.ratingKey, { title: 'Typed in Plex' });
    await world.mutate('mutation ($input: SceneDestroyInput!) { sceneDestroy(input: $input) }', {
      input: { id: pair.sceneId },
    });
    await world.settled();
    expect(world.item(pair)).toMatchObject({ title: 'Typed in Plex', studio: '', genres: [] });
    expect(face(neighbour)).toMatchObject({ title: 'Stays', genres: ['Tag of Stays'] });
  });
});

describe('files that change hands between scenes of a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
    // Plex has no file of these two.
    for (const index of [2, 4]) world.plex.library.removeItem(world.pair(index).ratingKey);
    for (const index of [0, 1, 3]) await world.edit(world.pair(index), { title: `Scene ${index}` });
    await world.settled();
  });
  afterAll(async () => {
    await world?.close();
  });

  const merge = async (source: Pair, destination: Pair): Promise<void> => {
    await world.mutate('mutation ($input: SceneMergeInput!) { sceneMerge(input: $input) { id } }', {
      input: { source: [source.sceneId], destination: destination.sceneId },
    });
  };
  const title = (index: number): string => world.item(world.pair(index)).title;

  test('a merge tells nobody; the next edit of the scene that remains goes to its own item, and the other item stays as it was', async () => {
    await merge(world.pair(1), world.pair(0));
    await world.settled();
    expect([title(0), title(1)]).toEqual(['Scene 0', 'Scene 1']);
    await world.edit(world.pair(0), { title: 'Merged' });
    await world.settled();
    expect([title(0), title(1)]).toEqual(['Merged', 'Scene 1']);
  });

  test('merged into a scene that Plex has no file of, its item is that one’s from the next edit on [1.0 MATCH-01]', async () => {
    await world.edit(world.pair(2), { title: 'Not in Plex yet' });
    expect((await world.settled()).scenes.withoutItem).toEqual({ waiting: 1 });
    await merge(world.pair(3), world.pair(2));
    await world.edit(world.pair(2), { title: 'Heir' });
    expect((await world.settled()).scenes.withoutItem).toEqual({});
    expect(title(3)).toBe('Heir');
  });

  test('a file assigned to another scene takes its item along from the next edit on [1.0 MATCH-01]', async () => {
    const file = world.pair(1).path;
    const { findScene } = await world.face.graphql(
      v.object({
        findScene: v.object({ files: v.array(v.object({ id: v.string(), path: v.string() })) }),
      }),
      'query ($id: ID!) { findScene(id: $id) { files { id path } } }',
      { id: world.pair(0).sceneId },
    );
    await world.mutate(
      'mutation ($input: AssignSceneFileInput!) { sceneAssignFile(input: $input) }',
      {
        input: {
          scene_id: world.pair(4).sceneId,
          file_id: findScene.files.find(({ path }) => path === file)?.id,
        },
      },
    );
    await world.settled();
    expect([title(0), title(1)]).toEqual(['Merged', 'Scene 1']);
    await world.edit(world.pair(4), { title: 'The taker' });
    await world.edit(world.pair(0), { title: 'The giver' });
    const { scenes } = await world.settled();
    expect([title(0), title(1)]).toEqual(['The giver', 'The taker']);
    expect(scenes.withoutItem).toEqual({});
  });
});

describe('a file that a real Stash has before Plex', () => {
  let world: RealWorld;
  let media: string;
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    const { root } = inject('realStash');
    makeVideos(root, 'asking-media', 1);
    media = join(root, 'asking-media');
    world = await openRealWorld({ media, settings: { askPlexToScan: true } });
    await world.settled();
  });
  afterAll(async () => {
    await world?.close();
  });

  test('Plex is asked once to scan its folder, and has the metadata by itself afterwards [1.0 MATCH-01]', async () => {
    const folder = join(media, 'new & unseen');
    const file = copyVideo(world.pair(0).path, join(folder, 'clip.mp4'), 'new');
    const { path, sizeBytes: size } = file;
    world.plex.switches.scanDelayMs = 'held';
    world.plex.library.addUnscannedFile(world.section, { path, size, durationMs: 1000 });
    await world.face.job(scanDocument);
    await until('Plex was asked', () => world.plex.scans.length > 0);
    const { findScenes } = await world.face.graphql(
      v.object({ findScenes: v.object({ scenes: v.tuple([v.object({ id: v.string() })]) }) }),
      'query ($scenes: SceneFilterType) { findScenes(scene_filter: $scenes) { scenes { id } } }',
      { scenes: { path: { value: path, modifier: 'EQUALS' } } },
    );
    const [{ id }] = findScenes.scenes;
    await world.mutate(
      'mutation ($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }',
      {
        input: { id, title: 'Brand new' },
      },
    );
    const { scenes } = await world.settled();
    expect(scenes).toEqual({ matched: 1, withoutItem: { waiting: 1 } });
    world.plex.finishScans();
    // Plex is looked into again a minute after.
    await until(
      'Plex shows it',
      () => world.plex.library.items().some((item) => item.title === 'Brand new'),
      100_000,
    );
    expect(world.plex.scans).toMatchObject([{ path: folder, force: false }]);
  }, 120_000);
});
