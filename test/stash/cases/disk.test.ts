import { renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { join } from 'node:path';
import { until } from '../../helpers/wait.ts';
import { makeVideos, scanDocument } from '../harness/library.ts';
import { type Recorder, writeRecorder } from '../harness/plugins.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

describe('what a real Stash finds on the disk', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  let recorder: Recorder;
  beforeAll(async () => {
    const { root } = inject('realStash');
    recorder = writeRecorder(root);
    makeVideos(root, 'own-media', 4);
    world = await openRealWorld({
      media: join(root, 'own-media'),
      plugins: [recorder.folder],
    });
  });
  afterAll(async () => {
    await world?.close();
  });

  const sent = (type: string, sceneId: string): readonly string[] =>
    recorder
      .inputs()
      .filter((input) => input.includes(`"hookContext":{"id":${sceneId},"type":"${type}"`));

  test('scenes found by a scan are matched with their items, and nothing is written for them', async () => {
    await until('every scene was looked at', async () => {
      return (await world.settled()).scenes.matched === 4;
    });
    expect(world.plex.counts().writes).toBe(0);
  });

  test('a file renamed on the disk keeps its item, although its hook says nothing but the id', async () => {
    const pair = world.pair(0);
    await world.edit(pair, { title: 'Before the rename' });
    await until('it arrived', () => world.item(pair).title === 'Before the rename');
    await world.settled();
    const renamed = pair.path.replace('.mp4', ' renamed.mp4');
    const updatesBefore = sent('Scene.Update.Post', pair.sceneId).length;
    const writesBefore = world.plex.counts().writes;
    renameSync(pair.path, renamed);
    world.plex.library.movePart(pair.ratingKey, pair.path, renamed);
    await world.face.job(scanDocument);
    const updates = sent('Scene.Update.Post', pair.sceneId);
    expect(updates.length).toBe(updatesBefore + 1);
    expect(updates.some((input) => input.includes('"input":null'))).toBe(true);
    const { scenes } = await world.settled();
    expect(scenes).toEqual({ matched: 4, withoutItem: {} });
    expect(world.plex.counts().writes).toBe(writesBefore);
    await world.edit(pair, { title: 'After the rename' });
    await until('it arrived', () => world.item(pair).title === 'After the rename');
  });

  test('a scene whose file is gone, cleaned away by Stash, is forgotten, and Plex keeps its item', async () => {
    const pair = world.pair(1);
    await world.edit(pair, { title: 'Cleaned away' });
    await until('it arrived', () => world.item(pair).title === 'Cleaned away');
    rmSync(pair.path);
    await world.face.job('mutation { metadataClean(input: { dryRun: false }) }');
    await until('the worker tells of it', () => world.log().includes('"scene-gone"'));
    expect((await world.settled()).scenes.matched).toBe(3);
    expect(world.item(pair).title).toBe('Cleaned away');
  });
});
