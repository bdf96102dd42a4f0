// The place from which is written to Plex: whoever has the worker's lock. A task asks the worker for
// it and comes for it; what a dead or departed holder had in flight goes back to the queue then.
import type { DataDirectory } from '../../store/file/dataDirectory.ts';
import { tryLock, type WorkerLock } from '../../store/file/lock.ts';
import type { Database } from '../../store/file/database.ts';
import { giveBackAll } from '../../store/queue/queueSettle.ts';
import type { Clock } from '../base/clock.ts';
import { dropHolder, noteHolder } from './holder.ts';
import { ask, askerOf, askNoMore } from './takeover.ts';

export interface Seat {
  readonly taken: boolean;
  /** Asks, and tries once. @returns whether it is this process's now */
  tryTake(): boolean;
  /** Whether another process has asked before this one could. */
  othersAsk(): boolean;
  leave(): void;
}

export function openSeat(db: Database, directory: DataDirectory, clock: Clock): Seat {
  let lock: WorkerLock | null = null;
  let asked = false;
  return {
    get taken() {
      return lock !== null;
    },
    tryTake: () => {
      if (lock !== null && asked) return true;
      // With the lock, too: the worker stands by only for one that asks.
      asked = ask(directory.takeover) || asked;
      if (lock !== null) return true;
      lock = tryLock(directory.lock);
      if (lock === null) return false;
      giveBackAll(db);
      noteHolder(db, 'task', clock.now());
      return true;
    },
    othersAsk: () => !asked && askerOf(directory.takeover) !== null,
    leave: () => {
      try {
        // Rows in doubt: who comes next must not have to look for them.
        if (lock !== null && db.isOpen) {
          giveBackAll(db);
          dropHolder(db);
        }
      } finally {
        lock?.release();
        lock = null;
        if (asked) askNoMore(directory.takeover);
      }
    },
  };
}
