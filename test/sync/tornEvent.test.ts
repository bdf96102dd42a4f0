// A hook that was killed, or met a full disk, leaves an event without its end.
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import { hasRow } from '../../src/store/queue/queue.ts';
import { systemClock } from '../../src/sync/base/clock.ts';
import { takeIn } from '../../src/sync/intake/intake.ts';
import { openLog } from '../../src/sync/base/log.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const minuteMs = 60_000;

it.each([
  ['is left alone for a moment: its writer may be at it', 0, 0],
  ['is taken when it is old, though another process has the pid of its writer', -minuteMs, 1],
  ['is taken, too, where the clock was ahead when it was written', minuteMs, 1],
])('[1.0 QUEUE-01] an event without its end %s', (_, sinceNowMs, taken) => {
  const path = mkdtempSync(join(tmpdir(), 'plexsync-torn-'));
  const directory = makeDataDirectory(path);
  const { db } = openStore(directory.database, now);
  onTestFinished(() => {
    db.close();
    rmSync(path, { recursive: true });
  });
  const file = join(directory.spool, `Scene.Update.Post-7-1.1-${process.pid}-0`);
  writeFileSync(file, '{"server_conn');
  const at = (now + sinceNowMs) / 1000;
  utimesSync(file, at, at);
  const { events } = takeIn(db, directory, openLog(directory.log, systemClock), now);
  expect([events, hasRow(db, 'scene:7')]).toEqual([taken, taken === 1]);
  expect(readdirSync(directory.spool)).toHaveLength(1 - taken);
});
