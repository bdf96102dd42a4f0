// When it is caught up, and from when on.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catchUpAt,
  catchUpEveryMs,
  catchUpSince,
  overlapMs,
  type Proof,
  witnessed,
} from '../../src/domain/gaps/catchUp.ts';

const minute = 60_000;
const hour = 60 * minute;
const t0 = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('[1.5 RECV-05] the proof that nothing was missed', () => {
  it('goes on as long as somebody looks', () => {
    let proof: Proof | null = null;
    for (let at = t0; at < t0 + 24 * hour; at += 4 * minute) {
      const seen = witnessed(proof, at);
      expect(seen).toEqual({ proof: { at, seenAt: at }, missedSince: null });
      ({ proof } = seen);
    }
  });

  it('stands where nobody looked, and after an hour it is looked for what was missed from there on', () => {
    const whole: Proof = { at: t0, seenAt: t0 };
    const later = witnessed(whole, t0 + 30 * minute);
    expect(later).toEqual({
      proof: { at: t0, seenAt: t0 + 30 * minute },
      missedSince: null,
    });
    // Looked at without a break from then on: what was before is not proven by that.
    const still = witnessed(later.proof, t0 + 33 * minute);
    expect(still.proof.at).toBe(t0);
    const due = witnessed(still.proof, t0 + 61 * minute);
    expect(due).toEqual({
      proof: { at: t0 + 61 * minute, seenAt: t0 + 61 * minute },
      missedSince: t0,
    });
  });

  it('leaves no moment out, whenever it is looked at: all that is not looked for is within a break of five minutes', () => {
    const looks = fc.array(fc.integer({ min: 1, max: 3 * hour }), { maxLength: 60 });
    fc.assert(
      fc.property(looks, (gaps) => {
        let proof: Proof = { at: t0, seenAt: t0 };
        let at = t0;
        const long: number[] = [];
        const looked: (readonly [number, number])[] = [];
        for (const gap of gaps) {
          if (gap > 5 * minute) long.push(at + 1);
          at += gap;
          const seen = witnessed(proof, at);
          if (seen.missedSince !== null) looked.push([seen.missedSince, at]);
          ({ proof } = seen);
        }
        // Whoever looks next.
        looked.push([proof.at, at + hour]);
        for (const moment of long) {
          expect(looked.some(([from, to]) => from <= moment && moment <= to)).toBe(true);
        }
      }),
    );
  });

  it('is not carried ahead of a clock that was put back', () => {
    const { proof } = witnessed({ at: t0 + hour, seenAt: t0 + hour }, t0);
    expect(proof).toEqual({ at: t0, seenAt: t0 });
  });
});

describe('[1.4 AUTO-02] catching up', () => {
  it('is due at once for a first reason, and an hour after the last time for another', () => {
    const started = { startedAt: t0, missedSince: null };
    expect(catchUpAt({ startedAt: null, missedSince: null }, null, catchUpEveryMs, t0)).toBeNull();
    expect(catchUpAt(started, null, catchUpEveryMs, t0)).toBe(t0);
    expect(catchUpAt(started, t0 - 10 * minute, catchUpEveryMs, t0)).toBe(t0 + 50 * minute);
    expect(catchUpAt(started, t0 - 10 * minute, 0, t0)).toBe(t0);
    // The clock was put back since.
    expect(catchUpAt(started, t0 + 99 * hour, catchUpEveryMs, t0)).toBe(t0 + hour);
  });

  it('looks a day back after a start, and further where more was missed', () => {
    const day = 24 * hour;
    expect(catchUpSince({ startedAt: t0, missedSince: null }, t0)).toBe(t0 - day);
    expect(catchUpSince({ startedAt: null, missedSince: t0 - 9 * day }, t0)).toBe(
      t0 - 9 * day - overlapMs,
    );
    expect(catchUpSince({ startedAt: t0, missedSince: t0 - hour }, t0)).toBe(t0 - day);
  });
});
