// The circuit against its specification in prose, read as a table: whatever happens in whatever order,
// it is where the words say.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Circuit,
  closed,
  probeFailed,
  probeSucceeded,
  serverFailed,
  tokenRead,
  tokenRefused,
} from '../../src/domain/recover/circuit.ts';

import { type RecoveryStrategy, recoveryStrategies } from '../../src/contract/recoverySettings.ts';
import { courseOf } from '../../src/domain/recover/strategy.ts';

const t0 = 1_700_000_000_000;
const happenings = [
  'server-failed',
  'probe-failed',
  'probe-succeeded',
  'token-refused',
  'write-went-through',
  'token-read',
] as const;
type Happening = (typeof happenings)[number];
type Kind = Circuit['kind'];

const codes = ['plex-unreachable', 'plex-header-timeout', 'plex-server-error'] as const;

/**
 * What is not in it cannot happen in that state: nothing is written or probed there. Of a closed
 * circuit the server's failure is that which makes as many as the strategy wants.
 */
const said: Readonly<Record<Kind, Partial<Record<Happening, Kind>>>> = {
  closed: { 'server-failed': 'open', 'token-refused': 'refused', 'write-went-through': 'closed' },
  open: { 'probe-failed': 'open', 'probe-succeeded': 'half-open', 'token-refused': 'refused' },
  'half-open': {
    'write-went-through': 'closed',
    'server-failed': 'open',
    'token-refused': 'refused',
  },
  refused: {
    'token-refused': 'refused',
    'token-read': 'refused',
    'write-went-through': 'closed',
    'server-failed': 'open',
  },
};

interface How {
  readonly now: number;
  readonly random: number;
  readonly code: (typeof codes)[number];
  readonly strategy: RecoveryStrategy;
}

function happen(circuit: Circuit, what: Happening, { now, random, code, strategy }: How): Circuit {
  const failure = { cause: `${what} at ${now}`, code, lastFailed: null, waitMs: 0 };
  switch (what) {
    case 'server-failed':
      return serverFailed(circuit, { ...failure, lastFailed: 'scene:1' }, now, random, strategy);
    case 'probe-failed':
      return circuit.kind === 'open'
        ? probeFailed(circuit, failure, now, random, strategy)
        : circuit;
    case 'probe-succeeded':
      return circuit.kind === 'open' ? probeSucceeded(circuit) : circuit;
    case 'token-refused':
      return tokenRefused(circuit, now, 'hash');
    case 'token-read':
      return circuit.kind === 'refused' ? tokenRead(circuit, 'hash') : circuit;
    case 'write-went-through':
      return closed;
  }
}

it.each(recoveryStrategies)(
  '[1.0 ADV-01] [1.5 RECV-06] the %s circuit is where its specification says, whatever happens',
  (strategy) => {
    const event = fc.record({
      what: fc.constantFrom(...happenings),
      code: fc.constantFrom(...codes),
      afterMs: fc.integer({ min: 0, max: 3_600_000 }),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let circuit: Circuit = closed;
        let now = t0;
        let since: number | null = null;
        let failed = 0;
        /** Failures in a row of a closed circuit, and the time of the first. */
        let inARow: readonly number[] = [];
        for (const { what, code, afterMs, random } of events) {
          const before = circuit.kind;
          const said1 = said[before][what];
          if (said1 === undefined) continue;
          now += afterMs;
          const course = courseOf(strategy, code);
          const counts = before === 'closed' && what === 'server-failed';
          inARow = counts ? [...inARow, now] : [];
          const wanted = counts && inARow.length < course.threshold ? 'closed' : said1;
          const firstAt = inARow[0] ?? now;
          circuit = happen(circuit, what, { now, random, code, strategy });
          expect(circuit.kind).toBe(wanted);
          // An outage of one kind has one beginning, and its probes go on from where they were.
          const goesOn = before !== 'closed' && (before === 'refused') === (wanted === 'refused');
          since = wanted === 'closed' ? null : goesOn ? since : firstAt;
          failed = wanted === 'open' ? (goesOn ? failed + 1 : 0) : failed;
          if (circuit.kind === 'closed') {
            const doubt = { failures: inARow.length, since: firstAt, retryAt: now + 1_000 };
            expect(circuit).toEqual(inARow.length === 0 ? closed : { kind: 'closed', doubt });
            continue;
          }
          expect(circuit.since).toBe(since);
          if (circuit.kind !== 'open') continue;
          expect(circuit.failedProbes).toBe(failed);
          const interval = Math.min(course.longestProbeMs, course.firstProbeMs * 2 ** failed);
          expect(circuit.probeAt - now).toBeLessThanOrEqual(interval);
          expect(circuit.probeAt - now).toBeGreaterThanOrEqual(interval * 0.9 - 1);
        }
      }),
      { numRuns: 500 },
    );
  },
);
