// The table of evidence: what one file of Stash's and one of Plex's have in common, how sure that
// makes the match, and in which words a person is told.
import { describe, expect, it } from 'vitest';
import {
  compareFiles,
  type Evidence,
  matchParts,
  type PartKeys,
  type SceneFileKeys,
  scores,
  verifyRemembered,
} from '../../src/domain/match/match.ts';
import { nameKey, pathKey } from '../../src/domain/match/pathMapping.ts';

const file: SceneFileKeys = {
  plexPath: '/media/a.mp4',
  name: 'a.mp4',
  size: 1_000,
  durationMs: 60_000,
};
const unmeasured: SceneFileKeys = { ...file, durationMs: null };

type Row = readonly [
  path: 'same path' | 'same name' | 'other name',
  size: number | null,
  durationMs: number | null,
  expected: string | null,
];

const paths = {
  'same path': '/media/a.mp4',
  'same name': '/elsewhere/a.mp4',
  'other name': '/media/b.mp4',
};

function part([where, size, durationMs]: Row): PartKeys {
  const path = paths[where];
  return { path, name: nameKey(path), size, durationMs };
}

function told(evidence: Evidence | null): string | null {
  return evidence && `${evidence.how} ${evidence.score}: ${evidence.why}`;
}

const oldFile = 'path 70: the same path, but another size and length: one side knows an older file';
const measured: readonly Row[] = [
  ['same path', 1_000, 60_000, 'path 98: the same path'],
  ['same path', 1_000, 99_000, 'path 98: the same path'],
  ['same path', 1_000, null, 'path 98: the same path'],
  ['same path', null, 60_000, 'path 98: the same path'],
  ['same path', null, 99_000, 'path 70: the same path, but another length; no size known'],
  ['same path', null, null, 'path 98: the same path'],
  ['same path', 999, 60_000, 'path 90: the same path and length; the size differs'],
  ['same path', 999, 99_000, oldFile],
  ['same path', 999, null, oldFile],
  ['same name', 1_000, 60_000, 'name-size 95: the same name, size and length'],
  ['same name', 1_000, null, 'name-size 90: the same name and size'],
  ['same name', 1_000, 99_000, 'name-size 70: the same name and size, but another length'],
  ['same name', null, 60_000, 'name-duration 85: the same name and length; no size known'],
  ['same name', 999, 60_000, 'name-duration 75: the same name and length, but another size'],
  ['same name', 999, 99_000, null],
  ['same name', 999, null, null],
  ['same name', null, 99_000, null],
  ['same name', null, null, null],
  ['other name', 1_000, 60_000, 'size-duration 60: the same size and length under another name'],
  ['other name', 1_000, 99_000, null],
  ['other name', 1_000, null, null],
  ['other name', null, 60_000, null],
  ['other name', 999, 60_000, null],
  ['other name', null, null, null],
];
/** Where Stash does not know the length. */
const ofUnknownLength: readonly Row[] = [
  ['same path', 1_000, 60_000, 'path 98: the same path'],
  ['same path', null, null, 'path 98: the same path'],
  ['same path', 999, 60_000, oldFile],
  ['same name', 1_000, 60_000, 'name-size 90: the same name and size'],
  ['same name', 1_000, null, 'name-size 90: the same name and size'],
  ['same name', null, 60_000, null],
  ['same name', 999, 60_000, null],
  ['other name', 1_000, 60_000, null],
];

describe('[1.0 MATCH-03] what a file and a part have in common', () => {
  it.each(measured)('is, at the %s, %j bytes and %j ms: %j', (...row) => {
    expect(told(compareFiles(file, part(row)))).toBe(row[3]);
  });

  it.each(ofUnknownLength)(
    'is, at the %s, %j bytes and %j ms, if Stash knows no length: %j',
    (...row) => {
      expect(told(compareFiles(unmeasured, part(row)))).toBe(row[3]);
    },
  );

  it('is told with a score between 0 and 100, and with every score that there is', () => {
    for (const score of Object.values(scores)) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(100);
    }
    const given = new Set(measured.map((row) => compareFiles(file, part(row))?.score));
    const { pin: _, text: __, ...byFile } = scores;
    for (const score of Object.values(byFile)) expect(given).toContain(score);
  });

  it.each([
    [59_000, 'same'],
    [61_000, 'same'],
    [58_999, 'other'],
    [61_001, 'other'],
  ])(
    'takes %i ms for the %s length as 60,000 ms: a second more or less is rounding',
    (ms, same) => {
      const found = compareFiles(file, part(['same name', 999, ms, null]));
      expect(found === null ? 'other' : 'same').toBe(same);
    },
  );

  it('is judged by the comparable forms: letter case of names, Windows paths, composed letters', () => {
    const scene = (path: string): SceneFileKeys => ({
      plexPath: pathKey(path),
      name: nameKey(path),
      size: 7,
      durationMs: null,
    });
    const inPlex = (path: string): PartKeys => ({
      path: pathKey(path),
      name: nameKey(path),
      size: 7,
      durationMs: null,
    });
    const pairs: readonly (readonly [string, string, number])[] = [
      ['D:\\Media\\Cafe\u0301.MP4', '\\\\?\\d:\\media\\CAFÉ.mp4', scores.path],
      ['\\\\NAS\\Share\\a.mp4', '//nas/share/A.mp4', scores.path],
      ['/media//x/a.mp4', '/media/x/a.mp4', scores.path],
      ['/Media/a.mp4', '/media/A.mp4', scores.nameSize],
    ];
    for (const [stash, plex, score] of pairs) {
      expect([stash, compareFiles(scene(stash), inPlex(plex))?.score]).toEqual([stash, score]);
    }
  });
});

describe('[1.0 MATCH-01] hostile values', () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0];

  it('prove nothing: what is no number is not the same as what is no number', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const scene = { ...file, durationMs: value };
      expect(compareFiles(scene, part(['same name', 999, value, null]))).toBeNull();
    }
    const sizeless = { ...unmeasured, size: Number.NaN };
    expect(compareFiles(sizeless, part(['same name', Number.NaN, null, null]))).toBeNull();
  });

  it('never throw, and never make more of a pair than its path or its name and size do', () => {
    for (const size of odd) {
      for (const durationMs of odd) {
        const found = compareFiles(file, part(['same name', size, durationMs, null]));
        expect(found).toBeNull();
      }
    }
  });

  it('of a scene without files, or of an item without parts, fit nothing', () => {
    const candidate = {
      ...part(['same path', 1_000, 60_000, null]),
      ratingKey: '7',
      sectionId: '3',
      title: 't',
      file: '/media/a.mp4',
      sameText: true,
    };
    expect(matchParts([], [candidate], 80)).toEqual({ kind: 'none' });
    expect(matchParts([file], [], 80)).toEqual({ kind: 'none' });
    expect(verifyRemembered([], [candidate], 80)).toBeNull();
    expect(verifyRemembered([file], [], 80)).toBeNull();
  });

  it('of names full of signs are names like any other', () => {
    for (const name of [
      "'; DROP TABLE x; --",
      '%',
      '\u0000',
      '.mp4',
      ' ',
      '__proto__',
      '😀'.repeat(99),
    ]) {
      const scene = { ...file, plexPath: `/x/${name}`, name };
      const other = { path: `/y/${name}`, name, size: 1_000, durationMs: 60_000 };
      expect(compareFiles(scene, other)?.score).toBe(scores.nameSizeDuration);
      expect(compareFiles(scene, { ...other, size: 5, durationMs: null })).toBeNull();
    }
  });
});
