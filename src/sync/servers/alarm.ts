// How a worker with nothing to do sleeps: until its time is over, or something comes into the spool.
import { watch } from 'node:fs';
import type { Clock } from '../base/clock.ts';

export interface Alarm {
  /** Sleeps at most `ms`; ends early when a file comes into the spool or the worker is stopped. */
  wait(clock: Clock, ms: number): Promise<void>;
  close(): void;
}

export function openAlarm(spool: string, stop: AbortSignal): Alarm {
  let rung = false;
  let sleeping: AbortController | null = null;
  const ring = (): void => {
    rung = true;
    sleeping?.abort();
  };
  stop.addEventListener('abort', ring);
  let watcher: ReturnType<typeof watch> | null = null;
  try {
    watcher = watch(spool, ring);
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watch on this file system: polling does.
  }
  return {
    wait: async (clock, ms) => {
      if (!rung) {
        sleeping = new AbortController();
        await clock.sleep(ms, sleeping.signal);
        sleeping = null;
      }
      rung = false;
    },
    close: () => {
      stop.removeEventListener('abort', ring);
      watcher?.close();
    },
  };
}
