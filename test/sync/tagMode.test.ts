// Whether Plex adds an edit's tags or replaces an item's by them is learnt from Plex itself, and no
// tag of a person's is ever at stake for it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as state from '../../src/store/file/state.ts';
import { readState } from '../../src/store/file/state.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';
import { type Batches, openBatches, type PlexCall } from './batches.ts';

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

/** What it does to one item, and to several in one request. */
const servers = [
  { one: 'append', many: 'append' },
  { one: 'append', many: 'replace' },
  { one: 'replace', many: 'replace' },
] as const;

function genresOf({ ratingKey }: Pair): readonly string[] {
  return world.plex.library.item(ratingKey)?.genres.toSorted() ?? [];
}

async function push(): Promise<void> {
  const life = await batches.life();
  await life.pushAll();
}

/** Of genres. */
function known(): unknown {
  const { modes, groupModes } = world.withStore((db) => readState(db, state.tagModes)) ?? {};
  return { one: modes?.genre, many: groupModes?.genre };
}

const ownTags = (at: number): readonly string[] => [`Own ${at}`, `Own ${at + 1}`];

/** Scenes with a title and two tags each, all in Plex; every third item has a tag of a person's. */
async function library(count: number): Promise<readonly Pair[]> {
  const pairs = world.addPairs(count);
  batches.edit(pairs, (_, at) => ({ title: `Title ${at}`, tags: ownTags(at) }));
  await push();
  for (const [at, pair] of pairs.entries()) {
    if (isPersons(at)) {
      world.plex.library.setByPerson(pair.ratingKey, { genres: [...ownTags(at), `Mine ${at}`] });
    }
  }
  batches.writes();
  return pairs;
}

const isPersons = (at: number): boolean => at % 3 === 0;

function bulkEdit(pairs: readonly Pair[], tag: string): void {
  batches.edit(pairs, (_, at) => ({ tags: [...ownTags(at), tag] }));
}

function expectRight(pairs: readonly Pair[], ...tags: readonly string[]): void {
  for (const [at, pair] of pairs.entries()) {
    const wanted = [...ownTags(at), ...tags, ...(isPersons(at) ? [`Mine ${at}`] : [])];
    expect(genresOf(pair)).toEqual(wanted.toSorted());
  }
}

/** No write has ever taken a tag of a person's out of an item, not even for a moment. */
function expectNoPersonsTagLost(pairs: readonly Pair[]): void {
  for (const { ratingKey } of pairs) {
    for (const { before, after } of world.plex.history(ratingKey)) {
      const lost = before.genres.filter(
        (genre) => genre.startsWith('Mine') && !after.genres.includes(genre),
      );
      expect(lost).toEqual([]);
    }
  }
}

describe.each(servers)('a Plex that does $one to one item, $many to several', ({ one, many }) => {
  beforeEach(() => {
    world.plex.switches.tagMode = one;
    world.plex.switches.groupTagMode = many;
  });
  /** Groups are tried only where one item showed that it is worth it. */
  const learnt = { one, many: one === 'append' ? many : undefined };

  it('is known after the first bulk edit of tags, which ends right', async () => {
    const pairs = await library(50);
    bulkEdit(pairs, 'New');
    await push();
    expectRight(pairs, 'New');
    expectNoPersonsTagLost(pairs);
    expect(known()).toEqual(learnt);
    // What is learnt by, twice, and one for all the others; or all one by one, and one request that
    // could have been spared.
    expect(batches.writes()).toBe(many === 'append' ? 3 : 51);
  });

  it('is then treated as it is: the next bulk edit costs one request, or one per item', async () => {
    const pairs = await library(50);
    bulkEdit(pairs, 'New');
    await push();
    batches.writes();
    batches.edit(pairs, (_, at) => ({ tags: [...ownTags(at), 'New', 'Newer'] }));
    await push();
    expectRight(pairs, 'New', 'Newer');
    expect(batches.writes()).toBe(many === 'append' ? 1 : 50);
    // And a tag that is taken away again from all.
    bulkEdit(pairs, 'New');
    await push();
    expectRight(pairs, 'New');
    expectNoPersonsTagLost(pairs);
    const whole = one === 'append' ? 51 : 50;
    expect(batches.writes()).toBe(many === 'append' ? 1 : whole);
  });

  it('is learnt from the usual writes where a tag is to go: a tag renamed in Stash', async () => {
    const pairs = world.addPairs(30);
    batches.edit(pairs, (_, at) => ({ title: `Title ${at}`, tags: [`Own ${at}`, 'Old'] }));
    await push();
    for (const [at, { ratingKey }] of pairs.entries()) {
      const genres = world.plex.library.item(ratingKey)?.genres ?? [];
      if (isPersons(at)) world.plex.library.setByPerson(ratingKey, { genres: [...genres, 'Mine'] });
    }
    batches.writes();
    batches.edit(pairs, (_, at) => ({ tags: [`Own ${at}`, 'New'] }));
    await push();
    for (const [at, pair] of pairs.entries()) {
      expect(genresOf(pair)).toEqual([...(isPersons(at) ? ['Mine'] : []), 'New', `Own ${at}`]);
    }
    expectNoPersonsTagLost(pairs);
    expect(known()).toEqual(learnt);
    // Those that tell, two, and one removal for both; for the others an addition and a removal.
    const whole = one === 'append' ? 32 : 30;
    expect(batches.writes()).toBe(many === 'append' ? 5 : whole);
  });

  it('ends right, and takes nothing of a person’s, killed at every step of a bulk edit', async () => {
    // Each step of a learning bulk edit, from the call that begins it to the one that ends it.
    for (let step = 1; step <= 40; step += 1) {
      await forget();
      const pairs = await library(7);
      let calls = 0;
      let wasKilled = false;
      batches.atCall = () => {
        calls += 1;
        if (calls !== step) return;
        wasKilled = true;
        return 'kill';
      };
      bulkEdit(pairs, 'New');
      await push();
      batches.atCall = () => {};
      await push();
      expectRight(pairs, 'New');
      expectNoPersonsTagLost(pairs);
      // And the record is whole again: nothing is left to write, a tag taken by hand stays away.
      batches.writes();
      bulkEdit(pairs, 'New');
      await push();
      expect(batches.writes()).toBe(0);
      const [, pair] = pairs;
      if (pair === undefined) throw new Error('no pair');
      world.plex.library.setByPerson(pair.ratingKey, { genres: ['Own 2', 'New'] });
      batches.edit([pair], () => ({ title: 'Other title' }));
      await push();
      expect(genresOf(pair)).toEqual(['New', 'Own 2']);
      if (!wasKilled) return;
    }
    throw new Error('there was no end to the steps');
  });

  it('ends right, killed again and again in the middle of learning', async () => {
    const pairs = await library(7);
    bulkEdit(pairs, 'New');
    for (let life = 0; life < 6; life += 1) {
      let writes = 0;
      batches.atCall = ({ what, when }: PlexCall) => {
        if (what === 'edit' && when === 'after') writes += 1;
        return writes > 0 ? 'kill' : undefined;
      };
      await push();
    }
    batches.atCall = () => {};
    await push();
    expectRight(pairs, 'New');
    expectNoPersonsTagLost(pairs);
  });

  it('ends right where the write that is to tell fails, or its answer is lost', async () => {
    const pairs = await library(7);
    world.plex.switches.failEverything = { status: 500, on: 'writes', count: 1 };
    bulkEdit(pairs, 'New');
    await push();
    batches.nowMs += 60_000;
    await push();
    expectRight(pairs, 'New');
    const more = await library(7);
    world.plex.switches.applyThenHang = { items: 'all', count: 1 };
    bulkEdit(more, 'Newer');
    await push();
    batches.nowMs += 60_000;
    await push();
    expectRight(more, 'Newer');
    expectNoPersonsTagLost([...pairs, ...more]);
  });
});

describe('what is known of a Plex', () => {
  it('is not learnt at the cost of a lone edit, nor where a person has tags in every item', async () => {
    const pairs = await library(10);
    const [, lone] = pairs;
    if (lone === undefined) throw new Error('no pair');
    batches.edit([lone], () => ({ tags: [...ownTags(1), 'New'] }));
    await push();
    expect(batches.writes()).toBe(1);
    for (const pair of pairs) {
      world.plex.library.setByPerson(pair.ratingKey, { genres: [...genresOf(pair), 'Mine too'] });
    }
    bulkEdit(pairs, 'New');
    await push();
    expect(known()).toEqual({});
    for (const pair of pairs) expect(genresOf(pair)).toContain('Mine too');
  });

  it('is not concluded for several items from one: with a person’s tags in all, each goes alone', async () => {
    world.plex.switches.groupTagMode = 'replace';
    const pairs = await library(10);
    for (const { ratingKey } of pairs.slice(1)) {
      const genres = world.plex.library.item(ratingKey)?.genres ?? [];
      world.plex.library.setByPerson(ratingKey, { genres: [...genres, 'Mine too'] });
    }
    world.plex.library.setByPerson(pairs[0]?.ratingKey ?? '', { genres: [...ownTags(0)] });
    bulkEdit(pairs, 'New');
    await push();
    expect(known()).toEqual({ one: 'append', many: undefined });
    expect(batches.writes()).toBe(10);
    expectNoPersonsTagLost(pairs);
    for (const pair of pairs.slice(1)) expect(genresOf(pair)).toContain('Mine too');
  });

  it('is not concluded from a group whose answer was lost', async () => {
    const pairs = await library(10);
    let edits = 0;
    batches.atCall = ({ what, when, keys }) => {
      if (what !== 'edit' || when !== 'before' || keys.length < 2) return;
      edits += 1;
      if (edits === 1) world.plex.switches.applyThenHang = { items: 'all', count: 1 };
    };
    world.plex.switches.groupTagMode = 'replace';
    bulkEdit(pairs, 'New');
    await push();
    expect(known()).toMatchObject({ one: 'append' });
    expectRight(pairs, 'New');
    expectNoPersonsTagLost(pairs);
  });

  it('holds for its version alone', async () => {
    const pairs = await library(10);
    bulkEdit(pairs, 'New');
    await push();
    expect(known()).toEqual({ one: 'append', many: 'append' });
    await batches.close();
    batches.version = '1.44.0';
    world.plex.switches.tagMode = 'replace';
    batches.edit(pairs, (_, at) => ({ tags: [...ownTags(at), 'New', 'Newer'] }));
    await push();
    expectRight(pairs, 'New', 'Newer');
    expectNoPersonsTagLost(pairs);
    expect(known()).toEqual({ one: 'replace', many: undefined });
  });

  it('is put right, and so are the items, should the same version do otherwise all the same', async () => {
    const pairs = await library(10);
    bulkEdit(pairs, 'New');
    await push();
    world.plex.switches.tagMode = 'replace';
    batches.edit(pairs, (_, at) => ({ tags: [...ownTags(at), 'New', 'Newer'] }));
    await push();
    expectRight(pairs, 'New', 'Newer');
    expect(known()).toEqual({ one: 'replace', many: 'replace' });
  });
});

/** Another data file's worth of ignorance about Plex, with everything else as it is. */
async function forget(): Promise<void> {
  await batches.close();
  world.withStore((db) => state.clearState(db, state.tagModes));
}
