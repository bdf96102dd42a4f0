// What goes both ways when Plex fails in the middle, does not know an order, refuses the user's token, or
// answers otherwise than another Plex: nothing goes that a person put there, and it comes right by itself.
import { afterEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { healthAnswer } from '../../src/contract/health.ts';
import { isoOf, type Kit, openKit } from './kit.ts';
import type { PlexSwitches } from '../../simulators/plex/switches.ts';

let kit: Kit | null = null;
afterEach(async () => {
  await kit?.close();
  kit = null;
});

const all = { viewing: 'watched, resume, rating' };
const secondOf = (at: number): number => Math.floor(at / 1000);

async function begin(count: number, switches: Partial<PlexSwitches> = {}): Promise<Kit> {
  kit = await openKit(count, { plex: { switches } });
  await kit.set(all);
  await kit.pass(true);
  return kit;
}

const kinds: readonly (readonly [string, Partial<PlexSwitches>])[] = [
  ['as they are thought to be', {}],
  [
    'a mark leaves offset and time as they are',
    { scrobbleClearsOffset: false, scrobbleMovesTime: false, unscrobbleClearsOffset: false },
  ],
  [
    'a mark again counts nothing, and its time outlives it',
    { repeatedScrobble: 'stays', unscrobbleKeepsTime: true },
  ],
  ['a stop at 0 clears, and moves no time', { timelineZero: 'clears', timelineMovesTime: false }],
  [
    'stops near the end are kept, those near the beginning ignored',
    { timelineNearEnd: 'sets-offset', shortestOffsetMs: 60_000 },
  ],
  ['timelines by GET alone', { timelineMethod: 'GET' }],
  [
    'lists without times of ratings, orders and filters that are refused',
    { lastRatedAtInLists: false, sortByLastRatedAt: 'refused', inProgressFilter: 'refused' },
  ],
  [
    'orders and filters of which no notice is taken',
    { sortByLastRatedAt: 'ignored', inProgressFilter: 'ignored' },
  ],
  ['a rating taken away leaves a time', { unratedKeepsTime: true }],
];

describe('whatever this Plex does [1.2 SYNC-01]', () => {
  test.each(kinds)(
    '%s: all of it comes over, a person’s stays, nothing comes back',
    async (_name, switches) => {
      const { world, pairs } = await begin(8, switches);
      if (kit === null) throw new Error('no kit');
      const { library } = world.plex;
      const { store } = world.stash;
      const at = (index: number): { readonly sceneId: number; readonly ratingKey: string } => {
        const pair = pairs[index];
        if (pair === undefined) throw new Error('no pair');
        return pair;
      };
      const now = secondOf(kit.nowMs);
      library.setSeen(at(0).ratingKey, { viewCount: 1, lastViewedAt: now });
      kit.play(at(1).sceneId, kit.nowMs);
      library.setSeen(at(1).ratingKey, { viewOffsetMs: 700_000, lastViewedAt: now - 600 });
      library.setSeen(at(2).ratingKey, { viewOffsetMs: 800_000, lastViewedAt: now });
      store.changeScene(at(3).sceneId, { resumeTimeSeconds: 900 }, { touch: false });
      library.setSeen(at(4).ratingKey, { userRating: 8, lastRatedAt: now });
      store.changeScene(at(5).sceneId, { rating100: 55 }, { touch: true });
      await kit.pass(true);
      expect(kit.scene(at(0).sceneId).plays.map(secondOf)).toEqual([now]);
      expect(library.seen(at(1).ratingKey)).toMatchObject({ viewCount: 1, viewOffsetMs: 700_000 });
      expect(kit.scene(at(1).sceneId)).toMatchObject({ resumeSeconds: 700 });
      expect(kit.scene(at(1).sceneId).plays).toHaveLength(1);
      expect(kit.scene(at(2).sceneId).resumeSeconds).toBe(800);
      expect(library.seen(at(3).ratingKey)).toMatchObject({ viewOffsetMs: 900_000, viewCount: 0 });
      expect(kit.scene(at(4).sceneId).rating100).toBe(80);
      expect(library.seen(at(5).ratingKey).userRating).toBe(6);
      // Taken away again on the side that it came from.
      library.setSeen(at(0).ratingKey, { viewCount: 0 });
      store.changeScene(at(1).sceneId, { playHistory: [] }, { touch: false });
      library.setSeen(at(2).ratingKey, { viewOffsetMs: 0 });
      store.changeScene(at(3).sceneId, { resumeTimeSeconds: 0 }, { touch: false });
      store.changeScene(at(5).sceneId, { rating100: null }, { touch: true });
      await kit.pass(true);
      expect(kit.scene(at(0).sceneId).plays).toEqual([]);
      expect(library.seen(at(1).ratingKey).viewCount).toBe(0);
      expect(kit.scene(at(2).sceneId).resumeSeconds).toBe(0);
      expect(kit.scene(at(3).sceneId).resumeSeconds).toBe(0);
      expect(library.seen(at(5).ratingKey).userRating).toBeUndefined();
      const shown = (): unknown => pairs.map(({ sceneId }) => kit?.scene(sceneId));
      const before = structuredClone(shown());
      const { markings, timelines, ratings } = world.plex.counts();
      await kit.pass(true);
      await kit.pass(true);
      expect(shown()).toEqual(before);
      expect(world.plex.counts()).toMatchObject({ markings, timelines, ratings });
    },
  );
});

describe('a mark where a resume point cannot be put back [1.2 SYNC-01]', () => {
  test.each([
    [true, [{ before: '3400', after: '', done: 1 }]],
    [false, []],
  ])('that Plex clears (%s) has it in the history', async (scrobbleClearsOffset, told) => {
    const { world, pairs } = await begin(1, { scrobbleClearsOffset });
    const [one] = pairs;
    if (one === undefined || kit === null) throw new Error('no pair');
    const { library } = world.plex;
    await kit.set({ viewing: 'watched' });
    const lastViewedAt = secondOf(kit.nowMs) - 600;
    library.setSeen(one.ratingKey, { viewOffsetMs: 3_400_000, lastViewedAt });
    kit.play(one.sceneId, kit.nowMs);
    await kit.pass(true);
    const viewOffsetMs = scrobbleClearsOffset ? 0 : 3_400_000;
    expect(library.seen(one.ratingKey)).toMatchObject({ viewCount: 1, viewOffsetMs });
    const history = "SELECT before, after, done FROM viewing_change WHERE field = 'resume'";
    expect(kit.db.prepare(history).all()).toEqual(told);
  });
});

describe('a pass that fails [1.2 SYNC-01]', () => {
  test('in the middle goes on when Plex is back, from where it was, and nothing is lost', async () => {
    const { world, pairs } = await begin(120);
    if (kit === null) throw new Error('no kit');
    const at = secondOf(kit.nowMs);
    for (const { ratingKey } of pairs) {
      world.plex.library.setSeen(ratingKey, { viewCount: 1, lastViewedAt: at });
    }
    const playsOf = (): number =>
      pairs.filter(({ sceneId }) => kit?.scene(sceneId).plays.length === 1).length;
    kit.nowMs += 900_000;
    for (let turns = 0; turns < 500 && playsOf() < 10; turns += 1) {
      await kit.turn();
      kit.nowMs += 50;
    }
    await world.plex.goAway();
    for (let turns = 0; turns < 20; turns += 1) {
      await kit.turn();
      kit.nowMs += 5_000;
    }
    expect(playsOf()).toBeLessThan(120);
    await world.plex.comeBack();
    await kit.pass();
    expect(playsOf()).toBe(120);
  });

  test('where Plex takes what is written and never says so, all of it is there once', async () => {
    const { world, pairs } = await begin(3);
    if (kit === null) throw new Error('no kit');
    await kit.set({ ...all, plexWriteTimeout: 1 });
    for (const { sceneId } of pairs) {
      kit.play(sceneId, kit.nowMs);
      const change = { rating100: 80, resumeTimeSeconds: 500 };
      world.stash.store.changeScene(sceneId, change, { touch: true });
    }
    world.plex.switches.applyThenHang = { items: 'all', count: 4 };
    await kit.pass();
    await kit.pass(true);
    expect(world.plex.switches.applyThenHang).toMatchObject({ count: 0 });
    const there = { viewCount: 1, userRating: 8, viewOffsetMs: 500_000 };
    for (const { sceneId, ratingKey } of pairs) {
      expect(world.plex.library.seen(ratingKey)).toMatchObject(there);
      expect(kit.scene(sceneId)).toMatchObject({ rating100: 80, resumeSeconds: 500 });
      expect(kit.scene(sceneId).plays).toHaveLength(1);
    }
  });

  test('for the token of that user alone is told, and everything else goes on', async () => {
    kit = await openKit(2);
    const { world, pairs } = kit;
    await kit.set({ ...all, viewingToken: 'a-token-of-nobody' });
    await kit.turns(5, 100);
    const { viewing, warnings, plex, problems } = kit.status();
    expect(viewing?.problem?.code).toBe('plex-unauthorized');
    expect(warnings).toMatchObject([{ about: 'viewing' }]);
    expect(warnings[0]?.message).toContain('viewingToken');
    expect({ circuit: plex.circuit, problems }).toEqual({ circuit: 'closed', problems: [] });
    const [one] = pairs;
    world.edit(one?.sceneId ?? 0, { title: 'Written all the same' });
    await kit.turns(40, 200);
    expect(world.plex.library.item(one?.ratingKey ?? '')?.title).toBe('Written all the same');
    expect(world.logText()).not.toContain('a-token-of-nobody');
    const health = v.parse(healthAnswer, await world.choose('health', {}));
    expect(health.steps.find(({ name }) => name === 'viewer')).toMatchObject({ state: 'fail' });
    expect(JSON.stringify(health)).not.toContain('a-token-of-nobody');
    // Another one, and it goes on without a wait.
    const token = world.plex.addUser('guest');
    await kit.set({ ...all, viewingToken: token });
    await kit.turns(20, 200);
    expect(kit.status().warnings).toEqual([]);
  });

  test('at one item leaves the others alone, and is tried again with the next pass', async () => {
    const { world, pairs } = await begin(5);
    if (kit === null) throw new Error('no kit');
    for (const { sceneId } of pairs) kit.play(sceneId, kit.nowMs);
    const [bad] = pairs;
    if (bad === undefined) throw new Error('no pair');
    world.plex.switches.poison.set(bad.ratingKey, 'status-400');
    await kit.pass();
    const marked = (): number =>
      pairs.filter(({ ratingKey }) => world.plex.library.seen(ratingKey).viewCount === 1).length;
    expect(marked()).toBe(4);
    world.plex.switches.poison.clear();
    await kit.pass();
    expect(marked()).toBe(5);
  });

  test.each(['cut', 'close'] as const)(
    'with answers that end in the middle (%s) takes nothing for unwatched or gone',
    async (how) => {
      const { world, pairs } = await begin(60);
      if (kit === null) throw new Error('no kit');
      const at = secondOf(kit.nowMs);
      const seen = { viewCount: 1, lastViewedAt: at, userRating: 8, lastRatedAt: at };
      for (const { ratingKey } of pairs) world.plex.library.setSeen(ratingKey, seen);
      await kit.pass(true);
      world.plex.switches.truncateBody = { how, on: 'reads', count: 3 };
      await kit.pass(true);
      expect(world.plex.switches.truncateBody).toMatchObject({ count: 0 });
      await kit.pass(true);
      for (const { sceneId, ratingKey } of pairs) {
        expect(kit.scene(sceneId)).toMatchObject({ plays: [at * 1000], rating100: 80 });
        expect(world.plex.library.seen(ratingKey)).toMatchObject(seen);
      }
    },
  );

  test('a time that cannot be, of one item, keeps no other from being compared', async () => {
    const { world, pairs } = await begin(3);
    if (kit === null) throw new Error('no kit');
    const [one, two] = pairs;
    // Milliseconds where Plex has seconds.
    const odd = { viewCount: 1, lastViewedAt: kit.nowMs };
    world.plex.library.setSeen(one?.ratingKey ?? '', odd);
    const good = { viewCount: 1, lastViewedAt: secondOf(kit.nowMs) };
    world.plex.library.setSeen(two?.ratingKey ?? '', good);
    await kit.pass(true);
    expect(kit.scene(one?.sceneId ?? 0).plays).toEqual([]);
    expect(kit.scene(two?.sceneId ?? 0).plays).toHaveLength(1);
    expect(kit.status().viewing?.problem).toBeNull();
  });

  test('paused by a person, nothing is asked and nothing written until it is resumed', async () => {
    const { world, pairs } = await begin(2);
    if (kit === null) throw new Error('no kit');
    const [one] = pairs;
    await world.choose('pause', {});
    world.plex.library.setSeen(one?.ratingKey ?? '', {
      viewCount: 1,
      lastViewedAt: secondOf(kit.nowMs),
    });
    const before = world.plex.accessLog.length;
    await kit.turns(30, 100_000);
    expect(world.plex.accessLog).toHaveLength(before);
    expect(kit.scene(one?.sceneId ?? 0).plays).toEqual([]);
    await world.choose('resume', {});
    await kit.pass(true);
    expect(kit.scene(one?.sceneId ?? 0).plays).toHaveLength(1);
  });

  test('another user is met as if for the first time: what the one before left is not taken away', async () => {
    const { world, pairs } = await begin(2);
    if (kit === null) throw new Error('no kit');
    const [one] = pairs;
    const at = secondOf(kit.nowMs);
    world.plex.library.setSeen(one?.ratingKey ?? '', {
      viewCount: 1,
      lastViewedAt: at,
      userRating: 9,
    });
    await kit.pass(true);
    const token = world.plex.addUser('guest');
    await kit.set({ ...all, viewingToken: token });
    await kit.pass(true);
    expect(kit.scene(one?.sceneId ?? 0)).toMatchObject({ plays: [at * 1000], rating100: 90 });
    expect(isoOf(at * 1000)).toMatch(/Z$/);
  });

  test('what was about to be written for one user is not judged by what another one has', async () => {
    const { world, pairs } = await begin(1);
    const [one] = pairs;
    if (one === undefined || kit === null) throw new Error('no pair');
    // A death right after Plex has taken the rating: 5 before it, as the next user has it still.
    world.plex.library.setSeen(one.ratingKey, { userRating: 8 });
    kit.db.exec(`INSERT INTO viewing_change (scene_id, rating_key, field, side, before, after, why, at, done)
      VALUES (${one.sceneId}, '${one.ratingKey}', 'rating', 'plex', '5', '8', 'changed', ${kit.nowMs}, 0)`);
    const token = world.plex.addUser('guest');
    world.plex.library.setSeen(one.ratingKey, { userRating: 5 }, 'guest');
    await kit.set({ ...all, viewingToken: token });
    await kit.pass(true);
    const history = "SELECT done FROM viewing_change WHERE before = '5' AND after = '8'";
    expect(kit.db.prepare(history).all()).toEqual([{ done: 1 }]);
  });
});
