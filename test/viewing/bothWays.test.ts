// Watched, begun and rated in either server: what comes to the other one, with the simulators.
import { afterEach, describe, expect, test } from 'vitest';
import { type Kit, openKit } from './kit.ts';

let kit: Kit | null = null;
afterEach(async () => {
  await kit?.close();
  kit = null;
});

const all = { viewing: 'watched, resume, rating' };

async function begin(count: number, settings: object = all, plex = {}): Promise<Kit> {
  kit = await openKit(count, plex);
  await kit.set({ ...settings });
  return kit;
}

function secondOf(at: number): number {
  return Math.floor(at / 1000);
}

describe('off, as it is unless somebody asks for it', () => {
  test('nothing is asked of either server for it, and nothing is written to Stash [1.2 SYNC-01]', async () => {
    const { world, pairs } = await begin(2, {});
    const [one] = pairs;
    if (one === undefined || kit === null) throw new Error('no scene');
    world.plex.library.setSeen(one.ratingKey, { viewCount: 1, lastViewedAt: 1, userRating: 8 });
    const before = kit.requests();
    const writes = world.plex.counts().writes;
    for (let turns = 0; turns < 40; turns += 1) {
      await kit.turn();
      kit.nowMs += 1_000_000;
    }
    const asked = world.plex.accessLog
      .map(({ target }) => target)
      .filter((t) => /inProgress|lastViewedAt|lastRatedAt|:\/(scrobble|timeline)/.test(t));
    expect(asked).toEqual([]);
    expect(world.plex.counts().writes).toBe(writes);
    expect(kit.scene(one.sceneId)).toMatchObject({ plays: [], resumeSeconds: 0, rating100: null });
    expect(kit.status().viewing).toBeNull();
    expect(kit.db.prepare("SELECT * FROM state WHERE name = 'viewing'").all()).toEqual([]);
    expect(kit.requests()).toBeGreaterThanOrEqual(before);
  });
});

describe('both ways [1.2 SYNC-01]', () => {
  test('a view in Plex is a play in Stash at its time, and each further view one more', async () => {
    const { world, pairs } = await begin(3);
    const [one] = pairs;
    if (one === undefined || kit === null) throw new Error('no scene');
    const first = kit.nowMs - 3_600_000;
    world.plex.library.setSeen(one.ratingKey, { viewCount: 1, lastViewedAt: secondOf(first) });
    await kit.pass();
    expect(kit.scene(one.sceneId).plays.map(secondOf)).toEqual([secondOf(first)]);
    const again = kit.nowMs + 60_000;
    world.plex.library.setSeen(one.ratingKey, { viewCount: 2, lastViewedAt: secondOf(again) });
    await kit.pass();
    await kit.pass();
    expect(kit.scene(one.sceneId).plays.map(secondOf)).toEqual([first, again].map(secondOf));
    expect(world.plex.library.seen(one.ratingKey).viewCount).toBe(2);
  });

  test('a play in Stash marks the item as watched once, and no play comes back', async () => {
    const { world, pairs } = await begin(3);
    const [one] = pairs;
    if (one === undefined || kit === null) throw new Error('no scene');
    await kit.pass(true);
    kit.play(one.sceneId, kit.nowMs);
    await kit.pass();
    kit.play(one.sceneId, kit.nowMs);
    await kit.pass();
    await kit.pass(true);
    expect(world.plex.library.seen(one.ratingKey).viewCount).toBe(1);
    expect(kit.scene(one.sceneId).plays).toHaveLength(2);
  });

  test('unplayed in Plex takes back only the play that PlexSync added', async () => {
    const { world, pairs } = await begin(2);
    const [one, two] = pairs;
    if (one === undefined || two === undefined || kit === null) throw new Error('no scene');
    const at = secondOf(kit.nowMs - 3_600_000);
    for (const { ratingKey } of [one, two]) {
      world.plex.library.setSeen(ratingKey, { viewCount: 1, lastViewedAt: at });
    }
    await kit.pass();
    const own = kit.nowMs;
    kit.play(two.sceneId, own);
    await kit.pass();
    for (const { ratingKey } of [one, two]) {
      world.plex.library.setSeen(ratingKey, { viewCount: 0 });
    }
    await kit.pass(true);
    expect(kit.scene(one.sceneId).plays).toEqual([]);
    expect(kit.scene(two.sceneId).plays.map(secondOf)).toEqual([secondOf(own)]);
    expect(world.plex.library.seen(two.ratingKey).viewCount).toBe(0);
  });

  test('where somebody stopped goes both ways, a rating too, also where it is lower or taken away', async () => {
    const { world, pairs } = await begin(2);
    const [one, two] = pairs;
    if (one === undefined || two === undefined || kit === null) throw new Error('no scene');
    const { library } = world.plex;
    const { store } = world.stash;
    library.setSeen(one.ratingKey, { viewOffsetMs: 600_000, lastViewedAt: secondOf(kit.nowMs) });
    store.changeScene(two.sceneId, { resumeTimeSeconds: 900, rating100: 73 }, { touch: false });
    await kit.pass(true);
    expect(kit.scene(one.sceneId).resumeSeconds).toBe(600);
    expect(library.seen(two.ratingKey)).toMatchObject({ viewOffsetMs: 900_000, userRating: 7 });
    expect(kit.scene(two.sceneId).rating100).toBe(73);
    library.setSeen(one.ratingKey, { viewOffsetMs: 60_000, lastViewedAt: secondOf(kit.nowMs) });
    library.setSeen(two.ratingKey, { userRating: 3, lastRatedAt: secondOf(kit.nowMs) });
    await kit.pass();
    expect(kit.scene(one.sceneId).resumeSeconds).toBe(60);
    expect(kit.scene(two.sceneId).rating100).toBe(30);
    store.changeScene(two.sceneId, { rating100: null }, { touch: true });
    await kit.pass(true);
    expect(library.seen(two.ratingKey).userRating).toBeUndefined();
  });

  test('only the chosen user’s state moves; the owner’s stays as it is', async () => {
    kit = await openKit(3);
    const { world, pairs } = kit;
    const token = world.plex.addUser('guest');
    await kit.set({ ...all, viewingToken: token });
    const [one, two, three] = pairs;
    if (one === undefined || two === undefined || three === undefined) throw new Error('no scene');
    const { library } = world.plex;
    const owners = { viewCount: 4, viewOffsetMs: 5_000, userRating: 9, lastViewedAt: 5 };
    library.setSeen(one.ratingKey, owners);
    library.setSeen(two.ratingKey, { viewCount: 1, lastViewedAt: secondOf(kit.nowMs) }, 'guest');
    kit.play(three.sceneId, kit.nowMs);
    await kit.pass(true);
    expect(kit.scene(one.sceneId)).toMatchObject({ plays: [], resumeSeconds: 0, rating100: null });
    expect(library.seen(one.ratingKey)).toMatchObject(owners);
    expect(kit.scene(two.sceneId).plays).toHaveLength(1);
    expect(library.seen(two.ratingKey).viewCount).toBe(0);
    expect(library.seen(three.ratingKey, 'guest').viewCount).toBe(1);
    expect(library.seen(three.ratingKey).viewCount).toBe(0);
    expect(world.logText()).not.toContain(token);
  });

  test('a scene that somebody was at is looked at again until there is nothing to carry', async () => {
    const { world, pairs } = await begin(2);
    const [one] = pairs;
    if (one === undefined || kit === null) throw new Error('no scene');
    await kit.pass(true);
    const again = (): readonly unknown[] | undefined =>
      kit?.db.prepare('SELECT scene_id FROM viewing WHERE again = 1').all();
    const { library } = world.plex;
    const lastViewedAt = secondOf(kit.nowMs) + 900;
    library.setSeen(one.ratingKey, { viewOffsetMs: 500_000, lastViewedAt });
    await kit.pass();
    expect(kit.scene(one.sceneId).resumeSeconds).toBe(0);
    expect(again()).toHaveLength(1);
    library.setSeen(one.ratingKey, { viewOffsetMs: 0 });
    await kit.pass();
    expect(again()).toEqual([]);
  });

  test('a comparison that takes hours is followed by a rest of one, though it took more', async () => {
    const { pairs } = await begin(120);
    if (kit === null) throw new Error('no kit');
    expect(pairs).toHaveLength(120);
    kit.nowMs += 86_400_000;
    const before = kit.status().viewing?.lastAt;
    const from = kit.nowMs;
    for (let turns = 0; turns < 20 && kit.status().viewing?.lastAt === before; turns += 1) {
      await kit.turn();
      kit.nowMs += 3_600_000;
    }
    const { lastAt, nextAt } = kit.status().viewing ?? {};
    expect(lastAt).toBeGreaterThanOrEqual(from + 3_600_000);
    expect((nextAt ?? 0) - (lastAt ?? 0)).toBe(3_600_000);
  });

  test('with nothing changed a pass writes nothing, whole or not', async () => {
    const { world, pairs } = await begin(60);
    for (const [index, { sceneId, ratingKey }] of pairs.entries()) {
      if (kit === null) throw new Error('no kit');
      const seen = { viewCount: index % 2, lastViewedAt: 1_700_000_000 + index, userRating: 6 };
      if (index % 3 === 0) world.plex.library.setSeen(ratingKey, seen);
      if (index % 4 === 0) kit.play(sceneId, kit.nowMs - 3_600_000);
    }
    if (kit === null) throw new Error('no kit');
    await kit.pass(true);
    const shown = (): unknown =>
      pairs.map(({ sceneId, ratingKey }) => [
        kit?.scene(sceneId),
        world.plex.library.seen(ratingKey),
      ]);
    const before = structuredClone(shown());
    const { markings, timelines, ratings } = world.plex.counts();
    await kit.pass();
    await kit.pass(true);
    expect(shown()).toEqual(before);
    expect(world.plex.counts()).toMatchObject({ markings, timelines, ratings });
  });
});

describe('both have changed [1.2 SYNC-03]', () => {
  test.each([
    ['', 20, 2],
    ['plex', 20, 2],
    ['stash', 80, 8],
  ])('by the rule "%s"; the loser is kept in the history', async (rule, inStash, inPlex) => {
    const { world, pairs } = await begin(1, { ...all, viewingConflict: rule });
    const [one] = pairs;
    if (one === undefined || kit === null) throw new Error('no scene');
    await kit.pass(true);
    world.stash.store.changeScene(one.sceneId, { rating100: 80 }, { touch: true });
    const later = secondOf(kit.nowMs) + 60;
    world.plex.library.setSeen(one.ratingKey, { userRating: 2, lastRatedAt: later });
    await kit.pass();
    expect(kit.scene(one.sceneId).rating100).toBe(inStash);
    expect(world.plex.library.seen(one.ratingKey).userRating).toBe(inPlex);
    const history = kit.db.prepare('SELECT * FROM viewing_change ORDER BY id').all();
    expect(history).toMatchObject([
      { field: 'rating', why: 'conflict', before: inStash === 20 ? '80' : '2', done: 1 },
    ]);
    expect(history[0]?.['conflict']).toContain('"stash":"80"');
  });
});
