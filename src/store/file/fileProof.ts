// Whether others who open a path reach the file that a connection has open, where the numbers that the
// file system gives do not tell: they read what the connection writes.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { isCorruptStore } from './corruption.ts';
import { readState, type Singleton, writeState } from './state.ts';
import type { Database } from './database.ts';

/** Written to find out whether it is found at the path. */
const proof: Singleton<string> = { name: 'file-proof', schema: v.string() };

/** unknown: it cannot be found out now, which says nothing against the file. */
export type Proof = 'same' | 'another' | 'unknown';

/**
 * Whether another process that opens the path reads what this connection writes: in the file itself once
 * it was put there, and in its log. A process of its own: closing a second descriptor of the file here
 * would free the locks that SQLite holds on it (sqlite.org/howtocorrupt.html, 2.2). Takes up to 10 s.
 */
export function proveFile(db: Database, path: string): Proof {
  const [inFile, inLog] = [randomUUID(), randomUUID()];
  try {
    writeState(db, proof, inFile);
    const isInFile = emptyLog(db);
    writeState(db, proof, inLog);
    const read = readByOther(path);
    // Of a file that others have as well: one of them looks for itself just now.
    if (read === null || readState(db, proof) !== inLog) return 'unknown';
    if (read.withLog !== inLog) return 'another';
    // Whoever writes may put the log into the file at any time.
    if (read.alone === inFile || read.alone === inLog) return 'same';
    return isInFile ? 'another' : 'unknown';
  } catch (error) {
    // What was damaged by somebody's replacing half of it must not be worked in.
    return isCorruptStore(error) ? 'another' : 'unknown';
  }
}

const checkpointSchema = v.object({ busy: v.number(), log: v.number(), checkpointed: v.number() });

/**
 * @returns whether all of the log is in the file now. It does not wait for readers, which a database
 *   browser may be for hours (sqlite.org/pragma.html, wal_checkpoint)
 */
function emptyLog(db: Database): boolean {
  const row = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  const { busy, log, checkpointed } = v.parse(checkpointSchema, row);
  return busy === 0 && log === checkpointed;
}

const readSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.tuple([v.nullable(v.string()), v.nullable(v.string())]),
);

interface Read {
  /** Null: it has no such row, or is no data file. */
  readonly alone: string | null;
  readonly withLog: string | null;
}

/** Null: there was no process that could look, or not in time. */
function readByOther(path: string): Read | null {
  const { status, stdout } = spawnSync(process.execPath, ['--eval', readProof, path, proof.name], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
    timeout: 10_000,
    windowsHide: true,
  });
  const read = status === 0 ? v.safeParse(readSchema, stdout) : null;
  if (read?.success !== true) return null;
  const [alone, withLog] = read.output.map((value) => valueOf(value));
  return { alone: alone ?? null, withLog: withLog ?? null };
}

function valueOf(stored: string | null): string | null {
  if (stored === null) return null;
  const value = v.safeParse(v.pipe(v.string(), v.parseJson(), v.string()), stored);
  return value.success ? value.output : null;
}

/**
 * An immutable file is read without its log (sqlite.org/uri.html). A file without that table (SQLite's
 * error 1), or which is no database (26), is read, and has no value.
 */
const readProof = `
const [, path, name] = process.argv;
const { DatabaseSync } = require('node:sqlite');
const alone = require('node:url').pathToFileURL(path);
alone.searchParams.set('immutable', '1');
const values = [alone, path].map((place) => {
  try {
    const db = new DatabaseSync(place, { readOnly: true, timeout: 5000 });
    return db.prepare('SELECT value FROM state WHERE name = ?').get(name)?.value ?? null;
  } catch (error) {
    if (error.errcode === 1 || error.errcode === 26) return null;
    throw error;
  }
});
process.stdout.write(JSON.stringify(values));
`;
