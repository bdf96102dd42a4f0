// How long a scene takes, and how long what waits will take.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Averages, coldStart, withBatch, withPicture } from '../../src/domain/base/average.ts';
import { estimate, estimateExtras, type Work } from '../../src/domain/words/estimate.ts';
import { duration, durationRange } from '../../src/domain/base/durationWords.ts';
import { textOf } from '../docs/support.ts';

const edits = (count: number): Work => ({ edits: count, bulk: 0 });
const pushing = (count: number, ms: number, readMs = 0) => ({
  pushed: count,
  unchanged: 0,
  readMs,
  writeMs: count * ms,
});

/** The averages after so many scenes pushed in batches, each of which takes so long. */
function after(scenes: number, msOf: (scene: number) => number, from = coldStart): Averages {
  let averages = from;
  for (let at = 0; at < scenes; at += 50) averages = withBatch(averages, pushing(50, msOf(at)));
  return averages;
}

describe('[1.2 TIME-01] the average times', () => {
  it('begin with the documented defaults', () => {
    const page = textOf('docs/operations.md').replace(/\s+/g, ' ');
    const { push, unchanged, picture } = coldStart;
    expect(page).toContain(
      `${push.ms} ms for a push, ${unchanged.ms} ms for a scene that Plex has already, ${picture.ms} ms for a picture`,
    );
    const { leastMs, mostMs } = estimate(edits(100), coldStart);
    expect(leastMs).toBeLessThan(100 * push.ms);
    expect(mostMs).toBeGreaterThan(100 * push.ms);
  });

  it('keep pushes, scenes that Plex has already and pictures apart', () => {
    let averages = coldStart;
    for (let round = 0; round < 200; round += 1) {
      averages = withBatch(averages, { pushed: 10, unchanged: 40, readMs: 500, writeMs: 900 });
      averages = withPicture(averages, 300, round % 2 === 0);
    }
    expect(averages.push.ms).toBeCloseTo(100, 0);
    expect(averages.unchanged.ms).toBeCloseTo(10, 0);
    expect(averages.picture.ms).toBeLessThan(330);
    expect(averages.pushShare).toBeCloseTo(0.2, 2);
    expect(averages.sentShare).toBeGreaterThan(0.4);
    expect(averages.sentShare).toBeLessThan(0.6);
    expect(averages.measured).toEqual({ push: 2_000, unchanged: 8_000, picture: 100 });
  });

  it('follow a change within some hundred scenes, and are not thrown by one slow edit', () => {
    const steady = after(1_000, () => 30);
    expect(steady.push.ms).toBeCloseTo(30, 0);
    expect(withBatch(steady, pushing(1, 3_000)).push.ms).toBeLessThan(46);
    expect(after(500, () => 90, steady).push.ms).toBeGreaterThan(80);
  });

  it('are numbers of this world whatever was measured', () => {
    const amount = fc.nat({ max: 50 });
    const time = fc.integer({ min: 0, max: 10 ** 7 });
    const batch = fc.record({ pushed: amount, unchanged: amount, readMs: time, writeMs: time });
    fc.assert(
      fc.property(fc.array(batch), fc.array(time), amount, amount, (batches, pictures, a, b) => {
        let averages = batches.reduce(withBatch, coldStart);
        averages = pictures.reduce((before, ms) => withPicture(before, ms, ms % 2 === 0), averages);
        const { leastMs, mostMs } = estimate({ edits: a, bulk: b }, averages);
        expect(leastMs).toBeGreaterThanOrEqual(0);
        expect(mostMs).toBeGreaterThanOrEqual(leastMs);
        expect(Number.isFinite(mostMs)).toBe(true);
        expect(averages.pushShare).toBeGreaterThanOrEqual(0);
        expect(averages.pushShare).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('[1.2 TIME-02] the time that is left', () => {
  it('is nothing where nothing waits', () => {
    expect(estimate(edits(0), coldStart)).toEqual({ leastMs: 0, mostMs: 0 });
  });

  it('is about items × average, as a range that narrows as it goes on', () => {
    const averages = after(1_000, () => 30);
    const width = (count: number): number => {
      const { leastMs, mostMs } = estimate(edits(count), averages);
      expect(leastMs).toBeLessThan(count * 30);
      expect(mostMs).toBeGreaterThan(count * 30);
      return mostMs / leastMs;
    };
    expect(width(10_000)).toBeLessThan(6);
    expect(width(1_000)).toBeLessThan(width(10_000));
    expect(width(100)).toBeLessThan(width(1_000));
    expect(width(1)).toBeLessThan(1.5);
  });

  it('takes what came in bulk for pushes as often as it was lately, and edits for pushes always', () => {
    let averages = coldStart;
    for (let round = 0; round < 100; round += 1) {
      averages = withBatch(averages, { pushed: 0, unchanged: 50, readMs: 500, writeMs: 0 });
    }
    const bulk = estimate({ edits: 0, bulk: 1_000 }, averages);
    expect(bulk.mostMs).toBeLessThan(30_000);
    expect(estimate(edits(1_000), averages).leastMs).toBeGreaterThan(30_000);
  });

  it('of pictures and ratings counts those that have to be sent as often as it was lately', () => {
    const averages = { ...coldStart, sentShare: 0.1 };
    const few = estimateExtras(100, averages);
    expect(few.leastMs).toBeLessThan(10 * coldStart.picture.ms);
    expect(few.mostMs).toBeGreaterThan(10 * coldStart.picture.ms);
    expect(few.mostMs).toBeLessThan(estimateExtras(100, coldStart).leastMs);
  });

  // Each row: the first batches' time per scene, and that of the rest; all of 2,000 jobs.
  it.each([
    ['doubling half-way', (at: number) => (at < 1_000 ? 30 : 60)],
    ['steady', () => 30],
    ['halving half-way', (at: number) => (at < 1_000 ? 30 : 15)],
    ['growing bit by bit to twice as much', (at: number) => 30 + (30 * at) / 2_000],
  ])(
    'of 2,000 jobs, service time %s: holds the end at two of 10, 50 and 90 %% at least',
    (_, msOf) => {
      const leftFrom = (from: number): number => {
        let left = 0;
        for (let at = from; at < 2_000; at += 50) left += 50 * msOf(at);
        return left;
      };
      const held = [200, 1_000, 1_800].filter((done) => {
        const { leastMs, mostMs } = estimate(edits(2_000 - done), after(done, msOf));
        return leastMs <= leftFrom(done) && leftFrom(done) <= mostMs;
      });
      expect(held.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('is said in words as a person would', () => {
    expect(duration(119_000)).toBe('119 s');
    expect(durationRange(170_000, 310_000)).toBe('3 to 5 minutes');
    expect(durationRange(50_000, 190_000)).toBe('50 s to 3 minutes');
    expect(durationRange(170_000, 180_000)).toBe('3 minutes');
    expect(durationRange(0, 0)).toBe('0 s');
  });
});
