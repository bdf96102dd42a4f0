// A data directory of another user: used where that is possible, explained where it is not, and never
// taken away from its owner by root.
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { healthAnswer } from '../../src/contract/health.ts';
import { makePlace } from '../cli/support.ts';
import { startProcess } from './process.ts';
import { newDirectory, newStore, raiseScene, t0 } from './support.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot)
  console.warn('NOT SHOWN: data directories of other users (these tests run as root only)');
const other = 65_534;

/** Opens the data file of the folder as that other user, and says what came of it. */
async function openedByOther(folder: string): Promise<string | null> {
  const child = startProcess(`
    const { makeDataDirectory } = await import(url('file/dataDirectory.ts'));
    process.setgroups([]);
    process.setgid(${other});
    process.setuid(${other});
    try {
      const { db } = open.openStore(makeDataDirectory(${JSON.stringify(folder)}).database, ${t0});
      sql.transaction(db, () => sql.run(db, "INSERT INTO state (name, value) VALUES ('x', '1')"));
      db.close();
      say('written');
    } catch (error) {
      say(error.code + ': ' + error.message);
    }`);
  return await child.line();
}

/** One that its user may enter, below a folder that everybody may. */
function folderFor(uid: number, mode = 0o700): string {
  const root = newDirectory();
  chmodSync(root, 0o755);
  const folder = join(root, 'plex-sync');
  mkdirSync(folder, { mode });
  chmodSync(folder, mode);
  chownSync(folder, uid, uid);
  return folder;
}

describe.skipIf(!isRoot)('a data directory of another user (needs root to be shown)', () => {
  it('is used where the rights are everybody’s, as SMB and exFAT have them', async () => {
    const folder = folderFor(0, 0o777);
    const path = join(folder, 'plex-sync.db');
    newStore(path).close();
    mkdirSync(join(folder, 'spool'));
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o777);
    expect(await openedByOther(folder)).toBe('written');
  });

  it('that cannot be written to is told by its path, its owner and who asks', async () => {
    const folder = folderFor(0, 0o755);
    const said = await openedByOther(folder);
    expect(said).toContain(`store-failed: PlexSync may not use ${folder}: it belongs to user 0`);
    expect(said).toContain(`runs as user ${other}`);
    expect(said).toContain(`chown -R ${other} ${folder}`);
  });

  it('that is closed is told so as well, and so is a folder in which it cannot be made', async () => {
    expect(await openedByOther(folderFor(0))).toMatch(
      /may not use \S+plex-sync: it belongs to user 0/,
    );
    const missing = folderFor(0, 0o755);
    rmSync(missing, { recursive: true });
    expect(await openedByOther(missing)).toMatch(/may not use \S+: it belongs to user 0/);
  });

  it('with one file of root’s is told by that file', async () => {
    const folder = folderFor(other);
    const path = join(folder, 'plex-sync.db');
    const db = newStore(path);
    raiseScene(db, 1);
    db.close();
    chownSync(path, 0, 0);
    expect(await openedByOther(folder)).toContain(`may not use ${path}: it belongs to user 0`);
  });

  it('stays its owner’s though root calls PlexSync in it, and no worker of root’s is started', async () => {
    const place = makePlace();
    for (const path of [place.root, place.config, place.plugin]) chmodSync(path, 0o755);
    rmSync(place.data, { recursive: true });
    mkdirSync(join(place.data, 'spool'), { recursive: true, mode: 0o700 });
    const event = join(place.data, 'spool', 'Scene.Update.Post-7-1.1-999999999-1');
    writeFileSync(event, '{}\n', { mode: 0o600 });
    for (const path of [place.data, join(place.data, 'spool'), event])
      chownSync(path, other, other);
    const { code, stderr } = await place.plexsync('pause');
    expect(code).toBe(0);
    expect(stderr).toMatch(/called as root.*no worker is started/);
    expect(place.woken()).toEqual([]);
    const made = readdirSync(place.data);
    expect(made).toEqual(
      expect.arrayContaining(['plex-sync.db', 'plex-sync.db.opening', 'plex-sync.log']),
    );
    const owners = made.map((name) => [name, statSync(join(place.data, name)).uid]);
    expect(owners).toEqual(made.map((name) => [name, other]));
    expect(await openedByOther(place.data)).toBe('written');
  });
});

it('where the data directory cannot be made, the health check answers all the same', async () => {
  const place = makePlace();
  rmSync(place.data, { recursive: true });
  writeFileSync(place.data, '');
  const server = { Scheme: 'http', Host: '127.0.0.1', Port: 1, SessionCookie: null };
  const folders = { Dir: place.config, PluginDir: place.plugin };
  const input = JSON.stringify({
    server_connection: { ...server, ...folders },
    args: { name: 'health' },
  });
  for (const args of [['operation'], ['task', 'health']]) {
    const { code, stdout } = await place.call(args, { input });
    expect(code).toBe(0);
    const { output } = v.parse(v.object({ output: healthAnswer }), JSON.parse(stdout));
    expect(output.healthy).toBe(false);
    expect(output.sentence).toContain('Wrong: data');
  }
});
