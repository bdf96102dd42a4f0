// Taking PlexSync's values out of an item again: what comes back, what stays, which locks go.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/mirror/diff.ts';
import {
  type BeforeValues,
  nothingBefore,
  nothingPushed,
  type PushedValues,
} from '../../src/domain/mirror/values.ts';
import {
  type Field,
  fields,
  type ItemEdit,
  type ScalarField,
  scalarFields,
  type TagField,
  tagFields,
} from '../../src/domain/base/plexItem.ts';
import { scalarKey, tagKey } from '../../src/domain/base/text.ts';
import { rememberBefore, withdrawEdit } from '../../src/domain/mirror/withdraw.ts';
import {
  applyEdit,
  type Crash,
  crashes,
  desired,
  itemOf,
  newWorld,
  personTags,
  personTypes,
  plexRefreshes,
  type ServerMode,
  serverModes,
  sync,
  unlock,
  visible,
  type World,
} from './plexModel.ts';

type Wanted = ReturnType<typeof desired>;
interface Known {
  readonly world: World;
  readonly before: BeforeValues;
}

const anyMode = serverModes[0] ?? { tags: 'append', caseSensitive: false };

/** A sync that remembers what it is about to write over, wherever it dies. */
function syncKnown(known: Known, wanted: Wanted, mode = anyMode, crash: Crash | null = null) {
  const { world } = known;
  const after = sync({ ...world, before: known.before }, wanted, mode, crash).world;
  return { world: after, before: after.before };
}

function editFor({ world, before }: Known): ItemEdit | null {
  return withdrawEdit(itemOf(world), world.pushed, world.intent, before);
}

function withdrawn(known: Known, mode: ServerMode = anyMode): World {
  const edit = editFor(known);
  return edit === null ? known.world : applyEdit(known.world, edit, mode);
}

const fresh = (world: World): Known => ({ world, before: nothingBefore });
const scalars = { title: 'file', summary: '', originallyAvailableAt: '1999-01-01', studio: 'scan' };
const stash = desired(
  { title: 'T', summary: 'S', originallyAvailableAt: '2020-01-01', studio: '' },
  { genre: ['a', 'b'], actor: ['t'] },
);

describe('what is remembered of an item before the first write', () => {
  const first = syncKnown(fresh(newWorld(scalars, { genre: ['s'], actor: ['t'] })), stash);

  it('is what Plex had in the fields that are written, and nothing of the others', () => {
    expect(first.before).toEqual({
      scalars: { title: 'file', summary: '', originallyAvailableAt: '1999-01-01' },
      tags: { genre: ['s'] },
      locked: [],
    });
  });

  it('stays as it is through later writes, and the very same if nothing is added', () => {
    const { world } = first;
    const wanted = desired({ ...stash.scalars, title: 'U' }, { genre: ['c'], actor: ['t'] });
    const decision = decide(wanted, itemOf(world), world);
    expect(decision.edit).not.toBeNull();
    expect(rememberBefore(first.before, decision, itemOf(world))).toBe(first.before);
  });

  it('grows by a field that is written later', () => {
    const wanted = desired({ ...stash.scalars, studio: 'St' }, stash.tags);
    expect(syncKnown(first, wanted).before).toEqual({
      ...first.before,
      scalars: { ...first.before.scalars, studio: 'scan' },
    });
  });

  it('is an adopted value that nobody had locked: PlexSync never wrote it', () => {
    const adopted = syncKnown(fresh(newWorld({ title: 'T' })), desired({ title: 'T' }));
    expect(adopted.before).toBe(nothingBefore);
    const written = syncKnown(adopted, desired({ title: 'U' }));
    expect(written.before).toMatchObject({ scalars: { title: 'T' }, locked: [] });
    expect(withdrawn(written)).toMatchObject({ scalars: { title: 'T' }, locked: new Set() });
  });

  it('does not take a value of ours for what Plex had', () => {
    const locked = newWorld({ title: 'T' }, {}, ['title']);
    const adopted = syncKnown(fresh(locked), desired({ title: 'T' }));
    expect(adopted.before).toBe(nothingBefore);
    expect(syncKnown(adopted, desired({ title: 'U' })).before).toBe(nothingBefore);
  });

  it("takes the scanner's value that a refresh put over ours", () => {
    const ours = fresh(unlock(syncKnown(fresh(newWorld()), stash).world, 'title'));
    const refreshed = { ...ours, world: plexRefreshes(ours.world, newWorld(scalars)) };
    expect(syncKnown(refreshed, stash).before.scalars).toEqual({ title: 'file' });
  });

  it('stays the first value though a refresh brought another one since', () => {
    const unlocked = { ...first, world: unlock(first.world, 'title') };
    const refreshed = { ...unlocked, world: plexRefreshes(unlocked.world, newWorld()) };
    expect(syncKnown(refreshed, stash).before.scalars.title).toBe('file');
  });

  it("has an adopted list whole, but for what a person added, and the list's lock", () => {
    const adopted = syncKnown(fresh(newWorld({}, { genre: ['a'] })), desired({}, { genre: ['a'] }));
    const touched = { ...adopted, world: personTags(adopted.world, 'genre', ['a', 'p']) };
    expect(syncKnown(touched, desired({}, { genre: ['b'] })).before).toEqual({
      scalars: {},
      tags: { genre: ['a'] },
      locked: ['genre'],
    });
  });
});

describe('a scene that is gone', () => {
  const found = newWorld(scalars, { genre: ['s'], actor: ['t'] }, ['studio']);
  const synced = syncKnown(fresh(found), stash);
  const after = (change: (world: World) => World): World =>
    withdrawn({ ...synced, world: change(synced.world) });

  it('leaves an item as it was found, locks and all', () => {
    expect(synced.world.locked).toEqual(
      new Set(['title', 'summary', 'originallyAvailableAt', 'genre', 'studio']),
    );
    expect(visible(withdrawn(synced))).toEqual(visible(found));
  });

  it('is withdrawn in one edit that names nothing but what changes', () => {
    expect(editFor(synced)).toEqual({
      scalars: { title: 'file', summary: '', originallyAvailableAt: '1999-01-01' },
      tags: { genre: ['s'] },
      removeTags: { genre: ['a', 'b'] },
      locks: { title: false, summary: false, originallyAvailableAt: false, genre: false },
    });
  });

  it('leaves a value that a person typed since, with its lock', () => {
    const world = after((now) => personTypes(now, 'title', 'mine'));
    expect(world.scalars.title).toBe('mine');
    expect(world.locked.has('title')).toBe(true);
    expect(world.scalars.originallyAvailableAt).toBe('1999-01-01');
  });

  it("leaves a person's tags, with the list's lock, and takes ours from beside them", () => {
    const world = after((now) => personTags(now, 'genre', [...now.tags.genre, 'p']));
    expect(world.tags.genre.toSorted()).toEqual(['p', 's']);
    expect(world.locked.has('genre')).toBe(true);
  });

  it("takes a tag that a person put back for a person's", () => {
    const world = after((now) => personTags(now, 'genre', ['s', 'a']));
    expect(world.tags.genre).toEqual(['s']);
    expect(world.locked.has('genre')).toBe(true);
  });

  it('does not put back what a person took away from a list', () => {
    const wanted = desired({}, { genre: ['s', 'a'] });
    const known = syncKnown(fresh(newWorld({}, { genre: ['s'] })), wanted);
    const world = withdrawn({ ...known, world: personTags(known.world, 'genre', ['a']) });
    expect(world.tags.genre).toEqual([]);
    expect(world.locked.has('genre')).toBe(true);
  });

  it('does not lock again what a person unlocked', () => {
    const world = after((now) => unlock(now, 'title'));
    expect(world.scalars.title).toBe('file');
    expect(world.locked.has('title')).toBe(false);
  });

  it('leaves the title where there was none before, and unlocks it', () => {
    const known = syncKnown(fresh(newWorld({ title: ' ' })), desired({ title: 'T' }));
    expect(editFor(known)).toEqual({
      scalars: {},
      tags: {},
      removeTags: {},
      locks: { title: false },
    });
    expect(withdrawn(known).scalars.title).toBe('T');
  });

  it('brings back what PlexSync had cleared with the scene', () => {
    const known = syncKnown(syncKnown(fresh(found), stash), desired({ title: 'T' }));
    expect(known.world.tags.genre).toEqual([]);
    expect(visible(withdrawn(known))).toEqual(visible(found));
  });

  it('changes nothing in fields that PlexSync never wrote or of which nothing is known', () => {
    expect(editFor({ ...synced, before: nothingBefore })).toBeNull();
    const kept = newWorld(scalars, { genre: ['s'] }, fields);
    expect(editFor(syncKnown(fresh(kept), stash))).toBeNull();
    const adopted = newWorld(stash.scalars, stash.tags);
    expect(editFor(syncKnown(fresh(adopted), stash))).toBeNull();
    // Another item's record says nothing about this one.
    const other = { ...synced.world, pushed: nothingPushed, intent: nothingPushed };
    expect(editFor({ ...synced, world: other })).toBeNull();
  });

  it('leaves a lock that was there before, and names tags as Plex spells them', () => {
    const world = newWorld({ title: 'ours' }, { genre: ['Blonde', 'KEPT'] }, ['title', 'genre']);
    const pushed: PushedValues = { scalars: { title: 'ours' }, tags: { genre: ['blonde'] } };
    const before: BeforeValues = {
      scalars: { title: 'first' },
      tags: { genre: ['kept', 'Gone'] },
      locked: ['title', 'genre'],
    };
    expect(withdrawEdit(itemOf(world), nothingPushed, pushed, before)).toEqual({
      scalars: { title: 'first' },
      tags: { genre: ['KEPT', 'Gone'] },
      removeTags: { genre: ['Blonde'] },
      locks: { title: true, genre: true },
    });
  });
});

type Step =
  | { readonly kind: 'stash'; readonly wanted: Wanted }
  | { readonly kind: 'sync'; readonly crash: Crash | null }
  | { readonly kind: 'types'; readonly at: number; readonly value: string }
  | { readonly kind: 'adds' | 'removes'; readonly at: number; readonly tag: string }
  | { readonly kind: 'unlocks'; readonly at: number }
  | { readonly kind: 'refresh' };

const scanned = newWorld(
  {
    title: 'file',
    titleSort: 'file',
    summary: 'scan',
    originallyAvailableAt: '1999-01-01',
    studio: 'scan',
  },
  { genre: ['S', 't'], actor: ['S'] },
);
/** Values that the scanner never has, so that none is adopted; tags may be. */
const value = fc.constantFrom('', 'x', 'y');
const tagList = fc.subarray(['a', 'B', 's', 't']);
const wantedItem = fc
  .tuple(
    fc.tuple(value, value, value, value, value, value),
    fc.tuple(tagList, tagList, tagList, tagList, tagList),
  )
  .map(([values, lists]) => {
    const [title, titleSort, summary, originallyAvailableAt, studio, contentRating] = values;
    const [genre, label, actor, director, collection] = lists;
    return desired(
      { title, titleSort, summary, originallyAvailableAt, studio, contentRating },
      { genre, label, actor, director, collection },
    );
  });
const at = fc.nat(fields.length - 1);
const undisturbedStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('stash' as const), wanted: wantedItem }),
  fc.record({
    kind: fc.constant('sync' as const),
    crash: fc.constantFrom(null, null, ...crashes),
  }),
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: undisturbedStep },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({
        kind: fc.constant('types' as const),
        at,
        value: fc.constantFrom('', 'mine', 'x'),
      }),
      fc.record({ kind: fc.constant('adds' as const), at, tag: fc.constantFrom('p', 'Q', 'a') }),
      fc.record({ kind: fc.constant('removes' as const), at, tag: fc.constantFrom('s', 'a') }),
      fc.record({ kind: fc.constant('unlocks' as const), at }),
      fc.constant<Step>({ kind: 'refresh' }),
    ),
  },
);
const start = fc
  .record({ scalars: fc.boolean(), tags: fc.boolean(), locked: fc.subarray([...fields]) })
  .map((has) =>
    newWorld(
      has.scalars ? scanned.scalars : { title: 'file' },
      has.tags ? scanned.tags : {},
      has.locked,
    ),
  );

function pick<T>(list: readonly [T, ...T[]], index: number): T {
  return list[index % list.length] ?? list[0];
}

function live(world: World, steps: readonly Step[], mode: ServerMode): Known {
  let known = fresh(world);
  let wanted = desired();
  const change = (next: World): void => {
    known = { ...known, world: next };
  };
  for (const step of steps) {
    const now = known.world;
    if (step.kind === 'stash') wanted = step.wanted;
    else if (step.kind === 'sync') known = syncKnown(known, wanted, mode, step.crash);
    else if (step.kind === 'types')
      change(personTypes(now, pick(scalarFields, step.at), step.value));
    else if (step.kind === 'refresh') change(plexRefreshes(now, scanned));
    else if (step.kind === 'unlocks') change(unlock(now, fields[step.at] ?? 'title'));
    else {
      const field = pick(tagFields, step.at);
      const others = now.tags[field].filter((tag) => tagKey(tag) !== tagKey(step.tag));
      change(personTags(now, field, step.kind === 'adds' ? [...others, step.tag] : others));
    }
  }
  return known;
}

function isOurs({ scalars: has, pushed, intent }: World, field: ScalarField): boolean {
  return [pushed, intent].some((values) => {
    const own = values.scalars[field];
    return own !== undefined && scalarKey(own) === scalarKey(has[field]);
  });
}

/** Between a crash and the next sync, what the write was about to take away counts as ours. */
function personsTags({ tags, pushed, intent }: World, field: TagField): readonly string[] {
  const own = [...(pushed.tags[field] ?? []), ...(intent.tags[field] ?? [])].map(tagKey);
  return tags[field].filter((tag) => !own.includes(tagKey(tag)));
}

describe.each(serverModes)(
  'withdrawing from a server that does $tags, case-sensitive $caseSensitive,',
  (mode) => {
    const lives = (step: fc.Arbitrary<Step>, judge: (known: Known, found: World) => void): void => {
      fc.assert(
        fc.property(start, fc.array(step, { maxLength: 20 }), (world, steps) => {
          judge(live(world, steps, mode), world);
        }),
        { numRuns: 1_000, seed: 63 },
      );
    };

    it('gives back what was found where nobody else touched it, through crashes anywhere', () => {
      lives(undisturbedStep, (known, found) => {
        expect(visible(withdrawn(known, mode))).toEqual(visible(found));
      });
    });

    it('is done after one time', () => {
      lives(anyStep, (known) => {
        expect(editFor({ ...known, world: withdrawn(known, mode) })).toBeNull();
      });
    });

    it('can be finished when it was cut off before the removals', () => {
      lives(anyStep, (known) => {
        const edit = editFor(known);
        if (edit === null) return;
        const half = applyEdit(known.world, { ...edit, removeTags: {} }, mode);
        const finished = withdrawn({ ...known, world: half }, mode);
        expect(visible(finished)).toEqual(visible(withdrawn(known, mode)));
      });
    });

    it('comes to the same by appending and by replacing', () => {
      lives(anyStep, (known) => {
        const [append, replace] = (['append', 'replace'] as const).map((tags) =>
          visible(withdrawn(known, { ...mode, tags })),
        );
        expect(append).toEqual(replace);
      });
    });

    it("leaves a person's values and tags, under the locks they have", () => {
      lives(anyStep, (known) => {
        const { world } = known;
        const after = withdrawn(known, mode);
        for (const field of scalarFields) {
          if (isOurs(world, field)) continue;
          expect([field, after.scalars[field]]).toEqual([field, world.scalars[field]]);
          expect([field, after.locked.has(field)]).toEqual([field, world.locked.has(field)]);
        }
        for (const field of tagFields) {
          const persons = personsTags(world, field);
          expect(after.tags[field]).toEqual(expect.arrayContaining([...persons]));
          if (persons.length === 0) continue;
          expect([field, after.locked.has(field)]).toEqual([field, world.locked.has(field)]);
        }
      });
    });

    it('never locks anything, never empties the title, never sends an empty list', () => {
      lives(anyStep, (known) => {
        const edit = editFor(known);
        if (edit === null) return;
        expect(edit.scalars.title).not.toBe('');
        for (const list of [...Object.values(edit.tags), ...Object.values(edit.removeTags)]) {
          expect(list).not.toEqual([]);
        }
        const locked = (field: Field): boolean => known.world.locked.has(field);
        for (const field of fields) {
          if (edit.locks[field] === true) expect([field, locked(field)]).toEqual([field, true]);
        }
      });
    });
  },
);
