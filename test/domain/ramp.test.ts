// How fast Plex is written to after an outage.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginRamp,
  type Ramp,
  rampAfterFailure,
  rampAfterWrite,
  rampAt,
  rampEnd,
  rampRestMs,
} from '../../src/domain/recover/ramp.ts';

import { type Course, courses } from '../../src/domain/recover/strategy.ts';

const { ramp: course } = courses.conservative.unreachable;
const all = Object.values(courses).flatMap((kinds): readonly Course[] => Object.values(kinds));
const t0 = 1_700_000_000_000;

describe('[1.5 RECV-04] after an outage', () => {
  it('begins with one write a second and rises until Plex itself is the limit', () => {
    const perTenSeconds: number[] = [];
    let ramp: Ramp | null = beginRamp(t0, course);
    let ms = 0;
    while (ramp !== null) {
      const tenth = Math.floor(ms / 10_000);
      perTenSeconds[tenth] = (perTenSeconds[tenth] ?? 0) + 1;
      ms += 20 + rampRestMs(ramp, 20);
      ramp = rampAfterWrite(ramp, 20);
    }
    const full = perTenSeconds.slice(0, -1);
    expect(full[0]).toBeLessThan(20);
    expect(full).toEqual(full.toSorted((a, b) => a - b));
    expect(full.at(-1)).toBeGreaterThan(100);
    expect(ms).toBeGreaterThan(30_000);
    expect(ms).toBeLessThan(60_000);
  });

  it('falls by half on an error, never below where it began', () => {
    expect(rampAfterFailure({ ...course, perSecond: 8, since: t0 }).perSecond).toBe(4);
    expect(rampAfterFailure({ ...course, perSecond: 1.5, since: t0 }).perSecond).toBe(
      course.leastPerSecond,
    );
  });

  it('ends where Plex takes longer for a write than it would be left alone', () => {
    expect(rampAfterWrite({ ...course, perSecond: 2, since: t0 }, 600)).toBeNull();
    expect(rampAfterWrite({ ...course, perSecond: 2, since: t0 }, 100)).not.toBeNull();
  });

  it('ends after half an hour, and with a clock that was put back', () => {
    const ramp = beginRamp(t0, course);
    expect(rampAt(ramp, t0 + 1_799_999)).toEqual(ramp);
    expect(rampAt(ramp, t0 + 1_800_000)).toBeNull();
    expect(rampAt(ramp, t0 - 86_400_000)).toBeNull();
  });

  it('stays within its bounds whatever Plex does, and rests no longer than a second', () => {
    const took = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 5_000 }));
    const begun = fc.constantFrom(...all.map(({ ramp }) => ramp));
    fc.assert(
      fc.property(begun, fc.array(took, { maxLength: 600 }), (of, seen) => {
        let ramp: Ramp | null = beginRamp(t0, of);
        for (const ms of seen) {
          if (ramp === null) return;
          const before: number = ramp.perSecond;
          ramp = ms === null ? rampAfterFailure(ramp) : rampAfterWrite(ramp, ms);
          if (ramp === null) return;
          expect(ramp.perSecond).toBeGreaterThanOrEqual(of.leastPerSecond);
          expect(ramp.perSecond).toBeLessThan(rampEnd.perSecond + of.step);
          if (ms === null) expect(ramp.perSecond).toBeLessThanOrEqual(before);
          else expect(ramp.perSecond).toBeGreaterThan(before);
          const rest = rampRestMs(ramp, ms ?? 0);
          expect(rest).toBeGreaterThanOrEqual(0);
          expect(rest).toBeLessThanOrEqual(1_000);
        }
      }),
    );
  });
});
