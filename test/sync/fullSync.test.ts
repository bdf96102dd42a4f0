// A full sync, every scene raised again, leaves a person's work in Plex as it is under each policy,
// writes nothing the second time, and a refresh of Plex's own undoes nothing that is mirrored.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ItemContent } from '../../simulators/plex/content.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type SceneEdit, type World } from '../helpers/world.ts';

const stashValues = (word: string): SceneEdit => ({
  title: `Title ${word}`,
  details: `Details ${word}`,
  date: word === 'one' ? '2020-01-01' : '2021-12-31',
  studio: `Studio ${word}`,
  tags: ['Both', word],
  performers: ['Both', word],
});

/** What a person does to an item, and what must be left of it ever after. */
interface Work {
  readonly does: ItemContent;
  readonly stays: object;
  /** Locks that are the person's or guard something of theirs. */
  readonly locks: readonly string[];
}

const having = (tag: string): unknown => expect.arrayContaining([tag]);
const lacking = (tag: string): unknown => expect.not.arrayContaining([tag]);

/** On top of what PlexSync put there. */
const works: Readonly<Record<string, Work>> = {
  'a genre': {
    does: { genres: ['Both', 'one', 'Mine'] },
    stays: { genres: having('Mine') },
    locks: ['genre'],
  },
  'an actor': {
    does: { actors: ['Both', 'one', 'Me'] },
    stays: { actors: having('Me') },
    locks: ['actor'],
  },
  'a genre taken away': {
    does: { genres: ['one'] },
    stays: { genres: lacking('Both') },
    locks: ['genre'],
  },
  'a title': { does: { title: 'Mine' }, stays: { title: 'Mine' }, locks: ['title'] },
  'a summary': { does: { summary: 'Mine' }, stays: { summary: 'Mine' }, locks: ['summary'] },
  'a summary emptied': { does: { summary: '' }, stays: { summary: '' }, locks: ['summary'] },
  'a date': {
    does: { date: '1999-09-09' },
    stays: { originallyAvailableAt: '1999-09-09' },
    locks: ['originallyAvailableAt'],
  },
  'a sort title, a label and a collection': {
    does: { titleSort: 'Mine', labels: ['Mine'], collections: ['Mine'] },
    stays: { titleSort: 'Mine', labels: ['Mine'], collections: ['Mine'] },
    locks: ['titleSort', 'label', 'collection'],
  },
};

/** Before PlexSync ever saw the item. */
const earlier: Readonly<Record<string, Work>> = {
  'a title, locked': { does: { title: 'Mine' }, stays: { title: 'Mine' }, locks: ['title'] },
  'a summary, locked': {
    does: { summary: 'Mine' },
    stays: { summary: 'Mine' },
    locks: ['summary'],
  },
  'genres, locked': { does: { genres: ['Mine'] }, stays: { genres: ['Mine'] }, locks: ['genre'] },
  'locks alone': {
    // Equal to Stash's, so that PlexSync takes both over, and writes to them later.
    does: { title: 'Title zero', studio: 'Studio zero', locked: ['title', 'studio'] },
    stays: {},
    locks: ['title', 'studio'],
  },
};

describe.each(['append', 'replace'] as const)('a Plex that reads tags as %s', (tagMode) => {
  let world: World;
  let clock: Clock;
  const pairs = new Map<string, Pair>();

  const itemOf = (name: string) => {
    const item = world.plex.library.item(pairs.get(name)?.ratingKey ?? '');
    if (item === undefined) throw new Error(`no item of ${name}`);
    return item;
  };

  const addPair = (name: string): Pair => {
    const pair = world.addPair(name);
    pairs.set(name, pair);
    return pair;
  };

  /** Raises every scene, by a worker of its own, and says how many PUTs Plex got for that. */
  async function fullSync(settings: Readonly<Record<string, unknown>>): Promise<number> {
    await world.configure(settings);
    world.plex.resetCounts();
    const worker = world.startWorker(clock);
    for (const { sceneId } of pairs.values()) world.dropEvent('Scene.Update.Post', sceneId);
    await world.settled();
    await worker.stop();
    return world.plex.counts().writes;
  }

  const changeAll = (word: string): void => {
    for (const { sceneId } of pairs.values()) world.edit(sceneId, stashValues(word));
  };

  /** Every item is pushed, and a person has been at work in most of them. */
  async function library(): Promise<void> {
    for (const [name, { does }] of Object.entries(earlier)) {
      world.plex.library.setByPerson(addPair(name).ratingKey, does);
    }
    for (const name of [...Object.keys(works), 'untouched']) addPair(name);
    for (const word of ['zero', 'one']) {
      changeAll(word);
      await fullSync({});
    }
    for (const [name, { does }] of Object.entries(works)) {
      world.plex.library.setByPerson(pairs.get(name)?.ratingKey ?? '', does);
    }
  }

  function expectPersonsWork(): void {
    for (const [name, { stays, locks }] of Object.entries({ ...earlier, ...works })) {
      expect(itemOf(name), name).toMatchObject(stays);
      expect(itemOf(name).locked, name).toEqual(expect.arrayContaining([...locks]));
    }
  }

  /** Not even for a moment, as Plex's own history has it. */
  function expectNothingOfAPersonsWasEverGone(): void {
    for (const { ratingKey } of pairs.values()) {
      for (const { before, after } of world.plex.history(ratingKey)) {
        for (const kind of ['genres', 'actors', 'labels', 'collections'] as const) {
          const lost = before[kind].filter((tag) => !after[kind].includes(tag));
          expect(lost).not.toContain('Mine');
          expect(lost).not.toContain('Me');
        }
        if (before.title === 'Mine') expect(after.title).toBe('Mine');
        if (before.summary === 'Mine') expect(after.summary).toBe('Mine');
      }
    }
  }

  beforeEach(async () => {
    pairs.clear();
    clock = fastClock(20);
    world = await openWorld({ plex: { switches: { tagMode } } });
  });
  afterEach(async () => {
    await world.close();
  });

  it.each(['mirror', 'fill', 'off'])(
    'keeps what a person made of it through full syncs by the policy %s, the second of which writes nothing',
    async (policy) => {
      await library();
      const settings = { fields: `all: ${policy}` };
      for (const word of ['one', 'two']) {
        changeAll(word);
        await fullSync(settings);
        expectPersonsWork();
        expect(await fullSync(settings), `writes of a second full sync, ${word}`).toBe(0);
      }
      // The rest is as the policy has it.
      expect(itemOf('untouched')).toMatchObject(
        policy === 'mirror'
          ? { title: 'Title two', summary: 'Details two', studio: 'Studio two' }
          : { title: 'Title one', summary: 'Details one', studio: 'Studio one' },
      );
      expect(itemOf('untouched').genres).toEqual(['Both', policy === 'mirror' ? 'two' : 'one']);
      expect(itemOf('untouched').locked.length > 0).toBe(policy !== 'off');
      // And back again.
      await fullSync({});
      expectPersonsWork();
      expect(await fullSync({})).toBe(0);
      expectNothingOfAPersonsWasEverGone();
      expect(world.status().deadLetters.count).toBe(0);
    },
  );

  it('keeps mirrored values, and a person’s, when Plex refreshes all metadata', async () => {
    await library();
    changeAll('two');
    await fullSync({});
    const before = [...pairs.keys()].map((name) => itemOf(name));
    expect(itemOf('untouched')).toMatchObject({ title: 'Title two', genres: ['Both', 'two'] });
    await refreshAll();
    const values = (item: (typeof before)[number]): object => ({ ...item, updatedAt: 0 });
    expect([...pairs.keys()].map((name) => values(itemOf(name)))).toEqual(before.map(values));
    expect(await fullSync({})).toBe(0);
    expectPersonsWork();
  });

  it('has a field again that a refresh undid because someone had unlocked it', async () => {
    await library();
    const { ratingKey } = pairs.get('untouched') ?? { ratingKey: '' };
    world.plex.library.setByPerson(ratingKey, { locked: [] });
    await refreshAll();
    expect(itemOf('untouched')).toMatchObject({ title: 'scanned untouched', genres: [] });
    expect(await fullSync({})).toBe(1);
    expect(itemOf('untouched')).toMatchObject({ title: 'Title one', genres: ['Both', 'one'] });
    expect(itemOf('untouched').locked).toEqual(expect.arrayContaining(['title', 'genre']));
    await refreshAll();
    expect(itemOf('untouched')).toMatchObject({ title: 'Title one', genres: ['Both', 'one'] });
    expect(await fullSync({})).toBe(0);
  });

  /** As Plex Web's "Refresh all metadata" does. */
  async function refreshAll(): Promise<void> {
    const asked = world.plex.scans.length;
    const response = await fetch(
      `${world.plex.url}/library/sections/${world.section}/refresh?force=1`,
      { headers: { 'X-Plex-Token': world.plex.token } },
    );
    expect(response.status).toBe(200);
    await until('the refresh is through', () => world.plex.scans[asked]?.state === 'done');
  }
});
