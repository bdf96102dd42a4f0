// A clock for a worker that shall not be waited for: what it sleeps is skipped, what it does takes the
// time that it takes. Things that are to happen at a time happen then, before anybody wakes.
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../src/sync/base/clock.ts';

export interface SkippingClock extends Clock {
  /** @param at Unix ms of this clock */
  plan(at: number, action: () => Promise<void>): void;
}

export function skippingClock(random: () => number): SkippingClock {
  let skippedMs = 0;
  let planned: readonly { readonly at: number; readonly action: () => Promise<void> }[] = [];
  const now = (): number => Date.now() + skippedMs;
  const skipTo = (at: number): void => {
    skippedMs += Math.max(0, at - now());
  };
  return {
    now,
    random,
    plan: (at, action) => {
      planned = [...planned, { at, action }].toSorted((a, b) => a.at - b.at);
    },
    sleep: async (ms, signal) => {
      const until = now() + ms;
      // Others have something to do meanwhile: two that sleep at once sleep as long as the longer.
      await turnOfTheLoop();
      if (signal?.aborted === true) return;
      for (let next = planned[0]; next !== undefined && next.at <= until; next = planned[0]) {
        planned = planned.slice(1);
        skipTo(next.at);
        await next.action();
      }
      skipTo(until);
    },
  };
}
