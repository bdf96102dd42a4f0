// The plugin's life beside the pushing: status, update, a disabled plugin, an event whose folder
// was unknown, a data file of a later version.
import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statusSchema } from '../../src/contract/status.ts';
import { type Installed, installPlugin, killQuietly } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';

let world: Installed;
beforeEach(async () => {
  world = await installPlugin();
  await world.configure();
});
afterEach(async () => {
  await world.close();
});

const onePair = (): Pair => {
  const [pair] = world.addPairs(1);
  if (pair === undefined) throw new Error('no pair');
  return pair;
};
const titleInPlex = ({ ratingKey }: Pair): string | undefined =>
  world.plex.library.item(ratingKey)?.title;
const operate = (args: string) =>
  world.stash.graphql(`mutation { runPluginOperation(plugin_id: "plex-sync", args: ${args}) }`);

describe('[1.4 AUTO-01] a schedule that is saved on the page', () => {
  it('counts at once, though no worker lives', async () => {
    await world.configure({ reconcileEvery: 'weekly' });
    expect(world.workers()).toEqual([]);
    await operate('{name: "settings-saved"}');
    await until('it is known when the next run begins', () => {
      return world.status().reconcile.next?.origin === 'schedule';
    });
  });
});

describe('[1.2 QUEUE-01] the status', () => {
  it('is answered to the page as documented, and to the task list as lines in the log', async () => {
    const pair = onePair();
    await world.save(pair.sceneId, { title: 'Saved' });
    await until('it is there', () => titleInPlex(pair) === 'Saved');
    const { data } = await operate('{name: "status"}');
    const status = v.parse(statusSchema, data?.['runPluginOperation']);
    expect(status).toMatchObject({
      queue: { pending: 0 },
      scenes: { matched: 1 },
      plex: { circuit: 'closed' },
      workerAlive: true,
      problems: [],
    });
    await world.stash.graphql(
      'mutation { runPluginTask(plugin_id: "plex-sync", task_name: "View queue status") }',
    );
    await until('the task has told it', () =>
      world.stash.log.some((line) => /In sync\. .*the last change was pushed/.test(line.text)),
    );
  });

  it('counts changes that are still in the spool, even when no worker can run', async () => {
    await world.plex.goAway();
    for (const pair of world.addPairs(3)) await world.save(pair.sceneId, { title: 'Saved' });
    const { data } = await operate('{name: "status"}');
    const status = v.parse(statusSchema, data?.['runPluginOperation']);
    expect(status.queue.pending + status.queue.spooled + status.queue.inFlight).toBe(3);
  });

  it('answers an operation that does not exist with an error that names those that do', async () => {
    const { errors } = await operate('{name: "no such thing"}');
    expect(JSON.stringify(errors)).toMatch(/no operation .*no such thing.*status/);
  });
});

describe('an update of the plugin', () => {
  it('[1.5 RECV-05] loses nothing, and what may have been missed in it is looked for by itself', async () => {
    const [first, second] = [onePair(), onePair()];
    await world.save(first.sceneId, { title: 'Before' });
    await until('it is there', () => titleInPlex(first) === 'Before');
    const [old] = world.workers();
    const program = join(world.pluginFolder, 'plex-sync.cjs');
    writeFileSync(program, `${readFileSync(program, 'utf8')}\n// a later version\n`);
    await until('a worker of the new version runs', () => {
      const [now] = world.workers();
      return now !== undefined && now !== old;
    });
    await world.save(second.sceneId, { title: 'After' });
    await until('it is there', () => titleInPlex(second) === 'After');
    await until('it was looked for', () => {
      const { missedSince, reconcile } = world.status();
      const { origin, state } = reconcile.last ?? {};
      return missedSince === null && origin === 'missed' && state === 'ended';
    });
    expect(world.logText()).toContain('updated');
  });
});

describe('a supervisor that is killed alone', () => {
  it('is followed by another, whose worker goes on with what was saved meanwhile', async () => {
    const [first, second] = [onePair(), onePair()];
    await world.save(first.sceneId, { title: 'Before' });
    await until('it is there', () => titleInPlex(first) === 'Before');
    const [old] = world.workers();
    for (const pid of world.supervisors()) killQuietly(pid);
    await until(
      'the old worker is gone',
      () => old === undefined || !world.workers().includes(old),
    );
    await until('there is a supervisor', () => world.supervisors().length > 0);
    await world.save(second.sceneId, { title: 'After' });
    await until('it is there', () => titleInPlex(second) === 'After');
    expect(world.logText().match(/its supervisor is gone/g)).toHaveLength(1);
  });
});

describe('a folder in the spool, as a NAS makes by itself', () => {
  it('keeps no worker from its work', async () => {
    mkdirSync(join(world.data, 'spool', '@eaDir'), { recursive: true, mode: 0o700 });
    const pair = onePair();
    await world.save(pair.sceneId, { title: 'Saved' });
    await until('it is there', () => titleInPlex(pair) === 'Saved');
    const { data } = await operate('{name: "status"}');
    const status = v.parse(statusSchema, data?.['runPluginOperation']);
    expect(status.queue).toMatchObject({ spooled: 0, pending: 0 });
  });
});

describe('a plugin that is disabled', () => {
  it('has no worker any more', async () => {
    const pair = onePair();
    await world.save(pair.sceneId, { title: 'Saved' });
    await until('it is there', () => titleInPlex(pair) === 'Saved');
    await world.plex.goAway();
    await world.save(pair.sceneId, { title: 'Waits' });
    await until('the outage is seen', () => world.status().plex.circuit === 'open');
    await world.stash.graphql(
      'mutation { setPluginsEnabled(enabledMap: {plex_sync: false}) }'
        .replace('{plex_sync: false}', '$map')
        .replace('mutation', 'mutation ($map: BoolMap!)'),
      { map: { 'plex-sync': false } },
    );
    await until(
      'it leaves',
      () => world.workers().length + world.supervisors().length === 0,
      60_000,
    );
  });
});

describe('an event whose data directory could not be made out', () => {
  it('is moved to the true one and arrives', async () => {
    const pair = onePair();
    await world.save(pair.sceneId, { title: 'Acquainted' });
    await until('it is there', () => titleInPlex(pair) === 'Acquainted');
    for (const pid of [...world.supervisors(), ...world.workers()]) killQuietly(pid);
    world.stash.store.changeScene(pair.sceneId, { title: 'From the stand-in' }, { touch: true });
    const standIn = join(world.pluginFolder, 'data');
    mkdirSync(join(standIn, 'spool'), { recursive: true, mode: 0o700 });
    const event = {
      server_connection: {
        Scheme: 'http',
        Host: '127.0.0.1',
        Port: world.stash.port,
        SessionCookie: null,
        Dir: world.stash.directory,
        PluginDir: world.pluginFolder,
      },
      args: { hookContext: { id: pair.sceneId, type: 'Scene.Update.Post', input: null } },
    };
    const name = `Scene.Update.Post-${pair.sceneId}-1.1-999999999-0`;
    writeFileSync(join(standIn, 'spool', name), `${JSON.stringify(event)}\n`);
    execFileSync('sh', [join(world.pluginFolder, 'launch.sh'), 'wake', standIn], {
      env: { ...process.env, PLEXSYNC_NODE: process.execPath, PLEXSYNC_PAUSE_MS: '10' },
    });
    await until('it arrives', () => titleInPlex(pair) === 'From the stand-in');
    // The worker lives, so that no other one begins and looks there.
    world.stash.store.changeScene(pair.sceneId, { title: 'And the next' }, { touch: true });
    writeFileSync(join(standIn, 'spool', `${name}1`), `${JSON.stringify(event)}\n`);
    await until('the next arrives', () => titleInPlex(pair) === 'And the next');
  });
});

describe('the data file', () => {
  it('of a later PlexSync is left alone, and the operation says what to do', async () => {
    const pair = onePair();
    await world.save(pair.sceneId, { title: 'Saved' });
    await until('it is there', () => titleInPlex(pair) === 'Saved');
    for (const pid of [...world.supervisors(), ...world.workers()]) killQuietly(pid);
    const file = new DatabaseSync(join(world.data, 'plex-sync.db'));
    const version = Number(file.prepare('PRAGMA user_version').get()?.['user_version']);
    file.exec('PRAGMA user_version = 999');
    file.close();
    const { errors } = await operate('{name: "status"}');
    expect(JSON.stringify(errors)).toMatch(/version 999.*Install the newer PlexSync/);
    // Saves go on and are kept: nothing is lost until the right program is back.
    await world.save(pair.sceneId, { title: 'Kept' });
    const again = new DatabaseSync(join(world.data, 'plex-sync.db'));
    again.exec(`PRAGMA user_version = ${version}`);
    again.close();
    await until('it arrives', () => titleInPlex(pair) === 'Kept', 60_000);
  });

  it('that is damaged is set aside and kept, and a full sync is said to be needed', async () => {
    const pair = onePair();
    await world.save(pair.sceneId, { title: 'Saved' });
    await until('it is there', () => titleInPlex(pair) === 'Saved');
    for (const pid of [...world.supervisors(), ...world.workers()]) killQuietly(pid);
    await until('both are gone', () => world.workers().length + world.supervisors().length === 0);
    const path = join(world.data, 'plex-sync.db');
    for (const ending of ['', '-wal']) {
      cpSync(path + ending, `${path}.copy${ending}`);
      writeFileSync(path + ending, 'this is no database'.repeat(1_000));
    }
    // A field never pushed before: one that is locked counts as a person's after the loss.
    await world.save(pair.sceneId, { title: 'Saved', details: 'After the damage' });
    const summary = () => world.plex.library.item(pair.ratingKey)?.summary;
    await until('it arrives', () => summary() === 'After the damage');
    const { data } = await operate('{name: "status"}');
    const status = v.parse(statusSchema, data?.['runPluginOperation']);
    expect(status.fullSyncNeeded?.reason).toMatch(
      /damaged; it is kept as .*plex-sync\.db\.corrupt/,
    );
  });
});

it('a program file that is only touched is taken for an update, which costs nothing', async () => {
  const pair = onePair();
  await world.save(pair.sceneId, { title: 'Saved' });
  await until('it is there', () => titleInPlex(pair) === 'Saved');
  utimesSync(join(world.pluginFolder, 'plex-sync.cjs'), new Date(), new Date(Date.now() - 5_000));
  await world.save(pair.sceneId, { title: 'Saved again' });
  await until('it is there', () => titleInPlex(pair) === 'Saved again');
});
