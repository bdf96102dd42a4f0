// A clock that runs faster than the real one: hours of backoff pass in seconds, in the right order,
// while the HTTP servers stay real. It starts at the real time, which file stamps share.
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/sync/base/clock.ts';

/** @param speed clock seconds for each real one */
export function fastClock(speed: number, random: () => number = Math.random): Clock {
  const begin = Date.now();
  return {
    now: () => Math.round(begin + (Date.now() - begin) * speed),
    random,
    sleep: async (ms, signal) => {
      try {
        await delay(ms / speed, undefined, signal === undefined ? {} : { signal });
      } catch {
        // Aborted: awake.
      }
    },
  };
}
