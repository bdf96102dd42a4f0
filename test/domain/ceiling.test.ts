// The ceiling on writes per second: what arrives at Plex never passes it, however long requests take
// on their way, and most of what is allowed is made use of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceilingRestMs, withEnd } from '../../src/domain/recover/ceiling.ts';

interface Way {
  /** From its beginning to its arrival at Plex, and from there to the answer, in ms. */
  readonly there: number;
  readonly back: number;
}

/** Arrivals at Plex, in ms. */
function arrivals(perSecond: number, ways: readonly Way[]): readonly number[] {
  let now = 1_700_000_000_000;
  let ends: readonly number[] = [];
  return ways.map(({ there, back }) => {
    const arrived = now + there;
    now = arrived + back;
    ends = withEnd(ends, now, perSecond);
    now += ceilingRestMs(perSecond, there + back, ends, now);
    return arrived;
  });
}

function mostWithin(times: readonly number[], ms: number): number {
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length),
  );
}

const ms = fc.oneof(
  { arbitrary: fc.double({ min: 0, max: 20, noNaN: true }), weight: 5 },
  fc.double({ min: 0, max: 3_000, noNaN: true }),
);
const ways = fc.array(fc.record({ there: ms, back: ms }), { minLength: 2, maxLength: 120 });

describe('[1.0 ADV-03] the ceiling', () => {
  it('is never passed in any second at Plex, however long each request is on its way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), ways, (perSecond, all) => {
        expect(mostWithin(arrivals(perSecond, all), 1_000)).toBeLessThanOrEqual(perSecond);
      }),
    );
  });

  it('below one per second means one in so many seconds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1, noNaN: true }), ways, (perSecond, all) => {
        expect(mostWithin(arrivals(perSecond, all), 1_000 / perSecond)).toBe(1);
      }),
    );
  });

  it.each([1, 2.5, 10, 20])('of %d per second costs a few percent of it at most', (perSecond) => {
    const count = 20 * perSecond;
    const times = arrivals(
      perSecond,
      Array.from({ length: count }, () => ({ there: 1, back: 20 })),
    );
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
    expect((count - 1) / seconds).toBeGreaterThan(perSecond * 0.93);
    expect((count - 1) / seconds).toBeLessThanOrEqual(perSecond);
  });

  it('comes evenly', () => {
    const times = arrivals(
      10,
      Array.from({ length: 30 }, () => ({ there: 0, back: 5 })),
    );
    for (const [at, time] of times.entries()) {
      if (at > 0) expect(time - (times[at - 1] ?? 0)).toBeGreaterThan(100);
    }
  });

  it('is no reason to wait for longer than its window after the clock was put back', () => {
    const ends = withEnd([2_000_000], 1_000_000, 1);
    expect(ceilingRestMs(1, 10, ends, 1_000_000)).toBeLessThan(1_100);
    expect(ceilingRestMs(2, 10, [2_000_000, 1_000_000], 1_000_000)).toBeLessThan(1_100);
  });

  it('is none where none is set', () => {
    expect(withEnd([1, 2], 3, null)).toEqual([]);
    expect(ceilingRestMs(null, 5, [], 10)).toBe(0);
  });
});
