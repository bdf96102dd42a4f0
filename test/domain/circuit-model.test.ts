// The circuit against its specification in prose, read as a table: whatever happens in whatever order,
// it is where the words say.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Circuit,
  closed,
  longestProbeMs,
  probeFailed,
  probeSucceeded,
  serverFailed,
  tokenRefused,
} from '../../src/domain/circuit.ts';

const t0 = 1_700_000_000_000;
const happenings = [
  'server-failed',
  'probe-failed',
  'probe-succeeded',
  'token-refused',
  'write-went-through',
  'token-taken',
] as const;
type Happening = (typeof happenings)[number];
type Kind = Circuit['kind'];

/** What is not in it cannot happen in that state: nothing is written or probed there. */
const said: Readonly<Record<Kind, Partial<Record<Happening, Kind>>>> = {
  closed: { 'server-failed': 'open', 'token-refused': 'refused', 'write-went-through': 'closed' },
  open: { 'probe-failed': 'open', 'probe-succeeded': 'half-open', 'token-refused': 'refused' },
  'half-open': {
    'write-went-through': 'closed',
    'server-failed': 'open',
    'token-refused': 'refused',
  },
  refused: { 'token-refused': 'refused', 'token-taken': 'closed', 'server-failed': 'open' },
};

function happen(circuit: Circuit, what: Happening, now: number, random: number): Circuit {
  const failure = { cause: `${what} at ${now}`, lastFailed: null, waitMs: 0 };
  switch (what) {
    case 'server-failed':
      return serverFailed(circuit, { ...failure, lastFailed: 'scene:1' }, now, random);
    case 'probe-failed':
      return circuit.kind === 'open' ? probeFailed(circuit, failure, now, random) : circuit;
    case 'probe-succeeded':
      return circuit.kind === 'open' ? probeSucceeded(circuit) : circuit;
    case 'token-refused':
      return tokenRefused(circuit, now, 'hash');
    case 'write-went-through':
    case 'token-taken':
      return closed;
  }
}

it('[1.0 ADV-01] the circuit is where its specification says, whatever happens', () => {
  const event = fc.record({
    what: fc.constantFrom(...happenings),
    afterMs: fc.integer({ min: 0, max: 3_600_000 }),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let circuit: Circuit = closed;
      let now = t0;
      let since: number | null = null;
      let failed = 0;
      for (const { what, afterMs, random } of events) {
        const wanted = said[circuit.kind][what];
        if (wanted === undefined) continue;
        now += afterMs;
        const before = circuit.kind;
        circuit = happen(circuit, what, now, random);
        expect(circuit.kind).toBe(wanted);
        // An outage of one kind has one beginning, and its probes go on from where they were.
        const goesOn = before !== 'closed' && (before === 'refused') === (wanted === 'refused');
        since = wanted === 'closed' ? null : goesOn ? since : now;
        failed = wanted === 'open' ? (goesOn ? failed + 1 : 0) : failed;
        if (circuit.kind !== 'closed') expect(circuit.since).toBe(since);
        if (circuit.kind !== 'open') continue;
        expect(circuit.failedProbes).toBe(failed);
        const interval = Math.min(longestProbeMs, 5_000 * 2 ** failed);
        expect(circuit.probeAt - now).toBeLessThanOrEqual(interval);
        expect(circuit.probeAt - now).toBeGreaterThanOrEqual(interval * 0.9 - 1);
      }
    }),
    { numRuns: 500 },
  );
});
