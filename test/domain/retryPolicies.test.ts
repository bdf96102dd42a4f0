// Each kind of failure has a policy of its own, and docs/architecture.md tells which.
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/contract/errors.ts';
import { backoffDelayMs } from '../../src/domain/recover/backoff.ts';
import { decideRetry, judge } from '../../src/domain/recover/failure.ts';
import {
  retryKindOf,
  retryPolicies,
  retryPolicyOf,
} from '../../src/domain/recover/retryPolicies.ts';
import { rowsOf, sectionOf, textOf } from '../docs/support.ts';
import { seededRandom } from './random.ts';

const kinds = ['not-found', 'timeout', 'server-error', 'other'] as const;
const now = 1_700_000_000_000;

describe('[1.0 ADV-02] the retry policy', () => {
  it('is another one for what is not found, for timeouts and for errors of the server', () => {
    const policies = kinds.slice(0, 3).map((kind) => JSON.stringify(retryPolicies[kind]));
    expect(new Set(policies).size).toBe(3);
    expect(retryPolicyOf('plex-not-found')).toBe(retryPolicies['not-found']);
    expect(retryPolicyOf('plex-header-timeout')).toBe(retryPolicies.timeout);
    expect(retryPolicyOf('plex-body-timeout')).toBe(retryPolicies.timeout);
    for (const code of ['plex-server-error', 'plex-reset', 'plex-bad-answer'] as const) {
      expect(retryPolicyOf(code)).toBe(retryPolicies['server-error']);
    }
  });

  it('looks up soon what is not found, and lets a timeout wait at least half a minute', () => {
    const random = seededRandom(3);
    for (let draw = 0; draw < 1_000; draw += 1) {
      expect(backoffDelayMs(retryPolicies['not-found'], 1, random())).toBeLessThanOrEqual(2_000);
      const first = backoffDelayMs(retryPolicies.timeout, 1, random());
      expect(first).toBeGreaterThanOrEqual(30_000);
      expect(first).toBeLessThanOrEqual(60_000);
    }
    expect(backoffDelayMs(retryPolicies.timeout, 1, 0)).toBe(30_000);
    expect(backoffDelayMs(retryPolicies.timeout, 1, 1 - Number.EPSILON)).toBe(60_000);
  });

  it.each(kinds)('of %s spreads its waits over a range that grows up to its cap', (kind) => {
    const policy = retryPolicies[kind];
    const { leastMs = 0, baseMs, capMs } = policy;
    let before = 0;
    for (let n = 1; n <= 30; n += 1) {
      const longest = backoffDelayMs(policy, n, 1 - Number.EPSILON);
      expect(backoffDelayMs(policy, n, 0)).toBe(leastMs);
      expect(longest).toBe(Math.min(capMs, baseMs * 2 ** n));
      expect(longest).toBeGreaterThanOrEqual(before);
      before = longest;
    }
    expect(before).toBe(capMs);
  });

  it.each(kinds)('of %s gives up after its last attempt, not before and not later', (kind) => {
    let spent = 0;
    let tries = 0;
    for (let isOver = false; !isOver && tries < 50; ) {
      tries += 1;
      const decision = decideRetry(retryPolicies[kind], spent, now, 0.5);
      spent = decision.attempts;
      isOver = decision.kind === 'give-up';
    }
    expect(tries).toBe(retryPolicies[kind].maxAttempts);
  });

  it('is asked only of what can be the item’s own fault: nothing of the server alone has one', () => {
    const evidence = { read: 'good', otherWrite: 'good', aloneFailures: 0 } as const;
    for (const code of errorCodes) {
      const verdict = judge({ code, retryAfterMs: undefined }, evidence).kind;
      if (retryKindOf(code) !== 'other') expect(['item', 'look-up-again']).toContain(verdict);
      if (verdict === 'server' || verdict === 'token' || verdict === 'wait') {
        expect(retryKindOf(code)).toBe('other');
      }
    }
  });

  it('stands in the architecture with its figures', () => {
    const section = sectionOf(textOf('docs/architecture.md'), 'Failure');
    const told = rowsOf(section, /^(not found|timeout|server error|anything else)$/);
    const seconds = (ms: number): string => `${ms / 1000} s`;
    expect(told.map(([, least, base, cap, attempts]) => [least, base, cap, attempts])).toEqual(
      kinds.map((kind) => {
        const { leastMs = 0, baseMs, capMs, maxAttempts } = retryPolicies[kind];
        return [seconds(leastMs), seconds(2 * baseMs), seconds(capMs), String(maxAttempts)];
      }),
    );
  });
});
