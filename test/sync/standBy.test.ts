// A worker that stands by, on a clock that the test moves: who asks is given time to come.
import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { tryLock } from '../../src/store/file/lock.ts';
import { standBy } from '../../src/sync/process/standBy.ts';
import { claimOf } from '../../src/sync/process/supervisorFile.ts';
import { newDirectory } from '../store/support.ts';

const others: ChildProcess[] = [];
afterEach(() => {
  for (const other of others.splice(0)) other.kill('SIGKILL');
});

/** The line of a process that lives until the test is over. */
function stranger(): string {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  others.push(child);
  const line = claimOf(child.pid ?? 0);
  if (line === null) throw new Error('it does not live');
  return line;
}

describe('[1.2 PROC-04] a worker that stands by for long', () => {
  it('leaves the lock to a second task as it did to the first, and does not take it for one that never comes', async () => {
    const directory = makeDataDirectory(newDirectory());
    const [first, second] = [stranger(), stranger()];
    writeFileSync(directory.takeover, first);
    let held = tryLock(directory.lock);
    let nowMs = 0;
    const taken: number[] = [];
    const clock = {
      now: () => nowMs,
      random: () => 0.5,
      sleep: async (ms: number) => {
        nowMs += ms;
        // After ten minutes the first one lets go, and the second one asks before anybody looks.
        if (nowMs !== 600_000) return;
        writeFileSync(directory.takeover, second);
        held?.release();
        held = null;
        taken.push(nowMs);
      },
    };
    const stood = await standBy(directory, clock, new AbortController().signal, () => null);
    if (stood.kind !== 'mine') throw new Error(stood.kind);
    stood.lock.release();
    // It had its ten seconds.
    expect(taken).toEqual([600_000]);
    expect(nowMs).toBe(610_000);
    expect(stood.ignored).toBe(second);
  });
});
