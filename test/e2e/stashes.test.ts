// The many ways in which a Stash can stand there: bound to every address, with a login, over https,
// restarted, with a session that ended.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Installed, installPlugin, type InstalledOptions } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';

let world: Installed;
let firstPair: Pair;
afterEach(async () => {
  await world.close();
});

async function open(options: InstalledOptions): Promise<void> {
  world = await installPlugin(options);
  await world.configure();
  const [pair] = world.addPairs(1);
  if (pair === undefined) throw new Error('no pair');
  firstPair = pair;
}
const login = { username: 'ann', password: 'a password' };

async function saveAndSee(title: string, pair: Pair = firstPair): Promise<void> {
  await world.save(pair.sceneId, { title });
  await until(
    `${title} is in Plex`,
    () => world.plex.library.item(pair.ratingKey)?.title === title,
    60_000,
  );
}

describe('a change reaches Plex from a Stash', () => {
  it('that is bound to 0.0.0.0', async () => {
    await open({ stash: { host: '0.0.0.0' } });
    await saveAndSee('Bound everywhere');
  });

  it('that tells plugins a relative folder', async () => {
    await open({ stash: { relativePluginDir: true } });
    await saveAndSee('Relative');
  });

  it('that speaks https with a certificate of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plexsync-cert-'));
    const [keyPath, certPath] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const selfSigned =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=elsewhere';
    execFileSync('openssl', [...selfSigned.split(' '), '-keyout', keyPath, '-out', certPath], {
      stdio: 'ignore',
    });
    const https = { key: readFileSync(keyPath, 'utf8'), cert: readFileSync(certPath, 'utf8') };
    rmSync(folder, { recursive: true });
    await open({ stash: { https } });
    await saveAndSee('Encrypted');
  });

  it('that wants a login, though the worker lives on after its session ended', async () => {
    await open({ stash: { login, maxSessionAgeSeconds: 3 } });
    await saveAndSee('First session');
    await delay(4_200);
    await saveAndSee('Second session');
  });

  it('whose session ended while changes waited, as long as it has an API key', async () => {
    await open({ stash: { login, apiKey: 'an-api-key-of-this-test', maxSessionAgeSeconds: 3 } });
    await saveAndSee('Acquainted');
    await world.plex.goAway();
    const pair = firstPair;
    await world.save(pair.sceneId, { title: 'Waited' });
    await delay(4_200);
    await world.plex.comeBack();
    await until(
      'it is there',
      () => world.plex.library.item(pair.ratingKey)?.title === 'Waited',
      60_000,
    );
  });

  it('that was away when the change was to be read', async () => {
    await open({});
    const pairs = world.addPairs(20);
    await saveAndSee('Before');
    await world.plex.goAway();
    for (const { sceneId } of pairs) await world.save(sceneId, { title: 'During' });
    await world.stash.goAway();
    await world.plex.comeBack();
    await until('the worker misses Stash', () => world.logText().includes('stash-away'));
    await world.stash.comeBack();
    await until(
      'all are there',
      () => pairs.every(({ ratingKey }) => world.plex.library.item(ratingKey)?.title === 'During'),
      60_000,
    );
    expect(world.status().deadLetters.count).toBe(0);
  });
});
