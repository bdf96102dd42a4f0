// PlexSync as a person gets it: a plugin source is added in Stash, the package installed from it,
// updated under load, removed, and installed again.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { type PackageSource, startPackageSource } from '../harness/packageSource.ts';
import { backgroundOf, workersOf } from '../harness/processes.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

const installedSchema = v.object({
  installedPackages: v.array(
    v.object({
      package_id: v.string(),
      version: v.nullable(v.string()),
      date: v.nullable(v.string()),
      source_package: v.nullable(v.object({ version: v.nullable(v.string()) })),
    }),
  ),
});
type Installed = v.InferOutput<typeof installedSchema>['installedPackages'];

const localPath = 'somewhere';

describe('the package in a real Stash', () => {
  let world: RealWorld;
  let source: PackageSource;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    const { plugin, root } = inject('realStash');
    source = await startPackageSource(plugin, root);
    world = await openRealWorld({
      installed: false,
      env: { PLEXSYNC_PAUSE_MS: '100', PLEXSYNC_LOOK_MS: '1000' },
    });
    await world.mutate(
      'mutation ($input: ConfigGeneralInput!) { configureGeneral(input: $input) { logLevel } }',
      {
        input: { pluginPackageSources: [{ name: 'Ours', url: source.url, local_path: localPath }] },
      },
    );
  });
  afterAll(async () => {
    await world?.close();
    await source?.close();
  });

  const packages = async (verb: 'install' | 'update' | 'uninstall'): Promise<void> => {
    await world.face.job(
      `mutation ($packages: [PackageSpecInput!]!) { ${verb}Packages(type: Plugin, packages: $packages) }`,
      { packages: [{ id: 'plex-sync', sourceURL: source.url }] },
    );
  };
  const installed = async (): Promise<Installed> => {
    const document =
      '{ installedPackages(type: Plugin) { package_id version date source_package { version } } }';
    return (await world.face.graphql(installedSchema, document)).installedPackages;
  };
  const folder = (): string => join(world.stash.pluginsFolder, localPath, 'plex-sync');
  const arrive = async (pairs: readonly Pair[], title: (pair: Pair) => string): Promise<void> => {
    await until(
      'every title is in Plex',
      () => pairs.every((pair) => world.item(pair).title === title(pair)),
      50_000,
    );
  };

  test('Stash installs it from the source, with its run bits, and it works at once', async () => {
    source.publish('1.0.0', new Date('2026-01-01T00:00:00Z'));
    await packages('install');
    expect(await installed()).toEqual([
      {
        package_id: 'plex-sync',
        version: '1.0.0',
        date: '2026-01-01T00:00:00Z',
        source_package: { version: '1.0.0' },
      },
    ]);
    for (const script of ['launch.sh', 'supervise.sh', 'sh', 'plexsync']) {
      expect([script, statSync(join(folder(), script)).mode & 0o111]).toEqual([script, 0o111]);
    }
    expect((await world.status()).versions.plexSync).toBe('1.0.0');
    await world.edit(world.pair(0), { title: 'The first one' });
    await arrive([world.pair(0)], () => 'The first one');
    expect(world.complaints()).toEqual([]);
  });

  test('it is updated while scenes are saved and the worker of the old version lives: nothing is lost', async () => {
    const oldWorkers = workersOf(world.stash.directory).map(({ pid }) => pid);
    expect(oldWorkers).toHaveLength(1);
    source.publish('1.1.0', new Date('2026-02-01T00:00:00Z'));
    expect(await installed()).toMatchObject([{ source_package: { version: '1.1.0' } }]);

    const edited = world.pairs.slice(1, 104);
    const title = (pair: Pair): string => `Saved in the update ${pair.sceneId}`;
    let saved = 0;
    const updates: Promise<void>[] = [];
    await Promise.all(
      [0, 1, 2, 3].map(async (lane) => {
        for (const pair of edited.filter((_, index) => index % 4 === lane)) {
          await world.edit(pair, { title: title(pair) });
          saved += 1;
          // A third of them before, the others while Stash deletes and writes, and after.
          if (saved === 30) updates.push(packages('update'));
        }
      }),
    );
    await Promise.all(updates);
    expect(await installed()).toMatchObject([{ version: '1.1.0' }]);
    // While Stash deletes and writes there is a moment without a launcher.
    const refused = world.complaints().filter((line) => line.includes('returned error')).length;
    console.warn(`saves whose hook found no launcher: ${refused} of ${edited.length}`);

    await until('the worker of the new version is at work', () => {
      const living = workersOf(world.stash.directory).map(({ pid }) => pid);
      return living.length === 1 && !living.some((pid) => oldWorkers.includes(pid));
    });
    expect((await world.status()).versions.plexSync).toBe('1.1.0');
    // The old worker has noted the moment: what was saved since is looked for, with nobody's help.
    await arrive(edited, title);
    expect((await world.settled()).deadLetters.count).toBe(0);
  });

  test('it is removed: the worker leaves, no file of it stays, and the data survive', async () => {
    await packages('uninstall');
    expect(await installed()).toEqual([]);
    await until(
      'nothing runs any more',
      () => backgroundOf(world.stash.directory).length === 0,
      100_000,
    );
    expect(existsSync(folder()) ? readdirSync(folder()) : []).toEqual([]);
    expect(existsSync(join(world.data, 'plex-sync.db'))).toBe(true);
  }, 120_000);

  test('installed again it knows all that it knew', async () => {
    await packages('install');
    const { changes } = v.parse(
      v.object({ changes: v.array(v.unknown()) }),
      await world.operation({ name: 'history' }),
    );
    expect(changes.length).toBeGreaterThan(0);
    world.plex.resetCounts();
    await world.edit(world.pair(0), { title: 'The first one' });
    await world.settled();
    expect(world.plex.counts().writes).toBe(0);
  });
});
