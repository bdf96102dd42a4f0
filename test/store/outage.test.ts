// The history of outages, as the circuit makes it.
import { describe, expect, it } from 'vitest';
import { type Circuit, closed } from '../../src/domain/recover/circuit.ts';
import { bury, deadLetters } from '../../src/store/queue/deadLetter.ts';
import { wantExtra } from '../../src/store/queue/extra.ts';
import type { Database } from '../../src/store/file/database.ts';
import {
  followCircuit,
  keptOutages,
  lastingOutage,
  noteProbe,
  outageOf,
  outages,
  putOutagesRight,
} from '../../src/store/queue/outage.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { newStore, raiseScene, t0 } from './support.ts';

const why = { code: 'plex-unreachable', cause: 'nothing listens there' } as const;
const at = (since: number) => ({ since, cause: 'x', failedProbes: 0, lastFailed: null });
const open = (since: number): Circuit => ({ kind: 'open', probeAt: since + 5_000, ...at(since) });
const halfOpen = (since: number): Circuit => ({ kind: 'half-open', ...at(since) });
const refused = (since: number): Circuit => ({
  kind: 'refused',
  since,
  retryAt: since + 60_000,
  settingsHash: 'h',
});

function go(db: Database, circuit: Circuit, now: number): void {
  transaction(db, () => followCircuit(db, circuit, why, now));
}

describe('[1.5 VISB-03] the history of outages', () => {
  it('has beginning, end, cause, what waited and how often Plex was probed', () => {
    const db = newStore();
    for (const id of [1, 2, 3]) raiseScene(db, id, t0 - 60_000);
    wantExtra(db, { sceneId: 1, kind: 'rating', what: '80', correlation: 'c' }, t0);
    go(db, open(t0), t0);
    noteProbe(db);
    raiseScene(db, 4, t0 + 1_000);
    // An edit of what waits already is no other thing.
    raiseScene(db, 1, t0 + 1_000);
    go(db, open(t0), t0 + 30_000);
    noteProbe(db);
    go(db, halfOpen(t0), t0 + 40_000);
    expect(lastingOutage(db)).toMatchObject({ endedAt: null, jobs: 5 });
    go(db, closed, t0 + 41_000);
    expect(outages(db)).toEqual([
      {
        id: 1,
        kind: 'away',
        beganAt: t0,
        endedAt: t0 + 41_000,
        ...why,
        jobs: 5,
        probes: 2,
      },
    ]);
    go(db, closed, t0 + 50_000);
    expect(outages(db)).toHaveLength(1);
    expect(lastingOutage(db)).toBeNull();
  });

  it('tells a refused token from a Plex that is away', () => {
    const db = newStore();
    go(db, open(t0), t0);
    go(db, refused(t0 + 10), t0 + 10);
    go(db, open(t0 + 20), t0 + 20);
    go(db, closed, t0 + 30);
    expect(outages(db).map(({ kind, beganAt, endedAt }) => [kind, beganAt, endedAt])).toEqual([
      ['away', t0 + 20, t0 + 30],
      ['token', t0 + 10, t0 + 20],
      ['away', t0, t0 + 10],
    ]);
  });

  it('keeps the last 30 that ended, and the one that lasts', () => {
    const db = newStore();
    for (let n = 0; n < 31; n += 1) {
      go(db, open(t0 + n * 1_000), t0 + n * 1_000);
      go(db, closed, t0 + n * 1_000 + 500);
    }
    expect(outages(db).map(({ id }) => id)).toEqual(
      Array.from({ length: keptOutages }, (_, n) => 31 - n),
    );
    go(db, open(t0 + 99_000), t0 + 99_000);
    expect(outages(db)).toHaveLength(keptOutages + 1);
  });

  it('has no time ahead of a clock that was put right, and no end before a beginning', () => {
    const db = newStore();
    go(db, open(t0 + 86_400_000), t0 + 86_400_000);
    putOutagesRight(db, t0);
    go(db, closed, t0 - 5_000);
    expect(outages(db)).toMatchObject([{ beganAt: t0, endedAt: t0 }]);
  });
});

describe('[1.0 RTRY-03] a dead letter', () => {
  it('knows the outage in whose time it failed', () => {
    const db = newStore();
    const give = (id: number, now: number): void => {
      raiseScene(db, id, now - 5_000);
      const [row] = claim(db, now, 1);
      if (row === undefined) throw new Error('nothing to claim');
      const error = { code: 'plex-server-error', message: 'm', field: null } as const;
      transaction(db, () => bury(db, row, error, 6, now));
    };
    give(1, t0 - 100_000);
    go(db, open(t0), t0);
    give(2, t0 + 10_000);
    go(db, closed, t0 + 20_000);
    give(3, t0 + 30_000);
    expect(deadLetters(db, 9).map(({ key, outage }) => [key, outage])).toEqual([
      ['scene:3', null],
      ['scene:2', 1],
      ['scene:1', null],
    ]);
    // Began to fail before it and was given up after it.
    expect(outageOf(db, t0 - 1, t0 + 50_000)).toBe(1);
    expect(outageOf(db, t0 + 20_001, t0 + 50_000)).toBeNull();
  });
});
