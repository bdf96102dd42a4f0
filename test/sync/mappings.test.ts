// Path mappings are found by PlexSync itself, used where they are proven, offered where they are not.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { type MappingsAnswer, mappingsAnswer } from '../../src/contract/mappings.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

describe('[1.0 MATCH-01] path mappings that nobody typed', () => {
  let world: World;
  let on: MatchingWorld;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
    on = matchingWorld(world);
  });
  afterEach(async () => {
    await world.close();
  });

  /** Files of different sizes, so that name and size pair them. */
  const both = (count: number, stash: string, plex: string, from = 0): void => {
    for (let n = from; n < from + count; n += 1) {
      const file = `folder ${n % 5}/film ${n}.mp4`;
      on.scene({ path: `${stash}/${file}`, size: 1_000 + n });
      on.item({ path: `${plex}/${file}`, size: 1_000 + n });
    }
  };
  const learnt = async (): Promise<NonNullable<MappingsAnswer['found']>['report']> => {
    const found = async (): Promise<MappingsAnswer['found']> => {
      const answer = v.parse(mappingsAnswer, await world.choose('mappings', {}));
      return (answer.survey?.doneAt ?? null) === null ? null : answer.found;
    };
    await until('the mappings are known', async () => (await found()) !== null);
    const report = (await found())?.report;
    if (report === undefined) throw new Error('nothing found');
    return report;
  };
  /** Any change makes PlexSync look at both sides. */
  const begin = (): void => {
    world.startWorker(fastClock(60));
    const file = { path: '/begin/begin.mp4', size: 3 };
    on.item(file);
    world.edit(on.scene(file), { title: 'Begin' });
  };

  it('are used at once where they explain everything, and decide what a name cannot', async () => {
    both(20, '/stash', '/data');
    const scene = on.scene({ path: '/stash/b/same.mp4' });
    const wrong = on.item({ path: '/data/a/same.mp4' });
    const right = on.item({ path: '/data/b/same.mp4' });
    world.edit(scene, { title: 'Which?' });
    begin();
    const report = await learnt();
    expect(report.rules).toMatchObject([{ stash: '/stash', plex: '/data', use: 'used' }]);
    // Before they were known a person was asked; now nobody need be.
    await until('it arrives', () => on.title(right) === 'Which?');
    expect(on.title(wrong)).toBe('scanned');
    expect(on.reason(scene)).toBeNull();
    expect(await world.choose('review', {})).toMatchObject({ total: 0 });
  });

  it('with a shared prefix each get their own files', async () => {
    both(10, '/stash/videos', '/data/one');
    both(10, '/stash/videos-old', '/data/two', 100);
    begin();
    const report = await learnt();
    expect(
      report.rules.map(({ stash, plex, use }) => `${stash} => ${plex}: ${use}`).toSorted(),
    ).toEqual(['/stash/videos => /data/one: used', '/stash/videos-old => /data/two: used']);
  });

  it('that fit six of ten files and contradict the rest are offered, not used', async () => {
    // A merged folder: file by file on one disk or the other.
    for (let n = 0; n < 50; n += 1) {
      const disk = n % 5 < 3 ? 'disk1' : 'disk2';
      on.scene({ path: `/stash/film ${n}.mp4`, size: 1_000 + n });
      on.item({ path: `/data/${disk}/film ${n}.mp4`, size: 1_000 + n });
    }
    begin();
    const report = await learnt();
    expect(report.rules.filter((rule) => rule.use === 'used')).toEqual([]);
    const [best] = report.rules;
    expect(best).toMatchObject({ stash: '/stash', plex: '/data/disk1', explains: 30 });
    expect(best?.contradicts).toBeGreaterThan(0);
    expect(best?.why).toMatch(/30/);
    // Name and size find them all the same.
    const scene = [...world.stash.store.scenes()][3];
    if (scene === undefined) throw new Error('no scene');
    world.edit(scene.id, { title: 'Found by name and size' });
    await world.settled();
    expect(on.reason(scene.id)).toBeNull();
  });

  it('give way to the ones that a person typed', async () => {
    both(20, '/stash', '/data');
    await world.configure({ pathMappings: '/stash=>/data' });
    begin();
    const report = await learnt();
    expect(report.rules).toEqual([]);
    expect(report.handRules).toMatchObject([{ explains: 20, contradicts: 0 }]);
    expect(report.unexplained).toEqual([]);
  });

  it('are told with what is left, by folder', async () => {
    both(20, '/stash', '/data');
    for (let n = 0; n < 3; n += 1) on.scene({ path: `/private/${n}.mp4`, size: 5_000 + n });
    begin();
    const report = await learnt();
    expect(report).toMatchObject({ files: 24, inPlex: 21 });
    expect(report.unexplained).toMatchObject([{ folder: '/private', files: 3, inPlex: 0 }]);
  });

  it('that come to be known later reach the scenes that were outside every library until then', async () => {
    const scene = on.scene({ path: '/stash/new.mp4', size: 7, seconds: 60 });
    world.startWorker(fastClock(60));
    world.edit(scene, { title: 'New' });
    await until('it is outside', () => on.reason(scene) === 'outside');
    await world.configure({ pathMappings: '/stash=>/data' });
    world.edit(world.addPair().sceneId, { title: 'Anything' });
    await until('it waits for Plex', () => on.reason(scene) === 'waiting');
    const item = on.item({ path: '/data/new.mp4', size: 7, seconds: 60 });
    await until('it arrives', () => on.title(item) === 'New');
  });
});

describe('[1.0 MATCH-01] a scene that is not in Plex', () => {
  let world: World;
  let on: MatchingWorld;
  beforeEach(async () => {
    world = await openWorld();
    on = matchingWorld(world);
  });
  afterEach(async () => {
    await world.close();
  });

  it('is told apart: outside every library, waiting for Plex, without a file', async () => {
    await world.configure();
    const scenes = [
      on.scene({ path: '/elsewhere/a.mp4' }),
      on.scene({ path: '/data/b.mp4' }),
      on.scene(),
    ];
    world.startWorker();
    for (const scene of scenes) world.edit(scene, { title: 'New' });
    await world.settled();
    expect(scenes.map(on.reason)).toEqual(['outside', 'waiting', 'no-file']);
    expect(world.plex.scans).toEqual([]);
  });

  it('arrives after Plex was asked to scan its folder, once an hour at most, in Plex’s own path', async () => {
    await world.configure({ askPlexToScan: true, pathMappings: '/stash=>/data' });
    world.plex.switches.scanDelayMs = 'held';
    const files = ['a', 'b', 'c'].map((name, n) => ({
      path: `/stash/new films/${name}.mp4`,
      size: n + 1,
    }));
    const scenes = files.map((file) => on.scene(file));
    for (const file of files) {
      world.plex.library.addUnscannedFile(world.section, {
        path: file.path.replace('/stash', '/data'),
        size: file.size,
        durationMs: 60_000,
      });
    }
    world.startWorker(fastClock(60));
    for (const scene of scenes) world.edit(scene, { title: `Scene ${scene}` });
    await until('all wait', () => scenes.every((scene) => on.reason(scene) === 'waiting'));
    await until('Plex is asked', () => world.plex.scans.length > 0);
    world.edit(scenes[0] ?? 0, { title: `Scene ${scenes[0]}`, details: 'edited again' });
    await world.settled();
    expect(world.plex.scans.map(({ path, force }) => ({ path, force }))).toEqual([
      { path: '/data/new films', force: false },
    ]);
    world.plex.finishScans();
    const wanted = scenes.map((scene) => `Scene ${scene}`);
    await until('all arrive', () => {
      const titles = new Set(world.plex.library.items(world.section).map(({ title }) => title));
      return wanted.every((title) => titles.has(title));
    });
  });

  it('is not asked for where the setting is off', async () => {
    await world.configure();
    const scene = on.scene({ path: '/data/new/a.mp4' });
    world.startWorker();
    world.edit(scene, { title: 'New' });
    await world.settled();
    expect(on.reason(scene)).toBe('waiting');
    expect(world.plex.scans).toEqual([]);
  });
});
