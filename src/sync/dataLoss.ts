// Opens the data file, and notes if what was known until now is lost with the one before: it was
// damaged, or somebody deleted it. What waited in it only a comparison of everything finds; what was
// edited lately is looked for unasked.
import { statSync } from 'node:fs';
import type { DataDirectory } from '../store/file/dataDirectory.ts';
import { openStore, replaceStore, type Seize } from '../store/file/open.ts';
import type { Database } from '../store/file/database.ts';
import { fileTrouble } from '../store/file/sameFile.ts';
import { durableTransaction } from '../store/file/sql.ts';
import * as state from '../store/file/state.ts';
import { writeState } from '../store/file/state.ts';
import type { Log } from './base/log.ts';
import { noteMissed } from './base/missed.ts';
import { tellLater } from './tell/telling.ts';

/**
 * @param seize as `openStore` takes it
 * @throws what `openStore` throws
 */
export function openData(
  directory: Pick<DataDirectory, 'database' | 'log'>,
  log: Log,
  now: number,
  seize?: Seize,
): Database {
  // The log is older than no data file but one that is gone: it is begun by who has opened one.
  const hadLog = writtenAt(directory.database) === null ? writtenAt(directory.log) : null;
  const { db, setAside } = openStore(directory.database, now, seize);
  if (setAside !== null) tellOfDamage(db, directory, log, setAside, now);
  else if (hadLog !== null) tellOfLoss(db, log, 'the data file was gone', hadLog, now);
  return db;
}

/** Damage deep in the file shows only when it is read: the next worker begins with a new one. */
export function replaceDamaged(
  db: Database,
  directory: DataDirectory,
  log: Log,
  now: number,
): void {
  const trouble = fileTrouble(db);
  db.close();
  // What lies there is not what was damaged.
  if (trouble !== null && trouble !== 'suspect') return;
  const renewed = replaceStore(directory.database, now);
  if (renewed.setAside !== null) {
    tellOfDamage(renewed.db, directory, log, renewed.setAside, now);
  }
  renewed.db.close();
}

/** @param setAside where the damaged file is kept */
function tellOfDamage(
  db: Database,
  directory: Pick<DataDirectory, 'log'>,
  log: Log,
  setAside: string,
  now: number,
): void {
  const lastAt = Math.min(writtenAt(setAside) ?? now, writtenAt(directory.log) ?? now);
  tellOfLoss(db, log, `the data file was damaged; it is kept as ${setAside}`, lastAt, now);
}

function tellOfLoss(db: Database, log: Log, reason: string, lastAt: number, now: number): void {
  durableTransaction(db, () => {
    writeState(db, state.fullSyncNeeded, { since: now, reason });
    noteMissed(db, Math.min(lastAt, now), 'the data file was lost', now);
  });
  const message = `A full sync is needed: ${reason}`;
  log.write('error', 'store', message);
  tellLater(db, log, { level: 'error', event: 'store', message, fields: {} }, now);
}

/** Unix ms; null = there is no such file. */
function writtenAt(path: string): number | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : Math.floor(found.mtimeMs);
}
