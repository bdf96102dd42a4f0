// The data directory: which file lies where, and how it is made so that only its owner reads it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PlexSyncError } from '../../contract/errors.ts';
import { whyNotAllowed } from './notAllowed.ts';
import { giveToOwner } from './privateFile.ts';

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

/** Left by the supervisor of a worker that could not work: hooks count what they keep (plugin/launch.sh). */
export function noWorkerMark({ path }: DataDirectory): string {
  return join(path, 'no-worker');
}

/**
 * Makes the directory and its spool, readable by the owner alone.
 * @throws PlexSyncError `store-failed` where this process has no right to
 */
export function makeDataDirectory(path: string): DataDirectory {
  const directory = dataDirectory(path);
  try {
    for (const folder of [path, directory.spool]) {
      if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) giveToOwner(folder);
    }
  } catch (error) {
    const why = whyNotAllowed(directory);
    throw why === null ? error : new PlexSyncError('store-failed', why, { cause: error });
  }
  return directory;
}
