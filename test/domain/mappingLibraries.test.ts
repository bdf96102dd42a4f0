// Path mappings in libraries made at random, and in such as are made to be hard.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchInput } from '../../src/domain/match/mapping/input.ts';
import { grow, newTree } from '../../src/domain/match/mapping/tree.ts';
import { findMappings, rulesInUse } from '../../src/domain/match/mappingSearch.ts';
import {
  filesUnexplained,
  find,
  mergedFolders,
  said,
  separateFolders,
  some,
  strayingFolders,
  tested,
} from './mappingLibrary.ts';
import { seededRandom } from './random.ts';

describe('[1.0 MATCH-01] finding mappings in any library', () => {
  it('finds rules that explain everything, where rules for separate folders made the library', () => {
    fc.assert(
      fc.property(separateFolders, ({ plexWindows, files }) => {
        const report = find(files);
        expect(report.explained).toBe(files.length);
        expect(report.rules.every(({ use }) => use === 'used')).toBe(true);
        const { right, wrong } = tested(files, rulesInUse([], report.rules));
        expect(right).toBe(files.length);
        if (!plexWindows) expect(wrong).toBe(0);
      }),
      { numRuns: 200, seed: 46 },
    );
  });

  it('never uses a rule that a file contradicts in a small one, however folders are merged, and counts truly', () => {
    fc.assert(
      fc.property(mergedFolders, ({ files, handRules }) => {
        const report = find(files, handRules);
        const inPlex = files.filter(({ plex }) => plex !== null).length;
        const { right, wrong } = tested(files, rulesInUse(handRules, report.rules));
        expect(report).toMatchObject({ files: files.length, inPlex, explained: right });
        if (handRules.length === 0) expect(wrong).toBe(0);
        for (const rule of report.rules.filter(({ use }) => use === 'used')) {
          expect(rule.contradicts).toBe(0);
          expect(rule.explains).toBeGreaterThanOrEqual(Math.min(3, inPlex));
        }
        expect(filesUnexplained(report)).toBe(files.length - right);
      }),
      { numRuns: 500, seed: 47 },
    );
  });

  it('never uses a rule that more than 1 % contradict, however many strays there are', () => {
    fc.assert(
      fc.property(strayingFolders, (files) => {
        const report = find(files);
        const { right, wrong } = tested(files, rulesInUse([], report.rules));
        expect(report.explained).toBe(right);
        let against = 0;
        for (const { use, explains, contradicts } of report.rules) {
          if (use === 'offered') continue;
          against += contradicts;
          const most = explains < 100 ? 0 : 1;
          expect(Math.round((100 * contradicts) / explains)).toBeLessThanOrEqual(most);
          if (explains < 100) expect(contradicts).toBe(0);
        }
        expect(wrong).toBeLessThanOrEqual(against);
      }),
      { numRuns: 50, seed: 49 },
    );
  });
});

describe('[1.0 MATCH-01] finding mappings in a library made to be hard', () => {
  it('ends, with little to say, where 100,000 folders have nothing to do with each other', () => {
    const random = seededRandom(48);
    const target = Array.from({ length: 100_000 }, () => Math.floor(random() * 1e9));
    let passes = 0;
    let open = 0;
    const report = findMappings(function* () {
      passes += 1;
      open += 1;
      for (const [at, to] of target.entries()) {
        yield { stash: `/s/a${at % 99}/b${at}/f.mp4`, plex: `/p${to}/c${to % 7}/f.mp4` };
      }
      open -= 1;
    }, []);
    expect(open).toBe(0);
    expect(passes).toBeLessThan(22);
    expect(report).toMatchObject({ files: 100_000, inPlex: 100_000, explained: 0 });
    expect(report.rules.length).toBeLessThanOrEqual(50);
    expect(report.rules.every(({ use }) => use === 'offered')).toBe(true);
    expect(report.unexplained.length).toBeLessThanOrEqual(50);
    expect(filesUnexplained(report)).toBe(100_000);
  });

  it('finds the one mapping among them', () => {
    const report = find(
      some(60_000, (at) =>
        at % 2 === 0
          ? [`/data/${at % 100}/${at}.mp4`, `/media/${at % 100}/${at}.mp4`]
          : [`/x${at}/f.mp4`, `/y${at * 7}/f.mp4`],
      ),
    );
    expect(report.explained).toBe(30_000);
    expect(said(report)).toContain('used: /data => /media');
  });

  it('finds it too where it comes last, after more folders than are kept', () => {
    const report = find([
      ...some(11_000, (at) => [`/x${at}/f.mp4`, `/y${at * 7}/f.mp4`]),
      ...some(100, (at) => [`/data/${at}.mp4`, `/media/${at}.mp4`]),
      ...some(11_000, (at) => [`/z${at}/f.mp4`, `/w${at * 7}/f.mp4`]),
    ]);
    expect(said(report)).toContain('used: /data => /media');
    expect(report.explained).toBe(100);
  });

  it('keeps at most 20,000 folders in memory, however many there are', () => {
    const files = some(30_000, (at) => [`/x${at}/f.mp4`, `/y${at * 7}/f.mp4`]);
    const tree = newTree(searchInput(() => files, []));
    grow(tree);
    expect(tree.folders.size).toBeLessThanOrEqual(20_000);
  });

  it('offers what many files show, among thousands that each show something else', () => {
    const report = find(
      some(6_000, (at) =>
        at % 3 === 0
          ? [`/data/${at}.mp4`, `/disk${at % 2}/${at}.mp4`]
          : [`/data/${at}.mp4`, `/y${at}/${at}.mp4`],
      ),
    );
    expect(said(report).slice(0, 2)).toEqual([
      'offered: /data => /disk0',
      'offered: /data => /disk1',
    ]);
  });

  it('uses what is proven beside folders that it cannot get to the bottom of', () => {
    const deep = 'a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q';
    const merged = some(60, (at) => [`/disk${at % 2}/${deep}/${at}.mp4`, `/all/${deep}/${at}.mp4`]);
    const above = some(60, (at) => [`/disk0/${at}.mp4`, `/all/${at}.mp4`]);
    const clean = some(60, (at) => [`/data/${at}.mp4`, `/media/${at}.mp4`]);
    const report = find([...merged, ...above, ...clean]);
    expect(said(report)).toContain('used: /data => /media');
    expect(
      report.rules.filter(({ use, contradicts }) => use === 'used' && contradicts > 0),
    ).toEqual([]);
  });

  it('names at most 50 rules and 50 folders, rolled up to those above where there are many more', () => {
    const report = find(
      some(6_000, (at) => [`/lib${at % 4}/site${at % 40}/scene${at}/f${at}.mp4`, null]),
    );
    expect(report.unexplained).toHaveLength(40);
    expect(report.unexplained[0]?.files).toBe(150);
    const files = some(400, (at) => [`/a/s${at % 100}/${at}.mp4`, `/p/t${at % 100}/${at}.mp4`]);
    const many = find(files);
    expect(many.rules.length).toBeLessThanOrEqual(50);
    expect(tested(files, rulesInUse([], many.rules)).wrong).toBe(0);
  });

  it('survives paths that are none', () => {
    const odd = [
      '',
      '/',
      '//',
      '\\',
      'D:',
      'D:\\',
      '\\\\',
      '\\\\?\\',
      'a',
      'a/b',
      '/a',
      '//a/b',
      '//a/b/c',
    ];
    const files = odd.flatMap((stash) => odd.map((plex) => ({ stash, plex })));
    const report = find(files, [{ stash: '/', plex: '//a/b' }]);
    expect(report.files).toBe(files.length);
    expect(report.rules.filter(({ use }) => use === 'used')).toEqual([]);
    expect(find(files).files).toBe(files.length);
  });
});
