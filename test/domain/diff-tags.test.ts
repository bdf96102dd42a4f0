// The three-way decision about tags, tag by tag.
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/mirror/diff.ts';
import type { ItemEdit, TagField } from '../../src/domain/base/plexItem.ts';
import { nothingBefore } from '../../src/domain/mirror/values.ts';
import {
  crashes,
  desired,
  itemOf,
  newWorld,
  personTags,
  plexRefreshes,
  type ServerMode,
  serverModes,
  sync,
  unlock,
  type World,
} from './plexModel.ts';

const wants = (...genre: string[]): ReturnType<typeof desired> => desired({}, { genre });
const has = (genre: readonly string[], locked = false): World =>
  newWorld({}, { genre }, locked ? ['genre'] : []);
const genres = (world: World): string[] => world.tags.genre.toSorted();

interface Case {
  readonly what: string;
  readonly pushed?: readonly string[];
  readonly intent?: readonly string[];
  readonly plex: readonly string[];
  readonly locked: boolean;
  readonly stash: readonly string[];
  /** The list sent; null = nothing is written. */
  readonly list: readonly string[] | null;
  readonly stale?: readonly string[];
  readonly after?: readonly string[];
  readonly kept?: true;
}

const table: readonly Case[] = [
  // First contact.
  {
    what: 'an empty list is filled',
    plex: [],
    locked: false,
    stash: ['a', 'b'],
    list: ['a', 'b'],
    after: ['a', 'b'],
  },
  {
    what: "the scanner's tags are replaced",
    plex: ['s', 'a'],
    locked: false,
    stash: ['a', 'b'],
    list: ['a', 'b'],
    stale: ['s'],
    after: ['a', 'b'],
  },
  { what: "the scanner's tags are not cleared", plex: ['s'], locked: false, stash: [], list: null },
  {
    what: "a person's list is kept whole",
    plex: ['p'],
    locked: true,
    stash: ['a'],
    list: null,
    kept: true,
  },
  {
    what: "a person's empty list is kept",
    plex: [],
    locked: true,
    stash: ['a'],
    list: null,
    kept: true,
  },
  {
    what: 'an equal list is adopted',
    plex: ['B', 'a'],
    locked: false,
    stash: ['a', 'b'],
    list: null,
    // As Plex spells it, by which it is told from a person's in another spelling.
    after: ['B', 'a'],
  },
  {
    what: 'an equal locked list is adopted',
    plex: ['a'],
    locked: true,
    stash: ['a'],
    list: null,
    after: ['a'],
  },
  { what: 'nothing on both sides is no work', plex: [], locked: false, stash: [], list: null },
  // Ours.
  {
    what: 'a new tag is added',
    pushed: ['a'],
    plex: ['a'],
    locked: true,
    stash: ['a', 'b'],
    list: ['a', 'b'],
    after: ['a', 'b'],
  },
  {
    what: 'one of ours goes',
    pushed: ['a', 'b'],
    plex: ['a', 'b'],
    locked: true,
    stash: ['b'],
    list: ['b'],
    stale: ['a'],
    after: ['b'],
  },
  {
    what: 'all of ours go, by removal alone',
    pushed: ['a'],
    plex: ['a'],
    locked: true,
    stash: [],
    list: [],
    stale: ['a'],
    after: [],
  },
  {
    what: 'nothing changed is no write',
    pushed: ['a'],
    plex: ['a'],
    locked: true,
    stash: ['a'],
    list: null,
    after: ['a'],
  },
  {
    what: 'order and case are no change',
    pushed: ['a', 'b'],
    plex: ['B', 'A'],
    locked: true,
    stash: ['a', 'b'],
    list: null,
    after: ['A', 'B'],
  },
  {
    what: 'ours goes, and one of a person’s in another spelling stays',
    pushed: ['a', 'B'],
    plex: ['a', 'b', 'B'],
    locked: true,
    stash: ['a'],
    list: ['a', 'b'],
    stale: ['B'],
    after: ['a'],
  },
  {
    what: 'where neither of two spellings is the recorded one, both stay',
    pushed: ['a', 'bb'],
    plex: ['a', 'Bb', 'BB'],
    locked: true,
    stash: ['a'],
    list: null,
    after: ['a'],
  },
  // A person's.
  {
    what: "a person's tag stays among ours",
    pushed: ['a'],
    plex: ['a', 'p'],
    locked: true,
    stash: ['b'],
    list: ['b', 'p'],
    stale: ['a'],
    after: ['b'],
  },
  {
    what: "a person's tag is no reason to write",
    pushed: ['a'],
    plex: ['a', 'p'],
    locked: true,
    stash: ['a'],
    list: null,
    after: ['a'],
  },
  {
    what: "a person's tag that Stash has now as well stays a person's",
    pushed: ['a'],
    plex: ['a', 'p'],
    locked: true,
    stash: ['a', 'p'],
    list: null,
    after: ['a'],
  },
  {
    what: 'ours that a person took away stays away',
    pushed: ['a', 'b'],
    plex: ['a'],
    locked: true,
    stash: ['a', 'b'],
    list: null,
    after: ['a', 'b'],
  },
  {
    what: 'and stays away when others come',
    pushed: ['a', 'b'],
    plex: ['a'],
    locked: true,
    stash: ['a', 'b', 'c'],
    list: ['a', 'c'],
    after: ['a', 'b', 'c'],
  },
  {
    what: 'all taken away by a person stays away',
    pushed: ['a', 'b'],
    plex: [],
    locked: true,
    stash: ['a', 'b'],
    list: null,
    after: ['a', 'b'],
  },
  // A refresh.
  {
    what: 'ours that a refresh took away come back',
    pushed: ['a', 'b'],
    plex: ['s'],
    locked: false,
    stash: ['a', 'b'],
    list: ['a', 'b', 's'],
    after: ['a', 'b'],
  },
  // Died in between.
  {
    what: 'what was being added is ours',
    pushed: ['a'],
    intent: ['a', 'b'],
    plex: ['a', 'b'],
    locked: true,
    stash: ['a'],
    list: ['a'],
    stale: ['b'],
    after: ['a'],
  },
  {
    what: 'what was being added is added again',
    pushed: ['a'],
    intent: ['a', 'b'],
    plex: ['a'],
    locked: true,
    stash: ['a', 'b'],
    list: ['a', 'b'],
    after: ['a', 'b'],
  },
  {
    what: 'what was being removed is ours still',
    pushed: [],
    intent: ['a'],
    plex: ['a'],
    locked: true,
    stash: [],
    list: [],
    stale: ['a'],
    after: [],
  },
  {
    what: 'a first write that was not applied is made again',
    pushed: [],
    intent: ['a', 's'],
    plex: ['s'],
    locked: false,
    stash: ['a'],
    list: ['a'],
    stale: ['s'],
    after: ['a'],
  },
];

describe.each(['genre', 'actor', 'director'] as const)(
  'the decision about the list %s',
  (field) => {
    it.each(table)(
      '$what (pushed $pushed, meant $intent, Plex $plex locked $locked, Stash $stash)',
      ({ pushed, intent, plex, locked, stash, list, stale, after, kept }) => {
        const values = (tags: readonly string[] | undefined) => ({
          scalars: {},
          tags: tags === undefined ? {} : { [field]: tags },
        });
        const decision = decide(
          desired({}, { [field]: stash }),
          itemOf(newWorld({}, { [field]: plex }, locked ? [field] : [])),
          { pushed: values(pushed), intent: values(intent ?? pushed), before: nothingBefore },
        );
        const sent = (edit: ItemEdit, of: TagField): readonly string[] => edit.tags[of] ?? [];
        expect(decision.edit === null ? null : sent(decision.edit, field).toSorted()).toEqual(
          list?.toSorted() ?? null,
        );
        if (decision.edit !== null) {
          expect(decision.edit.locks).toEqual({ [field]: true });
          // Removals are a request of their own, after this one.
          expect(decision.edit.removeTags).toEqual({});
        }
        expect(decision.stale[field] ?? []).toEqual(stale ?? []);
        expect(decision.pushedAfter.tags[field]?.toSorted()).toEqual(after?.toSorted());
        expect(decision.kept).toEqual(kept === true ? [field] : []);
      },
    );
  },
);

describe.each(serverModes)(
  'on a server that does $tags, case-sensitive $caseSensitive,',
  (mode) => {
    it("a person's tag outlives every change in Stash", () => {
      let world = sync(has(['scanned']), wants('a', 'b'), mode).world;
      expect(genres(world)).toEqual(['a', 'b']);
      world = personTags(world, 'genre', [...world.tags.genre, 'mine']);
      for (const tags of [['a', 'b'], ['b', 'c'], ['c'], [], ['a'], []]) {
        world = sync(world, wants(...tags), mode).world;
        expect(genres(world)).toEqual([...tags, 'mine'].toSorted());
      }
    });

    it("a person's removal is respected until Stash drops the tag and has it again", () => {
      let world = sync(has([]), wants('a', 'b'), mode).world;
      world = personTags(world, 'genre', ['b']);
      for (const tags of [
        ['a', 'b'],
        ['a', 'b', 'c'],
        ['a', 'c'],
      ]) {
        world = sync(world, wants(...tags), mode).world;
        expect(genres(world)).toEqual(tags.filter((tag) => tag !== 'a'));
      }
      world = sync(world, wants('c'), mode).world;
      world = sync(world, wants('a', 'c'), mode).world;
      expect(genres(world)).toEqual(['a', 'c']);
    });

    it('an unlocked list that a refresh put back gets ours again', () => {
      let world = sync(has(['s']), wants('a'), mode).world;
      world = plexRefreshes(unlock(world, 'genre'), has(['s']));
      expect(genres(world)).toEqual(['s']);
      world = sync(world, wants('a'), mode).world;
      expect(genres(world)).toContain('a');
      expect(world.locked.has('genre')).toBe(true);
    });

    it('a tag that Plex spells in another case is not added a second time', () => {
      let world = sync(has([]), wants('a'), mode).world;
      world = personTags(world, 'genre', ['a', 'blonde']);
      world = sync(world, wants('a', 'Blonde', 'c'), mode).world;
      expect(world.tags.genre.map((tag) => tag.toLowerCase()).toSorted()).toEqual([
        'a',
        'blonde',
        'c',
      ]);
      const first = sync(has(['blonde', 's']), wants('Blonde', 'c'), mode).world;
      expect(first.tags.genre.map((tag) => tag.toLowerCase()).toSorted()).toEqual(['blonde', 'c']);
    });

    it.each(crashes)(
      'a tag taken away in a sync that died %s comes back when Stash has it again',
      (crash) => {
        let world = sync(has([]), wants('a', 'b'), mode).world;
        world = sync(world, wants('b'), mode, crash).world;
        world = sync(world, wants('a', 'b'), mode).world;
        expect(genres(world)).toEqual(['a', 'b']);
        expect(sync(world, wants('a', 'b'), mode).edit).toBeNull();
      },
    );

    it.each(crashes)('a sync that died %s is finished by the next one', (crash) => {
      const starts: readonly [string, World][] = [
        ['first contact', has(['s', 'a'])],
        ['known', sync(has([]), wants('a', 'x'), mode).world],
        [
          'with a person',
          personTags(sync(has([]), wants('a', 'x'), mode).world, 'genre', ['x', 'p']),
        ],
      ];
      for (const [name, start] of starts) {
        const undisturbed = sync(start, wants('a', 'b'), mode).world;
        const died = sync(start, wants('a', 'b'), mode, crash).world;
        const finished = sync(died, wants('a', 'b'), mode).world;
        expect([name, genres(finished)]).toEqual([name, genres(undisturbed)]);
      }
    });

    it('a list that a person made theirs before the first write was applied is kept whole', () => {
      const died = sync(has(['s', 't']), wants('a'), mode, 'after-intent').world;
      const typed = personTags(died, 'genre', ['s', 'mine']);
      const after = sync(typed, wants('a', 'b'), mode);
      expect(after.edit).toBeNull();
      expect(sync(after.world, wants('c'), mode).edit).toBeNull();
      expect(genres(after.world)).toEqual(['mine', 's']);
    });

    it('so is one whose first write died twice before it was applied', () => {
      const once = sync(has(['s']), wants('a'), mode, 'after-intent').world;
      const twice = sync(once, wants('a', 'b'), mode, 'after-intent').world;
      const typed = personTags(twice, 'genre', ['s', 'mine']);
      expect(sync(typed, wants('a', 'b'), mode).edit).toBeNull();
    });

    it('a list of ours that is empty gets its tags although the worker died before the write', () => {
      const empty = sync(sync(has([]), wants('a'), mode).world, wants(), mode).world;
      const died = sync(empty, wants('b'), mode, 'after-intent').world;
      expect(genres(sync(died, wants('b'), mode).world)).toEqual(['b']);
    });

    it('each list is decided without a look at the other', () => {
      const both = desired({}, { genre: ['a'], actor: ['Ann'] });
      const world = sync(newWorld({}, { genre: ['g'], actor: ['p'] }, ['actor']), both, mode);
      expect(world.edit?.tags).toEqual({ genre: ['a'] });
      expect(world.world.tags.actor).toEqual(['p']);
    });
  },
);

describe('the sync of a model server', () => {
  it('really appends, replaces and removes, so that the tests above mean something', () => {
    const run = (tags: ServerMode['tags']): string[] =>
      genres(sync(has(['a']), wants('b'), { tags, caseSensitive: true }, 'after-put-1').world);
    expect(run('append')).toEqual(['a', 'b']);
    expect(run('replace')).toEqual(['b']);
  });
});
