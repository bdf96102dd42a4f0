// The data directory: which file lies where, and how it is made so that only its owner reads it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface DataDirectory {
  readonly path: string;
  readonly database: string;
  readonly lock: string;
  readonly spool: string;
  /** Since when hooks kept no event, its own time: the spool was full, and there was no Node. */
  readonly missedSince: string;
  readonly supervisor: string;
  readonly progress: string;
  /** Who asks the worker for its lock. */
  readonly takeover: string;
  readonly log: string;
  /** How Plex is, for monitors. */
  readonly outage: string;
}

export function dataDirectory(path: string): DataDirectory {
  return {
    path,
    database: join(path, 'plex-sync.db'),
    lock: join(path, 'worker.lock'),
    spool: join(path, 'spool'),
    missedSince: join(path, 'missed-since'),
    supervisor: join(path, 'supervisor'),
    progress: join(path, 'progress'),
    takeover: join(path, 'takeover'),
    log: join(path, 'plex-sync.log'),
    outage: join(path, 'outage.json'),
  };
}

/** Makes the directory and its spool, readable by the owner alone. */
export function makeDataDirectory(path: string): DataDirectory {
  const directory = dataDirectory(path);
  mkdirSync(directory.spool, { recursive: true, mode: 0o700 });
  return directory;
}
