// A worker that let a task have its lock stays, and takes it back when the task ends or dies. Nothing
// tells it so: it looks twice a second, and the operating system frees the lock at any death.
import { tryLock, type WorkerLock } from '../../store/file/lock.ts';
import type { DataDirectory } from '../../store/file/dataDirectory.ts';
import type { Clock } from '../base/clock.ts';
import { askerOf } from './takeover.ts';

/** How often it is looked. */
const lookMs = 500;
/** A task that has not come for the lock by then hangs: from then on whoever finds it free has it. */
const reservedMs = 10_000;
/** So often held with nobody asking: it is another worker's. */
const strangeLooks = 3;

export type StoodBy<Ending> =
  /** `ignored`: who asked, and did not come for it. */
  | { readonly kind: 'mine'; readonly lock: WorkerLock; readonly ignored: string | null }
  | { readonly kind: 'another-worker' }
  | { readonly kind: 'leave'; readonly ending: Ending };

/** @param mustLeave called at each look: why the worker has to leave, or null */
export async function standBy<Ending>(
  directory: DataDirectory,
  clock: Clock,
  stop: AbortSignal,
  mustLeave: () => Ending | null,
): Promise<StoodBy<Ending>> {
  let reservedFrom = clock.now();
  let reservedFor: string | null = null;
  let strange = 0;
  while (true) {
    const ending = mustLeave();
    if (ending !== null) return { kind: 'leave', ending };
    // The clock may have been put back.
    reservedFrom = Math.min(reservedFrom, clock.now());
    const asker = askerOf(directory.takeover);
    // Another one follows: it has as long to come for the lock as the first one had.
    if (asker !== null && asker !== reservedFor) {
      reservedFor = asker;
      reservedFrom = clock.now();
    }
    if (asker === null || clock.now() - reservedFrom >= reservedMs) {
      const lock = tryLock(directory.lock);
      if (lock !== null) return { kind: 'mine', lock, ignored: asker };
      strange = asker === null ? strange + 1 : 0;
      if (strange >= strangeLooks) return { kind: 'another-worker' };
    }
    await clock.sleep(lookMs, stop);
  }
}
