// The one sentence on top of every status.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type Status, statusSchema } from '../../src/contract/status.ts';
import { readOnlyCause } from '../../src/domain/recover/refusal.ts';
import { statusSentence } from '../../src/domain/words/statusSentence.ts';
import { reconcileLines } from '../../src/tasks/reconcileLines.ts';

const now = 1_700_000_000_000;
type Facts = Omit<Status, 'sentence' | 'revision'>;

const none = {
  pushed: 0,
  unchanged: 0,
  withdrawn: 0,
  withoutItem: 0,
  failed: 0,
  deadLettered: 0,
  pictures: 0,
};
const rate = { ...none, successShare: null, scenesPerMinute: 0 };
const average = { ms: 200, measured: 0 };

const well: Facts = {
  queue: {
    spooled: 0,
    pending: 0,
    inFlight: 0,
    written: 0,
    retrying: 0,
    byCause: {},
    fanOuts: 0,
    toSync: 0,
    oldestEventAt: null,
  },
  deadLetters: { count: 0, byCause: {} },
  scenes: { matched: 3, withoutItem: {} },
  plex: {
    circuit: 'closed',
    since: null,
    nextProbeAt: null,
    cause: null,
    code: null,
    waiting: 0,
    probes: 0,
    answeredAt: null,
  },
  stashAway: null,
  extras: { waiting: 0, givenUp: 0 },
  pace: {
    writesPerSecond: 30,
    ceilingPerSecond: null,
    why: 'full',
    latencyMs: 33,
    usualMs: 33,
  },
  workerAlive: true,
  paused: null,
  release: null,
  worker: null,
  rates: { hour: rate, day: rate, hours: [] },
  totals: none,
  averages: { push: average, unchanged: average, picture: average },
  estimate: {
    scenes: 0,
    leastMs: 0,
    mostMs: 0,
    measured: true,
    more: false,
    extras: { count: 0, leastMs: 0, mostMs: 0 },
  },
  problems: [],
  warnings: [],
  fullSyncNeeded: null,
  missedSince: null,
  viewing: null,
  reconcile: {
    every: 'never',
    catchesUp: true,
    next: null,
    underWay: null,
    last: null,
    gapsWaiting: 0,
  },
  lastPushAt: now - 30_000,
  dataFileBytes: 0,
  versions: { plexSync: '1', node: '24', stash: null, plex: null },
};
const queued = (pending: number): Facts['queue'] => ({ ...well.queue, pending });
const away: Facts['plex'] = {
  circuit: 'open',
  since: now - 600_000,
  nextProbeAt: now + 20_000,
  cause: 'connection refused',
  code: 'plex-unreachable',
  waiting: 4,
  probes: 12,
  answeredAt: null,
};

describe('pictures and ratings that wait', () => {
  const extras = { waiting: 2_000, givenUp: 0 };
  it('are told of: nobody hears that nothing waits', () => {
    const estimate = { ...well.estimate, extras: { count: 2_000, leastMs: 6e5, mostMs: 9e5 } };
    expect(statusSentence({ ...well, extras, estimate }, now)).toBe(
      '2,000 pictures or ratings wait to be pushed, which takes about 10 to 15 minutes.',
    );
    const one = { ...well, queue: queued(1), extras: { waiting: 1, givenUp: 0 } };
    expect(statusSentence(one, now)).toBe('1 change and 1 picture or rating wait to be pushed.');
    const held = { ...well, extras, paused: { since: now - 300_000, setup: false } };
    expect(statusSentence(held, now)).toContain('2,000 pictures or ratings wait, nothing is lost');
    expect(statusSentence({ ...well, extras, workerAlive: false }, now)).toBe(
      '2,000 pictures or ratings wait; the next save or task in Stash starts a worker.',
    );
  });
});

describe('a release of locks that cannot go on', () => {
  const release = { since: 0, total: 9, looked: 3, released: 3, failed: 0, doneAt: null };
  const held = { ...well, paused: { since: now - 300_000, setup: false }, release };
  const sentence = (facts: Partial<Facts>): string => statusSentence({ ...held, ...facts }, now);
  it('says why', () => {
    expect(sentence({})).toMatch(/3 of 9 items were looked at\.$/);
    expect(sentence({ plex: away })).toMatch(/looked at; Plex is away, next try in 20 s\.$/);
    const refused = { ...away, circuit: 'refused' as const, nextProbeAt: null };
    expect(sentence({ plex: refused })).toContain('; Plex refuses the token, so plexToken has to');
    const problems = [{ setting: 'plexUrl', message: 'is empty.' }];
    expect(sentence({ problems })).toContain('; plexUrl has to be put right before it goes on.');
    expect(sentence({ workerAlive: false })).toMatch(/; the next save or task in Stash starts/);
  });
});

describe('the status sentence', () => {
  it('is part of a status that its own schema accepts', () => {
    expect(
      v.is(statusSchema, { ...well, revision: 'r', sentence: statusSentence(well, now) }),
    ).toBe(true);
  });

  it('says when nothing waits and when the last change was pushed', () => {
    expect(statusSentence(well, now)).toBe(
      'In sync. 3 scenes; the last change was pushed 30 s ago.',
    );
    const plex = { ...well.plex, answeredAt: now - 4_000_000 };
    expect(
      statusSentence({ ...well, plex, scenes: { matched: 12_340, withoutItem: {} } }, now),
    ).toBe(
      'In sync. 12,340 scenes; the last change was pushed 30 s ago, Plex answered 67 minutes ago.',
    );
    expect(statusSentence({ ...well, lastPushAt: null }, now)).toBe(
      'Nothing waits; nothing was pushed yet.',
    );
  });

  it.each([
    { deadLetters: { count: 1, byCause: {} } },
    { extras: { waiting: 0, givenUp: 1 } },
    { scenes: { matched: 3, withoutItem: { review: 1 } } },
    { missedSince: { since: now, reason: 'x' } },
  ])('does not say "in sync" where it is not: %j', (more) => {
    expect(statusSentence({ ...well, ...more }, now)).toMatch(/^Nothing waits\. 3 scenes; /);
  });

  it.each([
    [0, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 minutes'],
    [7_199_000, '120 minutes'],
    [7_200_000, '2 hours'],
    [172_800_000, '2 days'],
    [-5_000, '0 s'],
  ])('says %i ms as %s', (ms, words) => {
    expect(statusSentence({ ...well, lastPushAt: now - ms }, now)).toContain(`pushed ${words} ago`);
  });

  describe('of saves that may have been missed', () => {
    const missedSince = { since: now - 3_600_000, reason: 'PlexSync was not at work' };
    const run = {
      id: 1,
      origin: 'missed',
      state: 'running',
      dry: false,
      since: now - 7_200_000,
      until: null,
      library: null,
      kinds: null,
      begunAt: now,
      endedAt: null,
      durationMs: null,
      scenes: 0,
      unread: 0,
      stashRequests: 0,
      plexRequests: 0,
      found: {},
      queued: {},
      waiting: 0,
      covers: 0,
      summary: '',
    } as const;

    it.each([
      ['looked for', {}, 'they are being looked for'],
      ['looked for', { origin: 'person', since: null }, 'they are being looked for'],
      ['not, by a dry run', { dry: true, since: null }, 'by themselves'],
      [
        'not, by one of one library',
        { origin: 'person', since: null, library: '2' },
        'by themselves',
      ],
      ['not, by a person’s over a time', { origin: 'person' }, 'by themselves'],
      ['not, by one that goes back less far', { origin: 'schedule', since: now }, 'by themselves'],
    ] as const)('says whether they are: %s', (_, more, words) => {
      const reconcile = { ...well.reconcile, underWay: { ...run, ...more } };
      expect(statusSentence({ ...well, missedSince, reconcile }, now)).toContain(
        `; ${words === 'by themselves' ? 'they are looked for by themselves' : words}.`,
      );
      const lines = reconcileLines({
        reconcile: { ...reconcile, next: { at: now, origin: 'missed' } },
        missedSince,
      });
      expect(lines.join(' ').includes('are being compared')).toBe(words !== 'by themselves');
    });
  });

  it('counts spooled, pending and changes in work alike, in good English', () => {
    expect(statusSentence({ ...well, queue: queued(1) }, now)).toBe('1 change waits to be pushed.');
    const queue = { ...well.queue, spooled: 2, pending: 3, inFlight: 4 };
    expect(statusSentence({ ...well, queue }, now)).toBe('9 changes wait to be pushed.');
  });

  it('[1.2 TIME-02] says how long it will take, as a range, where that is worth a word', () => {
    const queue = queued(1_000);
    const estimate = { ...well.estimate, leastMs: 170_000, mostMs: 420_000 };
    expect(statusSentence({ ...well, queue, estimate }, now)).toBe(
      '1,000 changes wait to be pushed, which takes about 3 to 7 minutes.',
    );
    expect(statusSentence({ ...well, queue, estimate: { ...estimate, more: true } }, now)).toBe(
      '1,000 changes wait to be pushed, which takes about 3 to 7 minutes and more.',
    );
    const short = { ...well.estimate, leastMs: 100, mostMs: 4_999 };
    expect(statusSentence({ ...well, queue, estimate: short }, now)).not.toContain('about');
  });

  it('does not promise a push when no worker runs', () => {
    expect(statusSentence({ ...well, queue: queued(2), workerAlive: false }, now)).toBe(
      '2 changes wait; the next save or task in Stash starts a worker.',
    );
  });

  it('says how long Plex has been away, why, and when it is tried again', () => {
    const sentence = statusSentence({ ...well, plex: away, queue: queued(4) }, now);
    expect(sentence).toContain('Plex has been away for 10 minutes (connection refused).');
    expect(sentence).toContain('4 changes wait');
    expect(sentence).toContain('next try in 20 s');
  });

  it('tells a Plex that starts or is in maintenance from one that is away', () => {
    const plex = { ...away, code: 'plex-maintenance', cause: 'Plex answered 503.' } as const;
    expect(statusSentence({ ...well, plex, queue: queued(4) }, now)).toContain(
      'Plex has not been ready for 10 minutes (Plex answered 503).',
    );
  });

  it('says that it is Stash that does not answer', () => {
    const stashAway = {
      since: now - 30_000,
      cause: 'Stash cannot be reached.',
      code: 'stash-unreachable',
      nextTryAt: now + 5_000,
    } as const;
    expect(statusSentence({ ...well, stashAway, queue: queued(1) }, now)).toBe(
      'Stash has not answered for 30 s (Stash cannot be reached). 1 change waits, nothing is lost; it is tried every minute at least.',
    );
    expect(statusSentence({ ...well, stashAway }, now)).toContain('Nothing waits.');
  });

  it('is good English for one change while Plex is away', () => {
    const sentence = statusSentence({ ...well, plex: away, queue: queued(1) }, now);
    expect(sentence).not.toMatch(/1 change waits and lose /);
  });

  it('says that Plex is being tried while the circuit is half open', () => {
    const plex = { ...away, circuit: 'half-open', nextProbeAt: null } as const;
    expect(statusSentence({ ...well, plex }, now)).toContain('it is being tried again now');
  });

  it('puts a refused token before everything else', () => {
    const plex = { ...away, circuit: 'refused' } as const;
    const problems = [{ setting: 'plexUrl', message: 'is empty' }];
    expect(statusSentence({ ...well, plex, problems, queue: queued(1) }, now)).toBe(
      'Plex refuses the token. Nothing is pushed until plexToken is renewed; 1 change waits.',
    );
  });

  it('tells a token that may read and not write from one that Plex does not know', () => {
    const plex = { ...away, circuit: 'refused', cause: readOnlyCause } as const;
    expect(statusSentence({ ...well, plex, queue: queued(1) }, now)).toBe(
      'The token may read but not write: it is not the owner’s. Nothing is pushed until plexToken is the owner’s; 1 change waits.',
    );
  });

  it('names each wrong setting once', () => {
    const problems = ['pathMappings', 'plexUrl', 'pathMappings'].map((setting) => ({
      setting,
      message: 'x',
    }));
    expect(statusSentence({ ...well, problems, queue: queued(2) }, now)).toBe(
      'Nothing is pushed until pathMappings, plexUrl is put right; 2 changes wait and nothing is lost.',
    );
  });

  it('has no good word where dead letters or a lost data file need a person', () => {
    const deadLetters = { count: 2, byCause: { 'plex-bad-request': 2 } };
    expect(statusSentence({ ...well, deadLetters }, now)).toContain('2 failed and need a look.');
    const fullSyncNeeded = { since: now, reason: 'the data file was damaged' };
    const lost = statusSentence({ ...well, fullSyncNeeded, deadLetters }, now);
    expect(lost).toContain('A full sync is needed: the data file was damaged.');
    expect(lost).toContain('2 failed');
    expect(lost).not.toContain('Nothing waits');
  });
});
