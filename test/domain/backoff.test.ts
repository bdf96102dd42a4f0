// How long a failed item waits, and when it is given up.
import { describe, expect, it } from 'vitest';
import {
  type BackoffPolicy,
  backoffDelayMs,
  itemBackoff,
} from '../../src/domain/recover/backoff.ts';
import { decideRetry } from '../../src/domain/recover/failure.ts';
import { seededRandom } from './random.ts';

const attempts = [1, 2, 3, 4, 5, 6, 9, 10, 11, 30, 2_000];

describe('[1.0 RTRY-01] the delay before the next attempt', () => {
  it.each(attempts)('fills [0, min(cap, base · 2ⁿ)] after attempt %i, over 1,000 draws', (n) => {
    const { baseMs, capMs } = itemBackoff;
    const ceiling = n > 20 ? capMs : Math.min(capMs, baseMs * 2 ** n);
    const random = seededRandom(n);
    const quarters = [0, 0, 0, 0];
    let lowest = ceiling;
    let highest = 0;
    for (let draw = 0; draw < 1_000; draw += 1) {
      const delay = backoffDelayMs(itemBackoff, n, random());
      expect(Number.isInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(ceiling);
      const quarter = Math.min(3, Math.floor((delay / ceiling) * 4));
      quarters[quarter] = (quarters[quarter] ?? 0) + 1;
      lowest = Math.min(lowest, delay);
      highest = Math.max(highest, delay);
    }
    // 250 expected of each; 190 is more than four standard deviations below.
    for (const hits of quarters) expect(hits).toBeGreaterThan(190);
    expect(lowest).toBeLessThan(ceiling / 100);
    expect(highest).toBeGreaterThan((ceiling * 99) / 100);
  });

  it('reaches both ends of its range', () => {
    expect(backoffDelayMs(itemBackoff, 1, 0)).toBe(0);
    expect(backoffDelayMs(itemBackoff, 1, 1 - Number.EPSILON)).toBe(10_000);
    expect(backoffDelayMs(itemBackoff, 50, 1 - Number.EPSILON)).toBe(itemBackoff.capMs);
  });

  it('grows in its mean with every attempt until the cap', () => {
    const mean = (n: number): number => {
      const random = seededRandom(77);
      let sum = 0;
      for (let draw = 0; draw < 1_000; draw += 1) sum += backoffDelayMs(itemBackoff, n, random());
      return sum / 1_000;
    };
    for (let n = 1; n < 9; n += 1) expect(mean(n + 1)).toBeGreaterThan(mean(n) * 1.9);
    expect(mean(40)).toBe(mean(41));
  });

  it('is never shorter than Retry-After asks, even above the cap', () => {
    const random = seededRandom(120);
    for (const n of attempts) {
      for (let draw = 0; draw < 200; draw += 1) {
        expect(backoffDelayMs(itemBackoff, n, random(), 120_000)).toBeGreaterThanOrEqual(120_000);
      }
    }
    expect(backoffDelayMs(itemBackoff, 1, 0.5, 7_200_000)).toBe(7_200_000);
  });
});

describe('[1.0 RTRY-01] an item that failed by its own fault', () => {
  const now = 1_700_000_000_000;

  it('is tried again at a due time, with one more attempt on its account', () => {
    const random = seededRandom(5);
    for (let spentBefore = 0; spentBefore < itemBackoff.maxAttempts - 1; spentBefore += 1) {
      const draw = random();
      expect(decideRetry(itemBackoff, spentBefore, now, draw)).toEqual({
        kind: 'retry-at',
        attempts: spentBefore + 1,
        dueAt: now + backoffDelayMs(itemBackoff, spentBefore + 1, draw),
      });
    }
  });

  it('is never due before the 120 seconds that Plex asked for', () => {
    const random = seededRandom(6);
    for (let draw = 0; draw < 1_000; draw += 1) {
      const decision = decideRetry(itemBackoff, draw % 5, now, random(), 120_000);
      if (decision.kind !== 'retry-at') throw new Error('given up too early');
      expect(decision.dueAt).toBeGreaterThanOrEqual(now + 120_000);
    }
  });

  it('is given up after the last attempt of the policy, not before and not later', () => {
    for (const maxAttempts of [1, 2, 6, 20]) {
      const policy: BackoffPolicy = { ...itemBackoff, maxAttempts };
      let spent = 0;
      let tries = 0;
      while (tries < 100) {
        tries += 1;
        const decision = decideRetry(policy, spent, now, 0.5);
        spent = decision.attempts;
        if (decision.kind === 'give-up') break;
      }
      expect(tries).toBe(maxAttempts);
      expect(spent).toBe(maxAttempts);
    }
  });

  it('is given up at once when it has already more attempts than allowed', () => {
    expect(decideRetry(itemBackoff, 99, now, 0.5).kind).toBe('give-up');
  });

  it('has five waits before it is given up, together within about five minutes', () => {
    let longest = 0;
    for (let n = 1; n < itemBackoff.maxAttempts; n += 1) {
      longest += backoffDelayMs(itemBackoff, n, 1 - Number.EPSILON);
    }
    expect(itemBackoff.maxAttempts).toBe(6);
    expect(longest).toBe(310_000);
  });
});
