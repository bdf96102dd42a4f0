// When an event's row becomes due.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAt } from '../../src/domain/recover/coalesce.ts';

const t = 1_700_000_000_000;

describe('an event', () => {
  it('is due at once when it is alone', () => {
    expect(dueAt(t, null, null)).toBe(t);
    expect(dueAt(t, t - 1_000, null)).toBe(t);
    expect(dueAt(t, t - 3_600_000, null)).toBe(t);
  });

  it('is due a second later when another came within the second before', () => {
    expect(dueAt(t, t - 999, null)).toBe(t + 1_000);
    expect(dueAt(t, t, null)).toBe(t + 1_000);
  });

  it('is due a second after the last save of the same form', () => {
    expect(dueAt(t + 300, t, t)).toBe(t + 1_300);
    expect(dueAt(t + 3_000, t, t)).toBe(t + 4_000);
  });

  it('is never due later than five seconds after the first of its row', () => {
    expect(dueAt(t + 4_000, t + 3_900, t)).toBe(t + 5_000);
    expect(dueAt(t + 4_900, t + 4_800, t)).toBe(t + 5_000);
    // The row has waited for an outage: it is over its time already.
    expect(dueAt(t + 3_600_000, t, t)).toBe(t + 5_000);
  });

  it('is not held back by a clock that was set back', () => {
    expect(dueAt(t - 60_000, t, null)).toBe(t - 60_000 + 1_000);
  });

  it('keeps to the rule over any burst: a second after the last, five after the first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_500 }), { minLength: 1 }), (gaps) => {
        let at = t;
        let previous: number | null = null;
        let first: number | null = null;
        for (const gap of gaps) {
          at += gap;
          const due = dueAt(at, previous, first);
          const lone = first === null && (previous === null || at - previous >= 1_000);
          expect(due).toBe(lone ? at : Math.min(at + 1_000, (first ?? at) + 5_000));
          expect(due).toBeLessThanOrEqual((first ?? at) + 5_000);
          first ??= at;
          previous = at;
        }
      }),
      { seed: 7 },
    );
  });
});
