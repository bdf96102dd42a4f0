// What is told of a field is what the decision does: nothing is called written that is not, or else
// left alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredItem, FieldRule } from '../../src/domain/mirror/desired.ts';
import { decide } from '../../src/domain/mirror/diff.ts';
import { explainField } from '../../src/domain/words/explain.ts';
import {
  type Field,
  fields,
  isTagField,
  type PlexItem,
  type ScalarField,
  type TagField,
} from '../../src/domain/base/plexItem.ts';
import { nothingBefore } from '../../src/domain/mirror/values.ts';
import { mirrorAll, noScalars, noTags } from './plexModel.ts';

interface Case {
  readonly field: Field;
  readonly rule: FieldRule;
  readonly wanted: readonly string[];
  readonly present: readonly string[];
  /** null = never pushed. */
  readonly pushed: readonly string[] | null;
  readonly locked: boolean;
}

const list = fc.subarray(['a', 'b', 'c']);
const cases: fc.Arbitrary<Case> = fc.record({
  field: fc.constantFrom(...fields),
  rule: fc.constantFrom<FieldRule>('mirror', 'fill', 'off', 'untouched'),
  wanted: list,
  present: list,
  pushed: fc.option(list),
  locked: fc.boolean(),
});

type Values = Pick<PlexItem, 'scalars' | 'tags'>;
const withValue = (field: Field, value: readonly string[]): Values =>
  isTagField(field)
    ? { scalars: noScalars, tags: { ...noTags, [field]: value } }
    : { scalars: { ...noScalars, [field]: value.join(' ') }, tags: noTags };
const only = (field: Field, { scalars, tags }: Values) =>
  isTagField(field)
    ? { scalars: {}, tags: pick(tags, field) }
    : { scalars: pick(scalars, field), tags: {} };
function pick<K extends ScalarField | TagField, V>(all: Readonly<Record<K, V>>, field: K) {
  return Object.fromEntries([[field, all[field]]]);
}

describe('what is told of a field', () => {
  it('is a write where the decision has one, with the value that is sent, and else none', () => {
    fc.assert(
      fc.property(cases, ({ field, rule, wanted, present, pushed, locked }) => {
        const desired: DesiredItem = {
          ...withValue(field, wanted),
          rules: { ...mirrorAll, [field]: rule },
          cut: [],
        };
        const item: PlexItem = {
          ratingKey: '1',
          sectionId: '1',
          ...withValue(field, present),
          locked: new Set(locked ? [field] : []),
          parts: [],
          userRating: null,
        };
        const own =
          pushed === null ? { scalars: {}, tags: {} } : only(field, withValue(field, pushed));
        const known = { pushed: own, intent: own, before: nothingBefore };
        const decision = decide(desired, item, known);
        const told = explainField(field, desired, item, decision, []);
        expect(told.kind === 'write').toBe(decision.edit?.locks[field] === true);
        expect(told.kind === 'off').toBe(rule === 'off');
        expect(told.words).not.toBe('');
        if (told.kind !== 'write') return;
        const shown = isTagField(field) ? told.toCome : [told.toCome];
        const { scalars, tags } = decision.edit ?? { scalars: {}, tags: {} };
        const sent = isTagField(field) ? (tags[field] ?? []) : [scalars[field] ?? ''];
        expect(shown).toEqual(sent);
        if (!isTagField(field)) return;
        const after = present.filter((tag) => !told.removes.includes(tag));
        expect([...after, ...told.adds].toSorted()).toEqual([...sent].toSorted());
      }),
      { numRuns: 2_000 },
    );
  });
});
