// The same plugin under each Node that it says it supports, from the oldest on.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installPlugin } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';

const cache = join(import.meta.dirname, '..', '..', '.cache', 'node');

/** The program of that version from the npm registry, or null with a warning where it is not to be had. */
function nodeOf(version: string): string | null {
  const folder = join(cache, version);
  const name = `node-linux-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(program)) return program;
  if (process.platform !== 'linux') return null;
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync(
      'npm',
      [
        'install',
        '--prefix',
        folder,
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        `${name}@${version}`,
      ],
      { stdio: 'ignore', timeout: 100_000 },
    );
    return program;
  } catch {
    return null;
  }
}

describe.each(['22.16.0', '26.10.0'])('under Node %s', (version) => {
  const program = nodeOf(version);
  if (program === null) console.warn(`SKIPPED: Node ${version} could not be installed`);

  it.skipIf(program === null)('a change reaches Plex, and the status is answered', async () => {
    const world = await installPlugin({ env: { PLEXSYNC_NODE: program ?? '' } });
    try {
      await world.configure();
      const pairs = world.addPairs(60);
      for (const { sceneId } of pairs) {
        await world.save(sceneId, { title: `Scene ${sceneId}`, details: 'Edited' });
      }
      await until('all are there', () =>
        pairs.every(({ ratingKey }) => world.plex.library.item(ratingKey)?.summary === 'Edited'),
      );
      const { data } = await world.stash.graphql(
        'mutation { runPluginOperation(plugin_id: "plex-sync", args: {name: "status"}) }',
      );
      expect(data?.['runPluginOperation']).toMatchObject({ versions: { node: version } });
      // Node 22 warns of an experimental module on stderr, which Stash would log as an error.
      expect(world.stash.log.filter((line) => line.level === 'error')).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
