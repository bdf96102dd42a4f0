// What the client set for one user, as python-plexapi, a client that no one here wrote, reads it with
// that user's token and with another's.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPlexSimulator } from '../../simulators/plex/server.ts';
import { openPlexClient } from '../../src/plex/client.ts';
import { CHECKS_SCRIPT, pythonEnvironment } from '../simulators/plex-python-environment.ts';

const environment = await pythonEnvironment();
const run = promisify(execFile);
const now = 1_760_000_000;
const durationMs = 600_000;
const seconds = v.nullable(v.number());
const views = v.record(
  v.string(),
  v.object({
    played: v.boolean(),
    viewCount: v.number(),
    viewOffset: v.number(),
    lastViewedAt: seconds,
    rating: v.nullable(v.number()),
    lastRatedAt: seconds,
  }),
);
const nothing = {
  played: false,
  viewCount: 0,
  viewOffset: 0,
  lastViewedAt: null,
  rating: null,
  lastRatedAt: null,
};

const skipped = 'missing' in environment ? ` – SKIPPED: ${environment.missing}` : '';

describe.skipIf('missing' in environment)(`python-plexapi${skipped}`, () => {
  it("sees a guest's plays, offset and rating with the guest's token, and the owner none", async () => {
    const plex = await startPlexSimulator({ nowMs: () => now * 1000 });
    onTestFinished(() => plex.close());
    const section = plex.library.addSection({ title: 'Scenes', locations: ['/data'] });
    const add = (name: string): string => {
      const files = [{ path: `/data/${name}.mp4`, size: 1, durationMs }];
      return plex.library.addItem(section, { title: name, files });
    };
    const [played, stopped, unplayed] = [add('a'), add('b'), add('c')];
    const token = plex.addUser('guest');
    const client = openPlexClient({
      url: plex.url,
      token,
      clientIdentifier: 'test-client',
      version: '1.2.3',
    });
    onTestFinished(() => client.close());
    await client.markPlayed(played);
    await client.rate(played, 9);
    await client.setOffset(stopped, { ms: 123_456, durationMs });
    await client.markPlayed(unplayed);
    await client.markUnplayed(unplayed);

    const seenWith = async (PLEX_TOKEN: string) => {
      if ('missing' in environment) throw new Error(environment.missing);
      const script = join(CHECKS_SCRIPT, '..', 'viewing.py');
      const { stdout } = await run(environment.python, [script, played, stopped, unplayed], {
        env: {
          ...process.env,
          PLEX_URL: plex.url,
          PLEX_TOKEN,
          PLEXAPI_CONFIG_PATH: '/nonexistent',
          PYTHONDONTWRITEBYTECODE: '1',
          NO_PROXY: '127.0.0.1',
        },
      });
      return v.parse(views, JSON.parse(stdout));
    };
    const mark = { played: true, viewCount: 1, lastViewedAt: now, rating: 9, lastRatedAt: now };
    expect(await seenWith(token)).toEqual({
      [played]: { ...nothing, ...mark },
      [stopped]: { ...nothing, viewOffset: 123_456, lastViewedAt: now },
      [unplayed]: nothing,
    });
    expect(await seenWith(plex.token)).toEqual({
      [played]: nothing,
      [stopped]: nothing,
      [unplayed]: nothing,
    });
  });
});
