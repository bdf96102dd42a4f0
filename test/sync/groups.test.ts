// Equal edits in one request, and what becomes of the items of a group that fails: one bad id never
// costs the others, and the history tells what was changed in each.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeCount, changes } from '../../src/store/mirror/change.ts';
import { queueKey } from '../../src/store/queue/queue.ts';
import { rows } from '../../src/store/file/sql.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';
import { type Batches, openBatches } from './batches.ts';

let world: World;
let batches: Batches;

beforeEach(async () => {
  world = await openWorld();
  batches = await openBatches(world);
});
afterEach(async () => {
  await batches.close();
  await world.close();
});

async function push(): Promise<void> {
  const life = await batches.life();
  await life.pushAll();
}

async function pushOnce(): Promise<void> {
  const life = await batches.life();
  await life.push();
}

/** Scenes that differ in their titles, all in Plex. */
async function library(count: number): Promise<readonly Pair[]> {
  const pairs = world.addPairs(count);
  batches.edit(pairs, (_, at) => ({ title: `Title ${at}`, studio: 'Old', details: 'Same' }));
  await push();
  batches.writes();
  return pairs;
}

function rename(pairs: readonly Pair[], studio: string): void {
  batches.edit(pairs, () => ({ studio }));
}

function studios(pairs: readonly Pair[]): readonly (string | undefined)[] {
  return pairs.map(({ ratingKey }) => world.plex.library.item(ratingKey)?.studio);
}

function queueRows(): readonly unknown[] {
  return world.withStore((db) =>
    rows(db, 'SELECT key, attempts, error_code AS code, alone_failures AS alone FROM queue').map(
      (row) => ({ ...row }),
    ),
  );
}

function three(pairs: readonly Pair[]): readonly [Pair, Pair, Pair] {
  const [, a, b, c] = pairs;
  if (a === undefined || b === undefined || c === undefined) throw new Error('too few');
  return [a, b, c];
}

describe('[1.2 PROC-06] [1.2 SYNC-02] equal edits of many scenes', () => {
  it('are one request for fifty, and each item is confirmed and in the history', async () => {
    const pairs = await library(50);
    const before = world.plex.counts().requests;
    rename(pairs, 'New');
    await pushOnce();
    expect(studios(pairs)).toEqual(pairs.map(() => 'New'));
    expect(batches.writes()).toBe(1);
    // A read before and a read after.
    expect(world.plex.counts().requests - before).toBe(3);
    expect(queueRows()).toEqual([]);
    const { db } = await batches.life();
    for (const { sceneId, ratingKey } of pairs) {
      expect(changes(db, { sceneId, field: 'studio' }, 0, 1)).toMatchObject([
        { ratingKey, before: 'Old', after: 'New', lockedBefore: true, lockedAfter: true },
      ]);
    }
  });

  it('stay one request per item where each differs in its own way', async () => {
    const pairs = await library(20);
    batches.edit(pairs, (_, at) => ({ studio: 'New', title: `Other ${at}` }));
    await pushOnce();
    expect(studios(pairs)).toEqual(pairs.map(() => 'New'));
    expect(batches.writes()).toBe(20);
  });

  it('name no item that the edit is not for', async () => {
    const all = await library(13);
    rename(all.slice(0, 10), 'New');
    await push();
    expect(batches.writes()).toBe(1);
    expect(studios(all.slice(10))).toEqual(['Old', 'Old', 'Old']);
    expect(world.plex.counts().everyItemEdits).toBe(0);
  });
});

describe('[1.0 RTRY-02] a group in which one id is gone, one refuses and one is applied and not answered', () => {
  it('has the other 47 right after one try, and the three where they belong', async () => {
    const pairs = await library(50);
    const [gone, bad, slow] = three(pairs);
    const others = pairs.filter((pair) => ![gone, bad, slow].includes(pair));
    rename(pairs, 'New');
    world.plex.switches.poison.set(bad.ratingKey, 'status-500');
    world.plex.switches.applyThenHang = { items: new Set([slow.ratingKey]), count: 1 };
    let removed = false;
    batches.atCall = ({ what }) => {
      if (what !== 'edit' || removed) return;
      removed = true;
      world.plex.library.removeItem(gone.ratingKey);
    };
    await pushOnce();
    expect(studios(others)).toEqual(others.map(() => 'New'));
    expect(studios([slow, bad])).toEqual(['New', 'Old']);
    // The one that is gone waits to be looked up; the one that refused has spent one attempt.
    expect(queueRows()).toEqual([
      { key: queueKey('scene', gone.sceneId), attempts: 0, code: null, alone: 0 },
      { key: queueKey('scene', bad.sceneId), attempts: 1, code: 'plex-server-error', alone: 0 },
    ]);
    // The group, and one for each of the 49 that are there.
    expect(batches.writes()).toBe(50);
    // Nobody's attempt was spent for being in its company.
    expect(world.status().deadLetters.count).toBe(0);
    const { db } = await batches.life();
    expect(changeCount(db, { field: 'studio', sceneId: bad.sceneId })).toBe(1);
    expect(changeCount(db, { field: 'studio', sceneId: slow.sceneId })).toBe(2);
  });

  it('has none of the three in the way of the others later on, and each where it stays', async () => {
    const pairs = await library(50);
    const [gone, bad, slow] = three(pairs);
    const others = pairs.filter((pair) => ![gone, bad, slow].includes(pair));
    rename(pairs, 'New');
    world.plex.library.removeItem(gone.ratingKey);
    world.plex.switches.poison.set(bad.ratingKey, 'status-500');
    world.plex.switches.applyThenHang = { items: new Set([slow.ratingKey]), count: 1 };
    await pushOnce();
    batches.writes();
    // Hours pass, with an edit of all others each time; what failed is tried again beside it.
    for (let round = 1; round <= 8; round += 1) {
      batches.nowMs += 3_600_000;
      rename([...others, slow], `Round ${round}`);
      await pushOnce();
      expect(studios([...others, slow])).toEqual([...others, slow].map(() => `Round ${round}`));
    }
    // One request for the 48 each time, and what the refusing one took until it was given up.
    expect(batches.writes()).toBe(8 + 5);
    expect(queueRows()).toEqual([]);
    const { deadLetters, scenes } = world.status();
    expect(deadLetters.count).toBe(1);
    expect(scenes).toMatchObject({ matched: 49, withoutItem: { waiting: 1 } });
  });

  it.each(['is passed over', 'is answered by 404'])(
    'has the other 49 right where the id that is gone %s',
    async (how) => {
      const pairs = await library(50);
      const [gone] = three(pairs);
      rename(pairs, 'New');
      if (how === 'is answered by 404') {
        world.plex.switches.poison.set(gone.ratingKey, 'status-404');
      }
      batches.atCall = ({ what, keys }) => {
        if (what === 'edit' && keys.length === 50) world.plex.library.removeItem(gone.ratingKey);
        if (what === 'edit') batches.atCall = () => {};
      };
      await pushOnce();
      const others = pairs.filter((pair) => pair !== gone);
      expect(studios(others)).toEqual(others.map(() => 'New'));
      expect(batches.writes()).toBe(how === 'is passed over' ? 1 : 50);
      expect(queueRows()).toEqual([
        { key: queueKey('scene', gone.sceneId), attempts: 0, code: null, alone: 0 },
      ]);
    },
  );

  it('is found applied, all of it, when only the answer is lost', async () => {
    const pairs = await library(50);
    rename(pairs, 'New');
    world.plex.switches.applyThenHang = { items: 'all', count: 1 };
    await pushOnce();
    expect(studios(pairs)).toEqual(pairs.map(() => 'New'));
    expect(batches.writes()).toBe(1);
    expect(queueRows()).toEqual([]);
  });

  it('keeps one that failed before out of the group of the others', async () => {
    const pairs = await library(50);
    const [bad] = three(pairs);
    world.plex.switches.poison.set(bad.ratingKey, 'status-500');
    rename(pairs, 'New');
    await pushOnce();
    batches.writes();
    batches.nowMs += 3_600_000;
    rename(pairs, 'Newer');
    await pushOnce();
    expect(studios(pairs).filter((studio) => studio === 'Newer')).toHaveLength(49);
    expect(batches.writes()).toBe(2);
  });

  it('costs nobody an attempt when it is the server that fails all writes', async () => {
    const pairs = await library(30);
    world.plex.switches.failEverything = { status: 500, on: 'writes' };
    rename(pairs, 'New');
    const life = await batches.life();
    const outcome = await life.push();
    expect(outcome).toMatchObject({ stop: { kind: 'server' } });
    expect(rows(life.db, 'SELECT 1 FROM queue WHERE attempts > 0')).toEqual([]);
    // The group and the twelve that it takes to tell.
    expect(batches.writes()).toBe(13);
    world.plex.switches.failEverything = false;
    await push();
    expect(studios(pairs)).toEqual(pairs.map(() => 'New'));
    expect(queueRows()).toEqual([]);
  });

  it('is put back as it was when Plex refuses the token', async () => {
    const pairs = await library(10);
    world.plex.switches.unauthorized = { on: 'writes' };
    rename(pairs, 'New');
    const life = await batches.life();
    expect(await life.push()).toMatchObject({ stop: { kind: 'token' } });
    expect(rows(life.db, 'SELECT 1 FROM queue WHERE attempts > 0 OR alone_failures > 0')).toEqual(
      [],
    );
    expect(rows(life.db, 'SELECT 1 FROM queue WHERE in_flight IS NULL')).toHaveLength(10);
  });

  it('is read again before its items are written one by one on a slow Plex', async () => {
    const pairs = await library(10);
    const [bad, typed] = three(pairs);
    world.plex.switches.poison.set(bad.ratingKey, 'status-500');
    rename(pairs, 'New');
    let edits = 0;
    batches.atCall = ({ what, when }) => {
      if (what !== 'edit' || when !== 'after') return;
      edits += 1;
      // The group took its time; meanwhile a person types.
      if (edits === 1) {
        batches.nowMs += 10_000;
        world.plex.library.setByPerson(typed.ratingKey, { studio: 'By hand' });
      }
    };
    await pushOnce();
    expect(studios([typed])).toEqual(['By hand']);
    expect(studios(pairs).filter((studio) => studio === 'New')).toHaveLength(8);
  });
});

describe('the history of a write', () => {
  it('has a row for each field that changed, with the lock before it, and none that did not take', async () => {
    const [pair] = world.addPairs(1);
    if (pair === undefined) throw new Error('no pair');
    world.plex.library.setByPerson(pair.ratingKey, { genres: ['Mine'], locked: [] });
    batches.edit([pair], () => ({ title: 'T', tags: ['A', 'B'] }));
    await push();
    const { db } = await batches.life();
    const told = changes(db, {}, 0, 10).map(({ field, before, after, lockedBefore, run }) => ({
      field,
      before,
      after,
      lockedBefore,
      run,
    }));
    const run = 'c-1';
    expect(told).toEqual([
      { field: 'genre', before: ['Mine'], after: ['A', 'B'], lockedBefore: false, run },
      { field: 'title', before: 'scanned clip 1', after: 'T', lockedBefore: false, run },
    ]);
    batches.edit([pair], () => ({ title: 'T' }));
    await push();
    expect(changeCount(db, {})).toBe(2);
  });

  it('tells the texts of a write that a killed worker did not live to confirm, once', async () => {
    const pairs = await library(5);
    const [pair] = pairs;
    if (pair === undefined) throw new Error('no pair');
    rename(pairs, 'New');
    batches.atCall = ({ what, when }) => (what === 'edit' && when === 'after' ? 'kill' : undefined);
    await push();
    batches.atCall = () => {};
    await push();
    expect(batches.writes()).toBe(1);
    const { db } = await batches.life();
    const told = changes(db, { sceneId: pair.sceneId, field: 'studio' }, 0, 9);
    expect(told.map(({ before, after }) => [before, after])).toEqual([
      ['Old', 'New'],
      ['', 'Old'],
    ]);
  });
});
