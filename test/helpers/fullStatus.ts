// A status in which nothing is empty.
import type { Status } from '../../src/contract/status.ts';

const t0 = Date.UTC(2026, 0, 2, 3, 4, 5);
const outcomes = {
  pushed: 90,
  unchanged: 40,
  withdrawn: 3,
  withoutItem: 7,
  failed: 10,
  deadLettered: 2,
  pictures: 11,
};
const rate = { ...outcomes, successShare: 0.93, scenesPerMinute: 2.5 };

export const fullStatus: Status = {
  revision: 'abcdef0123456789',
  sentence: '14 changes wait to be pushed.',
  queue: {
    spooled: 1,
    pending: 12,
    inFlight: 2,
    written: 0,
    retrying: 3,
    byCause: { 'plex-server-error': 2, 'plex-reset': 1 },
    fanOuts: 1,
    toSync: 0,
    oldestEventAt: t0 - 60_000,
  },
  deadLetters: { count: 5, byCause: { 'plex-bad-request': 4, 'scene-invalid': 1 } },
  scenes: { matched: 100, withoutItem: { waiting: 6, 'no-file': 1 } },
  extras: { waiting: 2, givenUp: 1 },
  plex: {
    circuit: 'closed',
    since: null,
    nextProbeAt: null,
    cause: null,
    code: null,
    waiting: 0,
    answeredAt: t0 - 40_000,
    probes: 0,
  },
  stashAway: null,
  pace: { writesPerSecond: 30, ceilingPerSecond: null, why: 'full', latencyMs: 33, usualMs: 33 },
  workerAlive: true,
  paused: null,
  release: null,
  worker: { kind: 'worker', pid: 4711, host: 'nas', since: t0 - 600_000 },
  rates: { hour: rate, day: rate, hours: [{ at: t0, pushed: 9, unchanged: 4, failed: 1 }] },
  totals: outcomes,
  averages: {
    push: { ms: 31.5, measured: 90 },
    unchanged: { ms: 4, measured: 40 },
    picture: { ms: 210, measured: 11 },
  },
  estimate: {
    scenes: 11,
    leastMs: 500,
    mostMs: 1_100,
    measured: true,
    more: true,
    extras: { count: 2, leastMs: 300, mostMs: 600 },
  },
  problems: [{ setting: 'plexToken', message: 'is missing' }],
  warnings: [{ about: 'extras', message: 'One picture or rating was given up.' }],
  fullSyncNeeded: null,
  missedSince: null,
  reconcile: {
    every: 'never',
    catchesUp: true,
    next: null,
    underWay: null,
    last: null,
    gapsWaiting: 0,
  },
  lastPushAt: t0 - 5_000,
  dataFileBytes: 123_456,
  versions: { plexSync: '0.1.0', node: '24.1.0', stash: 'v0.31.1', plex: '1.43.0 "beta"\\' },
};
