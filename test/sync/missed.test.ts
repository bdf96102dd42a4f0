// While there is no Node hooks keep a number of changes, and then only since when they are missing.
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import { missedSince, readState } from '../../src/store/file/state.ts';
import { systemClock } from '../../src/sync/base/clock.ts';
import { takeIn } from '../../src/sync/intake/intake.ts';
import { openLog } from '../../src/sync/base/log.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const hourMs = 3_600_000;

it('whoever takes the spool in removes the mark that nobody can', () => {
  const path = mkdtempSync(join(tmpdir(), 'plexsync-missed-'));
  const directory = makeDataDirectory(path);
  const { db } = openStore(directory.database, now);
  onTestFinished(() => {
    db.close();
    rmSync(path, { recursive: true });
  });
  const mark = join(path, 'no-worker');
  writeFileSync(mark, 'the worker ended with code 70\n');
  takeIn(db, directory, openLog(directory.log, systemClock), now);
  expect(existsSync(mark)).toBe(false);
});

it('the worker takes over since when changes are missing, and keeps the earliest time', () => {
  const path = mkdtempSync(join(tmpdir(), 'plexsync-missed-'));
  const directory = makeDataDirectory(path);
  const { db } = openStore(directory.database, now);
  onTestFinished(() => {
    db.close();
    rmSync(path, { recursive: true });
  });
  const log = openLog(directory.log, systemClock);
  const leave = (at: number): void => {
    writeFileSync(directory.missedSince, 'the spool was full\n');
    utimesSync(directory.missedSince, at / 1000, at / 1000);
  };

  takeIn(db, directory, log, now);
  expect(readState(db, missedSince)).toBeNull();
  leave(now - hourMs);
  takeIn(db, directory, log, now);
  const known = readState(db, missedSince);
  expect(known?.since).toBe(now - hourMs);
  expect(known?.reason).toMatch(/no Node/);
  expect(existsSync(directory.missedSince)).toBe(false);

  leave(now);
  takeIn(db, directory, log, now);
  expect(readState(db, missedSince)?.since).toBe(now - hourMs);
  leave(now - 2 * hourMs);
  takeIn(db, directory, log, now);
  expect(readState(db, missedSince)?.since).toBe(now - 2 * hourMs);
});
