// Measures what batches and pictures take, and adds it to the moving averages when they have ended.
import { withBatch, withPicture } from '../../domain/base/average.ts';
import { readAverages, writeAverages } from '../../store/figures/averages.ts';
import { forgetOldOutcomes, noteOutcome } from '../../store/queue/outcome.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from './context.ts';

type Context = Pick<DrainContext, 'db' | 'clock'>;

export interface Stopwatch {
  /** It is known which scenes are to be written: from now on the time is theirs. */
  decided(): void;
  /** The batch has ended with so many scenes pushed, and so many that had it all. */
  ended(pushed: number, unchanged: number): void;
}

export function startStopwatch({ db, clock }: Context): Stopwatch {
  const startedAt = clock.now();
  let decidedAt: number | null = null;
  return {
    decided: () => {
      decidedAt = clock.now();
    },
    ended: (pushed, unchanged) => {
      if (pushed + unchanged === 0) return;
      const now = clock.now();
      const readUntil = decidedAt ?? now;
      // A clock that was put back measures nothing.
      const readMs = Math.max(0, readUntil - startedAt);
      const writeMs = Math.max(0, now - readUntil);
      transaction(db, () => {
        const batch = { pushed, unchanged, readMs, writeMs };
        writeAverages(db, withBatch(readAverages(db), batch));
        forgetOldOutcomes(db, now);
      });
    },
  };
}

/** A picture was looked at, begun at `startedAt` (Unix ms), and sent if it had to be. */
export function notePicture({ db, clock }: Context, startedAt: number, sent: boolean): void {
  const now = clock.now();
  transaction(db, () => {
    writeAverages(db, withPicture(readAverages(db), Math.max(0, now - startedAt), sent));
    if (sent) noteOutcome(db, 'picture', now);
  });
}
