// PlexSync beside a real Stash that has no plugin.
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { until } from '../../helpers/wait.ts';
import { startWatch, type WatchProcess } from '../../helpers/watchProcess.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

describe('plexsync watch', () => {
  let world: RealWorld | null = null;
  let watch: WatchProcess | null = null;
  afterEach(async () => {
    await watch?.stop();
    await world?.close();
    world = null;
    watch = null;
  });
  const start = (of: RealWorld): WatchProcess =>
    startWatch(
      join(inject('realStash').plugin, 'plex-sync.cjs'),
      join(of.stash.directory, 'beside'),
      of.stash.face.url,
      { plexUrl: of.plex.url, plexToken: of.plex.token },
    );

  test('an edit in a Stash without the plugin arrives', async () => {
    const real = await openRealWorld({ installed: false });
    world = real;
    const [first, second] = [real.pair(0), real.pair(1)];
    await real.edit(first, { title: 'Edited before' });
    watch = start(real);
    await until('it is there', () => real.item(first).title === 'Edited before', 50_000);
    await real.edit(second, { title: 'Edited since' });
    await until('it is there', () => real.item(second).title === 'Edited since', 30_000);
    expect(await watch.stop()).toBe(0);
  });

  test('beside the plugin it refuses, at once or as soon as it is switched on', async () => {
    const real = await openRealWorld();
    world = real;
    watch = start(real);
    expect(await watch.ended()).toBe(1);
    expect(watch.said()).toMatch(/The plugin PlexSync is installed and switched on in this Stash/);
    await real.enable(false);
    const pair = real.pair(2);
    await real.edit(pair, { title: 'Without the plugin' });
    watch = start(real);
    await until('it is there', () => real.item(pair).title === 'Without the plugin', 50_000);
    await real.enable(true);
    expect(await watch.ended()).toBe(1);
    expect(watch.said()).toMatch(/two would write the same items/);
    expect(real.stash.logText()).not.toMatch(/ERRO.*plex-sync/);
  });
});
