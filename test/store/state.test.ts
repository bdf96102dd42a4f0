// Small singletons: kept over restarts, absent when damaged.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Circuit,
  closed,
  serverFailed,
  tokenRefused,
} from '../../src/domain/recover/circuit.ts';
import {
  circuit,
  clearState,
  connection,
  fullSyncNeeded,
  index,
  lastEventAt,
  mapping,
  matchBasis,
  missedSince,
  problems,
  readState,
  stableClientIdentifier,
  survey,
  versions,
  writeState,
} from '../../src/store/file/state.ts';
import { newDirectory, newStore, t0 } from './support.ts';

const failure = { cause: 'refused', lastFailed: 'scene:1', waitMs: 0 };
const open = serverFailed(closed, failure, t0, 0.5, 'conservative');
const halfOpen: Circuit = {
  kind: 'half-open',
  since: t0,
  cause: 'x',
  failedProbes: 2,
  lastFailed: null,
};

describe('a singleton', () => {
  it('is absent before it is written and after it is cleared', () => {
    const db = newStore();
    expect(readState(db, lastEventAt)).toBeNull();
    writeState(db, lastEventAt, t0);
    writeState(db, lastEventAt, t0 + 1);
    expect(readState(db, lastEventAt)).toBe(t0 + 1);
    clearState(db, lastEventAt);
    clearState(db, lastEventAt);
    expect(readState(db, lastEventAt)).toBeNull();
  });

  it('is what was written, for each of them', () => {
    const db = newStore();
    const all = [
      [
        connection,
        {
          scheme: 'https',
          host: 'h',
          port: 9999,
          cookie: { name: 'session', value: 'v' },
          apiKey: null,
          pluginDir: '/p',
        },
      ],
      [
        index,
        {
          machineIdentifier: 'm',
          sectionIds: ['1'],
          walk: 3,
          fullWalkAt: t0,
          refreshedAt: t0,
          watermarks: { '1': { addedAt: 1, updatedAt: 2 } },
        },
      ],
      [
        mapping,
        {
          at: t0,
          report: {
            files: 3,
            inPlex: 2,
            explained: 1,
            rules: [
              {
                stash: '/data',
                plex: 'D:\\media',
                explains: 1,
                contradicts: 0,
                use: 'offered',
                why: 'w',
              },
            ],
            handRules: [{ rule: { stash: '/a', plex: '/b' }, explains: 0, contradicts: 1 }],
            unexplained: [{ folder: '/x', files: 1, inPlex: 1 }],
          },
        },
      ],
      [survey, { afterId: 500, doneAt: null, left: 7 }],
      [matchBasis, '[[],["/data"],80]'],
      [problems, [{ setting: 'plexUrl', message: 'is empty' }]],
      [fullSyncNeeded, { since: t0, reason: 'damaged' }],
      [missedSince, { since: t0, reason: 'updated', until: t0 }],
      [versions, { stash: 'v0.30', plex: null }],
    ] as const;
    for (const [singleton, value] of all) {
      db.prepare('INSERT INTO state (name, value) VALUES (?, ?)').run(
        singleton.name,
        JSON.stringify(value),
      );
      expect(readState<unknown>(db, singleton)).toEqual(value);
    }
  });

  it.each([
    ['cut', '{"kind":"open","probeAt":17'],
    ['empty', ''],
    ['no JSON', 'open'],
    ['of another shape', '{"kind":"open","probeAt":"soon"}'],
    ['of a kind that a later version knows', '{"kind":"ajar","since":1}'],
    ['null', 'null'],
    ['a list', '[1]'],
  ])('that is %s counts as absent, and can be written anew', (_, value) => {
    const db = newStore();
    db.prepare('INSERT INTO state (name, value) VALUES (?, ?)').run('circuit', value);
    expect(readState(db, circuit)).toBeNull();
    writeState(db, circuit, closed);
    expect(readState(db, circuit)).toEqual(closed);
  });
});

describe('[1.5 HLTH-03] the circuit', () => {
  it('is the same after a restart: the probe is due at its stored time, not at once', () => {
    const path = join(newDirectory(), 'plex-sync.db');
    for (const state of [open, halfOpen, closed, tokenRefused(closed, t0, 'hash')]) {
      const before = newStore(path);
      writeState(before, circuit, state);
      before.close();
      const after = newStore(path);
      expect(readState(after, circuit)).toEqual(state);
      after.close();
    }
  });
});

describe('the client identifier', () => {
  it('is made once per data file', () => {
    const path = join(newDirectory(), 'plex-sync.db');
    const first = newStore(path);
    const made = stableClientIdentifier(first);
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    expect(stableClientIdentifier(first)).toBe(made);
    first.close();
    expect(stableClientIdentifier(newStore(path))).toBe(made);
    expect(stableClientIdentifier(newStore())).not.toBe(made);
  });
});
