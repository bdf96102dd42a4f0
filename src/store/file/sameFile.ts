// Whether an opened data file is still the one that lies at its path. SQLite goes on in a file that was
// deleted, moved or replaced, and what is committed there nobody finds again
// (sqlite.org/howtocorrupt.html, 2.5 and 4.1).
import { existsSync, statSync } from 'node:fs';
import { PlexSyncError } from '../../contract/errors.ts';
import { proveFile } from './fileProof.ts';
import type { Database } from './database.ts';

/** A data file and what SQLite keeps beside it: the log and its index. */
export const endings = ['', '-wal', '-shm'] as const;

/** A file that says: damage was met, whoever works on the data file is to leave so that it is looked at. */
export const suspectOf = (path: string): string => `${path}.suspect`;

/**
 * gone: no file is there any more. log-gone: what SQLite keeps beside it is not. another: another file
 * is there. suspect: a process that opened it met damage.
 */
export type FileTrouble = 'gone' | 'log-gone' | 'another' | 'suspect';

interface Opened {
  readonly path: string;
  /** By ending: what tells the file from another of the same name. */
  identities: ReadonlyMap<string, string>;
  /** Monotonic ms at which it was last found out whether a file that looks like another is the same. */
  askedAt: number | null;
}

const opened = new WeakMap<Database, Opened>();

/**
 * The numbers of a file change where the file system invents them: then it is proven at most so often. Where
 * it cannot be proven now, that is no sign of another file, and it is asked again as seldom.
 */
const askEveryMs = 60_000;

export type Identify = (path: string) => string | null;

/** Notes which file this connection has. Call it as soon as it was opened and read. */
export function noteFile(db: Database, path: string, identify: Identify = identityOf): void {
  opened.set(db, { path, identities: identitiesOf(path, identify), askedAt: null });
}

/** What is wrong with the file of a connection, or null. */
export function fileTrouble(db: Database, identify: Identify = identityOf): FileTrouble | null {
  const known = opened.get(db);
  if (known === undefined) return null;
  const now = identitiesOf(known.path, identify);
  for (const ending of known.identities.keys()) {
    if (!now.has(ending)) return ending === '' ? 'gone' : 'log-gone';
  }
  if (existsSync(suspectOf(known.path))) return 'suspect';
  const isSame = [...known.identities].every(([ending, identity]) => now.get(ending) === identity);
  if (isSame) return null;
  if (known.askedAt !== null && performance.now() - known.askedAt < askEveryMs) return null;
  const proof = proveFile(db, known.path);
  if (proof === 'another') return 'another';
  if (proof === 'same') known.identities = now;
  known.askedAt = performance.now();
  return null;
}

/** @throws PlexSyncError `store-failed` if what is committed now is not found by others */
export function assertSameFile(db: Database): void {
  const trouble = fileTrouble(db);
  if (trouble !== null) throw new PlexSyncError('store-failed', troubleWords[trouble]);
}

export const troubleWords: Readonly<Record<FileTrouble, string>> = {
  gone: 'The data file was deleted or moved away while it was in use; a new one is begun.',
  'log-gone': 'A part of the data file was deleted or moved away while it was in use.',
  another: 'The data file was replaced by another one while it was in use.',
  suspect: 'The data file seems to be damaged; it is looked at anew.',
};

/**
 * Closes a connection. Where its file was moved or lost its log, what was committed goes into the file
 * itself before, wherever that is now: SQLite does not do so for a file that it finds moved.
 */
export function closeStore(db: Database): void {
  try {
    const trouble = fileTrouble(db);
    if (trouble !== null && trouble !== 'suspect') db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // It was worth a try.
  } finally {
    db.close();
  }
}

function identitiesOf(path: string, identify: Identify): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const ending of endings) {
    const identity = identify(path + ending);
    if (identity !== null) found.set(ending, identity);
  }
  return found;
}

/** SQLite itself compares no more than the number (SQLITE_FCNTL_HAS_MOVED, `fileHasMoved` in os_unix.c). */
function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev} ${found.ino}`;
}
