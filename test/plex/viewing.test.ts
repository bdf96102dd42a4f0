// Plays, offsets and ratings of the token's user in the simulated Plex: whatever is uncertain about the
// real one, what was set is read back, and a list that is not what was asked for says so.
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import type { PlexSwitches } from '../../simulators/plex/switches.ts';
import { openPlexClient, type PlexClient } from '../../src/plex/client.ts';
import type { ViewingOrder } from '../../src/plex/viewing.ts';
import { canaryToken, failureOf, openClient, startHttp } from './support.ts';

const now = 1_760_000_000;
const durationMs = 600_000;

interface Stage {
  readonly plex: PlexSimulator;
  readonly client: PlexClient;
  readonly sectionId: string;
  /** Adds an item, the next addition each time. */
  readonly add: (title?: string) => string;
}

async function setUp(switches: Partial<PlexSwitches> = {}): Promise<Stage> {
  const plex = await startPlexSimulator({ token: canaryToken, switches, nowMs: () => now * 1000 });
  onTestFinished(() => plex.close());
  const sectionId = plex.library.addSection({ title: 'Scenes', locations: ['/data/scenes'] });
  let number = 0;
  const add = (title?: string): string => {
    number += 1;
    return plex.library.addItem(sectionId, {
      title: title ?? `scene-${number}`,
      files: [{ path: `/data/scenes/${number}.mp4`, size: 1, durationMs }],
      addedAt: now - 10_000 + number,
    });
  };
  return { plex, client: openClient(plex.url), sectionId, add };
}

const untouched = {
  viewCount: 0,
  viewOffsetMs: 0,
  userRating: null,
  lastViewedAt: null,
  lastRatedAt: null,
  durationMs,
};

describe('what a user left on items', () => {
  it('is nothing at first', async () => {
    const { client, add } = await setUp();
    const key = add();
    expect(await client.viewings([key])).toEqual(
      new Map([[key, { ratingKey: key, ...untouched }]]),
    );
  });

  it('is read with its times in milliseconds, and only of the items that there are', async () => {
    const { plex, client, add } = await setUp();
    const [key, gone] = [add(), add()];
    plex.library.removeItem(gone);
    plex.library.setSeen(key, {
      viewCount: 3,
      viewOffsetMs: 61_500,
      lastViewedAt: now - 7,
      userRating: 7,
      lastRatedAt: now - 8,
    });
    expect(await client.viewings([key, gone])).toEqual(
      new Map([
        [
          key,
          {
            ratingKey: key,
            viewCount: 3,
            viewOffsetMs: 61_500,
            userRating: 7,
            lastViewedAt: (now - 7) * 1000,
            lastRatedAt: (now - 8) * 1000,
            durationMs,
          },
        ],
      ]),
    );
    expect(await client.viewings([])).toEqual(new Map());
    await expect(client.viewings(['1,2'])).rejects.toMatchObject({ code: 'internal' });
  });

  it("is the token's user's own: another one's is read and set beside it", async () => {
    const { plex, client, sectionId, add } = await setUp();
    const key = add();
    const guest = openPlexClient({
      url: plex.url,
      token: plex.addUser('guest'),
      clientIdentifier: 'test-client',
      version: '1.2.3',
    });
    onTestFinished(() => guest.close());
    await client.rate(key, 4);
    await guest.rate(key, 9);
    await guest.markPlayed(key);
    const seconds = now * 1000;
    expect((await client.viewings([key])).get(key)).toEqual({
      ...untouched,
      ratingKey: key,
      userRating: 4,
      lastRatedAt: seconds,
    });
    const theirs = {
      ratingKey: key,
      viewCount: 1,
      viewOffsetMs: 0,
      userRating: 9,
      lastViewedAt: seconds,
      lastRatedAt: seconds,
      durationMs,
    };
    expect((await guest.viewings([key])).get(key)).toEqual(theirs);
    const slice = { offset: 0, limit: 10, by: 'viewed' } as const;
    expect((await guest.viewingPage(sectionId, slice)).viewings).toEqual([theirs]);
    expect(plex.library.seen(key)).not.toHaveProperty('lastViewedAt');
  });

  it('fails for a token that the server does not know', async () => {
    const { plex, add } = await setUp();
    const key = add();
    const stranger = openPlexClient({
      url: plex.url,
      token: 'nobody',
      clientIdentifier: 'test-client',
      version: '1.2.3',
    });
    onTestFinished(() => stranger.close());
    await expect(stranger.viewings([key])).rejects.toMatchObject({ code: 'plex-unauthorized' });
    await expect(stranger.markPlayed(key)).rejects.toMatchObject({ code: 'plex-unauthorized' });
  });

  it.each([
    ['viewCount', 'many'],
    ['viewOffset', -1],
    ['lastViewedAt', '2024-01-01'],
    ['userRating', 11],
    ['ratingKey', ''],
  ])('is not taken for nothing where %s is %j', async (field, value) => {
    const row = { ratingKey: '7', viewCount: 1, [field]: value };
    const body = JSON.stringify({ MediaContainer: { size: 1, Metadata: [row] } });
    const server = await startHttp((_request, response) => {
      response.end(body);
    });
    const failure = await failureOf(openClient(server.url).viewings(['7']));
    expect(failure.code).toBe('plex-bad-answer');
  });

  it('is read where numbers come as texts, and a rating of -1 is none', async () => {
    const row = { ratingKey: 7, viewCount: '2', viewOffset: '61000', userRating: '-1' };
    const more = { lastViewedAt: '1760000000', duration: '600000' };
    const body = JSON.stringify({ MediaContainer: { size: 1, Metadata: [{ ...row, ...more }] } });
    const server = await startHttp((_request, response) => {
      response.end(body);
    });
    expect((await openClient(server.url).viewings(['7'])).get('7')).toEqual({
      ratingKey: '7',
      viewCount: 2,
      viewOffsetMs: 61_000,
      userRating: null,
      lastViewedAt: 1_760_000_000_000,
      lastRatedAt: null,
      durationMs: 600_000,
    });
  });
});

describe('a mark as played or unplayed', () => {
  it.each([
    [{ repeatedScrobble: 'counts' }, 2],
    [{ repeatedScrobble: 'stays' }, 1],
  ] as const)('tells what became of it, where a second one meets %o', async (switches, count) => {
    const { plex, client, add } = await setUp(switches);
    const key = add();
    expect(await client.markPlayed(key)).toMatchObject({
      viewCount: 1,
      lastViewedAt: now * 1000,
    });
    expect(await client.markPlayed(key)).toMatchObject({ viewCount: count });
    expect(await client.markUnplayed(key)).toMatchObject({ viewCount: 0, lastViewedAt: null });
    expect(plex.counts().markings).toBe(3);
  });

  it.each([true, false])('tells whether the offset went (it did: %s)', async (clears) => {
    const { plex, client, add } = await setUp({
      scrobbleClearsOffset: clears,
      unscrobbleClearsOffset: clears,
      unscrobbleKeepsTime: true,
    });
    const key = add();
    plex.library.setSeen(key, { viewOffsetMs: 61_000 });
    const viewOffsetMs = clears ? 0 : 61_000;
    expect(await client.markPlayed(key)).toMatchObject({ viewCount: 1, viewOffsetMs });
    const lastViewedAt = now * 1000;
    expect(await client.markUnplayed(key)).toMatchObject({ viewOffsetMs, lastViewedAt });
  });

  it('of an item that is gone says so', async () => {
    const { client } = await setUp();
    for (const mark of [client.markPlayed('77'), client.markUnplayed('77')]) {
      await expect(mark).rejects.toMatchObject({ code: 'plex-not-found' });
    }
    await expect(client.markPlayed('1&key=2')).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('an offset', () => {
  it.each(['any', 'POST', 'GET'] as const)(
    'is set on a server that takes a timeline by %s, and found out once',
    async (timelineMethod) => {
      const { plex, client, add } = await setUp({ timelineMethod });
      const key = add();
      for (const ms of [61_000, 62_500]) {
        expect(await client.setOffset(key, { ms, durationMs })).toMatchObject({
          viewOffsetMs: ms,
          viewCount: 0,
        });
      }
      expect(plex.counts().timelines).toBe(timelineMethod === 'GET' ? 3 : 2);
    },
  );

  it.each([
    [{ timelineNearEnd: 'marks-played' }, { viewCount: 1, viewOffsetMs: 0 }],
    [{ timelineNearEnd: 'sets-offset' }, { viewCount: 0, viewOffsetMs: 590_000 }],
  ] as const)('near the end tells what Plex made of it: %o', async (switches, after) => {
    const { client, add } = await setUp(switches);
    expect(await client.setOffset(add(), { ms: 590_000, durationMs })).toMatchObject(after);
  });

  it('that Plex takes no notice of is not told as set', async () => {
    const { client, add } = await setUp({ shortestOffsetMs: 60_000 });
    expect(await client.setOffset(add(), { ms: 59_000, durationMs })).toMatchObject({
      viewOffsetMs: 0,
    });
  });

  it.each([true, false])('may be a view as far as its time goes (%s)', async (moves) => {
    const { client, add } = await setUp({ timelineMovesTime: moves });
    expect(await client.setOffset(add(), { ms: 61_000, durationMs })).toMatchObject({
      viewOffsetMs: 61_000,
      lastViewedAt: moves ? now * 1000 : null,
    });
  });

  it.each(['ignored', 'clears'] as const)(
    'goes from an unplayed item where a timeline of 0 is %s',
    async (timelineZero) => {
      const { plex, client, add } = await setUp({ timelineZero });
      const key = add();
      plex.library.setSeen(key, { viewOffsetMs: 61_000, userRating: 5 });
      expect(await client.setOffset(key, { ms: 0, durationMs })).toMatchObject({
        viewOffsetMs: 0,
        viewCount: 0,
        userRating: 5,
      });
      expect(plex.counts().markings).toBe(timelineZero === 'ignored' ? 1 : 0);
    },
  );

  it('stays on a played item where nothing but a mark would take it away: no play is lost', async () => {
    const { plex, client, add } = await setUp({ timelineZero: 'ignored' });
    const key = add();
    const before = { viewCount: 2, viewOffsetMs: 61_000, lastViewedAt: now - 50 };
    plex.library.setSeen(key, before);
    expect(await client.setOffset(key, { ms: 0, durationMs })).toMatchObject({
      viewCount: 2,
      viewOffsetMs: 61_000,
    });
    expect(plex.library.seen(key)).toEqual(before);
    expect(plex.counts().markings).toBe(0);
  });

  it('of an item that is gone, or outside of an item, is refused', async () => {
    const { plex, client, add } = await setUp();
    const key = add();
    const offset = { ms: 61_000, durationMs };
    await expect(client.setOffset('77', offset)).rejects.toMatchObject({ code: 'plex-not-found' });
    const asked = plex.counts().requests;
    for (const ms of [-1, Number.NaN, durationMs, durationMs + 1]) {
      await expect(client.setOffset(key, { ms, durationMs })).rejects.toMatchObject({
        code: 'internal',
      });
    }
    expect(plex.counts().requests).toBe(asked);
  });
});

describe('a list of a section', () => {
  async function furnished(switches: Partial<PlexSwitches> = {}) {
    const stage = await setUp(switches);
    const keys = ['z', 'm', 'a', 'k', 'b'].map((title) => stage.add(title));
    const [a = '', b = '', c = '', d = ''] = keys;
    const { library } = stage.plex;
    library.setSeen(a, {
      viewCount: 1,
      lastViewedAt: now - 30,
      userRating: 2,
      lastRatedAt: now - 9,
    });
    library.setSeen(b, { viewOffsetMs: 5_000, lastViewedAt: now - 10 });
    library.setSeen(c, {
      viewCount: 2,
      lastViewedAt: now - 20,
      userRating: 8,
      lastRatedAt: now - 7,
    });
    library.setSeen(d, { userRating: 0, lastRatedAt: now - 8 });
    const walk = async (by: ViewingOrder) => {
      const pages = [];
      for (const offset of [0, 2, 4]) {
        pages.push(await stage.client.viewingPage(stage.sectionId, { offset, limit: 2, by }));
      }
      return {
        keys: pages.flatMap((page) => page.viewings.map((one) => keys.indexOf(one.ratingKey))),
        ordered: pages.map((page) => page.ordered),
        totals: pages.map((page) => page.total),
      };
    };
    return { ...stage, walk, keys };
  }

  it.each([
    ['viewed', [1, 2, 0]],
    ['rated', [2, 3, 0]],
  ] as const)('by the time %s has the latest first, and the rest last', async (by, first) => {
    const { walk } = await furnished();
    const { keys, ordered, totals } = await walk(by);
    expect(keys.slice(0, 3)).toEqual(first);
    expect(keys.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect([ordered, totals]).toEqual([
      [true, true, true],
      [5, 5, 5],
    ]);
  });

  it('of what is in progress has that alone, and by addition all', async () => {
    const { walk } = await furnished();
    expect(await walk('inProgress')).toMatchObject({ keys: [1], totals: [1, 1, 1] });
    const { keys, ordered } = await walk('added');
    expect(keys).toEqual([0, 1, 2, 3, 4]);
    expect(ordered).toEqual([true, true, true]);
  });

  it.each([
    ['rated', { sortByLastRatedAt: 'refused' }],
    ['rated', { sortByLastRatedAt: 'ignored' }],
    ['rated', { lastRatedAtInLists: false }],
    ['inProgress', { inProgressFilter: 'refused' }],
    ['inProgress', { inProgressFilter: 'ignored' }],
  ] as const)('by %s says that it is not what was asked for under %o', async (by, switches) => {
    const { walk } = await furnished(switches);
    const { keys, ordered } = await walk(by);
    expect(ordered[0]).toBe(false);
    expect(keys.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  });

  it('by rating is not taken for proven where nothing is rated', async () => {
    const { client, sectionId, add } = await setUp();
    const slice = { offset: 0, limit: 5, by: 'rated' } as const;
    add();
    expect((await client.viewingPage(sectionId, slice)).ordered).toBe(true);
    add();
    expect((await client.viewingPage(sectionId, slice)).ordered).toBe(false);
  });

  it('leaves out a row that it does not understand', async () => {
    const rows = [
      { ratingKey: '7', viewCount: 'x' },
      { ratingKey: '8', viewCount: 1, lastViewedAt: 5 },
    ];
    const body = JSON.stringify({
      MediaContainer: { size: 2, totalSize: 2, offset: 0, Metadata: rows },
    });
    const server = await startHttp((_request, response) => {
      response.end(body);
    });
    const client = openClient(server.url);
    expect(await client.viewingPage('1', { offset: 0, limit: 5, by: 'viewed' })).toMatchObject({
      total: 2,
      viewings: [{ ratingKey: '8', lastViewedAt: 5000 }],
    });
    await expect(
      client.viewingPage('x', { offset: 0, limit: 5, by: 'viewed' }),
    ).rejects.toMatchObject({ code: 'internal' });
  });
});
