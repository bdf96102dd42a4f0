// The worker lock: an exclusive transaction on a tiny SQLite file, held for the worker's life. The
// operating system frees it at any death, on every platform, so there is no lease to expire.
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface WorkerLock {
  release(): void;
}

/** The lock, or null if another process holds it. Never waits. */
export function tryLock(path: string): WorkerLock | null {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return {
    release: () => {
      db.close();
    },
  };
}

// SQLITE_BUSY 5, sqlite.org/rescode.html.
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === 5
  );
}
