// Random lives of one item: edits in Stash, edits and refreshes in Plex, syncs that die anywhere.
// What must hold in every one of them, whichever way the server treats tags.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Field,
  fields,
  isTagField,
  type ScalarField,
  scalarFields,
  type TagField,
  tagFields,
} from '../../src/domain/base/plexItem.ts';
import {
  type Crash,
  crashes,
  desired,
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

const stashTags = ['a', 'b', 'c'];
const personsTags = ['p', 'q'];
const scanned = newWorld(
  {
    title: 'file',
    titleSort: 'file',
    summary: 'scan',
    originallyAvailableAt: '1999-01-01',
    studio: 'scan',
  },
  { genre: ['s'], actor: ['t'] },
);

type Step =
  | { readonly kind: 'stash-value'; readonly field: ScalarField; readonly value: string }
  | { readonly kind: 'stash-tags'; readonly field: TagField; readonly tags: readonly string[] }
  | { readonly kind: 'person-value'; readonly field: ScalarField; readonly value: string }
  | { readonly kind: 'person-adds'; readonly field: TagField; readonly tag: string }
  | { readonly kind: 'person-removes'; readonly field: TagField; readonly at: number }
  | { readonly kind: 'person-unlocks'; readonly field: Field }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'sync'; readonly crash: Crash | null };

const scalarField = fc.constantFrom(...scalarFields);
const tagField = fc.constantFrom(...tagFields);
const stashStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('stash-value' as const),
    field: scalarField,
    value: fc.constantFrom('', 'x', 'y'),
  }),
  fc.record({
    kind: fc.constant('stash-tags' as const),
    field: tagField,
    tags: fc.subarray(stashTags),
  }),
);
const personStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('person-value' as const),
    field: scalarField,
    value: fc.constantFrom('', 'mine', 'own'),
  }),
  fc.record({
    kind: fc.constant('person-adds' as const),
    field: tagField,
    tag: fc.constantFrom(...personsTags),
  }),
  fc.record({ kind: fc.constant('person-removes' as const), field: tagField, at: fc.nat(5) }),
  fc.record({
    kind: fc.constant('person-unlocks' as const),
    field: fc.constantFrom(...fields),
  }),
);
const syncStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('sync' as const),
  crash: fc.constantFrom(null, null, ...crashes),
});
const anyStep = fc.oneof(
  { weight: 3, arbitrary: stashStep },
  { weight: 2, arbitrary: personStep },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'refresh' }) },
  { weight: 4, arbitrary: syncStep },
);
const undisturbedStep = fc.oneof(stashStep, syncStep);
const start = fc
  .record({ scalars: fc.boolean(), tags: fc.boolean(), locked: fc.subarray([...fields]) })
  .map(({ scalars, tags, locked }) =>
    newWorld(scalars ? scanned.scalars : {}, tags ? scanned.tags : {}, locked),
  );

/** What a life must respect, kept beside the item. */
interface Life {
  world: World;
  wanted: ReturnType<typeof desired>;
  /** Tags that a person added and nobody else ever had. */
  readonly persons: Record<TagField, Set<string>>;
  /** Values a person typed, by field. */
  readonly typed: Partial<Record<ScalarField, string>>;
  /** Ours that a person took away from a locked list while Stash goes on having them. */
  readonly takenAway: Record<TagField, Set<string>>;
  /** Fields that a person ever touched, or that were locked when PlexSync first saw them. */
  readonly touched: Set<Field>;
}

function noSets(): Record<TagField, Set<string>> {
  return {
    genre: new Set(),
    label: new Set(),
    actor: new Set(),
    director: new Set(),
    collection: new Set(),
  };
}

function begin(world: World): Life {
  return {
    world,
    wanted: desired(),
    persons: noSets(),
    typed: {},
    takenAway: noSets(),
    touched: new Set(world.locked),
  };
}

function take(life: Life, step: Step, mode: ServerMode): void {
  const { world } = life;
  switch (step.kind) {
    case 'stash-value':
      life.wanted = desired({ ...life.wanted.scalars, [step.field]: step.value }, life.wanted.tags);
      return;
    case 'stash-tags':
      life.wanted = desired(life.wanted.scalars, { ...life.wanted.tags, [step.field]: step.tags });
      for (const tag of life.takenAway[step.field]) {
        if (!step.tags.includes(tag)) life.takenAway[step.field].delete(tag);
      }
      return;
    case 'person-value':
      life.world = personTypes(world, step.field, step.value);
      life.typed[step.field] = step.value;
      life.touched.add(step.field);
      return;
    case 'person-adds':
      life.world = personTags(world, step.field, [
        ...new Set([...world.tags[step.field], step.tag]),
      ]);
      life.persons[step.field].add(step.tag);
      life.touched.add(step.field);
      return;
    case 'person-removes': {
      const tag = world.tags[step.field][step.at];
      if (tag === undefined) return;
      life.world = personTags(
        world,
        step.field,
        world.tags[step.field].filter((other) => other !== tag),
      );
      life.persons[step.field].delete(tag);
      // Between a crash and the next sync nobody can tell a removal from a write that was not
      // applied: only what was confirmed before counts.
      const confirmed = world.pushed.tags[step.field]?.includes(tag) === true;
      if (confirmed && life.wanted.tags[step.field].includes(tag)) {
        life.takenAway[step.field].add(tag);
      }
      life.touched.add(step.field);
      return;
    }
    case 'person-unlocks':
      life.world = unlock(world, step.field);
      // Who unlocks a field gives it back.
      life.touched.add(step.field);
      if (isTagField(step.field)) {
        life.persons[step.field].clear();
        life.takenAway[step.field].clear();
      } else {
        delete life.typed[step.field];
      }
      return;
    case 'refresh':
      life.world = plexRefreshes(world, scanned);
      return;
    case 'sync':
      life.world = sync(world, life.wanted, mode, step.crash).world;
  }
}

/** What a person put into Plex is there. */
function expectPersonRespected(life: Life): void {
  for (const field of tagFields) {
    for (const tag of life.persons[field]) expect(life.world.tags[field]).toContain(tag);
    for (const tag of life.takenAway[field]) expect(life.world.tags[field]).not.toContain(tag);
  }
  for (const field of scalarFields) {
    const typed = life.typed[field];
    // The value of Stash's own that a person typed as well is no longer a person's alone.
    if (typed !== undefined && typed !== '') expect(life.world.scalars[field]).toBe(typed);
  }
}

/** After an undisturbed sync: Plex has what Stash wants wherever no person interfered. */
function expectInStep(life: Life): void {
  const { world, wanted, touched } = life;
  for (const field of scalarFields) {
    if (touched.has(field)) continue;
    const value = world.scalars[field];
    if (wanted.scalars[field] !== '')
      expect([field, value]).toEqual([field, wanted.scalars[field]]);
    // Nothing of Stash's past is left; but a title is never emptied.
    else if (field !== 'title' && field !== 'titleSort')
      expect([field, ['x', 'y'].includes(value)]).toEqual([field, false]);
  }
  for (const field of tagFields) {
    const ours = world.tags[field].filter((tag) => stashTags.includes(tag)).toSorted();
    const want = wanted.tags[field].toSorted();
    if (!touched.has(field)) expect([field, ours]).toEqual([field, want]);
    // With a person in the game: nothing of ours that Stash has no more.
    else expect(ours.filter((tag) => !want.includes(tag))).toEqual([]);
  }
}

describe.each(serverModes)(
  'an item on a server that does $tags, case-sensitive $caseSensitive,',
  (mode) => {
    it("keeps a person's work and follows Stash in the rest, through crashes at every step", () => {
      fc.assert(
        fc.property(start, fc.array(anyStep, { maxLength: 25 }), (world, steps) => {
          const life = begin(world);
          for (const step of steps) {
            take(life, step, mode);
            expectPersonRespected(life);
          }
          take(life, { kind: 'sync', crash: null }, mode);
          expectPersonRespected(life);
          expectInStep(life);
        }),
        { numRuns: 1_500, seed: 51 },
      );
    });

    it('has nothing to write when it is synced a second time', () => {
      fc.assert(
        fc.property(start, fc.array(anyStep, { maxLength: 25 }), (world, steps) => {
          const life = begin(world);
          for (const step of steps) take(life, step, mode);
          const first = sync(life.world, life.wanted, mode).world;
          const second = sync(first, life.wanted, mode);
          expect(second.edit).toBeNull();
          expect(visible(second.world)).toEqual(visible(first));
          expect(second.world.pushed).toEqual(first.pushed);
        }),
        { numRuns: 1_000, seed: 52 },
      );
    });

    it('ends as it would have without the crash, when the same is synced again', () => {
      fc.assert(
        fc.property(
          start,
          fc.array(anyStep, { maxLength: 15 }),
          fc.array(fc.constantFrom(...crashes), { minLength: 1, maxLength: 3 }),
          (world, steps, deaths) => {
            const life = begin(world);
            for (const step of steps) take(life, step, mode);
            const undisturbed = sync(life.world, life.wanted, mode).world;
            let died = life.world;
            for (const crash of deaths) died = sync(died, life.wanted, mode, crash).world;
            const finished = sync(died, life.wanted, mode).world;
            expect(visible(finished)).toEqual(visible(undisturbed));
            expect(tagSets(finished)).toEqual(tagSets(undisturbed));
            expect(finished.pushed.scalars).toEqual(undisturbed.pushed.scalars);
          },
        ),
        { numRuns: 1_500, seed: 53 },
      );
    });

    it('ends with the same tags whether syncs died or not, when only Stash was edited', () => {
      fc.assert(
        fc.property(start, fc.array(undisturbedStep, { maxLength: 20 }), (world, steps) => {
          const crashed = begin({ ...world, locked: new Set() });
          const well = begin({ ...world, locked: new Set() });
          for (const step of steps) {
            take(crashed, step, mode);
            take(well, step.kind === 'sync' ? { ...step, crash: null } : step, mode);
          }
          const final: Step = { kind: 'sync', crash: null };
          take(crashed, final, mode);
          take(well, final, mode);
          for (const field of tagFields) {
            const ours = (life: Life): string[] =>
              life.world.tags[field].filter((tag) => stashTags.includes(tag)).toSorted();
            expect(ours(crashed)).toEqual(ours(well));
          }
        }),
        { numRuns: 1_000, seed: 54 },
      );
    });

    it('is never sent an empty title, nor a change without its lock', () => {
      fc.assert(
        fc.property(start, fc.array(anyStep, { maxLength: 25 }), (world, steps) => {
          const life = begin(world);
          for (const step of steps) {
            if (step.kind === 'sync') {
              const { edit } = sync(life.world, life.wanted, mode);
              if (edit !== null) {
                expect(edit.scalars.title).not.toBe('');
                expect(edit.scalars.titleSort).not.toBe('');
                const changed = [...Object.keys(edit.scalars), ...Object.keys(edit.tags)];
                expect(Object.keys(edit.locks)).toEqual(expect.arrayContaining(changed));
                expect(new Set(Object.values(edit.locks))).toEqual(new Set([true]));
              }
            }
            take(life, step, mode);
          }
        }),
        { numRuns: 500, seed: 55 },
      );
    });
  },
);

/** What is recorded as ours, as sets. */
function tagSets(world: World): unknown {
  return tagFields.map((field) => world.pushed.tags[field]?.toSorted());
}
