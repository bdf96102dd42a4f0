// Opens the data file.
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlexSyncError } from '../../contract/errors.ts';
import type { Database } from './database.ts';
import { dataDirectory } from './dataDirectory.ts';
import { tryLock, type WorkerLock } from './lock.ts';
import { migrations } from './migrations.ts';
import { whyNotAllowed } from './notAllowed.ts';
import { makePrivate } from './privateFile.ts';
import { noteFile, suspectOf } from './sameFile.ts';
import { isCorruptStore } from './corruption.ts';
import { moveAside } from './setAside.ts';

export interface OpenedStore {
  readonly db: Database;
  /** Where a corrupt file was set aside, if one was found. */
  readonly setAside: string | null;
}

/** Tries to get the worker's lock, or answers null. Who has it already hands in `itsOwn`. */
export type Seize = () => WorkerLock | null;
export const itsOwn: Seize = () => ({ release: () => {} });

const busyTimeoutMs = 5_000;
/** How long a worker is waited for that has to let go of a damaged file. */
const patience = { lookMs: 100, looks: 50 };

/**
 * Opens or makes the data file and brings it to this program's version. A corrupt file is set
 * aside beside it, kept, and a new one begun; but only by who has the worker's lock: who works on the
 * file would go on in the one set aside, unseen. He is asked to leave, and waited for.
 * @param now Unix ms, for the name of a file set aside
 * @throws PlexSyncError `store-newer` for a file of a later version; `store-failed` otherwise
 */
export function openStore(
  path: string,
  now: number,
  seize: Seize = () => tryLock(dataDirectory(dirname(path)).lock),
): OpenedStore {
  for (let looks = patience.looks; looks > 0; looks -= 1) {
    const opened = inTurn(path, () => openOrReplace(path, now, seize));
    if (opened !== null) return opened;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience.lookMs);
  }
  throw new PlexSyncError(
    'store-failed',
    'The data file is damaged or incomplete. It is put right as soon as the worker has finished what it is at: please try again in a moment.',
  );
}

/** One process at a time: the change to WAL does not wait for others. */
function inTurn<T>(path: string, work: () => T): T {
  let turn: WorkerLock | null = null;
  try {
    turn = tryLock(`${path}.opening`, busyTimeoutMs);
    if (turn === null) throw new Error('another process has been opening it for seconds');
    return work();
  } catch (error) {
    throw asStoreError(error, path);
  } finally {
    turn?.release();
  }
}

/** Null: whoever works on the file has to let go of it first. */
function openOrReplace(path: string, now: number, seize: Seize): OpenedStore | null {
  if (!existsSync(path)) dropLeftovers(path);
  if (isHalfThere(path)) {
    // Somebody has removed the log from under those who use it; or one is just closing. They notice.
    const seat = seize();
    if (seat === null) return null;
    seat.release();
  }
  try {
    const db = openHealthy(path);
    if (existsSync(suspectOf(path))) withSeat(seize, () => forgetSuspicion(path));
    return { db, setAside: null };
  } catch (error) {
    if (!isCorruptStore(error)) throw error;
    const replaced = withSeat(seize, () => beginAnew(path, now));
    if (replaced === null) makePrivate(suspectOf(path));
    return replaced;
  }
}

function withSeat<T>(seize: Seize, work: () => T): T | null {
  const seat = seize();
  if (seat === null) return null;
  try {
    return work();
  } finally {
    seat.release();
  }
}

function beginAnew(path: string, now: number): OpenedStore {
  const setAside = moveAside(path, now);
  const db = openHealthy(path);
  forgetSuspicion(path);
  return { db, setAside };
}

function forgetSuspicion(path: string): void {
  rmSync(suspectOf(path), { force: true });
}

/**
 * Log and index of a file that is gone: who still works on that one has them open. Left there, the new
 * file would share the index with it.
 */
function dropLeftovers(path: string): void {
  for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true });
}

/** SQLite makes the log before its index, and removes the index first. */
function isHalfThere(path: string): boolean {
  return existsSync(path) && existsSync(`${path}-wal`) !== existsSync(`${path}-shm`);
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
    noteFile(db, path);
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

/**
 * Sets a file aside in which damage was met after it was opened, and begins a new one. The caller
 * has closed it, and has the worker's lock.
 */
export function replaceStore(path: string, now: number): OpenedStore {
  return inTurn(path, () => beginAnew(path, now));
}

function asStoreError(error: unknown, path: string): Error {
  if (error instanceof PlexSyncError) return error;
  const notAllowed = whyNotAllowed(dataDirectory(dirname(path)));
  if (notAllowed !== null) return new PlexSyncError('store-failed', notAllowed, { cause: error });
  const why = error instanceof Error ? error.message : String(error);
  return new PlexSyncError('store-failed', `The data file ${path} cannot be opened: ${why}`, {
    cause: error,
  });
}
