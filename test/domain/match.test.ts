// Which Plex item is a scene's, how sure that is, and when a person has to decide.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CandidatePart,
  compareAll,
  compareFiles,
  type Match,
  matchParts,
  type SceneFileKeys,
  scores,
  verifyRemembered,
} from '../../src/domain/match/match.ts';
import { matchThresholds } from '../../src/contract/settings.ts';

const threshold = 80;
const file: SceneFileKeys = {
  plexPath: '/media/a.mp4',
  name: 'a.mp4',
  size: 1_000,
  durationMs: 60_000,
};
const second: SceneFileKeys = { plexPath: '/media/b.mp4', name: 'b.mp4', size: 2, durationMs: 9 };

type Kind = keyof typeof kinds;
/** Parts by what they have in common with `file`. */
const kinds = {
  path: { path: '/media/a.mp4', name: 'a.mp4', size: 1_000, durationMs: 60_000 },
  pathAndDuration: { path: '/media/a.mp4', name: 'a.mp4', size: 999, durationMs: 60_000 },
  pathAlone: { path: '/media/a.mp4', name: 'a.mp4', size: 999, durationMs: 99_000 },
  nameSizeDuration: { path: '/x/a.mp4', name: 'a.mp4', size: 1_000, durationMs: 60_000 },
  nameSize: { path: '/x/a.mp4', name: 'a.mp4', size: 1_000, durationMs: null },
  nameSizeOtherDuration: { path: '/x/a.mp4', name: 'a.mp4', size: 1_000, durationMs: 99_000 },
  nameDuration: { path: '/x/a.mp4', name: 'a.mp4', size: null, durationMs: 60_000 },
  nameDurationOtherSize: { path: '/x/a.mp4', name: 'a.mp4', size: 999, durationMs: 60_000 },
  sizeDuration: { path: '/x/b.mp4', name: 'b.mp4', size: 1_000, durationMs: 60_000 },
  text: { path: '/x/c.mp4', name: 'c.mp4', size: 5, durationMs: 60_500 },
  nameAlone: { path: '/x/a.mp4', name: 'a.mp4', size: 999, durationMs: 99_000 },
} as const;

function part(ratingKey: string, kind: Kind): CandidatePart {
  const keys = kinds[kind];
  const sameText = kind === 'text';
  return { ...keys, ratingKey, sectionId: '3', title: `T${ratingKey}`, file: keys.path, sameText };
}

function told(match: Match): string {
  if (match.kind === 'none') return 'none';
  if (match.kind === 'item') return `${match.best.ratingKey} by ${match.best.how}`;
  return `${match.reason}: ${match.candidates.map((candidate) => candidate.ratingKey).join(' ')}`;
}

const match = (...parts: CandidatePart[]): string => told(matchParts([file], parts, threshold));

describe('[1.0 MATCH-01] the match of a scene', () => {
  it.each([
    ['path', '7 by path'],
    ['pathAndDuration', '7 by path'],
    ['nameSizeDuration', '7 by name-size'],
    ['nameSize', '7 by name-size'],
    ['nameDuration', '7 by name-duration'],
    ['pathAlone', 'unsure: 7'],
    ['nameSizeOtherDuration', 'unsure: 7'],
    ['nameDurationOtherSize', 'unsure: 7'],
    ['sizeDuration', 'unsure: 7'],
    ['text', 'unsure: 7'],
    ['nameAlone', 'none'],
  ] as const)('with one item, by %s, is %s', (kind, expected) => {
    expect(match(part('7', kind))).toBe(expected);
  });

  it('tells all that a person needs: item, library, title, file, score and why', () => {
    expect(matchParts([file], [part('7', 'nameSize')], threshold)).toEqual({
      kind: 'item',
      best: {
        ratingKey: '7',
        sectionId: '3',
        title: 'T7',
        file: '/x/a.mp4',
        how: 'name-size',
        score: scores.nameSize,
        why: 'the same name and size',
      },
    });
  });

  it('goes by the surest evidence, whatever else fits less surely', () => {
    const ladder = ['path', 'nameSizeDuration', 'nameDuration', 'sizeDuration', 'text'] as const;
    ladder.forEach((upper, at) => {
      for (const lower of ladder.slice(at + 1)) {
        const parts = [part('1', lower), part('2', upper)];
        const [best] = candidatesOf(matchParts([file], parts, 65));
        expect([upper, lower, best]).toEqual([upper, lower, '2']);
      }
    });
  });

  it('is one item even if several of its parts fit, and by the best of them', () => {
    expect(match(part('7', 'nameSize'), part('7', 'path'), part('7', 'path'))).toBe('7 by path');
  });

  it('is by the primary file where two files of the scene are two items', () => {
    const primary = part('8', 'path');
    const other = { ...part('7', 'path'), path: second.plexPath, name: second.name, size: 2 };
    expect(told(matchParts([file, second], [other, primary], threshold))).toBe('8 by path');
    expect(told(matchParts([second, file], [other, primary], threshold))).toBe('7 by path');
  });

  it('is by any file of the scene where the primary one is in no item', () => {
    const parts = [{ ...part('7', 'path'), path: second.plexPath, name: second.name, size: 2 }];
    expect(told(matchParts([file, second], parts, threshold))).toBe('7 by path');
  });

  it('is the item with two versions when both are files of the scene', () => {
    const versions = [
      part('7', 'path'),
      { ...part('7', 'path'), path: second.plexPath, name: second.name, size: 2, durationMs: 9 },
    ];
    expect(told(matchParts([file, second], versions, threshold))).toBe('7 by path');
  });
});

describe('[1.0 MATCH-03] two items that fit', () => {
  it.each([
    ['path', 'path', 'several-items: 1 2'],
    ['path', 'pathAndDuration', 'several-items: 1 2'],
    // Plex keeps an item of an older file at the path.
    ['path', 'pathAlone', '1 by path'],
    ['pathAndDuration', 'pathAlone', '1 by path'],
    ['path', 'nameSizeDuration', '1 by path'],
    ['path', 'sizeDuration', '1 by path'],
    ['pathAndDuration', 'nameSize', 'several-items: 1 2'],
    ['nameSizeDuration', 'pathAndDuration', 'several-items: 1 2'],
    ['nameSizeDuration', 'nameSizeDuration', 'several-items: 1 2'],
    ['nameSizeDuration', 'nameSize', 'several-items: 1 2'],
    // Another length of the second rules it out.
    ['nameSizeDuration', 'nameSizeOtherDuration', '1 by name-size'],
    ['nameSize', 'nameSizeOtherDuration', '1 by name-size'],
    ['nameSizeDuration', 'nameDurationOtherSize', '1 by name-size'],
    ['nameDuration', 'nameDuration', 'several-items: 1 2'],
    ['nameDuration', 'nameDurationOtherSize', 'several-items: 1 2'],
    ['nameDuration', 'sizeDuration', '1 by name-duration'],
    ['sizeDuration', 'text', 'unsure: 1 2'],
    ['text', 'text', 'unsure: 1 2'],
  ] as const)('by %s and by %s: %s', (first, other, expected) => {
    expect(match(part('1', first), part('2', other))).toBe(expected);
    expect(match(part('2', other), part('1', first))).toBe(expected);
  });

  it('are a doubt still when a third stands between them', () => {
    expect(
      match(part('1', 'path'), part('2', 'pathAndDuration'), part('3', 'nameSizeDuration')),
    ).toBe('several-items: 1 3 2');
    expect(match(part('1', 'pathAndDuration'), part('3', 'pathAndDuration'))).toMatch(/^several/);
    expect(
      match(part('1', 'pathAndDuration'), part('2', 'nameSize'), part('3', 'pathAndDuration')),
    ).toBe('several-items: 1 3 2');
  });

  it('are a doubt at a threshold that lets both through, where a higher one rules the other out', () => {
    for (const [first, other] of [
      ['path', 'pathAlone'],
      ['nameSize', 'nameSizeOtherDuration'],
    ] as const) {
      const parts = [part('1', first), part('2', other)];
      expect(told(matchParts([file], parts, 70))).toBe('several-items: 1 2');
      expect(told(matchParts([file], parts, 71))).toMatch(/^1 by /);
    }
  });

  it('are told surest first, ten at most', () => {
    const many = Array.from({ length: 30 }, (_, at) => part(`${at + 1}`, 'nameSizeDuration'));
    const found = matchParts([file], [...many.toReversed(), part('99', 'path')], 99);
    expect(candidatesOf(found)).toEqual(['99', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });
});

describe('[1.0 MATCH-03] the threshold', () => {
  it.each(Object.entries(scores).filter(([kind]) => kind !== 'pin'))(
    'lets %s (%i) through at its very score, and at one more asks a person',
    (kind, score) => {
      const found = isKind(kind) ? [part('7', kind)] : [];
      expect(matchParts([file], found, score).kind).toBe('item');
      expect(told(matchParts([file], found, score + 1))).toBe('unsure: 7');
    },
  );

  it('lets neither the same bytes under another name nor a title alone through, however low', () => {
    for (const kind of ['sizeDuration', 'text'] as const) {
      expect(told(matchParts([file], [part('7', kind)], matchThresholds.lowest))).toBe('unsure: 7');
    }
  });

  it('lets the same path through, however high', () => {
    expect(matchParts([file], [part('7', 'path')], matchThresholds.highest).kind).toBe('item');
  });

  it('asks with the candidates that there are, and says none where nothing fits', () => {
    expect(match(part('7', 'sizeDuration'), part('8', 'nameAlone'))).toBe('unsure: 7');
    expect(match(part('8', 'nameAlone'))).toBe('none');
  });

  it('takes lengths within one in a hundred for alike only where title and date or studio are', () => {
    const long = { ...file, durationMs: 100_000 };
    const like = (durationMs: number | null, sameText: boolean): CandidatePart => ({
      ...part('7', 'text'),
      durationMs,
      sameText,
    });
    const verdict = (candidate: CandidatePart): string =>
      told(matchParts([long], [candidate], threshold));
    expect(verdict(like(99_000, true))).toBe('unsure: 7');
    expect(verdict(like(101_010, true))).toBe('unsure: 7');
    expect(verdict(like(98_999, true))).toBe('none');
    expect(verdict(like(101_011, true))).toBe('none');
    expect(verdict(like(null, true))).toBe('none');
    expect(verdict(like(100_000, false))).toBe('none');
  });
});

describe('[1.0 MATCH-01] the remembered item', () => {
  const verify = (...found: Kind[]): string | null => {
    const evidence = verifyRemembered(
      [file],
      found.map((kind) => part('7', kind)),
      threshold,
    );
    return evidence && `${evidence.how} ${evidence.score}`;
  };

  it.each([
    ['path', 'path 98'],
    ['pathAndDuration', 'path 90'],
    ['nameSizeDuration', 'name-size 95'],
    ['nameSize', 'name-size 90'],
    ['nameDuration', 'name-duration 85'],
    // Renamed in Stash first: the bytes prove it.
    ['sizeDuration', 'size-duration 80'],
    // Another file by now.
    ['pathAlone', null],
    ['nameSizeOtherDuration', null],
    ['nameDurationOtherSize', null],
    ['text', null],
    ['nameAlone', null],
  ] as const)('that shows %s is kept: %s', (kind, expected) => {
    expect(verify(kind)).toBe(expected);
  });

  it('says that it was the item so far when only the bytes prove it', () => {
    expect(verifyRemembered([file], [part('7', 'sizeDuration')], 98)).toMatchObject({
      score: 98,
      why: 'its item so far: the same size and length under another name',
    });
  });

  it('is kept by its bytes though another version of it has the name', () => {
    expect(verify('nameDurationOtherSize', 'sizeDuration')).toBe('size-duration 80');
    expect(verify('sizeDuration', 'pathAlone')).toBe('size-duration 80');
  });

  it('is the same whatever the order of its versions, and by path where two prove as much', () => {
    expect(verify('nameSize', 'pathAndDuration')).toBe('path 90');
    expect(verify('pathAndDuration', 'nameSize')).toBe('path 90');
    expect(
      compareAll([file], [part('7', 'nameSizeOtherDuration'), part('7', 'pathAlone')]),
    ).toEqual(compareFiles(file, part('7', 'pathAlone')));
  });
});

// Few values, so that things coincide.
const name = fc.constantFrom('a.mp4', 'b.mp4');
const size = fc.constantFrom(1_000, 2_000);
const ms = fc.option(fc.constantFrom(60_000, 60_900, 99_000));
const anyFile = fc
  .record({ folder: fc.constantFrom('/m', '/n'), name, size, durationMs: ms })
  .map(({ folder, ...rest }): SceneFileKeys => ({ ...rest, plexPath: `${folder}/${rest.name}` }));
const anyPart = fc
  .record({
    ratingKey: fc.constantFrom('1', '2', '3', '10'),
    folder: fc.constantFrom('/m', '/n', '/o'),
    name: fc.constantFrom('a.mp4', 'b.mp4', 'c.mp4'),
    size: fc.option(size),
    durationMs: ms,
    sameText: fc.boolean(),
  })
  .map(({ folder, ...rest }): CandidatePart => {
    const path = `${folder}/${rest.name}`;
    return { ...rest, path, file: path, sectionId: '3', title: `T${rest.ratingKey}` };
  });
const anyFiles = fc.array(anyFile, { minLength: 1, maxLength: 3 });
const anyParts = fc.array(anyPart, { maxLength: 8 });
const anyThreshold = fc.integer({ min: matchThresholds.lowest, max: matchThresholds.highest });

describe('[1.0 MATCH-03] the verdict, for any files and any index', () => {
  it('does not depend on the order of the index’s rows', () => {
    const shuffled = anyParts.chain((parts) =>
      fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })),
    );
    fc.assert(
      fc.property(anyFiles, shuffled, anyThreshold, (files, [parts, mixed], least) => {
        expect(matchParts(files, mixed, least)).toEqual(matchParts(files, parts, least));
        expect(compareAll(files, mixed)).toEqual(compareAll(files, parts));
        expect(verifyRemembered(files, mixed, least)).toEqual(
          verifyRemembered(files, parts, least),
        );
      }),
      { numRuns: 2_000, seed: 81 },
    );
  });

  it('is never an item whose score is below the threshold, nor one that the index does not have', () => {
    fc.assert(
      fc.property(anyFiles, anyParts, anyThreshold, (files, parts, least) => {
        const found = matchParts(files, parts, least);
        if (found.kind !== 'item') return;
        expect(found.best.score).toBeGreaterThanOrEqual(least);
        const own = parts.filter((candidate) => candidate.ratingKey === found.best.ratingKey);
        expect(compareAll(files, own)).toMatchObject({ score: found.best.score });
      }),
      { numRuns: 2_000, seed: 82 },
    );
  });

  it('is never a match by name alone where the sizes differ and the length does or is not known', () => {
    fc.assert(
      fc.property(anyFile, anyPart, anyThreshold, (own, candidate, least) => {
        const path = `/elsewhere/${own.name}`;
        const named = { ...candidate, path, name: own.name, sameText: false };
        const far =
          own.durationMs === null ||
          named.durationMs === null ||
          Math.abs(own.durationMs - named.durationMs) > 1_000;
        fc.pre(named.size !== own.size && far);
        expect(compareFiles(own, named)).toBeNull();
        expect(matchParts([own], [named], least)).toEqual({ kind: 'none' });
      }),
      { numRuns: 1_000, seed: 83 },
    );
  });

  it('is the same with a part more that has nothing in common with the scene', () => {
    fc.assert(
      fc.property(
        anyFiles,
        anyParts,
        anyPart,
        fc.nat(8),
        anyThreshold,
        (files, parts, more, at, least) => {
          const unrelated = { ...more, path: '/z/z.mp4', name: 'z.mp4', size: 77, sameText: false };
          const grown = parts.toSpliced(at, 0, unrelated);
          expect(matchParts(files, grown, least)).toEqual(matchParts(files, parts, least));
        },
      ),
      { numRuns: 1_000, seed: 84 },
    );
  });

  it('is not made bolder by an item more: it takes that one, or none that it did not take before', () => {
    fc.assert(
      fc.property(anyFiles, anyParts, anyPart, anyThreshold, (files, parts, more, least) => {
        const other = { ...more, ratingKey: '77' };
        const grown = matchParts(files, [...parts, other], least);
        if (grown.kind !== 'item' || grown.best.ratingKey === '77') return;
        expect(matchParts(files, parts, least)).toEqual(grown);
      }),
      { numRuns: 3_000, seed: 85 },
    );
  });

  it('is no item where two fit the same file by the same evidence', () => {
    fc.assert(
      fc.property(anyFiles, anyParts, anyThreshold, (files, parts, least) => {
        const found = matchParts(files, parts, least);
        if (found.kind !== 'item') return;
        const copy = parts
          .filter((candidate) => candidate.ratingKey === found.best.ratingKey)
          .map((candidate) => ({ ...candidate, ratingKey: '77' }));
        expect(matchParts(files, [...parts, ...copy], least)).toMatchObject({
          kind: 'review',
          reason: 'several-items',
        });
      }),
      { numRuns: 1_000, seed: 86 },
    );
  });

  it('is what the remembered item shows as well: an item that matches would be kept', () => {
    fc.assert(
      fc.property(anyFiles, anyParts, anyThreshold, (files, parts, least) => {
        const found = matchParts(files, parts, least);
        if (found.kind !== 'item') return;
        const own = parts.filter((candidate) => candidate.ratingKey === found.best.ratingKey);
        expect(verifyRemembered(files, own, least)).not.toBeNull();
      }),
      { numRuns: 1_000, seed: 87 },
    );
  });
});

function candidatesOf(found: Match): readonly string[] {
  if (found.kind === 'none') return [];
  return found.kind === 'item'
    ? [found.best.ratingKey]
    : found.candidates.map((candidate) => candidate.ratingKey);
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(kinds, text);
}
