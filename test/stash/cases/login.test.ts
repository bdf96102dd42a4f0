import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { openStore } from '../../../src/store/file/open.ts';
import { connection, readState, type StoredConnection } from '../../../src/store/file/state.ts';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { kill, workersOf } from '../harness/processes.ts';
import { openRealWorld, type Pair, type RealWorld, type WorldOptions } from '../harness/world.ts';

const password = 'a secret for tests';
const sessionSeconds = 3;

/** A Stash whose owner has set a password, and is logged in. */
async function openLockedWorld(config: WorldOptions['config']): Promise<RealWorld> {
  const world = await openRealWorld({ config });
  await world.face.graphql(
    v.unknown(),
    'mutation ($input: ConfigGeneralInput!) { configureGeneral(input: $input) { username } }',
    { input: { username: 'ann', password } },
  );
  await world.face.login('ann', password);
  return world;
}

/** Makes an API key and lets a worker begin, since it is then that it learns of a key. */
async function makeApiKey(world: RealWorld): Promise<string> {
  const { generateAPIKey } = await world.face.graphql(
    v.object({ generateAPIKey: v.string() }),
    'mutation { generateAPIKey(input: { clear: false }) }',
  );
  kill(workersOf(world.stash.directory));
  return generateAPIKey;
}

function storedConnection(world: RealWorld): StoredConnection | null {
  const { db } = openStore(join(world.data, 'plex-sync.db'), Date.now());
  try {
    return readState(db, connection);
  } finally {
    db.close();
  }
}

describe('a real Stash with a password', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  let apiKey = '';
  beforeAll(async () => {
    world = await openLockedWorld({ loglevel: 'Trace' });
  });
  afterAll(async () => {
    await world?.close();
  });

  test('an edit arrives through the session cookie that came with it', async () => {
    const stranger = await fetch(`${world.face.url}/graphql`, { method: 'POST' });
    expect(stranger.status).toBe(401);
    await world.edit(world.pair(0), { title: 'By cookie' });
    await until('it arrived', () => world.item(world.pair(0)).title === 'By cookie');
  });

  test('an edit arrives after an API key was made, and the key is known from then on', async () => {
    apiKey = await makeApiKey(world);
    // Long enough for Stash to renew the session while the worker does its first work.
    world.plex.switches.readServiceMs = 600;
    await world.edit(world.pair(1), { title: 'With a key' });
    await until('it arrived', () => world.item(world.pair(1)).title === 'With a key');
    world.plex.switches.readServiceMs = 0;
    expect(storedConnection(world)?.apiKey).toBe(apiKey);
  });

  test('the status, the task and the logs hold no token, cookie, API key or password', async () => {
    await world.face.job(
      'mutation { runPluginTask(plugin_id: "plex-sync", task_name: "View queue status") }',
    );
    const status = JSON.stringify(await world.settled());
    const secrets = {
      plexToken: world.plex.token,
      ownCookie: world.face.cookie() ?? '',
      workersCookie: storedConnection(world)?.cookie?.value ?? '',
      apiKey,
      password,
    };
    const texts = { status, 'stash.log': world.stash.logText(), ...logsOf(world.data) };
    // Both logs were really read, and Stash's tells all it can.
    expect(texts['stash.log']).toMatch(/^TRAC/m);
    expect(texts).toHaveProperty(['plex-sync.log'], expect.stringContaining('Pushed'));
    for (const [textName, text] of Object.entries(texts)) {
      // Each hook gets a cookie of its own: whatever is as long and dense as one.
      expect(/[\w=-]{80,}/.exec(text)?.[0], textName).toBeUndefined();
    }
    for (const [secretName, secret] of Object.entries(secrets)) {
      expect(secret.length, secretName).toBeGreaterThan(8);
      for (const [textName, text] of Object.entries(texts)) {
        expect(text.includes(secret), `${secretName} in ${textName}`).toBe(false);
      }
    }
  });

  test('only their owner can read the files of the data directory', () => {
    expect(statSync(world.data).mode & 0o077).toBe(0);
    for (const name of readdirSync(world.data)) {
      expect(statSync(join(world.data, name)).mode & 0o077, name).toBe(0);
    }
  });
});

describe('a real Stash whose sessions end after three seconds', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openLockedWorld({ max_session_age: sessionSeconds });
  });
  afterAll(async () => {
    await world?.close();
  });

  /** Plex goes away, the scene is edited, and Plex is back when its absence is known. */
  const editInAnOutage = async (
    pair: Pair,
    title: string,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<void> => {
    const outages = (): number => world.log().split('→ open').length - 1;
    const before = outages();
    await world.plex.goAway();
    await world.face.login('ann', password);
    await world.edit(pair, { title });
    await until('PlexSync knows that Plex is away', () => outages() > before);
    await meanwhile();
    await world.plex.comeBack();
  };

  test('an edit that waited longer than its session is told of, and a look at the page is enough for it to arrive', async () => {
    const pair = world.pair(0);
    await editInAnOutage(pair, 'After a new session', async () => {
      // To have a line written into Stash's log is a use of the session, which begins anew by it.
      await until('Stash’s log tells of it', () => world.stash.logText().includes('Plex is away'));
      await delay(sessionSeconds * 1_000 + 500);
    });
    await until('the worker stands before a closed door', () => {
      return world.log().includes('"stash-away"');
    });
    expect(world.item(pair).title).not.toBe('After a new session');
    await world.face.login('ann', password);
    const { problems } = await world.status();
    expect(problems.map((problem) => problem.setting)).toEqual(['Stash']);
    await until('it arrived', () => world.item(pair).title === 'After a new session');
    await world.face.login('ann', password);
    expect((await world.settled()).problems).toEqual([]);
  });

  test('with an API key an edit outlasts its session with nobody touching Stash [1.5 RECV-01]', async () => {
    await world.face.login('ann', password);
    await makeApiKey(world);
    await world.edit(world.pair(1), { title: 'With a key' });
    await until('it arrived', () => world.item(world.pair(1)).title === 'With a key');
    await editInAnOutage(world.pair(2), 'After the session');
    await until('it arrived', () => world.item(world.pair(2)).title === 'After the session');
  });
});

/** Text files of the data directory by name: everything but the databases and the events. */
function logsOf(data: string): Record<string, string> {
  const names = readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(db|lock|opening)(-|$)/.test(entry.name))
    .map((entry) => entry.name);
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(data, name), 'utf8')]));
}
