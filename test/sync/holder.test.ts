// Who is at work, as the data file tells it and as it is proven.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLocked, tryLock } from '../../src/store/file/lock.ts';
import { run } from '../../src/store/file/sql.ts';
import { dropHolder, holderOf, noteHolder } from '../../src/sync/process/holder.ts';
import { newDirectory, newStore, t0 } from '../store/support.ts';

describe('[1.2 QUEUE-01] the process at work', () => {
  it('is told while it holds the lock, with its kind and since when', () => {
    const db = newStore();
    const lock = join(newDirectory(), 'worker.lock');
    expect(holderOf(db, lock)).toBeNull();
    noteHolder(db, 'task', t0);
    const { pid } = process;
    expect(holderOf(db, lock)).toEqual({ kind: 'task', pid, host: hostname(), since: t0 });
    dropHolder(db);
    expect(holderOf(db, lock)).toBeNull();
  });

  it('is nobody once it was killed, though it said no goodbye', async () => {
    const db = newStore();
    const lock = join(newDirectory(), 'worker.lock');
    noteHolder(db, 'worker', t0);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    // The number lives, but was another process's when it was noted.
    run(db, "UPDATE state SET value = json_set(value, '$.pid', ?)", child.pid ?? 0);
    expect(holderOf(db, lock)).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(holderOf(db, lock)).toBeNull();
  });

  it('is proven by the lock where it is in another container', () => {
    const db = newStore();
    const path = join(newDirectory(), 'worker.lock');
    noteHolder(db, 'worker', t0);
    run(db, "UPDATE state SET value = json_set(value, '$.host', 'another')");
    expect(isLocked(path)).toBe(false);
    expect(holderOf(db, path)).toBeNull();
    const lock = tryLock(path);
    expect(isLocked(path)).toBe(true);
    expect(holderOf(db, path)).toMatchObject({ host: 'another' });
    lock?.release();
    expect(holderOf(db, path)).toBeNull();
    tryLock(path)?.release();
  });
});
