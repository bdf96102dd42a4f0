// Notices that the clock was put back, within a worker's life or between two, and puts right what
// would otherwise wait for a time that it no longer comes near.
import { latestTimeSeen, putTimesRight } from '../../store/clockBack.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { writeState } from '../../store/file/state.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';

/** Less than this is the clock being kept in step; what waits a minute longer is not worth a word. */
const worthNoticeMs = 60_000;
/** How often the time is stored while something is done. */
const keepEveryMs = 10_000;

export interface ClockWatch {
  /** Whether the clock was put back since the last look, or since the last worker's work. */
  wentBack(): boolean;
  /** Something was done: the next worker is to know at what time. */
  keep(): void;
}

export function openClockWatch(db: Database, clock: Clock, log: Log): ClockWatch {
  let seenAt = latestTimeSeen(db);
  let keptAt = 0;
  return {
    wentBack: () => {
      const now = clock.now();
      const behindMs = seenAt - now;
      if (behindMs <= worthNoticeMs) {
        seenAt = Math.max(seenAt, now);
        return false;
      }
      seenAt = now;
      keptAt = now;
      putTimesRight(db, now);
      const seconds = Math.round(behindMs / 1000);
      const message = `The clock was put back by ${seconds} s: what waits for a time is due now`;
      log.write('warn', 'clock', message, { seconds });
      return true;
    },
    keep: () => {
      const now = clock.now();
      if (now - keptAt < keepEveryMs) return;
      keptAt = now;
      writeState(db, state.clockSeenAt, now);
    },
  };
}
