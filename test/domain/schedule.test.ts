// When the reconciliation runs by itself: on time, once each, over changes of the clock.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intervals } from '../../src/contract/gaps.ts';
import {
  latestDue,
  nextRunAt,
  quietHour,
  sinceOfScheduled,
} from '../../src/domain/gaps/schedule.ts';

const hourMs = 3_600_000;
const zoneBefore = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterAll(() => {
  if (zoneBefore === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneBefore;
});

const moments = fc.integer({
  min: Date.UTC(2024, 0, 1),
  max: Date.UTC(2027, 0, 1),
});

/** Begins of runs from one moment on, each at its time. */
function runs(interval: (typeof intervals)[number], from: number, count: number): number[] {
  const begun: number[] = [];
  let last = from;
  for (let made = 0; made < count; made += 1) {
    last = nextRunAt(interval, last, last) ?? Number.NaN;
    begun.push(last);
  }
  return begun;
}

describe('[1.4 AUTO-01] a schedule', () => {
  it('of never has no next run', () => {
    expect(nextRunAt('never', 0, 1)).toBeNull();
  });

  it('of hourly runs 24 times in 24 hours', () => {
    const from = Date.UTC(2025, 5, 1);
    const begun = runs('hourly', from, 30).filter((at) => at <= from + 24 * hourMs);
    expect(begun).toHaveLength(24);
  });

  it('of daily runs at the quiet hour of each day, also where the clock is changed', () => {
    const from = new Date(2025, 2, 27, 12).getTime();
    for (const begun of [
      runs('daily', from, 6),
      runs('daily', new Date(2025, 9, 23).getTime(), 6),
    ]) {
      expect(begun.map((at) => new Date(at).getHours())).toEqual(begun.map(() => quietHour));
      const days = begun.map((at) => new Date(at).toDateString());
      expect(new Set(days).size).toBe(days.length);
      for (const [at, next] of begun.slice(1).entries()) {
        expect(Math.round((next - (begun[at] ?? 0)) / hourMs)).toBeGreaterThanOrEqual(23);
        expect(Math.round((next - (begun[at] ?? 0)) / hourMs)).toBeLessThanOrEqual(25);
      }
    }
  });

  it('of weekly runs on the same day of each week', () => {
    for (const month of [2, 9]) {
      const begun = runs('weekly', new Date(2025, month, 12, 12).getTime(), 5);
      expect(new Set(begun.map((at) => new Date(at).getDay())).size).toBe(1);
      expect(begun.map((at) => new Date(at).getHours())).toEqual(begun.map(() => quietHour));
    }
  });

  it('is always ahead of its last run, by a week and some hours at most', () => {
    fc.assert(
      fc.property(fc.constantFrom(...intervals), moments, (interval, at) => {
        const next = nextRunAt(interval, at, at);
        if (next === null) return;
        expect(next).toBeGreaterThan(at);
        expect(next - at).toBeLessThanOrEqual((7 * 24 + 3) * hourMs);
      }),
    );
  });

  it('is not put off by a clock that was set back', () => {
    fc.assert(
      fc.property(moments, moments, (now, last) => {
        fc.pre(last > now);
        expect(nextRunAt('hourly', last, now)).toBe(now + hourMs);
      }),
    );
  });

  it('of hourly does not slip by what each run begins late', () => {
    const due = Date.UTC(2025, 5, 1);
    expect(latestDue('hourly', due, due + 40_000)).toBe(due);
    // The machine slept: one run, and the next one on the hour.
    expect(latestDue('hourly', due, due + 5 * hourMs + 1)).toBe(due + 5 * hourMs);
  });

  it('looks at what was changed since the last run, weekly at all', () => {
    const last = Date.UTC(2025, 5, 1);
    expect(sinceOfScheduled('hourly', last)).toBeLessThan(last);
    expect(sinceOfScheduled('daily', last)).toBeLessThan(last);
    expect(sinceOfScheduled('weekly', last)).toBeNull();
  });
});
