// Gaps are what a push would write: each is found, none is invented, and how sure one is follows from
// what Plex has and what was pushed last.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapKinds } from '../../src/contract/gaps.ts';
import type { DesiredItem, FieldRule } from '../../src/domain/mirror/desired.ts';
import { decide } from '../../src/domain/mirror/diff.ts';
import { nothingBefore, type PushedValues } from '../../src/domain/mirror/values.ts';
import { type FieldGap, fieldGaps, isToClose } from '../../src/domain/gaps/gap.ts';
import { type Field, fields, isTagField, type PlexItem } from '../../src/domain/base/plexItem.ts';
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

const withValue = (field: Field, value: readonly string[]) =>
  isTagField(field)
    ? { scalars: noScalars, tags: { ...noTags, [field]: value } }
    : { scalars: { ...noScalars, [field]: value.join(' ') }, tags: noTags };

function only(field: Field, value: readonly string[] | null): PushedValues {
  if (value === null) return { scalars: {}, tags: {} };
  return isTagField(field)
    ? { scalars: {}, tags: { [field]: value } }
    : { scalars: { [field]: value.join(' ') }, tags: {} };
}

function look({ field, rule, wanted, present, pushed, locked }: Case) {
  const rules = { ...mirrorAll, [field]: rule };
  const desired: DesiredItem = { ...withValue(field, wanted), rules, cut: [] };
  const item: PlexItem = {
    ratingKey: '1',
    sectionId: '1',
    ...withValue(field, present),
    locked: new Set(locked ? [field] : []),
    parts: [],
    userRating: null,
  };
  const own = only(field, pushed);
  const decision = decide(desired, item, { pushed: own, intent: own, before: nothingBefore });
  return { decision, gaps: fieldGaps({ desired, item, pushed: own, decision, cut: [] }) };
}

const gap = (given: Partial<Case>): FieldGap | undefined =>
  look({
    field: 'studio',
    rule: 'mirror',
    wanted: [],
    present: [],
    pushed: null,
    locked: false,
    ...given,
  }).gaps.find(({ field }) => field === (given.field ?? 'studio'));

describe('[1.4 GAP-01] [1.4 ADV-04] the gaps of a scene', () => {
  it('that are to be closed are just the fields that a push writes, with the value it writes', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { decision, gaps } = look(given);
        const written = fields.filter((field) => decision.edit?.locks[field] !== undefined);
        const toClose = gaps.filter(({ kind }) => isToClose(kind));
        expect(toClose.map(({ field }) => field)).toEqual(written);
        for (const { field, toCome } of toClose) {
          const edit = decision.edit;
          if (edit?.locks[field] === false) expect(toCome).toBeNull();
          else if (isTagField(field)) expect(toCome).toEqual(edit?.tags[field] ?? []);
          else expect(toCome).toBe(edit?.scalars[field]);
        }
      }),
    );
  });

  it('that are a person’s are told, and no push writes them', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { decision, gaps } = look(given);
        const edited = gaps.filter(({ kind }) => kind === 'edited').map(({ field }) => field);
        for (const field of decision.kept) expect(edited).toContain(field);
        for (const field of edited) expect(decision.edit?.locks[field]).toBeUndefined();
      }),
    );
  });

  it('are none where Plex has what Stash wants and nothing is switched off', () => {
    fc.assert(
      fc.property(cases, (given) => {
        fc.pre(given.rule !== 'off');
        expect(look({ ...given, present: given.wanted }).gaps).toEqual([]);
      }),
    );
  });

  it('are empty only where Plex has nothing and Stash has something', () => {
    fc.assert(
      fc.property(cases, (given) => {
        for (const { kind, plex, stash } of look(given).gaps) {
          if (kind !== 'empty') continue;
          expect(plex).toHaveLength(0);
          expect(stash).not.toHaveLength(0);
        }
      }),
    );
  });
});

describe('[1.4 ADV-02] how sure a gap is', () => {
  it('definitely, where Plex has nothing and Stash has something', () => {
    expect(gap({ wanted: ['a'] })).toMatchObject({ kind: 'empty', confidence: 'definitely' });
    const again = { wanted: ['a'], present: [], pushed: ['a'], locked: false };
    expect(gap(again)).toMatchObject({ kind: 'empty', confidence: 'definitely' });
  });

  it('definitely, where Stash has something else than was pushed, and Plex has that still', () => {
    const changed = { wanted: ['b'], present: ['a'], pushed: ['a'], locked: true };
    expect(gap(changed)).toMatchObject({ kind: 'stale', confidence: 'definitely' });
    const emptied = { ...changed, wanted: [] };
    expect(gap(emptied)).toMatchObject({ kind: 'stale', confidence: 'definitely', toCome: '' });
    const tags = { ...changed, field: 'genre', present: ['a', 'c'] } as const;
    expect(gap(tags)).toMatchObject({ kind: 'stale', confidence: 'definitely' });
  });

  it('possibly, where Plex has what nobody pushed', () => {
    const scanned = { wanted: ['a'], present: ['b'] };
    expect(gap(scanned)).toMatchObject({ kind: 'stale', confidence: 'possibly' });
    const refreshed = { wanted: ['a'], present: ['b'], pushed: ['a'], locked: false };
    expect(gap(refreshed)).toMatchObject({ kind: 'stale', confidence: 'possibly' });
  });

  it('possibly, where only a lock of PlexSync’s is to go or a person’s value stands', () => {
    const kept = { wanted: ['a'], present: ['b'], locked: true };
    expect(gap(kept)).toMatchObject({ kind: 'edited', confidence: 'possibly', toCome: null });
  });
});

describe('a gap', () => {
  it('is closed by a push, unless it is a person’s or has no scene', () => {
    expect(gapKinds.filter((kind) => !isToClose(kind))).toEqual(['no-scene', 'edited']);
  });
});
