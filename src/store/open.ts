// Opens the data file. The one place that names DatabaseSync, apart from the worker lock: Node's
// documentation announces another name for the class (DEP0210).
import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { PlexSyncError } from '../contract/errors.ts';
import { tryLock, type WorkerLock } from './lock.ts';
import { migrations } from './migrations.ts';
import { makePrivate } from './privateFile.ts';

export type Database = DatabaseSync;

export interface OpenedStore {
  readonly db: Database;
  /** Where a corrupt file was set aside, if one was found. */
  readonly setAside: string | null;
}

const busyTimeoutMs = 5_000;

/**
 * Opens or makes the data file and brings it to this program's version. A corrupt file is set
 * aside beside it, kept, and a new one begun.
 * @param now Unix ms, for the name of a file set aside
 * @throws PlexSyncError `store-newer` for a file of a later version; `store-failed` otherwise
 */
export function openStore(path: string, now: number): OpenedStore {
  let turn: WorkerLock | null = null;
  try {
    // One process at a time: the change to WAL does not wait for others, and who found the file
    // damaged must not set aside the good one that another has begun meanwhile.
    turn = tryLock(`${path}.opening`, busyTimeoutMs);
    if (turn === null) throw new Error('another process has been opening it for seconds');
    return openOrReplace(path, now);
  } catch (error) {
    throw asStoreError(error, path);
  } finally {
    turn?.release();
  }
}

function openOrReplace(path: string, now: number): OpenedStore {
  try {
    return { db: openHealthy(path), setAside: null };
  } catch (error) {
    if (!isCorruption(error)) throw error;
    const setAside = moveAside(path, now);
    return { db: openHealthy(path), setAside };
  }
}

function openHealthy(path: string): Database {
  makePrivate(path);
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // Before anything is changed in it.
    refuseNewer(db);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    migrate(db);
    lookAtTables(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Finds damage of the pages that the tables stand on without reading a large file whole. All
 * columns are asked for: for fewer an index would answer in the table's stead.
 */
function lookAtTables(db: Database): void {
  for (const table of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
    db.prepare(`SELECT * FROM "${String(table['name'])}" LIMIT 1`).get();
  }
}

function refuseNewer(db: Database): void {
  const current = userVersion(db);
  if (current > migrations.length) {
    throw new PlexSyncError(
      'store-newer',
      `The data file is of version ${current}, this PlexSync knows versions up to ${migrations.length}. Install the newer PlexSync again, or move plex-sync.db away to begin anew.`,
    );
  }
}

function migrate(db: Database): void {
  if (userVersion(db) === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have migrated between the look and the lock.
    for (let version = userVersion(db); version < migrations.length; version += 1) {
      db.exec(migrations[version] ?? '');
      db.exec(`PRAGMA user_version = ${version + 1}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function userVersion(db: Database): number {
  const row = db.prepare('PRAGMA user_version').get();
  const version = row?.['user_version'];
  return typeof version === 'number' ? version : 0;
}

// SQLITE_CORRUPT 11 and SQLITE_NOTADB 26, sqlite.org/rescode.html; extended codes keep the low byte.
function isCorruption(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  const code = typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  return code === 11 || code === 26;
}

/** Whether SQLite met damage in the file, then or while it was read later. */
export function isCorruptStore(error: unknown): boolean {
  return isCorruption(error);
}

/**
 * Sets a file aside in which damage was met after it was opened, and begins a new one. The caller
 * has closed it.
 */
export function replaceStore(path: string, now: number): OpenedStore {
  const setAside = moveAside(path, now);
  return { ...openStore(path, now), setAside };
}

function moveAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const aside = `${path}.corrupt-${stamp}`;
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(path + ending)) renameSync(path + ending, aside + ending);
  }
  return aside;
}

function asStoreError(error: unknown, path: string): Error {
  if (error instanceof PlexSyncError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new PlexSyncError('store-failed', `The data file ${path} cannot be opened: ${why}`, {
    cause: error,
  });
}
