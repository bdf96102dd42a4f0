import { describe, expect, it } from 'vitest';
import { openStashClient } from '../../src/stash/client.ts';
import { json, startFakeStash } from './fakeStash.ts';
import { openSimulated, requestsTo } from './simulated.ts';

const notAVideo = new Error('file *models.BaseFile is not a video file');

describe('the files of all scenes', () => {
  it('come in pages by id, with what is left', async () => {
    const { stash, client } = await openSimulated();
    for (const name of ['a', 'b', 'c']) {
      stash.store.addScene({ files: [{ path: `/m/${name}.mp4`, size: 7, durationSeconds: 1.5 }] });
    }
    const first = await client.sceneFilesAfter(0, 2);
    expect(first).toEqual({
      count: 3,
      scenes: ['a', 'b'].map((name, index) => ({
        id: index + 1,
        files: [{ path: `/m/${name}.mp4`, size: 7, durationSeconds: 1.5 }],
        complete: true,
      })),
    });
    const second = await client.sceneFilesAfter(2, 2);
    expect([second.count, second.scenes.map(({ id }) => id)]).toEqual([1, [3]]);
    expect(await client.sceneFilesAfter(3, 2)).toEqual({ count: 0, scenes: [] });
    await expect.poll(() => requestsTo(stash)).toBe(3);
  });

  it('are all there when scenes of an earlier page are deleted and others added in between', async () => {
    const { stash, client } = await openSimulated();
    for (let id = 1; id <= 4; id += 1) stash.store.addScene();
    await client.sceneFilesAfter(0, 2);
    stash.store.removeScene(1);
    stash.store.removeScene(2);
    stash.store.addScene();
    const { count, scenes } = await client.sceneFilesAfter(2, 10);
    expect([count, scenes.map(({ id }) => id)]).toEqual([3, [3, 4, 5]]);
  });

  it('of a scene without any are none, and that is all of them', async () => {
    const { stash, client } = await openSimulated();
    stash.store.addScene({ title: 'Without a file' });
    expect((await client.sceneFilesAfter(0, 1)).scenes).toEqual([
      { id: 1, files: [], complete: true },
    ]);
  });

  it('keep their order, the primary file first', async () => {
    const { stash, client } = await openSimulated();
    stash.store.addScene({ files: [{ path: '/z.mp4' }, { path: '/a.mp4' }] });
    const [scene] = (await client.sceneFilesAfter(0, 1)).scenes;
    expect(scene?.files.map(({ path }) => path)).toEqual(['/z.mp4', '/a.mp4']);
  });

  it('lack one that is not valid, and the scene says so; the page stands', async () => {
    const { stash, client } = await openSimulated();
    for (let id = 1; id <= 3; id += 1) stash.store.addScene({ files: [{ path: `/${id}.mp4` }] });
    const good = { path: '/good.mp4', size: 1, duration: 1 };
    stash.store.corrupt(1, { files: [{ path: '/bad.mp4', size: -1, duration: 1 }, good] });
    stash.store.corrupt(2, { files: null });
    const { scenes } = await client.sceneFilesAfter(0, 10);
    expect(scenes).toMatchObject([
      { id: 1, files: [{ path: '/good.mp4' }], complete: false },
      { id: 2, files: [], complete: false },
      { id: 3, files: [{ path: '/3.mp4' }], complete: true },
    ]);
  });

  it('are there for every other scene when Stash itself cannot read those of one', async () => {
    const { stash, client } = await openSimulated();
    for (let id = 1; id <= 120; id += 1) stash.store.addScene({ files: [{ path: `/${id}.mp4` }] });
    stash.store.corrupt(60, { files: notAVideo });
    const { count, scenes } = await client.sceneFilesAfter(0, 110);
    expect([count, scenes.length]).toEqual([120, 110]);
    expect(scenes[59]).toEqual({ id: 60, files: [], complete: false });
    expect(scenes.filter(({ complete }) => complete).map(({ files }) => files[0]?.path)).toEqual(
      scenes.filter(({ id }) => id !== 60).map(({ id }) => `/${id}.mp4`),
    );
  });

  it('are no empty lists when Stash has trouble with all of them, or as a whole', async () => {
    const { stash, client } = await openSimulated();
    for (let id = 1; id <= 3; id += 1) {
      stash.store.addScene();
      stash.store.corrupt(id, { files: new Error('database is locked') });
    }
    const failed = { code: 'stash-query-failed' };
    await expect(client.sceneFilesAfter(0, 10)).rejects.toMatchObject(failed);
    stash.faults.set({ kind: 'graphql-error', message: 'database is locked' });
    await expect(client.sceneFilesAfter(0, 10)).rejects.toMatchObject(failed);
  });

  it('are not asked for with a limit that means something else to Stash', async () => {
    const { client } = await openSimulated();
    for (const limit of [0, -1, 1.5]) {
      const bad = client.sceneFilesAfter(0, limit);
      await expect(bad).rejects.toMatchObject({ code: 'bad-arguments' });
    }
  });

  it.each([
    [{ count: 1, scenes: [{ id: 'x', files: [] }] }],
    [{ count: 1, scenes: [{ id: '1', files: [] }] }],
    [{ count: -1, scenes: [] }],
    [{ count: 1, scenes: null }],
  ])('are refused as %j', async (findScenes) => {
    const fake = await startFakeStash((_asked, response) =>
      json(response, { data: { findScenes } }),
    );
    const client = openStashClient(fake.connection);
    const bad = client.sceneFilesAfter(1, 10);
    await expect(bad).rejects.toMatchObject({ code: 'stash-bad-answer' });
    await client.close();
    await fake.close();
  });
});

describe('the scenes with a file', () => {
  const paths = [
    '/m/100% pure_a.mp4',
    '/m/100X pureXa.mp4',
    '/m/CASE.mp4',
    '/m/case.mp4',
    '/m/ÄÖ.mp4',
    '/m/äö.mp4',
    `/m/it's "quoted".mp4`,
    '/m/back\\slash.mp4',
    '/m/sq[a]*?.mp4',
    '/m/new\nline.mp4',
    '/root.mp4',
    'D:\\root.mp4',
    'D:\\films\\film.mp4',
    '\\\\server\\share\\film.mp4',
  ];

  it.each(paths)('are found by exactly its path: %j', async (path) => {
    const { stash, client } = await openSimulated();
    for (const other of paths) stash.store.addScene({ files: [{ path: other }] });
    expect(await client.scenesWithFile(path)).toEqual([paths.indexOf(path) + 1]);
  });

  it('are found by a file that is not the primary one, and all of them', async () => {
    const { stash, client } = await openSimulated();
    stash.store.addScene({ files: [{ path: '/m/other.mp4' }, { path: '/m/a.mp4' }] });
    stash.store.addScene({ files: [{ path: '/m/b.mp4' }] });
    stash.store.addScene({ files: [{ path: '/m/a.mp4' }] });
    expect(await client.scenesWithFile('/m/a.mp4')).toEqual([1, 3]);
  });

  it('are none for a path that no file has', async () => {
    const { stash, client } = await openSimulated();
    stash.store.addScene({ files: [{ path: '/m/a.mp4' }] });
    expect(await client.scenesWithFile('/m/A.mp4')).toEqual([]);
    expect(await client.scenesWithFile('/m/')).toEqual([]);
    expect(await client.scenesWithFile('')).toEqual([]);
  });

  it('are found among many that Stash takes for them', async () => {
    const { stash, client } = await openSimulated();
    for (let id = 1; id <= 250; id += 1) {
      stash.store.addScene({ files: [{ path: `/m/${id}.mp4` }] });
    }
    stash.store.addScene({ files: [{ path: '/m/%' }] });
    expect(await client.scenesWithFile('/m/%')).toEqual([251]);
    await expect.poll(() => requestsTo(stash)).toBe(3);
  });

  it('are no empty list when Stash has trouble', async () => {
    const { stash, client } = await openSimulated();
    stash.store.addScene({ files: [{ path: '/m/a.mp4' }] });
    stash.store.corrupt(1, { files: notAVideo });
    await expect(client.scenesWithFile('/m/a.mp4')).rejects.toMatchObject({
      code: 'stash-query-failed',
    });
  });
});
