// Whether Plex is used, and when it is asked again.
import { describe, expect, it } from 'vitest';
import {
  type Circuit,
  closed,
  probeFailed,
  probeIntervalMs,
  probeSucceeded,
  serverFailed,
  tokenRead,
  tokenRefused,
} from '../../src/domain/recover/circuit.ts';
import { courses } from '../../src/domain/recover/strategy.ts';
import { seededRandom } from './random.ts';

const course = courses.conservative.unreachable;
const now = 1_700_000_000_000;
const failure = { cause: 'connection refused', lastFailed: 'scene:12', waitMs: 0 };
type Open = Extract<Circuit, { kind: 'open' }>;

function opened(circuit: Circuit): Open {
  if (circuit.kind !== 'open') throw new Error(`it is ${circuit.kind}`);
  return circuit;
}

describe('[1.5 HLTH-03] the interval between probes', () => {
  it('goes 5, 10, 20, 40, 60, 60 … seconds', () => {
    const intervals = [0, 1, 2, 3, 4, 5, 6, 100, 5_000].map((n) => probeIntervalMs(course, n, 1));
    expect(intervals).toEqual([
      5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000, 60_000,
    ]);
  });

  it('is at most a tenth shorter, never longer, and differs between draws', () => {
    const random = seededRandom(3);
    for (const [n, full] of [5_000, 10_000, 20_000, 40_000, 60_000].entries()) {
      const drawn = Array.from({ length: 100 }, () => probeIntervalMs(course, n, random()));
      for (const interval of drawn) {
        expect(interval).toBeGreaterThanOrEqual(full * 0.9);
        expect(interval).toBeLessThanOrEqual(full);
        expect(Number.isInteger(interval)).toBe(true);
      }
      expect(new Set(drawn).size).toBeGreaterThan(50);
    }
  });
});

describe('[1.0 ADV-01] the circuit', () => {
  it('opens at the first failure of the server and probes after five seconds', () => {
    expect(serverFailed(closed, failure, now, 1, 'conservative')).toEqual({
      kind: 'open',
      since: now,
      cause: 'connection refused',
      failedProbes: 0,
      lastFailed: 'scene:12',
      probeAt: now + 5_000,
    });
  });

  it('keeps its beginning and its suspect over any number of failed probes, with the latest cause', () => {
    let circuit = opened(serverFailed(closed, failure, now, 1, 'conservative'));
    const intervals: number[] = [];
    let time = now;
    for (let probe = 0; probe < 6; probe += 1) {
      time = circuit.probeAt;
      circuit = opened(
        probeFailed(circuit, { cause: `probe ${probe}`, waitMs: 0 }, time, 1, 'conservative'),
      );
      intervals.push(circuit.probeAt - time);
    }
    expect(intervals).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
    expect(circuit).toMatchObject({
      since: now,
      cause: 'probe 5',
      failedProbes: 6,
      lastFailed: 'scene:12',
    });
  });

  it('waits as long as the server asks, if that is longer than the interval', () => {
    const asked = { ...failure, waitMs: 120_000 };
    expect(serverFailed(closed, asked, now, 1, 'conservative')).toMatchObject({
      probeAt: now + 120_000,
    });
    const little = { ...failure, waitMs: 1 };
    expect(serverFailed(closed, little, now, 1, 'conservative')).toMatchObject({
      probeAt: now + 5_000,
    });
  });

  it('is half open after a good probe, and knows which job not to try', () => {
    const open = opened(serverFailed(closed, failure, now, 1, 'conservative'));
    expect(probeSucceeded(open)).toEqual({
      kind: 'half-open',
      since: now,
      cause: 'connection refused',
      failedProbes: 0,
      lastFailed: 'scene:12',
    });
  });

  it('goes on with the interval where it was when the trial fails', () => {
    let open = opened(serverFailed(closed, failure, now, 1, 'conservative'));
    open = opened(probeFailed(open, { cause: 'x', waitMs: 0 }, now + 5_000, 1, 'conservative'));
    const again = serverFailed(
      probeSucceeded(open),
      { cause: 'trial', lastFailed: 'scene:99', waitMs: 0 },
      now + 15_000,
      1,
      'conservative',
    );
    expect(again).toEqual({
      kind: 'open',
      since: now,
      cause: 'trial',
      failedProbes: 2,
      lastFailed: 'scene:99',
      probeAt: now + 15_000 + 20_000,
    });
  });

  it('keeps the suspect when a read for the whole batch fails, which no job can be blamed for', () => {
    const open = opened(serverFailed(closed, failure, now, 1, 'conservative'));
    const after = serverFailed(
      probeSucceeded(open),
      { cause: 'read', lastFailed: null, waitMs: 0 },
      now,
      1,
      'conservative',
    );
    expect(after).toMatchObject({ lastFailed: 'scene:12' });
    const nobody = serverFailed(closed, { ...failure, lastFailed: null }, now, 1, 'conservative');
    expect(nobody).toMatchObject({ lastFailed: null });
  });

  it('begins a new outage after it was closed or the token was refused', () => {
    for (const from of [closed, tokenRefused(closed, now, 'hash')]) {
      expect(serverFailed(from, failure, now + 1, 1, 'conservative')).toMatchObject({
        since: now + 1,
        failedProbes: 0,
      });
    }
  });

  it('stops for a refused token and names the settings that had it', () => {
    const refused = tokenRefused(closed, now, 'hash');
    expect(refused).toEqual({
      kind: 'refused',
      since: now,
      retryAt: now + 60_000,
      settingsHash: 'hash',
    });
    // Reads go through, writes do not: an hour between two tries in the end, unless others are set.
    const trial = (from: Circuit, hash: string, status = 403): Circuit =>
      from.kind === 'refused' ? tokenRefused(tokenRead(from, hash), now, hash, status) : from;
    const rests: number[] = [];
    let tried: Circuit = refused;
    for (let n = 0; n < 8; n += 1) {
      tried = trial(tried, 'hash');
      rests.push(tried.kind === 'refused' ? (tried.retryAt - now) / 60_000 : 0);
    }
    expect(rests).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    expect(tried).toMatchObject({ readOnly: true, failedTrials: 8, since: now });
    expect(trial(tried, 'another')).toMatchObject({ failedTrials: 1, retryAt: now + 120_000 });
    expect(trial(tried, 'hash', 401)).toMatchObject({ readOnly: false });
    // A read that is refused is a token that Plex does not know just now.
    expect(tokenRefused(tried, now, 'hash')).toEqual({ ...refused, since: now });
    // Tried again in vain: refused since the first time.
    expect(tokenRefused(refused, now + 60_000, 'hash')).toMatchObject({
      since: now,
      retryAt: now + 120_000,
    });
  });
});
