// The worker lock: an exclusive transaction on a tiny SQLite file, held for the worker's life. The
// operating system frees it at any death, on every platform, so there is no lease to expire.
import { existsSync } from 'node:fs';
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

/**
 * Whether anybody holds the lock, without taking it. Who is about to take it may find it taken for
 * that moment: ask only where nothing else can tell.
 */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const db = new DatabaseSync(path, { timeout: 0, readOnly: true });
  try {
    db.prepare('SELECT 1 FROM sqlite_schema').all();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    db.close();
  }
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
