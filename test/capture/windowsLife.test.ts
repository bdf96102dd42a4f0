// Without a shell the parent of each call is the cmd.exe that runs sh.cmd, another one each time. (Tried
// with a shell in its place: docs/platforms.md.)
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { parseSpoolName } from '../../src/capture/event.ts';
import { catchUpState, nextCatchUpAt } from '../../src/store/run/catchUp.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import { systemClock } from '../../src/sync/base/clock.ts';
import { takeIn } from '../../src/sync/intake/intake.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { hookInput } from '../launcher/support/envelope.ts';

const source = join(import.meta.dirname, '..', '..', 'src', 'sync', 'process', 'launch.ts');

it('hooks on Windows, each of a parent of its own, are no starts of Stash', () => {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-windows-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const plugin = join(root, 'plugin');
  mkdirSync(plugin);
  const program = join(plugin, 'plex-sync.cjs');
  // What would be the worker.
  writeFileSync(program, '');
  const call = `import { captureHook } from ${JSON.stringify(pathToFileURL(source).href)};
    process.exitCode = captureHook(${JSON.stringify(program)}, undefined, 'win32');`;
  for (const id of [1, 2, 3]) {
    // The colon keeps the shell from becoming Node itself.
    const args = ['-c', '"$0" --input-type=module --eval "$1"; :', process.execPath, call];
    const { stderr } = spawnSync('sh', args, { input: hookInput({ dir: root, id }) });
    expect(stderr.toString()).not.toMatch(/could not keep/);
  }
  const directory = makeDataDirectory(join(root, 'plex-sync'));
  const lives = readdirSync(directory.spool).map((name) => parseSpoolName(name)?.stashPid);
  expect(lives).toEqual([0, 0, 0]);
  const { db } = openStore(directory.database, Date.now());
  onTestFinished(() => db.close());
  expect(takeIn(db, directory, openLog(directory.log, systemClock), Date.now()).events).toBe(3);
  expect(catchUpState(db).startedAt).toBeNull();
  expect(nextCatchUpAt(db, Date.now())).toBeNull();
});
