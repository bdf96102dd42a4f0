import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/file/open.ts';
import * as state from '../../src/store/file/state.ts';
import { readState } from '../../src/store/file/state.ts';
import { until } from '../helpers/wait.ts';
import { startWatch } from '../helpers/watchProcess.ts';

const program = join(import.meta.dirname, '..', '..', 'dist', 'plex-sync', 'plex-sync.cjs');

it('watch that finds its data file damaged says so, and that a full sync is needed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-watch-'));
  const data = join(root, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'plex-sync.db'), 'no database '.repeat(1_000));
  const watch = startWatch(program, root, 'http://127.0.0.1:9', { plexUrl: '', plexToken: '' });
  onTestFinished(async () => {
    await watch.stop();
    rmSync(root, { recursive: true });
  });
  const log = (): string =>
    readdirSync(data).includes('plex-sync.log')
      ? readFileSync(join(data, 'plex-sync.log'), 'utf8')
      : '';
  await until('the worker begins', () => log().includes('The worker begins'));
  expect(log()).toMatch(/A full sync is needed: the data file was damaged; it is kept as/);
  const { db } = openStore(join(data, 'plex-sync.db'), Date.now());
  expect(readState(db, state.fullSyncNeeded)?.reason).toMatch(/damaged/);
  db.close();
});
