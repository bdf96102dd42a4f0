// Who does the work just now: the process that holds the worker lock says so in the data file. The
// lock stays the truth of who may write; this is for a person to see.
import { hostname } from 'node:os';
import * as v from 'valibot';
import type { Status } from '../../contract/status.ts';
import { isLocked } from '../../store/file/lock.ts';
import type { Database } from '../../store/file/database.ts';
import { clearState, readState, type Singleton, writeState } from '../../store/file/state.ts';
import { processStart } from './supervisorFile.ts';

const schema = v.object({
  kind: v.picklist(['worker', 'task']),
  pid: v.number(),
  /** Of the process, as `processStart` tells it: a number may be given to another one later. */
  start: v.nullable(v.string()),
  host: v.string(),
  /** Unix ms. */
  since: v.number(),
});
const holder: Singleton<v.InferOutput<typeof schema>> = { name: 'holder', schema };

/** Call when the worker lock was taken. */
export function noteHolder(db: Database, kind: 'worker' | 'task', now: number): void {
  const { pid } = process;
  writeState(db, holder, {
    kind,
    pid,
    start: processStart(pid),
    host: hostname(),
    since: now,
  });
}

/** Call before the worker lock is let go. */
export function dropHolder(db: Database): void {
  clearState(db, holder);
}

/**
 * Who holds the lock, or null if nobody does. One that was killed did not say goodbye: it is looked
 * whether the process lives, and the lock is asked where it is on another host or in another
 * container.
 * @param lock path of the worker lock
 */
export function holderOf(db: Database, lock: string): Status['worker'] {
  const found = readState(db, holder);
  if (found === null) return null;
  const { start, ...told } = found;
  const lives = told.host === hostname() ? processStart(told.pid) === start : isLocked(lock);
  return lives ? told : null;
}
