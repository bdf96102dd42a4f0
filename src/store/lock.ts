// The worker lock: an exclusive transaction on a tiny SQLite file, held for the worker's life. The
// operating system frees it at any death, on every platform, so there is no lease to expire.
import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from './privateFile.ts';

export interface WorkerLock {
  release(): void;
}

/** The lock, or null if another process holds it still after `waitMs`. */
export function tryLock(path: string, waitMs = 0): WorkerLock | null {
  makePrivate(path);
  const db = new DatabaseSync(path, { timeout: waitMs });
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
