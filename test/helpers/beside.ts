// A simulated Stash with the plugin switched off, and a Plex: what `plexsync watch` is for.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Installed, type InstalledOptions, installPlugin } from './installed.ts';
import { startWatch, type WatchProcess, type WatchOptions } from './watchProcess.ts';
import type { Pair } from './world.ts';

export interface Beside {
  readonly world: Installed;
  /** Folder of its settings.json and its data. */
  readonly root: string;
  readonly start: (options?: WatchOptions) => WatchProcess;
  readonly enable: (on: boolean) => Promise<void>;
  /** Whether the item has that title. */
  readonly titled: (pair: Pair, title: string) => () => boolean;
}

/** All of it ends with the test. */
export async function openBeside(options: InstalledOptions = {}): Promise<Beside> {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-watch-'));
  const world = await installPlugin(options);
  const running: WatchProcess[] = [];
  onTestFinished(async () => {
    for (const watch of running) await watch.stop();
    await world.close();
    rmSync(root, { recursive: true, force: true });
  });
  const enable = async (on: boolean): Promise<void> => {
    await world.stash.graphql('mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }', {
      map: { 'plex-sync': on },
    });
  };
  await enable(false);
  return {
    world,
    root,
    enable,
    start: (more) => {
      const program = join(world.pluginFolder, 'plex-sync.cjs');
      const settings = { plexUrl: world.plex.url, plexToken: world.plex.token };
      const watch = startWatch(program, root, world.stash.url, settings, more);
      running.push(watch);
      return watch;
    },
    titled: (pair, title) => () => world.plex.library.item(pair.ratingKey)?.title === title,
  };
}

/** The first of some, which there are. */
export function firstOf<T>(some: readonly T[]): T {
  const [first] = some;
  if (first === undefined) throw new TypeError('there is none');
  return first;
}
