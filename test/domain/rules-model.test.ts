// Random lives of one item whose fields change their rules: what must hold under every rule.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredItem, FieldRule } from '../../src/domain/mirror/desired.ts';
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

type Step =
  | { readonly kind: 'stash'; readonly field: Field; readonly at: number }
  | { readonly kind: 'rule'; readonly field: Field; readonly rule: FieldRule }
  | { readonly kind: 'types'; readonly field: ScalarField; readonly value: string }
  | { readonly kind: 'adds' | 'removes'; readonly field: TagField }
  | { readonly kind: 'unlocks'; readonly field: Field }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'sync'; readonly crash: Crash | null };

/** Some of it may be adopted: it is what Stash may have as well. */
const found = newWorld(
  { title: 'file', titleSort: 'file', studio: 'x', summary: 'scan' },
  { genre: ['a'], actor: ['s'] },
);
const values = ['', 'x', 'y'] as const;
const lists = [[], ['a'], ['a', 'b'], ['b', 'c']] as const;

/** One of every kind that is treated in its own way; a life is about one, so that much happens. */
const focus = ['title', 'titleSort', 'studio', 'genre', 'collection'] as const;

const syncStep: fc.Arbitrary<Step> = fc
  .constantFrom(null, null, null, ...crashes)
  .map((crash) => ({ kind: 'sync', crash }));

function stepOn(field: Field): fc.Arbitrary<Step> {
  const personStep: fc.Arbitrary<Step> = isTagField(field)
    ? fc.constantFrom('adds' as const, 'removes' as const).map((kind) => ({ kind, field }))
    : fc.constantFrom('', 'mine').map((value) => ({ kind: 'types', field, value }));
  return fc.oneof(
    { weight: 3, arbitrary: fc.nat(11).map((at): Step => ({ kind: 'stash', field, at })) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom('mirror', 'mirror', 'off', 'off', 'fill', 'untouched')
        .map((rule): Step => ({ kind: 'rule', field, rule })),
    },
    { weight: 1, arbitrary: personStep },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Step>({ kind: 'unlocks', field }, { kind: 'refresh' }),
    },
    { weight: 5, arbitrary: syncStep },
  );
}

const stepsOfOne = fc
  .constantFrom(...focus)
  .chain((field) => fc.array(stepOn(field), { maxLength: 30, size: 'max' }));
const start = fc
  .record({ scanned: fc.boolean(), locked: fc.constantFrom([], [], [], focus) })
  .map(({ scanned, locked }) =>
    newWorld(scanned ? found.scalars : {}, scanned ? found.tags : {}, locked),
  );

interface Life {
  world: World;
  wanted: DesiredItem;
  /** Fields whose lock was not there until PlexSync set it. */
  readonly lockedByUs: Set<Field>;
  /** Fields that a person edited, until they unlock it: that gives the field back. */
  readonly edited: Set<Field>;
}

/** @param judge sees each sync that was not cut off, before and after */
function live(
  world: World,
  steps: readonly Step[],
  mode: ServerMode,
  judge: (life: Life, after: World) => void = () => {},
): Life {
  const life: Life = { world, wanted: desired(), lockedByUs: new Set(), edited: new Set() };
  for (const one of steps) take(life, one, mode, judge);
  return life;
}

function take(
  life: Life,
  one: Step,
  mode: ServerMode,
  judge: (life: Life, after: World) => void,
): void {
  const { world, wanted } = life;
  switch (one.kind) {
    case 'stash':
      life.wanted = isTagField(one.field)
        ? { ...wanted, tags: { ...wanted.tags, [one.field]: lists[one.at % lists.length] ?? [] } }
        : { ...wanted, scalars: { ...wanted.scalars, [one.field]: values[one.at % 3] ?? '' } };
      return;
    case 'rule':
      life.wanted = { ...wanted, rules: { ...wanted.rules, [one.field]: one.rule } };
      return;
    case 'types':
      life.edited.add(one.field);
      life.world = personTypes(world, one.field, one.value);
      return;
    case 'adds':
      life.edited.add(one.field);
      life.world = personTags(world, one.field, [...new Set([...world.tags[one.field], 'p'])]);
      return;
    case 'removes':
      life.world = personTags(world, one.field, world.tags[one.field].slice(1));
      return;
    case 'unlocks':
      life.world = unlock(world, one.field);
      life.lockedByUs.delete(one.field);
      life.edited.delete(one.field);
      return;
    case 'refresh':
      life.world = plexRefreshes(world, found);
      return;
    case 'sync': {
      const after = sync(world, wanted, mode, one.crash).world;
      if (one.crash === null) judge(life, after);
      for (const field of fields) {
        if (!after.locked.has(field)) life.lockedByUs.delete(field);
        else if (!world.locked.has(field)) life.lockedByUs.add(field);
      }
      life.world = after;
    }
  }
}

const valueOf = (world: World, field: Field): unknown =>
  isTagField(field) ? world.tags[field].toSorted() : world.scalars[field];

function isEmptyIn(world: World, field: Field): boolean {
  if (isTagField(field)) return world.tags[field].length === 0;
  if (field === 'titleSort' && world.scalars.titleSort === world.scalars.title) return true;
  return world.scalars[field] === '';
}

describe.each(serverModes)(
  'under changing rules, on a server that does $tags, case-sensitive $caseSensitive,',
  (mode) => {
    const lives = (check: (world: World, steps: readonly Step[]) => void): void => {
      fc.assert(fc.property(start, stepsOfOne, check), {
        numRuns: 1_500,
        seed: 71,
      });
    };

    it('a field that is off or not spoken of keeps its value, and a filled one what it has', () => {
      lives((world, steps) => {
        live(world, steps, mode, ({ world: was, wanted }, now) => {
          for (const field of fields) {
            const rule = wanted.rules[field];
            const mayChange = rule === 'mirror' || (rule === 'fill' && isEmptyIn(was, field));
            if (!mayChange)
              expect([field, valueOf(now, field)]).toEqual([field, valueOf(was, field)]);
          }
        });
      });
    });

    it('a lock goes only where the field is off and PlexSync had set it', () => {
      lives((world, steps) => {
        live(world, steps, mode, ({ world: was, wanted, lockedByUs }, now) => {
          for (const field of fields) {
            if (was.locked.has(field) && !now.locked.has(field)) {
              expect([field, wanted.rules[field]]).toEqual([field, 'off']);
              expect([field, lockedByUs.has(field)]).toEqual([field, true]);
            }
            // Off and untouched lock nothing.
            if (!was.locked.has(field) && now.locked.has(field)) {
              expect(['mirror', 'fill']).toContain(wanted.rules[field]);
            }
          }
        });
      });
    });

    it("a person's value and tags stay, under the lock that they have", () => {
      lives((world, steps) => {
        live(world, steps, mode, ({ world: was, edited }, now) => {
          for (const field of scalarFields) {
            if (was.scalars[field] !== 'mine' || !edited.has(field)) continue;
            expect([field, now.scalars[field]]).toEqual([field, 'mine']);
            expect([field, now.locked.has(field)]).toEqual([field, true]);
          }
          for (const field of tagFields) {
            if (!was.tags[field].includes('p') || !edited.has(field)) continue;
            expect(now.tags[field]).toContain('p');
            expect([field, now.locked.has(field)]).toEqual([field, true]);
          }
        });
      });
    });

    it('a second sync writes nothing, and a third knows nothing more of what is off', () => {
      lives((world, steps) => {
        const life = live(world, steps, mode);
        const first = sync(life.world, life.wanted, mode).world;
        const second = sync(first, life.wanted, mode);
        expect(second.edit).toBeNull();
        expect(second.world.pushed).toEqual(first.pushed);
        const { world: third } = sync(second.world, life.wanted, mode);
        expect(third).toEqual(second.world);
        for (const field of fields) {
          if (life.wanted.rules[field] !== 'off') continue;
          for (const known of [third.pushed, third.intent, third.before]) {
            const kept = isTagField(field) ? known.tags[field] : known.scalars[field];
            expect([field, kept]).toEqual([field, undefined]);
          }
        }
      });
    });

    it('ends as it would have without the crash, when the same is synced again', () => {
      fc.assert(
        fc.property(
          start,
          stepsOfOne,
          fc.array(fc.constantFrom(...crashes), { minLength: 1, maxLength: 3 }),
          (world, steps, deaths) => {
            const life = live(world, steps, mode);
            const undisturbed = sync(life.world, life.wanted, mode).world;
            let died = life.world;
            for (const crash of deaths) died = sync(died, life.wanted, mode, crash).world;
            const finished = sync(died, life.wanted, mode).world;
            expect(visible(finished)).toEqual(visible(undisturbed));
            expect(finished.pushed.scalars).toEqual(undisturbed.pushed.scalars);
          },
        ),
        { numRuns: 1_500, seed: 72 },
      );
    });
  },
);
