import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlexSyncError } from '../../src/contract/errors.ts';
import type { ItemEdit } from '../../src/domain/base/plexItem.ts';
import { scalarFields, tagFields } from '../../src/domain/base/plexItem.ts';
import { encodeEdit, maxTargetBytes } from '../../src/plex/editQuery.ts';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';

const nothing: ItemEdit = { scalars: {}, tags: {}, removeTags: {}, locks: {} };
const seven = ratingKeys(['7']);

function argumentsOf(target: string): string[] {
  return target.slice(target.indexOf('?') + 1).split('&');
}

describe('the address of an edit', () => {
  it('names the section, the type of movies and the item before anything else', () => {
    expect(encodeEdit('1', seven, { ...nothing, scalars: { title: 'x' } })).toEqual([
      '/library/sections/1/all?type=1&id=7&title.value=x',
    ]);
  });

  it('names several items at once', () => {
    const [target] = encodeEdit('1', ratingKeys(['7', '8', '7']), {
      ...nothing,
      locks: { title: true },
    });
    expect(target).toBe('/library/sections/1/all?type=1&id=7%2C8&title.locked=1');
  });

  it('is not made at all where there is nothing to edit', () => {
    expect(encodeEdit('1', seven, nothing)).toEqual([]);
    expect(
      encodeEdit('1', seven, { ...nothing, tags: { genre: [] }, removeTags: { actor: [] } }),
    ).toEqual([]);
  });

  // What python-plexapi sends for the same edits, by its own `joinArgs`.
  it.each<[string, ItemEdit, string]>([
    [
      'a locked title',
      { ...nothing, scalars: { title: 'Ünï & co' }, locks: { title: true } },
      'id=7&title.locked=1&title.value=%C3%9Cn%C3%AF%20%26%20co&type=1',
    ],
    [
      'genres with a comma',
      { ...nothing, tags: { genre: ['A', 'B, c', 'New'] }, locks: { genre: true } },
      'genre.locked=1&genre%5B0%5D.tag.tag=A&genre%5B1%5D.tag.tag=B%2C%20c&genre%5B2%5D.tag.tag=New&id=7&type=1',
    ],
    [
      'the removal of genres with a comma',
      { ...nothing, removeTags: { genre: ['A', 'B, c'] }, locks: { genre: true } },
      'genre.locked=1&genre%5B%5D.tag.tag-=A%2CB%252C%2520c&id=7&type=1',
    ],
    [
      'several fields at once',
      {
        ...nothing,
        tags: { genre: ['Z'] },
        scalars: { summary: 'b', title: 'a' },
        locks: { genre: true, summary: true, title: true },
      },
      'genre.locked=1&genre%5B0%5D.tag.tag=Z&id=7&summary.locked=1&summary.value=b&title.locked=1&title.value=a&type=1',
    ],
  ])('holds the same arguments as the reference client for %s', (_name, edit, reference) => {
    const targets = encodeEdit('1', seven, edit);
    expect(targets).toHaveLength(1);
    expect(targets.flatMap(argumentsOf).sort()).toEqual(reference.split('&').sort());
  });

  it('clears a field by an empty value', () => {
    const [target] = encodeEdit('1', seven, { ...nothing, scalars: { studio: '' } });
    expect(target).toMatch(/&studio\.value=$/);
  });

  it('locks and unlocks without touching values', () => {
    const [target] = encodeEdit('1', seven, { ...nothing, locks: { title: true, genre: false } });
    expect(argumentsOf(target ?? '')).toEqual([
      'type=1',
      'id=7',
      'genre.locked=0',
      'title.locked=1',
    ]);
  });

  // What taking back takes: python-plexapi sends the same for `editTitle('x', locked=False)`.
  it.each<[string, Partial<ItemEdit>, string[]]>([
    [
      'a value that it restores',
      { scalars: { title: 'Old name' }, locks: { title: false } },
      ['title.locked=0', 'title.value=Old%20name'],
    ],
    [
      'a value that it clears',
      { scalars: { title: '' }, locks: { title: false } },
      ['title.locked=0', 'title.value='],
    ],
    ['no value at all', { locks: { summary: false } }, ['summary.locked=0']],
    [
      'a list that it restores',
      { tags: { genre: ['Old'] }, locks: { genre: false } },
      ['genre.locked=0', 'genre%5B0%5D.tag.tag=Old'],
    ],
    [
      'a list that it empties',
      { tags: { genre: [] }, removeTags: { genre: ['New'] }, locks: { genre: false } },
      ['genre.locked=0', 'genre%5B%5D.tag.tag-=New'],
    ],
    ['an empty list alone', { tags: { actor: [] }, locks: { actor: false } }, ['actor.locked=0']],
  ])('unlocks a field in one request with %s', (_name, edit, sent) => {
    const targets = encodeEdit('1', seven, { ...nothing, ...edit });
    expect(targets.map(argumentsOf)).toEqual([['type=1', 'id=7', ...sent]]);
  });

  it('unlocks a list in its last request too, where it both adds and removes', () => {
    const targets = encodeEdit('1', seven, {
      ...nothing,
      tags: { genre: ['Old'] },
      removeTags: { genre: ['New'] },
      locks: { genre: false },
    });
    expect(targets.map((target) => argumentsOf(target).slice(2))).toEqual([
      ['genre.locked=0', 'genre%5B0%5D.tag.tag=Old'],
      ['genre.locked=0', 'genre%5B%5D.tag.tag-=New'],
    ]);
  });

  // As python-plexapi names them (`mixins.py`).
  it('names every field and every list as Plex does', () => {
    const edit = {
      ...nothing,
      scalars: Object.fromEntries(scalarFields.map((field) => [field, 'x'])),
      tags: Object.fromEntries(tagFields.map((field) => [field, ['y']])),
    };
    expect(encodeEdit('1', seven, edit).flatMap(argumentsOf).toSorted()).toEqual(
      [
        'type=1',
        'id=7',
        'title.value=x',
        'titleSort.value=x',
        'summary.value=x',
        'originallyAvailableAt.value=x',
        'studio.value=x',
        'contentRating.value=x',
        'genre%5B0%5D.tag.tag=y',
        'label%5B0%5D.tag.tag=y',
        'actor%5B0%5D.tag.tag=y',
        'director%5B0%5D.tag.tag=y',
        'collection%5B0%5D.tag.tag=y',
      ].toSorted(),
    );
  });

  it('escapes what encodeURIComponent leaves alone, and spaces never as +', () => {
    const [target] = encodeEdit('1', seven, { ...nothing, scalars: { title: `a+b c!'()*` } });
    expect(target).toMatch(/title\.value=a%2Bb%20c%21%27%28%29%2A$/);
  });

  it('keeps a slash single-encoded inside a removal, as real servers are known to take it', () => {
    const [target] = encodeEdit('1', seven, { ...nothing, removeTags: { genre: ['a/b'] } });
    expect(target).toMatch(/tag-=a%2Fb$/);
  });

  it('sends additions before removals, in requests of their own', () => {
    const targets = encodeEdit('1', seven, {
      ...nothing,
      tags: { genre: ['new'] },
      removeTags: { genre: ['old'] },
      locks: { genre: true },
    });
    expect(targets.map((target) => argumentsOf(target).slice(2))).toEqual([
      ['genre.locked=1', 'genre%5B0%5D.tag.tag=new'],
      ['genre.locked=1', 'genre%5B%5D.tag.tag-=old'],
    ]);
  });

  it('never sends a blank tag name', () => {
    const edit = { ...nothing, tags: { genre: ['', 'a'] }, removeTags: { actor: [''] } };
    expect(encodeEdit('1', seven, edit).flatMap(argumentsOf)).toEqual([
      'type=1',
      'id=7',
      'genre%5B0%5D.tag.tag=a',
    ]);
  });

  it('survives half a surrogate pair', () => {
    const [target] = encodeEdit('1', seven, { ...nothing, scalars: { title: 'a\ud800' } });
    expect(target).toMatch(/title\.value=a%EF%BF%BD$/);
  });
});

describe('a long edit', () => {
  const names = (count: number, length: number): string[] =>
    Array.from({ length: count }, (_, at) => `${at}`.padEnd(length, 'x'));

  it('sends the roles of the actors that are named, each beside its actor, and of nobody else', () => {
    const edit = {
      ...nothing,
      tags: { actor: ['Ann', 'Bo'], director: ['Ann'] },
      roleTexts: { Ann: 'The "Captain" & co', Cy: 'gone' },
    };
    expect(encodeEdit('1', seven, edit).flatMap(argumentsOf)).toEqual([
      'type=1',
      'id=7',
      'actor%5B0%5D.tag.tag=Ann',
      'actor%5B0%5D.tagging.text=The%20%22Captain%22%20%26%20co',
      'actor%5B1%5D.tag.tag=Bo',
      'director%5B0%5D.tag.tag=Ann',
    ]);
  });

  it('is split over several requests, a field never parted from its lock', () => {
    const targets = encodeEdit('1', seven, {
      ...nothing,
      scalars: { summary: 's'.repeat(4_000), title: 't'.repeat(3_000), studio: 'u' },
      locks: { summary: true, title: true, studio: true },
    });
    expect(targets).toHaveLength(2);
    for (const field of ['summary', 'title', 'studio']) {
      const holding = targets.filter((target) => target.includes(`${field}.`));
      expect(holding).toHaveLength(1);
      expect(holding[0]).toContain(`&${field}.locked=1&${field}.value=`);
    }
  });

  it('fills the gaps that a long tag list leaves', () => {
    const targets = encodeEdit('1', seven, {
      ...nothing,
      scalars: { title: 't'.repeat(2_000), summary: 's'.repeat(2_000) },
      tags: { genre: names(250, 10) },
    });
    expect(targets).toHaveLength(3);
  });

  it('numbers the tags of each part from 0, with the lock in each', () => {
    const targets = encodeEdit('1', seven, {
      ...nothing,
      tags: { actor: names(300, 40) },
      locks: { actor: true },
    });
    expect(targets.length).toBeGreaterThan(2);
    for (const target of targets) {
      expect(target.length).toBeLessThanOrEqual(maxTargetBytes);
      expect(target).toContain('actor.locked=1&actor%5B0%5D.tag.tag=');
    }
  });

  it('splits a long removal too', () => {
    const targets = encodeEdit('1', seven, { ...nothing, removeTags: { genre: names(300, 40) } });
    expect(targets.length).toBeGreaterThan(1);
    for (const target of targets) expect(target.length).toBeLessThanOrEqual(maxTargetBytes);
  });

  it('lets one value be longer than the limit, alone in its request', () => {
    const targets = encodeEdit('1', seven, {
      ...nothing,
      scalars: { title: 't', summary: 's'.repeat(maxTargetBytes) },
    });
    expect(targets).toHaveLength(2);
  });
});

describe('the items of an edit', () => {
  it.each([[[]], [['']], [['7', 'x']], [['7 ']], [['-7']], [['0']], [['7&type=2']], [['٧']]])(
    'cannot be %j',
    (list) => {
      expect(() => ratingKeys(list)).toThrow(expect.objectContaining({ code: 'internal' }));
      try {
        ratingKeys(list);
      } catch (error) {
        expect(isPlexSyncError(error) && error.field).toBe('ratingKey');
      }
    },
  );

  it('cannot be in a section that is no number', () => {
    const edit = { ...nothing, locks: { title: true } };
    expect(() => encodeEdit('None', seven, edit)).toThrow(
      expect.objectContaining({ code: 'internal', field: 'sectionId' }),
    );
  });
});

describe('a list that takes several requests', () => {
  const many = Array.from({ length: 200 }, (_, at) => `a tag of some length, number ${at}`);
  const listed = (target: string): readonly string[] =>
    decode([target]).tags.actor?.map(String) ?? [];

  it('has what is standing in each of them, and everything else in one', () => {
    const standing = [many[7] ?? '', many[150] ?? ''];
    const edit = { ...nothing, tags: { actor: many }, standing: { actor: standing } };
    const targets = encodeEdit('1', seven, edit);
    expect(targets.length).toBeGreaterThan(1);
    for (const target of targets) {
      expect(listed(target)).toEqual(expect.arrayContaining(standing));
      expect(target.length).toBeLessThanOrEqual(maxTargetBytes);
    }
    const all = targets.flatMap(listed).filter((name) => !standing.includes(name));
    expect(all).toEqual(many.filter((name) => !standing.includes(name)));
  });

  it('is refused where what is standing leaves no room', () => {
    const edit = { ...nothing, tags: { actor: many }, standing: { actor: many.slice(1) } };
    expect(() => encodeEdit('1', seven, edit)).toThrow(
      expect.objectContaining({ code: 'plex-bad-request', field: 'actor' }),
    );
  });

  it('is one request in its own order where it fits', () => {
    const tags = { actor: ['x', 'y'] };
    const edit = { ...nothing, tags, standing: { actor: ['y'] } };
    expect(encodeEdit('1', seven, edit)).toEqual(encodeEdit('1', seven, { ...nothing, tags }));
  });
});

/** Reads targets back by the rules of the form, written independently of the encoder. */
function decode(targets: readonly string[]): Omit<ItemEdit, 'roleTexts'> {
  const scalars: Record<string, string> = {};
  const tags: Record<string, string[]> = {};
  const removeTags: Record<string, string[]> = {};
  const locks: Record<string, boolean> = {};
  for (const target of targets) {
    const expected: Record<string, number> = {};
    for (const argument of argumentsOf(target)) {
      const at = argument.indexOf('=');
      const name = decodeURIComponent(argument.slice(0, at));
      const value = decodeURIComponent(argument.slice(at + 1));
      const [, field = '', rest = ''] = /^([a-zA-Z]+)(.*)$/.exec(name) ?? [];
      const index = /^\[(\d+)\]\.tag\.tag$/.exec(rest)?.[1];
      if (rest === '.value') scalars[field] = value;
      else if (rest === '.locked') locks[field] = value === '1';
      else if (rest === '[].tag.tag-') {
        (removeTags[field] ??= []).push(...value.split(',').map(decodeURIComponent));
      } else if (index !== undefined) {
        expect(Number(index)).toBe(expected[field] ?? 0);
        expected[field] = Number(index) + 1;
        (tags[field] ??= []).push(value);
      } else expect(['type', 'id']).toContain(name);
    }
  }
  return { scalars, tags, removeTags, locks };
}

describe('any edit', () => {
  const shortText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({
      unit: fc.constantFrom(',', '%', '+', '/', ' ', '&', '=', '[', ']', 'é', '😀', 'a'),
    }),
  );
  // Long ones are made of short ones: to make up each character anew takes most of the time.
  const times = fc.integer({ min: 1, max: 120 });
  const longText = fc.tuple(shortText, times).map(([text, count]) => `${text} `.repeat(count));
  const anyText = fc.oneof({ weight: 5, arbitrary: shortText }, { weight: 1, arbitrary: longText });
  const longList = fc
    .tuple(shortText, times)
    .map(([text, count]) => Array.from({ length: count }, (_, at) => `${text}${at}`));
  const anyTags = fc.oneof(
    { weight: 3, arbitrary: fc.array(anyText, { maxLength: 8 }) },
    { weight: 1, arbitrary: longList },
  );
  const anyEdit: fc.Arbitrary<ItemEdit> = fc.record({
    scalars: record(scalarFields, anyText),
    tags: record(tagFields, anyTags),
    removeTags: record(tagFields, anyTags),
    locks: record([...scalarFields, ...tagFields], fc.boolean()),
  });
  const anyKeys = fc.uniqueArray(fc.integer({ min: 1, max: 9_999_999 }).map(String), {
    minLength: 1,
    maxLength: 50,
  });

  function record<const Name extends string, Value>(
    names: readonly Name[],
    value: fc.Arbitrary<Value>,
  ): fc.Arbitrary<Partial<Record<Name, Value>>> {
    return fc
      .tuple(
        ...names.map((name) =>
          fc.option(
            value.map((one) => [name, one] as const),
            { nil: null },
          ),
        ),
      )
      .map((entries) => {
        const built: Partial<Record<Name, Value>> = {};
        for (const entry of entries) if (entry !== null) built[entry[0]] = entry[1];
        return built;
      });
  }

  const clean = (text: string): string => text.toWellFormed();
  function cleanTags(tags: Readonly<Record<string, readonly string[] | undefined>>): object {
    const kept = Object.entries(tags).map(
      ([name, list]) => [name, (list ?? []).filter((tag) => tag !== '').map(clean)] as const,
    );
    return Object.fromEntries(kept.filter(([, list]) => list.length > 0));
  }

  it('comes back whole from the addresses it was put into, each of them short and named', () => {
    fc.assert(
      fc.property(anyKeys, anyEdit, (keys, edit) => {
        const targets = encodeEdit('12', ratingKeys(keys), edit);
        for (const target of targets) {
          const [path, first, second, ...rest] = target.split(/[?&]/);
          expect(path).toBe('/library/sections/12/all');
          expect(first).toBe('type=1');
          expect(decodeURIComponent(second ?? '')).toBe(`id=${keys.join(',')}`);
          expect(rest.length).toBeGreaterThan(0);
          expect(target).not.toContain('+');
          expect(target).toMatch(/^[\x21-\x7e]+$/);
          const values = rest.filter((argument) => !/\.locked=[01]$/.test(argument));
          expect(target.length <= maxTargetBytes || values.length === 1).toBe(true);
        }
        expect(decode(targets)).toEqual({
          scalars: Object.fromEntries(
            Object.entries(edit.scalars).map(([name, value]) => [name, clean(value)]),
          ),
          tags: cleanTags(edit.tags),
          removeTags: cleanTags(edit.removeTags),
          locks: edit.locks,
        });
      }),
      { numRuns: 100 },
    );
  });
});
