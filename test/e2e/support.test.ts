// The support report of an installation in which everything has a name that must not be told.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { supportAnswer } from '../../src/contract/support.ts';
import { installPlugin } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';

const canaries = {
  plexToken: 'CANARYplextoken0123',
  apiKey: 'CANARYapikey0123456789',
  password: 'CANARYpassword',
  title: 'CANARYtitle of a scene',
  tag: 'CANARYtag',
  folder: '/CANARYfolder/sub',
  pasted: 'CANARYpasted',
} as const;

it('the support report tells versions, settings, counts and errors, and nothing that is secret', async () => {
  const world = await installPlugin({
    plex: { token: canaries.plexToken },
    stash: { login: { username: 'ann', password: canaries.password }, apiKey: canaries.apiKey },
  });
  try {
    await world.configure({
      includeTags: canaries.tag,
      pathMappings: `${canaries.folder}=>/media`,
      contentRating: canaries.pasted,
      tagLimit: 12,
    });
    const [pair] = world.addPairs(1);
    if (pair === undefined) throw new TypeError('unreachable');
    await world.save(pair.sceneId, { title: canaries.title });
    await until(
      'it is there',
      () => world.plex.library.item(pair.ratingKey)?.title === canaries.title,
    );
    // Errors of each kind, in the logs and as a dead letter.
    world.plex.switches.failEverything = { status: 500 };
    await world.save(pair.sceneId, { title: `${canaries.title} again` });
    await until('the failure is seen', () => world.status().plex.circuit !== 'closed');
    mkdirSync(world.data, { recursive: true });
    writeFileSync(
      join(world.data, 'supervisor.log'),
      `2026-01-01T00:00:00Z none in ${canaries.folder}/node (v18.0.0)\n`,
    );

    const { data } = await world.stash.graphql(
      'mutation { runPluginOperation(plugin_id: "plex-sync", args: {name: "support"}) }',
    );
    const report = v.parse(supportAnswer, data?.['runPluginOperation']);
    const told = JSON.stringify(report);
    expect(told).not.toContain('CANARY');
    for (const address of [world.plex.url, world.stash.url, world.data, 'ann']) {
      expect(told).not.toContain(`"${address}`);
    }
    expect(told).not.toMatch(/127\.0\.0\.1/);
    expect(told).not.toContain(world.data);

    expect(report.settings).toMatchObject({
      plexUrl: expectedAddress(world.plex.url),
      plexToken: `set, ${canaries.plexToken.length} characters`,
      includeTags: '1 entries',
      pathMappings: '1 rules: folder=>folder',
      contentRating: `set, ${canaries.pasted.length} characters`,
      tagLimit: '12',
    });
    expect(report.machine.node).toBe(process.versions.node);
    expect(report.status).toMatchObject({ plex: { code: 'plex-server-error' } });
    expect(report.log.map(({ event }) => event)).toContain('circuit');
    expect(report.supervisor).toEqual(['2026-01-01T00:00:00Z none in <path> (v18.0.0)']);
    for (const part of ['**Settings**', '**Status**', '**Supervisor**', 'tagLimit: 12']) {
      expect(report.text).toContain(part);
    }
  } finally {
    await world.close();
  }
}, 120_000);

it('a support report about an outage names no machine and no folder, also while Stash is away', async () => {
  const world = await installPlugin();
  try {
    // A name that is one's own: nothing listens there.
    await world.configure({ plexUrl: `http://${hostname()}:9` });
    const [pair] = world.addPairs(1);
    if (pair === undefined) throw new TypeError('unreachable');
    await world.save(pair.sceneId, { title: 'One' });
    await until('Plex is away', () => world.status().plex.circuit === 'open');
    expect(world.status().plex.cause).toContain(hostname());
    const folder = "/mnt/user/CANARY Secret/stash's CANARY config";
    const line = {
      at: '2026-01-01T00:00:00.000Z',
      level: 'error',
      event: 'store',
      message: `The data file ${folder}/plex-sync.db: EACCES: permission denied, open '${folder}/x'`,
    };
    const crash = {
      ...line,
      event: 'worker',
      message: `Error: CANARY\n    at run (${world.pluginFolder}/lib-worker-a1B2c3D4.cjs:1:2)`,
    };
    writeFileSync(
      join(world.data, 'plex-sync.log'),
      [line, crash].map((one) => `${JSON.stringify(one)}\n`).join(''),
    );
    await world.stash.goAway();
    const program = join(world.pluginFolder, 'plex-sync.cjs');
    const args = [program, 'support', '--json', '--data', world.data];
    const told = execFileSync(process.execPath, args, { encoding: 'utf8' });
    const report = v.parse(supportAnswer, JSON.parse(told));
    expect(report.settingsError).toBe('stash-unreachable');
    expect(JSON.stringify(report.status)).toContain('Plex at <address> cannot be reached');
    expect(report.log.map(({ message }) => message)).toEqual([
      'The data file <path>',
      'Error, at lib-worker-a1B2c3D4.cjs:1:2',
    ]);
    for (const planted of [
      'CANARY',
      `${hostname()}:`,
      world.data,
      dirname(world.data),
      `${homedir()}/`,
    ]) {
      expect(told).not.toContain(planted);
    }
    expect(told).not.toMatch(/127\.0\.0\.1/);
  } finally {
    await world.close();
  }
}, 120_000);

/** The simulated Plex listens on this machine. */
function expectedAddress(url: string): string {
  return `http://<localhost>:${new URL(url).port}`;
}
