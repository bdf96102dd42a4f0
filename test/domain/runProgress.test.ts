import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceRun, beginRun, rateOf, runLine } from '../../src/domain/words/runProgress.ts';

describe('[1.2 PROC-03] the progress of a run', () => {
  it('tells share, rate and time left', () => {
    let run = beginRun(0, 100, 0);
    for (let second = 1; second <= 10; second += 1) {
      run = advanceRun(run, { done: second * 2, left: 100 - second * 2 }, second * 1000);
    }
    expect(run.share).toBe(0.2);
    expect(rateOf(run, 10_000)).toBe(2);
    expect(runLine(run, 10_000)).toBe('20 of 100 done, 2.0 per second, about 40 s left.');
  });

  it('says nothing about the time before anything was done', () => {
    expect(runLine(beginRun(0, 100, 0), 60_000)).toBe('0 of 100 done.');
    expect(rateOf(beginRun(50, 100, 0), 500)).toBeNull();
  });

  it('goes on from what earlier slices did, whose time does not count', () => {
    const begun = beginRun(500, 500, 0);
    expect(begun.share).toBe(0.5);
    const run = advanceRun(begun, { done: 510, left: 490 }, 10_000);
    expect(runLine(run, 10_000)).toBe('510 of 1000 done, 1.0 per second, about 8 minutes left.');
  });

  it('has the rate of the last minute', () => {
    let run = beginRun(0, 10_000, 0);
    let done = 0;
    for (let second = 1; second <= 300; second += 1) {
      done += second <= 150 ? 10 : 1;
      run = advanceRun(run, { done, left: 10_000 - done }, second * 1000);
    }
    expect(rateOf(run, 300_000)).toBeCloseTo(1, 1);
    expect(run.samples.length).toBeLessThan(70);
  });

  it('never goes back and never leaves 0 to 1, whatever comes in between', () => {
    const step = fc.record({
      done: fc.nat(1_000),
      left: fc.nat(1_000),
      ms: fc.integer({ min: -5_000, max: 90_000 }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let run = beginRun(0, 10, 0);
        let now = 0;
        for (const { done, left, ms } of steps) {
          now += ms;
          const next = advanceRun(run, { done, left }, now);
          expect(next.share).toBeGreaterThanOrEqual(run.share);
          expect(next.share).toBeLessThanOrEqual(1);
          const rate = rateOf(next, now);
          expect(rate === null || rate > 0).toBe(true);
          run = next;
        }
      }),
    );
  });
});
