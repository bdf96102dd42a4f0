// What one process has written counts for the next one: a task that takes over, a worker that follows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPacer } from '../../src/sync/servers/pacer.ts';
import { newStore, t0 } from '../store/support.ts';

const request = {
  method: 'PUT',
  target: '/',
  headers: {},
  headersMs: 1,
  bodyMs: 1,
} as const;

describe('[1.0 ADV-03] the ceiling at a takeover', () => {
  it('is never passed in any second, whenever the process before ended and however it did', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 0, max: 3_000 }),
        (perSecond, lives, pauseMs) => {
          const db = newStore();
          let now = t0;
          const clock = { now: () => now, random: () => 0.5, sleep: async () => {} };
          const arrivals: number[] = [];
          for (const writes of lives) {
            const pacer = openPacer(db, clock);
            pacer.limitTo(perSecond);
            for (let n = 0; n < writes; n += 1) {
              now += pacer.beforeWrite();
              arrivals.push(now);
              const rest = pacer.ended({ kind: 'answered', request, ms: 0 });
              // Who is killed does not wait for its rest any more.
              if (n < writes - 1) now += rest;
            }
            now += pauseMs;
          }
          for (const from of arrivals) {
            const within = arrivals.filter((at) => at >= from && at < from + 1_000).length;
            expect(within).toBeLessThanOrEqual(perSecond);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('makes no write wait more than once where the clock was put back, and is not passed by that', () => {
    for (const first of [0, 1, 40]) {
      const db = newStore();
      let now = t0;
      let real = 0;
      const clock = { now: () => now, random: () => 0.5, sleep: async () => {} };
      const pacer = openPacer(db, clock);
      pacer.limitTo(20);
      const arrivals: number[] = [];
      const write = (): void => {
        const before = pacer.beforeWrite();
        real += before;
        now += before;
        arrivals.push(real);
        const rest = pacer.ended({ kind: 'answered', request, ms: 0 });
        real += rest;
        now += rest;
      };
      for (let n = 0; n < first; n += 1) write();
      now -= 3_600_000;
      const from = real;
      for (let n = 0; n < 40; n += 1) write();
      // Two seconds' worth, and a window once where nobody knows what was written before.
      expect(real - from).toBeLessThan(3_500);
      for (const at of arrivals) {
        const within = arrivals.filter((other) => other >= at && other < at + 1_000).length;
        expect(within).toBeLessThanOrEqual(20);
      }
    }
  });

  it('costs nobody a wait where the last write is long ago, or where there is no ceiling', () => {
    const db = newStore();
    let now = t0;
    const clock = { now: () => now, random: () => 0.5, sleep: async () => {} };
    const first = openPacer(db, clock);
    first.ended({ kind: 'answered', request, ms: 5 });
    expect(openPacer(db, clock).beforeWrite()).toBe(0);
    first.limitTo(2);
    first.ended({ kind: 'answered', request, ms: 5 });
    expect(openPacer(db, clock).beforeWrite()).toBeGreaterThan(0);
    now += 10_000;
    expect(openPacer(db, clock).beforeWrite()).toBe(0);
  });
});
