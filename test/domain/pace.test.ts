// The pace of writes: full for a healthy Plex whatever its speed, less for one that became slow or
// fails, and full again soon after.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ceilingBinds,
  fullPace,
  isStrain,
  leastShare,
  longestRestMs,
  observe,
  type Pace,
  restMs,
  writesPerSecond,
} from '../../src/domain/recover/pace.ts';

const begin = 1_700_000_000_000;

interface Run {
  readonly pace: Pace;
  readonly now: number;
  /** Writes made. */
  readonly writes: number;
}

/** Writes for so long, each taking as long as `latencyAt` says; every `failEvery`th fails. */
function write(
  from: { readonly pace: Pace; readonly now: number },
  forMs: number,
  latencyMs: number | (() => number),
  { failEvery = 0 }: { failEvery?: number } = {},
): Run {
  let { pace, now } = from;
  let writes = 0;
  while (now < from.now + forMs) {
    const spent = typeof latencyMs === 'number' ? latencyMs : latencyMs();
    now += spent;
    writes += 1;
    const failed = failEvery > 0 && writes % failEvery === 0;
    pace = observe(pace, failed ? { kind: 'failed' } : { kind: 'good', latencyMs: spent }, now);
    now += restMs(pace, spent);
  }
  return { pace, now, writes };
}

const start = { pace: fullPace, now: begin };

describe('[1.0 ADV-03] the pace by itself', () => {
  it.each([1, 30, 900, 5_000])('is full for a healthy Plex that takes %i ms for a write', (ms) => {
    const { pace, now, writes } = write(start, 100 * ms, ms);
    expect(pace).toMatchObject({ share: 1, why: 'full' });
    expect(writes).toBe(100);
    expect(now - begin).toBe(100 * ms);
  });

  it('never rests while writes stay within four times what is usual, or below a quarter of a second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.array(fc.double({ min: 1, max: 3.9, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (usual, factors) => {
          let pace = write(start, 20 * usual, usual).pace;
          let now = begin;
          for (const factor of factors) {
            now += usual;
            pace = observe(pace, { kind: 'good', latencyMs: usual * factor }, now);
            expect(restMs(pace, usual * factor)).toBe(0);
          }
        },
      ),
    );
  });

  it('steps down to half of what a slow Plex could take, and is back within two seconds', () => {
    const quick = write(start, 10_000, 30);
    const slowed = write(quick, 20_000, 900);
    expect(slowed.pace).toMatchObject({ share: leastShare.slow, why: 'slow' });
    expect(slowed.writes).toBeLessThan((20_000 / 900) * 0.65);
    const back = write(slowed, 2_000, 30);
    expect(back.pace).toMatchObject({ share: 1, why: 'full' });
    expect(write(back, 3_000, 30).writes).toBe(100);
  });

  it('takes a Plex for a slow one that has been slow for half an hour, and not for five minutes', () => {
    const quick = write(start, 10_000, 30);
    expect(write(quick, 5 * 60_000, 900).pace.why).toBe('slow');
    expect(write(quick, 40 * 60_000, 900).pace.why).toBe('full');
  });

  it('does not take one slow write for a slow Plex, nor a night without writes for a slow night', () => {
    const quick = write(start, 10_000, 30);
    const once = observe(quick.pace, { kind: 'good', latencyMs: 600 }, quick.now + 8 * 3_600_000);
    expect(once).toMatchObject({ share: 1, why: 'full' });
    expect(once.usualMs).toBeLessThan(40);
  });

  it('gives a Plex that fails the fewer requests the more it fails', () => {
    const counts = [0, 20, 5, 2].map((failEvery) => write(start, 60_000, 30, { failEvery }).writes);
    expect(counts[0]).toBe(2_000);
    for (const [at, count] of counts.entries()) {
      if (at > 0) expect(count).toBeLessThan(counts[at - 1] ?? 0);
    }
    // Every second one fails: less than half of the requests that a healthy Plex gets.
    expect(counts[3]).toBeLessThan(1_000);
  });

  it('rests after a failure that came at once as after a write of the usual length', () => {
    const { pace, now } = write(start, 10_000, 200);
    const failed = observe(pace, { kind: 'failed' }, now);
    expect(failed).toMatchObject({ share: 0.5, why: 'errors' });
    expect(restMs(failed, 1)).toBeCloseTo(200);
  });

  it('never lets Plex rest for longer than five seconds, and never falls below its least share', () => {
    const seen = fc.oneof(
      fc.constant({ kind: 'failed' } as const),
      fc.record({
        kind: fc.constant('good' as const),
        latencyMs: fc.double({ min: 0, max: 200_000, noNaN: true }),
      }),
    );
    const steps = fc.array(fc.tuple(seen, fc.integer({ min: -100_000, max: 1e7 })));
    fc.assert(
      fc.property(steps, (all) => {
        let pace = fullPace;
        let now = begin;
        for (const [one, passed] of all) {
          now += passed;
          pace = observe(pace, one, now);
          expect(pace.share).toBeGreaterThanOrEqual(leastShare.errors);
          expect(pace.share).toBeLessThanOrEqual(1);
          expect(pace.why === 'full').toBe(pace.share === 1);
          const spent = one.kind === 'good' ? one.latencyMs : 60_000;
          expect(restMs(pace, spent)).toBeLessThanOrEqual(longestRestMs);
        }
      }),
    );
  });
});

describe('[1.0 ADV-03] the ceiling', () => {
  it('and the pace are told as requests per second, with which of the two it is', () => {
    expect(writesPerSecond(fullPace, 5)).toBeNull();
    const { pace } = write(start, 1_000, 50);
    expect(writesPerSecond(pace, null)).toBeCloseTo(20);
    expect([ceilingBinds(pace, null), ceilingBinds(pace, 100), ceilingBinds(pace, 10)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(writesPerSecond(pace, 10)).toBeLessThan(10);
    expect(writesPerSecond(pace, 10)).toBeGreaterThan(9);
  });
});

describe('what counts as a strain', () => {
  it('is what Plex does under load, and not what is wrong with a request', () => {
    expect(['plex-server-error', 'plex-header-timeout', 'plex-reset'] as const).toSatisfy(
      (codes: readonly Parameters<typeof isStrain>[0][]) => codes.every(isStrain),
    );
    for (const code of ['plex-not-found', 'plex-bad-request', 'plex-unauthorized'] as const) {
      expect(isStrain(code)).toBe(false);
    }
  });
});
