import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { pinAnswer } from '../../../src/contract/choices.ts';
import { mappingsAnswer } from '../../../src/contract/mappings.ts';
import { reviewAnswer } from '../../../src/contract/review.ts';
import { until } from '../../helpers/wait.ts';
import { plexsync } from '../harness/commandLine.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { copyVideo, scanWithoutPlugins } from '../harness/library.ts';
import { expectQuietLogs } from '../harness/quietLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

describe('scenes of a real Stash whose file two libraries of Plex have', () => {
  let world: RealWorld;
  /** Rating keys of the second items of the first scenes. */
  const seconds: string[] = [];
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
    const { library } = world.plex;
    const section = library.addSection({ title: 'Favourites' });
    for (const pair of world.pairs.slice(0, 3)) {
      const { parts } = world.item(pair);
      const files = parts.map(({ file, sizeBytes }) => ({
        path: file,
        size: sizeBytes,
        durationMs: 1000,
      }));
      seconds.push(library.addItem(section, { title: 'a second item', files }));
    }
  });
  afterAll(async () => {
    await world?.close();
  });

  const second = (index: number): Pair => ({
    ...world.pair(index),
    ratingKey: seconds[index] ?? '',
  });
  const titles = (index: number): readonly string[] =>
    [world.pair(index), second(index)].map((pair) => world.item(pair).title);

  test('nothing is written, and the command line lists scene and items to choose from [1.0 MATCH-03]', async () => {
    const pair = world.pair(0);
    const before = titles(0);
    await world.edit(pair, { title: 'Which of the two?' });
    const { scenes } = await world.settled();
    expect(scenes.withoutItem).toEqual({ review: 1 });
    expect(titles(0)).toEqual(before);

    const shown = await plexsync(world, 'review');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('1 scene waits for your choice.');
    expect(shown.stdout).toContain(`Scene ${pair.sceneId}  Which of the two?`);
    expect(shown.stdout).toContain(`item ${pair.ratingKey}`);
    expect(shown.stdout).toContain(`item ${second(0).ratingKey}`);
    expect(shown.stdout).toContain('Several Plex items fit equally well');
    const machine = await plexsync(world, 'review', '--json');
    const answer = v.parse(v.pipe(v.string(), v.parseJson(), reviewAnswer), machine.stdout);
    expect(answer).toEqual(await world.operation({ name: 'review' }));
    expect(answer.reviews[0]?.candidates.map((candidate) => candidate.score)).toEqual([98, 98]);
  });

  test('an item pinned by the operation is written at once, the other one never [1.0 MATCH-03]', async () => {
    const pair = world.pair(0);
    const [first] = titles(0);
    const args = { name: 'pin', scene: pair.sceneId, item: second(0).ratingKey };
    const answer = v.parse(pinAnswer, await world.operation(args));
    expect(answer).toMatchObject({ title: 'a second item', file: pair.path });
    await world.settled();
    expect(titles(0)).toEqual([first, 'Which of the two?']);
    await world.edit(pair, { title: 'This one' });
    const { scenes } = await world.settled();
    expect(scenes.withoutItem).toEqual({});
    expect(titles(0)).toEqual([first, 'This one']);
    expect((await plexsync(world, 'review')).stdout).toBe('No scene waits for your choice.\n');
  });

  test('a link that an older tool left at the scene names the item, and is taken because the file proves it [1.0 MATCH-01]', async () => {
    const [first] = titles(1);
    const link = `plex/library/metadata/${second(1).ratingKey}`;
    await world.edit(world.pair(1), { title: 'Named by its link', urls: [link] });
    await world.settled();
    expect(titles(1)).toEqual([first, 'Named by its link']);
    await world.edit(world.pair(1), { title: 'The link is gone', urls: [] });
    await world.settled();
    expect(titles(1)).toEqual([first, 'The link is gone']);
  });

  test('a link that names the item of another file is no proof [1.0 MATCH-01]', async () => {
    const before = titles(2);
    const stranger = world.pair(50);
    const link = `plex/library/metadata/${stranger.ratingKey}`;
    await world.edit(world.pair(2), { title: 'Named wrongly', urls: [link] });
    const { scenes } = await world.settled();
    expect(scenes.withoutItem).toEqual({ review: 1 });
    expect(titles(2)).toEqual(before);
    expect(world.item(stranger).title).toMatch(/^scanned/);
  });

  test('a scene excluded by "never" is written by no edit and no rename, until that is taken back [1.0 MATCH-03]', async () => {
    const pair = world.pair(5);
    const [ann = ''] = await world.performers('Ann Bell');
    await world.edit(pair, { title: 'Shown', performer_ids: [ann] });
    await world.settled();
    expect(world.item(pair)).toMatchObject({ title: 'Shown', actors: ['Ann Bell'] });
    await world.operation({ name: 'never', scene: pair.sceneId });
    const { scenes } = await world.settled();
    expect(scenes.withoutItem).toEqual({ review: 1, excluded: 1 });
    const writesBefore = world.plex.counts().writes;
    await world.edit(pair, { title: 'Hidden' });
    await world.settled();
    await world.rename('performer', ann, 'Ann Bell-Dorn');
    await world.settled();
    expect(world.plex.counts().writes).toBe(writesBefore);
    expect(world.item(pair)).toMatchObject({ title: 'Shown', actors: ['Ann Bell'] });

    const taken = await plexsync(world, 'unpin', pair.sceneId);
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    expect(taken.stdout).toContain('PlexSync matches it again by itself');
    await world.settled();
    expect(world.item(pair)).toMatchObject({ title: 'Hidden', actors: ['Ann Bell-Dorn'] });
  });
});

describe('a library that Plex sees under another path than a real Stash', () => {
  const plexFolder = '/films/of plex';
  let world: RealWorld;
  let media: string;
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    const { binary, root, library } = inject('realStash');
    media = join(root, 'mapped-media');
    mkdirSync(media);
    const original = join(library.media, 'clip 001.mp4');
    for (const folder of ['reds', 'blues']) {
      for (const name of ['one', 'two', 'three']) {
        const file = `${folder} ${name}.mp4`;
        copyVideo(original, join(media, folder, file), file.repeat(name.length));
      }
      // One name and one size, in two folders.
      copyVideo(original, join(media, folder, 'twin.mp4'), folder.padEnd(5, '-'));
    }
    world = await openRealWorld({
      library: await scanWithoutPlugins(binary, root, media),
      plexFolder,
    });
  });
  afterAll(async () => {
    await world?.close();
  });

  const find = (file: string): Pair => {
    const found = world.pairs.find(({ path }) => path === join(media, file));
    if (found === undefined) throw new RangeError(file);
    return found;
  };
  test('with the first save the mapping is found, nothing typed, and decides between two files of one name and size [1.0 MATCH-01]', async () => {
    const [red, blue] = [find('reds/twin.mp4'), find('blues/twin.mp4')];
    expect(world.item(red).parts[0]?.sizeBytes).toBe(world.item(blue).parts[0]?.sizeBytes);
    await world.edit(red, { title: 'The red twin' });
    await until('it arrived', () => world.item(red).title === 'The red twin');
    await world.edit(blue, { title: 'The blue twin' });
    await until('it arrived', () => world.item(blue).title === 'The blue twin');
    const { scenes } = await world.settled();
    expect(scenes).toEqual({ matched: 2, withoutItem: {} });
    expect(world.item(red).title).toBe('The red twin');
  });

  test('the operation shows the mapping as used, and how many files it explains [1.0 MATCH-01]', async () => {
    const { found } = v.parse(mappingsAnswer, await world.operation({ name: 'mappings' }));
    expect(found?.report).toMatchObject({ files: 8, inPlex: 6, explained: 6 });
    expect(found?.report.rules).toMatchObject([
      { stash: media, plex: plexFolder, use: 'used', explains: 6, contradicts: 0 },
    ]);
    const shown = await plexsync(world, 'mappings');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain(plexFolder);
  });

  test('a file of its own name reaches its item under the other path [1.0 MATCH-01]', async () => {
    const pair = find('reds/reds two.mp4');
    await world.edit(pair, { title: 'Red, the second' });
    await world.settled();
    expect(world.item(pair).title).toBe('Red, the second');
  });
});
