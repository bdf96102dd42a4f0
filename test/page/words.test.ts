// Numbers, times, paths and the state as the page words them: pure, so without a browser.
import { describe, expect, it } from 'vitest';
import type { HistoryAnswer } from '../../src/contract/history.ts';
import type { Status } from '../../src/contract/status.ts';
import { counted, number, rate, relative, shortened } from '../../src/page/format/words.ts';
import { needsAttention, problems } from '../../src/page/shell/attention.ts';
import { present } from '../../src/page/tabs/outages/present.ts';
import { ended, headline, left } from '../../src/page/tabs/overview/headline.ts';
import { pushesOf } from '../../src/page/tabs/overview/newest.ts';
import { sourceWords } from '../../src/page/texts/queue.ts';
import { fullStatus } from '../helpers/fullStatus.ts';

const now = 1_700_000_000_000;

describe('words', () => {
  it('have separators, and one is not many', () => {
    expect([number(12_340), counted(1, 'change'), counted(1_000, 'change')]).toEqual([
      '12,340',
      '1 change',
      '1,000 changes',
    ]);
  });

  it.each([
    [0, 'now'],
    [-1_000, 'now'],
    [-120_000, '2 minutes ago'],
    [40_000, 'in 40 s'],
    [-3 * 86_400_000, '3 days ago'],
  ])('tell a time %i ms away as "%s"', (ms, words) => {
    expect(relative(now + ms, now)).toBe(words);
  });

  it('shorten a path in its middle, and never a letter in two', () => {
    expect(shortened('/data/a.mp4', 44)).toBe('/data/a.mp4');
    const path = `/data/${'x'.repeat(60)}/the file.mp4`;
    expect(shortened(path, 30)).toHaveLength(30);
    expect(shortened(path, 30)).toMatch(/^\/data\/x+….*the file\.mp4$/);
    expect(shortened('😀'.repeat(50), 10)).toBe(`${'😀'.repeat(3)}…${'😀'.repeat(6)}`);
  });

  it.each([
    [1_860, '31 a second'],
    [4, '4 a minute'],
    [0.1, '6 an hour'],
    [0.001, '1 an hour'],
  ])('tell %f a minute as "%s"', (perMinute, words) => {
    expect(rate(perMinute)).toBe(words);
  });

  it('say why a change waits; of a source they do not know, what it is called', () => {
    expect(sourceWords('Scene.Update.Post')).toBe('changed in Stash');
    expect(sourceWords('Tag.Merge.Post')).toBe('tag merged in Stash');
    expect(sourceWords('sync-all')).toBe('a sync of all scenes');
    expect(sourceWords('constructor')).toBe('constructor');
  });
});

const quiet: Status = {
  ...fullStatus,
  queue: {
    ...fullStatus.queue,
    spooled: 0,
    pending: 0,
    inFlight: 0,
    written: 0,
    retrying: 0,
    byCause: {},
    fanOuts: 0,
    toSync: 0,
  },
  deadLetters: { count: 0, byCause: {} },
  scenes: { matched: 3, withoutItem: {} },
  extras: { waiting: 0, givenUp: 0 },
  plex: {
    circuit: 'closed',
    since: null,
    nextProbeAt: null,
    cause: null,
    code: null,
    waiting: 0,
    probes: 0,
    answeredAt: now - 60_000,
  },
  stashAway: null,
  workerAlive: true,
  paused: null,
  release: null,
  problems: [],
  warnings: [],
  fullSyncNeeded: null,
  missedSince: null,
  lastPushAt: now - 120_000,
};
const waits = { queue: { ...quiet.queue, pending: 2 } };
const mark = { since: now, reason: 'x' };

describe('[1.5 VISB-01] how Plex is, on the tab Outages', () => {
  it.each([
    ['well', now - 60_000],
    // An hour old: no green for that.
    ['unknown', now - 3_600_000],
    ['unknown', null],
  ] as const)('is %s where it answered at %j', (kind, answeredAt) => {
    const status = { ...quiet, plex: { ...quiet.plex, answeredAt } };
    expect(present(null, status, now).kind).toBe(kind);
  });
});

describe('the headline', () => {
  it.each<[string, Partial<Status>]>([
    ['good', {}],
    // An hour old: no green for that.
    ['rest', { plex: { ...quiet.plex, answeredAt: now - 3_600_000 } }],
    ['rest', { deadLetters: { count: 1, byCause: {} } }],
    ['rest', { missedSince: mark }],
    // Known to differ, and only a person can say the word.
    ['rest', { reconcile: { ...quiet.reconcile, gapsWaiting: 5 } }],
    ['working', waits],
    ['standing', { ...waits, workerAlive: false }],
    ['away', { plex: { ...quiet.plex, circuit: 'open', cause: 'refused' } }],
    ['refused', { ...waits, plex: { ...quiet.plex, circuit: 'refused' } }],
    ['wrong', { ...waits, problems: [{ setting: 'plexUrl', message: 'is empty' }] }],
    ['paused', { ...waits, paused: { since: now, setup: false } }],
    ['setup', { ...waits, paused: { since: now, setup: true } }],
    ['lost', { fullSyncNeeded: mark }],
  ])('is of the kind %s', (kind, more) => {
    expect(headline({ ...quiet, ...more }, null, now).kind).toBe(kind);
  });

  it('[1.2 PROC-03] tells done, total, rate and time left; what is written of a batch is done', () => {
    const status = { ...quiet, queue: { ...quiet.queue, inFlight: 50, pending: 438, written: 20 } };
    expect([left(status), ended(status) - ended(quiet)]).toEqual([468, 20]);
    const run = { done: 512, left: 488, share: 0.5, samples: [{ at: now - 10_000, done: 202 }] };
    expect(headline(status, run, now).sentence).toBe(
      '512 of 1,000 done, 31 a second, about 16 s left.',
    );
  });

  it('calls for a person only where one can help', () => {
    expect(needsAttention(quiet)).toBe(false);
    expect(needsAttention({ ...quiet, plex: { ...quiet.plex, circuit: 'open' } })).toBe(false);
    expect(problems({ ...quiet, extras: { waiting: 0, givenUp: 2 } })).toBe(2);
    expect(needsAttention({ ...quiet, scenes: { matched: 1, withoutItem: { review: 1 } } })).toBe(
      true,
    );
  });
});

it('the newest changes are one line for each push', () => {
  const change = (run: string, field: string): HistoryAnswer['changes'][number] => ({
    scene: 1,
    title: 'Blue Harbour',
    item: '11',
    section: '1',
    field,
    before: '',
    after: 'x',
    lockedBefore: false,
    lockedAfter: true,
    run,
    at: now,
  });
  const changes = [change('b', 'title'), change('b', 'genre'), change('a', 'title')];
  expect(pushesOf(changes, 5).map(({ fields }) => fields)).toEqual([['title', 'genre'], ['title']]);
  expect(pushesOf(changes, 1)).toHaveLength(1);
});
