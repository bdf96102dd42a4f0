// The recovery strategies: what the page about the settings says of each combination is what is done,
// and the aggressive one is the bolder in everything that they say.
import { describe, expect, it } from 'vitest';
import { type RecoveryStrategy, recoveryStrategies } from '../../src/contract/recoverySettings.ts';
import { type Circuit, closed, serverFailed } from '../../src/domain/recover/circuit.ts';
import { courses, failureKindOf } from '../../src/domain/recover/strategy.ts';
import { rowsOf, textOf } from '../docs/support.ts';

const t0 = 1_700_000_000_000;
const kinds = ['unreachable', 'timeout', 'server-error'] as const;
const words = { unreachable: 'unreachable', timeout: 'timed out', 'server-error': '5xx' } as const;
const codes = {
  unreachable: 'plex-unreachable',
  timeout: 'plex-header-timeout',
  'server-error': 'plex-server-error',
} as const;
const combinations = recoveryStrategies.flatMap((strategy) =>
  kinds.map((kind) => [strategy, kind] as const),
);

/** How often in a row Plex has to fail until there is an outage. */
function failuresToOpen(
  strategy: RecoveryStrategy,
  kind: (typeof kinds)[number],
  waitMs = 0,
): number {
  const failure = { cause: 'x', code: codes[kind], lastFailed: null, waitMs };
  let circuit: Circuit = closed;
  let failures = 0;
  while (circuit.kind === 'closed') {
    failures += 1;
    circuit = serverFailed(circuit, failure, t0 + failures, 0.5, strategy);
    if (circuit.kind === 'open') expect(circuit.since).toBe(t0 + 1);
  }
  return failures;
}

describe('[1.5 RECV-06] the recovery strategy', () => {
  it.each(combinations)('%s, %s: does what docs/settings.md says', (strategy, kind) => {
    const rows = rowsOf(textOf('docs/settings.md'), /^(conservative|aggressive)$/);
    const said = rows.filter(([name, what]) => name === strategy && what === words[kind]);
    const { threshold, firstProbeMs, longestProbeMs, ramp } = courses[strategy][kind];
    expect(said).toEqual([
      [
        strategy,
        words[kind],
        String(threshold),
        `${firstProbeMs / 1000} s`,
        `${longestProbeMs / 1000} s`,
        String(ramp.leastPerSecond),
        String(ramp.step),
      ],
    ]);
    expect(failuresToOpen(strategy, kind)).toBe(threshold);
    expect(failureKindOf(codes[kind])).toBe(kind);
  });

  it.each(kinds)('aggressive is the bolder one, never the more careful: %s', (kind) => {
    const { conservative, aggressive } = courses;
    const [gentle, bold] = [conservative[kind], aggressive[kind]];
    expect(bold.threshold).toBeGreaterThanOrEqual(gentle.threshold);
    expect(bold.firstProbeMs).toBeLessThanOrEqual(gentle.firstProbeMs);
    expect(bold.longestProbeMs).toBeLessThan(gentle.longestProbeMs);
    expect(bold.ramp.leastPerSecond).toBeGreaterThan(gentle.ramp.leastPerSecond);
    expect(bold.ramp.step).toBeGreaterThan(gentle.ramp.step);
  });

  it('leaves a Plex alone at once that asks for it', () => {
    expect(failuresToOpen('aggressive', 'server-error', 30_000)).toBe(1);
  });
});
