// The walks of Plex's libraries: what they learn, which scenes that concerns, and what an answer
// that fails half way may not cost.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSettings, type Settings } from '../../src/contract/settings.ts';
import { openPlexClient, type PlexClient } from '../../src/plex/client.ts';
import { openStashClient, type StashClient } from '../../src/stash/client.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { pinItem } from '../../src/store/match/pin.ts';
import { raisedAtOnce } from '../../src/sync/base/raiseMany.ts';
import { partCount } from '../../src/store/match/plexPart.ts';
import { putReview } from '../../src/store/match/review.ts';
import { putSceneFiles } from '../../src/store/match/sceneFile.ts';
import { recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { index, readState } from '../../src/store/file/state.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import type { DrainContext } from '../../src/sync/base/context.ts';
import { ensureIndex, refreshIndex } from '../../src/sync/match/libraryIndex.ts';
import type { PlexIdentity } from '../../src/sync/base/plexIdentity.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { openWorld, type World } from '../helpers/world.ts';

let world: World;
let db: Database;
let plexClient: PlexClient;
let stashClient: StashClient;
let context: DrainContext;
let identity: PlexIdentity;
let nowMs: number;

beforeEach(async () => {
  world = await openWorld();
  const directory = makeDataDirectory(world.data);
  nowMs = Date.now();
  const clock: Clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  db = openStore(directory.database, nowMs).db;
  const settings = settingsOf({ plexUrl: world.plex.url, plexToken: world.plex.token });
  plexClient = openPlexClient({
    url: world.plex.url,
    token: world.plex.token,
    clientIdentifier: 'index-test',
    version: '0.0.0',
  });
  stashClient = openStashClient({
    scheme: 'http',
    host: '127.0.0.1',
    port: world.stash.port,
    cookie: { name: 'session', value: world.stash.sessionCookie() },
    apiKey: null,
  });
  const log = openLog(directory.log, clock);
  context = { db, clock, log, settings, rules: [], stash: stashClient, plex: plexClient };
  const { machineIdentifier } = await plexClient.identity();
  identity = { machineIdentifier, sections: await plexClient.sections() };
});
afterEach(async () => {
  await plexClient.close();
  await stashClient.close();
  db.close();
  await world.close();
});

function settingsOf(raw: Readonly<Record<string, unknown>>): Settings {
  const check = checkSettings(raw);
  if (check.kind === 'invalid') throw new Error(JSON.stringify(check.problems));
  return check.settings;
}

/** Plex scans a file. */
function scanned(path: string, size = 1_000, section = world.section): string {
  const files = [{ path, size, durationMs: 60_000 }];
  return world.plex.library.addItem(section, { title: 'scanned', files });
}

/** A scene without an item that has this file. */
function waits(sceneId: number, path: string, size = 1_000): void {
  recordNoItem(db, sceneId, 'waiting', true, nowMs);
  putSceneFiles(db, sceneId, [{ path, size, durationSeconds: 60 }]);
}

/** Scenes raised since the last call. */
function raised(): number[] {
  const ids = db.prepare('DELETE FROM queue RETURNING entity_id').all();
  return ids.map((row) => Number(row['entity_id'])).toSorted((a, b) => a - b);
}

const walks = (): number => readState(db, index)?.walk ?? 0;

/** The context with a client whose `n`th listing from now on meets a Plex that has gone away. */
function failingAt(n: number): DrainContext {
  let listings = 0;
  const listPage: PlexClient['listPage'] = async (...asked) => {
    listings += 1;
    if (listings === n) await world.plex.goAway();
    return await plexClient.listPage(...asked);
  };
  return { ...context, plex: { ...plexClient, listPage } };
}

describe('[1.2 PROC-06] thousands of scenes whose files Plex has all at once', () => {
  /** What another process sees of the queue while the worker lets others at the data file. */
  const sleeping = (sleep: () => void): DrainContext => ({
    ...context,
    clock: { ...context.clock, sleep: async () => sleep() },
  });
  const all = raisedAtOnce + 1;
  beforeEach(async () => {
    await ensureIndex(context, identity);
    for (let id = 1; id <= all; id += 1) {
      waits(id, `/data/a/${id}.mp4`);
      scanned(`/data/a/${id}.mp4`);
    }
  });

  it('are raised in pages, between which others get at the data file', async () => {
    const other = openStore(makeDataDirectory(world.data).database, nowMs).db;
    const seen: number[] = [];
    const count = other.prepare('SELECT count(*) AS n FROM queue');
    await refreshIndex(
      sleeping(() => {
        seen.push(Number(count.get()?.['n']));
        other.exec("UPDATE queue SET source = 'other' WHERE entity_id = 1");
      }),
      identity,
    );
    other.close();
    expect(seen).toEqual([raisedAtOnce]);
    expect(raised()).toHaveLength(all);
  });

  it('are all raised, though the worker dies between two pages', async () => {
    const dies = sleeping(() => {
      throw new Error('killed');
    });
    await expect(refreshIndex(dies, identity)).rejects.toThrow('killed');
    expect(raised()).toHaveLength(raisedAtOnce);
    await refreshIndex(context, identity);
    expect(raised()).toHaveLength(all);
  });
});

describe('[1.4 GAP-03] a Plex that gives shorter pages than it is asked for', () => {
  it('has every file of the library in the index', async () => {
    for (let at = 0; at < 25; at += 1) scanned(`/data/a/${at}.mp4`);
    const listPage: PlexClient['listPage'] = (section, page) =>
      plexClient.listPage(section, { ...page, size: Math.min(page.size, 10) });
    const capped = { ...context, plex: { ...plexClient, listPage } };
    await ensureIndex(capped, identity);
    expect(partCount(db)).toBe(25);
    for (let at = 25; at < 50; at += 1) scanned(`/data/a/${at}.mp4`);
    await refreshIndex(capped, identity);
    expect(partCount(db)).toBe(50);
  });
});

describe('[1.4 GAP-03] a scene that waits', () => {
  it('is raised once Plex has a file at its path, or of its name and size', async () => {
    waits(1, '/data/a/one.mp4');
    waits(2, '/stash/two.mp4');
    waits(3, '/stash/three.mp4', 5);
    waits(4, '/stash/four.mp4');
    await ensureIndex(context, identity);
    expect(raised()).toEqual([]);
    scanned('/data/a/one.mp4', 77);
    scanned('/data/b/Two.mp4');
    scanned('/data/b/three.mp4', 6);
    await refreshIndex(context, identity);
    expect(raised()).toEqual([1, 2]);
    await refreshIndex(context, identity);
    expect(raised()).toEqual([]);
  });

  it('is raised by the first walk of all, and by one after the index was lost', async () => {
    waits(1, '/data/a/one.mp4');
    scanned('/data/a/one.mp4');
    await ensureIndex(context, identity);
    expect(raised()).toEqual([1]);
    db.exec("DELETE FROM plex_part; DELETE FROM state WHERE name = 'index'");
    await refreshIndex(context, identity);
    expect(raised()).toEqual([1]);
  });

  it.each(['excluded', 'no-file', 'gone'] as const)(
    'is never raised for a new file if its reason is %s',
    async (reason) => {
      waits(1, '/data/a/one.mp4');
      recordNoItem(db, 1, reason, false, nowMs);
      await ensureIndex(context, identity);
      scanned('/data/a/one.mp4');
      await refreshIndex(context, identity);
      expect(raised()).toEqual([]);
    },
  );

  it('is raised when Plex has looked into the file that it had scanned', async () => {
    waits(1, '/stash/one.mp4');
    const files = [{ path: '/data/one.mp4', size: 1_000, durationMs: 60_000, analysed: false }];
    const key = world.plex.library.addItem(world.section, { title: 'scanned', files });
    await ensureIndex(context, identity);
    raised();
    world.plex.library.analyse(key);
    await refreshIndex(context, identity);
    expect(raised()).toEqual([1]);
  });
});

describe('[1.4 GAP-03] a walk that Plex leaves half way', () => {
  it('hides nothing that it had found from the next one', async () => {
    waits(1, '/data/a/one.mp4');
    await ensureIndex(context, identity);
    scanned('/data/a/one.mp4');
    // The new files are listed, the changed ones are not any more.
    await expect(refreshIndex(failingAt(2), identity)).rejects.toThrow();
    expect([partCount(db), raised()]).toEqual([1, []]);
    await world.plex.comeBack();
    await refreshIndex(context, identity);
    expect(raised()).toEqual([1]);
  });

  it('hides nothing from a whole one either', async () => {
    const other = world.plex.library.addSection({ title: 'More', locations: ['/more'] });
    identity = { ...identity, sections: await plexClient.sections() };
    await ensureIndex(context, identity);
    waits(1, '/data/a/one.mp4');
    scanned('/data/a/one.mp4');
    scanned('/more/x.mp4', 5, other);
    nowMs += 25 * 3_600_000;
    await expect(ensureIndex(failingAt(2), identity)).rejects.toThrow();
    await world.plex.comeBack();
    await ensureIndex(context, identity);
    expect(raised()).toEqual([1]);
  });

  it('drops nothing of what the index has', async () => {
    for (let at = 0; at < 5; at += 1) scanned(`/data/${at}.mp4`);
    await ensureIndex(context, identity);
    nowMs += 25 * 3_600_000;
    await expect(ensureIndex(failingAt(1), identity)).rejects.toThrow();
    expect(partCount(db)).toBe(5);
  });
});

describe('[1.0 MATCH-03] what a person was asked', () => {
  it('is asked anew once a candidate has left Plex', async () => {
    const [stays, goes] = [scanned('/data/a.mp4'), scanned('/data/b.mp4')];
    await ensureIndex(context, identity);
    recordNoItem(db, 1, 'review', false, nowMs);
    const candidates = [stays, goes].map((ratingKey) => ({
      ratingKey,
      sectionId: world.section,
      title: '',
      file: '',
      how: 'name-size' as const,
      score: 95,
      why: '',
    }));
    const review = {
      sceneId: 1,
      reason: 'several-items',
      title: '',
      path: '',
      candidates,
    } as const;
    putReview(db, review, nowMs);
    await refreshIndex(context, identity);
    expect(raised()).toEqual([]);
    world.plex.library.removeItem(goes);
    nowMs += 25 * 3_600_000;
    await ensureIndex(context, identity);
    expect(raised()).toEqual([1]);
  });

  it('is asked anew once the chosen item is back under another rating key', async () => {
    await ensureIndex(context, identity);
    recordNoItem(db, 1, 'review', true, nowMs);
    const files = [{ path: '/data/a.mp4', name: 'a.mp4', size: 1_000, durationMs: 60_000 }];
    const pin = { ratingKey: '999', sectionId: world.section, source: 'person', files } as const;
    pinItem(db, 1, pin, nowMs);
    await refreshIndex(context, identity);
    expect(raised()).toEqual([]);
    scanned('/data/renamed.mp4');
    await refreshIndex(context, identity);
    expect(raised()).toEqual([1]);
  });
});

describe('the index', () => {
  it('loses what a whole walk did not see, and nothing to a library that answers empty', async () => {
    const keys = [scanned('/data/a.mp4'), scanned('/data/b.mp4')];
    await ensureIndex(context, identity);
    for (const key of keys.slice(0, 1)) world.plex.library.removeItem(key);
    nowMs += 25 * 3_600_000;
    await ensureIndex(context, identity);
    expect(partCount(db)).toBe(1);
    for (const key of keys.slice(1)) world.plex.library.removeItem(key);
    nowMs += 25 * 3_600_000;
    await ensureIndex(context, identity);
    expect(partCount(db)).toBe(1);
  });

  it('is walked whole again when a day is over or the libraries are others, and not before', async () => {
    scanned('/data/a.mp4');
    await ensureIndex(context, identity);
    const first = walks();
    nowMs += 23 * 3_600_000;
    await ensureIndex(context, identity);
    expect(walks()).toBe(first);
    nowMs += 3_600_000;
    await ensureIndex(context, identity);
    expect(walks()).toBeGreaterThan(first);
    const other = world.plex.library.addSection({ title: 'More', locations: ['/more'] });
    scanned('/more/x.mp4', 5, other);
    identity = { ...identity, sections: await plexClient.sections() };
    await ensureIndex(context, identity);
    expect(partCount(db)).toBe(2);
    const kept = identity.sections.filter((section) => section.id === other);
    await ensureIndex(context, { ...identity, sections: kept });
    expect(partCount(db)).toBe(1);
  });

  it('finds a file that moved under its own rating key', async () => {
    const key = scanned('/data/a.mp4');
    await ensureIndex(context, identity);
    waits(1, '/data/moved/a.mp4');
    world.plex.library.movePart(key, '/data/a.mp4', '/data/moved/a.mp4');
    await refreshIndex(context, identity);
    expect([partCount(db), raised()]).toEqual([1, [1]]);
  });
});
