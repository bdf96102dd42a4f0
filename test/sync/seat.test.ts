// The place from which is written, where two tasks want it at the same time.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import { systemClock } from '../../src/sync/base/clock.ts';
import { openSeat } from '../../src/sync/process/seat.ts';
import { claimOf } from '../../src/sync/process/supervisorFile.ts';
import { askerOf } from '../../src/sync/process/takeover.ts';
import { newDirectory } from '../store/support.ts';

it('[1.2 PROC-04] a task that got the lock before the one that asked first asks in its own name once that one is gone', () => {
  const directory = makeDataDirectory(newDirectory());
  const { db } = openStore(directory.database, Date.now());
  onTestFinished(() => db.close());
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => {
    other.kill('SIGKILL');
  });
  writeFileSync(directory.takeover, claimOf(other.pid ?? 0) ?? '');
  const seat = openSeat(db, directory, systemClock);
  expect(seat.tryTake()).toBe(true);
  expect(seat.othersAsk()).toBe(true);
  // It ends. The worker must go on standing by, or nobody follows should this one be killed.
  rmSync(directory.takeover);
  expect(seat.tryTake()).toBe(true);
  expect(askerOf(directory.takeover)).toBe(claimOf(process.pid));
  seat.leave();
  expect(askerOf(directory.takeover)).toBeNull();
});
