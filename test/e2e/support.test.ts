// The support report of an installation in which everything has a name that must not be told.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** The simulated Plex listens on this machine. */
function expectedAddress(url: string): string {
  return `http://<localhost>:${new URL(url).port}`;
}
