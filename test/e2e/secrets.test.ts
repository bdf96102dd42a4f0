// Tokens, cookies and keys stay where docs/security.md says, whatever goes wrong around them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installPlugin } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';

const plexToken = 'CANARYplextoken0123';
const apiKey = 'CANARYapikey0123456789';

/** Files of the data directory that docs/security.md names as holding a secret. */
const namedFiles = /^(plex-sync\.db(-wal|-shm)?|spool\/.*)$/;

it('[1.0 OBS-01] secrets reach no log, error, status or URL, and no file but those named', async () => {
  const world = await installPlugin({
    plex: { token: plexToken },
    stash: { login: { username: 'ann', password: 'CANARYpassword' }, apiKey },
  });
  try {
    await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1 });
    const pairs = world.addPairs(20);
    const arrived = (title: string): boolean =>
      pairs.every(({ ratingKey }) => world.plex.library.item(ratingKey)?.title === title);
    const saveAll = async (title: string): Promise<void> => {
      for (const { sceneId } of pairs) await world.save(sceneId, { title });
    };
    await saveAll('One');
    await until('the first edits are there', () => arrived('One'));
    // Every kind of failure that makes a message.
    let changes = 0;
    for (const fault of [
      { failEverything: { status: 500 } },
      { unauthorized: true },
      { hang: true },
      { truncateBody: { how: 'cut' as const } },
    ]) {
      Object.assign(world.plex.switches, fault);
      await saveAll(`With ${Object.keys(fault)[0]}`);
      await until('the failure is seen', () => world.status().plex.circuit !== 'closed');
      for (const name of Object.keys(fault)) Object.assign(world.plex.switches, { [name]: false });
      // Other settings make a refused token worth another try at once.
      changes += 1;
      await world.configure({ plexReadTimeout: 1 + changes / 10, plexWriteTimeout: 1 });
      await until(
        `all is well after ${Object.keys(fault)[0]}`,
        () => arrived(`With ${Object.keys(fault)[0]}`),
        60_000,
      );
    }
    const answer = await world.stash.graphql(
      'mutation { runPluginOperation(plugin_id: "plex-sync", args: {name: "status"}) }',
    );

    const cookies = world.stash.accessLog.flatMap(({ headers }) => [
      ...JSON.stringify(headers).matchAll(/session=([^;"]{20,})/g),
    ]);
    const secrets = [
      plexToken,
      apiKey,
      'CANARYpassword',
      ...cookies.map((match) => match[1] ?? ''),
    ];
    const public_ = [
      JSON.stringify(answer),
      JSON.stringify(world.status()),
      JSON.stringify(world.stash.log),
      ...world.plex.accessLog.map((entry) => entry.target),
      ...world.stash.accessLog.map((entry) => entry.target),
    ];
    for (const name of readdirSync(world.data, { recursive: true, encoding: 'utf8' })) {
      const path = join(world.data, name);
      if (!statSync(path).isFile()) continue;
      expect(statSync(path).mode & 0o077, `${name} is its owner's alone`).toBe(0);
      if (!namedFiles.test(name)) public_.push(readFileSync(path, 'utf8'));
    }
    expect(cookies.length).toBeGreaterThan(0);
    for (const text of public_) {
      for (const secret of secrets) expect(text.includes(secret), text.slice(0, 200)).toBe(false);
    }
  } finally {
    await world.close();
  }
}, 180_000);
