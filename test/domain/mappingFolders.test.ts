// The folders that decide and that are named: which rule's a path is in, and which folder a sentence
// points to.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countEvidence,
  type Evidence,
  widestRule,
} from '../../src/domain/match/mapping/evidence.ts';
import { indexByFolder, longestFit } from '../../src/domain/match/mapping/folderIndex.ts';
import { pathForms, pathKey, isWithin } from '../../src/domain/match/pathMapping.ts';
import { find, some, whys } from './mappingLibrary.ts';

describe('[1.0 MATCH-01] the folder whose rule decides', () => {
  const piece = fc.constantFrom('a', 'b', 'ab', 'a b');
  const path = fc
    .tuple(fc.constantFrom('/', '//', 'D:/', '//nas/c/', '/a/'), fc.array(piece, { maxLength: 4 }))
    .map(([root, names]) => root + names.join('/'));

  it('is the longest that the path is in, as if each were tried', () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 8 }), path, (folders, file) => {
        const keys = folders.map(pathKey);
        const key = pathKey(file);
        const fitting = keys.filter((folder) => isWithin(key, folder));
        const longest = fitting.toSorted((one, other) => other.length - one.length)[0] ?? null;
        expect(
          longestFit(
            indexByFolder(keys, (folder) => folder),
            key,
          ),
        ).toBe(longest);
      }),
      { numRuns: 1_000, seed: 50 },
    );
  });

  it('is not the root for what is on a network share', () => {
    const files = [
      ...some(9, (at) => [`/s/${at}.mp4`, `/mnt/s/${at}.mp4`]),
      ...some(9, (at) => [`\\\\nas\\c\\${at}.avi`, `\\\\nas\\c\\${at}.avi`]),
    ];
    expect(find(files, [{ stash: '/', plex: '/mnt' }])).toMatchObject({
      explained: 18,
      handRules: [{ explains: 9, contradicts: 0 }],
    });
  });
});

describe('[1.0 MATCH-01] the folder that a sentence names', () => {
  /** Files that follow `/data/a => /m/a`, so that others contradict it. */
  const most = some(20, (at) => [`/data/a/b/${at}.mp4`, `/m/a/b/${at}.mp4`]);
  const why = (stash: string, plex: string): string | undefined =>
    whys(find([...most, ...some(10, (at) => [`${stash}/x${at}.mp4`, `${plex}/x${at}.mp4`])]))[0];
  const hand = (stash: string, plex: string): string => `${stash} => ${plex}`;

  it('is where the whole folder of the rule is instead', () => {
    expect(why('/data/a/b', '/n/a/b')).toContain(
      `${hand('/data', '/m')} fits 20 of 30 files and contradicts 10: those are below /n.`,
    );
  });

  it('is above the names that are the same, where not all below the folder are', () => {
    expect(why('/data/a/b', '/copies/of/b')).toContain('those are below /copies/of.');
  });

  it('is where the file is, where only its name is the same', () => {
    expect(why('/data/a/b', '/copies/of')).toContain('those are below /copies/of.');
  });

  it('is, in Stash, where the whole folder or what is the same of it comes from', () => {
    const merged = (folder: string): string | undefined =>
      whys(
        find(
          some(50, (at) =>
            at < 30
              ? [`/disk1/x/y/${at}.mp4`, `/media/x/y/${at}.mp4`]
              : [`${folder}/${at}.mp4`, `/media/x/y/${at}.mp4`],
          ),
        ),
      ).find((text) => text.startsWith('/disk1 =>'));
    expect(merged('/disk2/x/y')).toContain('below /media in Plex too, but below /disk2 in Stash.');
    expect(merged('/old/z/y')).toContain('below /media in Plex too, but below /old/z in Stash.');
    expect(merged('/old')).toContain('below /media in Plex too, but below /old in Stash.');
  });
});

describe('[1.0 MATCH-01] the widest rules that are kept', () => {
  it('are the frequent ones, counted too low by no more than their room allows', () => {
    const which = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 120 });
    fc.assert(
      fc.property(which, fc.integer({ min: 1, max: 8 }), (folders, room) => {
        const counts = new Map<string, Evidence>();
        const truly = new Map<string, number>();
        folders.forEach((folder, at) => {
          const pair = {
            stash: pathForms(`/data/${at}.mp4`),
            plex: pathForms(`/m${folder}/${at}.mp4`),
          };
          const { id } = widestRule(pair);
          truly.set(id, (truly.get(id) ?? 0) + 1);
          countEvidence(counts, pair, room);
        });
        expect(counts.size).toBeLessThanOrEqual(room);
        for (const [id, pairs] of truly) {
          const counted = counts.get(id)?.pairs ?? 0;
          expect(counted).toBeLessThanOrEqual(pairs);
          expect(counted).toBeGreaterThanOrEqual(pairs - (folders.length - pairs) / room);
        }
      }),
      { numRuns: 300, seed: 51 },
    );
  });
});
