// `plexsync doctor` and the task "Health check" as real processes: what they print, and how they end.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { startPlexSimulator, type PlexSimulator } from '../../simulators/plex/server.ts';
import { startStashSimulator, type StashSimulator } from '../../simulators/stash/server.ts';
import { healthAnswer } from '../../src/contract/health.ts';
import * as state from '../../src/store/file/state.ts';
import { writeState } from '../../src/store/file/state.ts';
import { makePlace, type Place } from './support.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function pair(): Promise<{ place: Place; stash: StashSimulator; plex: PlexSimulator }> {
  const place = makePlace();
  const stash = await startStashSimulator({ directory: place.config });
  open.push(stash);
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(place.plugin, 'plex-sync.yml'), 'name: PlexSync\nversion: 0.0.0\n');
  stash.loadPlugins();
  const plex = await startPlexSimulator();
  open.push(plex);
  plex.library.addSection({ title: 'Videos', locations: ['/data'] });
  await stash.graphql(
    'mutation ($input: Map!) { configurePlugin(plugin_id: "plex-sync", input: $input) }',
    { input: { plexUrl: plex.url, plexToken: plex.token } },
  );
  place.withStore((db) => {
    const server = { scheme: 'http', host: '127.0.0.1', port: stash.port } as const;
    writeState(db, state.connection, { ...server, cookie: null, apiKey: null, pluginDir: '' });
  });
  return { place, stash, plex };
}

describe('[1.5 HLTH-01] plexsync doctor', () => {
  it('ends with 0 where nothing is wrong, and with 1 where something is, in text and JSON', async () => {
    const { place, plex } = await pair();
    const well = await place.plexsync('doctor');
    expect(well.stdout).toMatch(/^ok {4}plex: Plex .* answers at http/m);
    expect(well.stdout).toMatch(/^Nothing is wrong: \d+ things were looked at/m);
    expect(well).toMatchObject({ code: 0, stderr: '' });

    plex.switches.unauthorized = true;
    const refused = await place.plexsync('doctor');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^FAIL {2}token: .*401.*\n {6}→ Type the token/m);
    const document = await place.plexsync('doctor', '--json');
    expect(document.code).toBe(1);
    expect(v.parse(healthAnswer, JSON.parse(document.stdout)).healthy).toBe(false);
    expect(refused.stdout + document.stdout).not.toContain(plex.token);
  });

  it('says so where the data file cannot be opened, and ends with 1', async () => {
    const place = makePlace();
    rmSync(join(place.data, 'plex-sync.db'), { force: true });
    mkdirSync(join(place.data, 'plex-sync.db'));
    const { code, stdout } = await place.plexsync('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}data: The data file .* cannot be opened/m);
    expect(stdout).toMatch(/^Wrong: data\./m);
  });
});

describe('[1.5 HLTH-01] the task "Health check"', () => {
  it('writes into Stash’s log what is wrong, and one line at its end', async () => {
    const { place, stash, plex } = await pair();
    plex.switches.guestToken = true;
    const envelope = {
      server_connection: {
        Scheme: 'http',
        Host: '127.0.0.1',
        Port: stash.port,
        SessionCookie: null,
        Dir: place.config,
        PluginDir: place.plugin,
      },
      args: {},
    };
    const { code, stdout, stderr } = await place.call(['task', 'health'], {
      input: JSON.stringify(envelope),
    });
    expect(code).toBe(0);
    const { output } = v.parse(v.object({ output: healthAnswer }), JSON.parse(stdout));
    expect(output.healthy).toBe(false);
    const lines = stderr
      .split('\n')
      .filter((line) => line.includes('\u0002i') || line.includes('i\u0002'));
    expect(lines.some((line) => line.includes('owner: The token is not the server owner’s'))).toBe(
      true,
    );
    expect(lines.at(-1)).toContain('Wrong: owner.');
  });
});
