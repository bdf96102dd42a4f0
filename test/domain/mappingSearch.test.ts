// Path mappings found from the files that Stash and Plex both have.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PathRule } from '../../src/contract/pathRules.ts';
import {
  type FileEvidence,
  findMappings,
  type MappingReport,
  rulesInUse,
} from '../../src/domain/mappingSearch.ts';
import { pathKey, plexPathKey, stashPathKey } from '../../src/domain/pathMapping.ts';
import { seededRandom } from './random.ts';

function some(
  count: number,
  file: (at: number) => readonly [string, string | null],
): FileEvidence[] {
  return Array.from({ length: count }, (_, at) => {
    const [stash, plex] = file(at);
    return { stash, plex };
  });
}

const find = (files: readonly FileEvidence[], hand: readonly PathRule[] = []): MappingReport =>
  findMappings(() => files, hand);
const said = ({ rules }: MappingReport): string[] =>
  rules.map((rule) => `${rule.use}: ${rule.stash} => ${rule.plex}`).toSorted();
const whys = ({ rules }: MappingReport): string[] => rules.map((rule) => rule.why);

/** What the mapping itself, which knows nothing of the search, says of the rules in use. */
function tested(files: readonly FileEvidence[], rules: readonly PathRule[]) {
  let right = 0;
  let wrong = 0;
  for (const { stash, plex } of files) {
    if (plex === null) continue;
    const there = plexPathKey(stash, rules) === pathKey(plex);
    const back = stashPathKey(plex, rules) === pathKey(stash);
    const untouched = plexPathKey(stash, rules) === pathKey(stash);
    const backUntouched = stashPathKey(plex, rules) === pathKey(plex);
    if (there) right += 1;
    if ((!there && !untouched) || (!back && !backUntouched)) wrong += 1;
  }
  return { right, wrong };
}

describe('[1.0 MATCH-01] finding a path mapping', () => {
  it('says how many files it explains, and in which folders the others are', () => {
    const files = some(12_340, (at) => [
      `/data/Site ${at % 7}/${at}.mp4`,
      at < 11_902 ? `/media/Site ${at % 7}/${at}.mp4` : null,
    ]);
    const report = find([...files, { stash: '/new/x/a.mp4', plex: null }]);
    expect(report).toMatchObject({ files: 12_341, inPlex: 11_902, explained: 11_902 });
    expect(report.rules).toEqual([
      {
        stash: '/data',
        plex: '/media',
        explains: 11_902,
        contradicts: 0,
        use: 'used',
        why: '/data => /media fits all 11,902 files that Plex has of /data and contradicts none.',
      },
    ]);
    expect(report.unexplained[0]).toEqual({ folder: '/data/Site 2', files: 63, inPlex: 0 });
    expect(report.unexplained.at(-1)).toEqual({ folder: '/new/x', files: 1, inPlex: 0 });
    expect(report.unexplained.reduce((sum, { files: rest }) => sum + rest, 0)).toBe(439);
  });

  it('needs none where both see the same paths', () => {
    const report = find(some(10, (at) => [`/data/${at}.mp4`, `/data/${at}.mp4`]));
    expect(report).toMatchObject({ explained: 10, rules: [], unexplained: [] });
  });

  it('finds nothing in nothing', () => {
    expect(find([])).toEqual({
      files: 0,
      inPlex: 0,
      explained: 0,
      rules: [],
      handRules: [],
      unexplained: [],
    });
    expect(find([{ stash: '/a/b.mp4', plex: null }]).rules).toEqual([]);
  });

  it.each([
    ['Windows to POSIX', 'D:\\Media\\S\\', '/mnt/media/S/', 'D:\\Media', '/mnt/media'],
    ['POSIX to Windows in other case', '/data/Été/', 'D:\\Media\\ÉTÉ\\', '/data', 'D:\\Media'],
    ['a share', '\\\\nas\\video\\S\\', '/volume1/video/S/', '\\\\nas\\video', '/volume1/video'],
    ['onto a long path', '/data/S/', '\\\\?\\D:\\Media\\S\\', '/data', '\\\\?\\D:\\Media'],
    ['the root', '/S/', '/mnt/S/', '/', '/mnt'],
    ['onto the root', '/data/S/', '/S/', '/data', '/'],
    ['a whole drive', 'D:\\S\\', '/mnt/d/S/', 'D:\\', '/mnt/d'],
    ['onto a whole drive', '/data/S/', 'E:\\S\\', '/data', 'E:\\'],
    ['decomposed folders', '/data/Cafe\u0301/', '/m/Café/', '/data', '/m'],
  ])('works for %s', (_, stash, plex, from, to) => {
    const report = find(some(5, (at) => [`${stash}${at}.mp4`, `${plex}${at}.mp4`]));
    expect(said(report)).toEqual([`used: ${from} => ${to}`]);
    expect(report.explained).toBe(5);
  });

  it('believes the only file that both have, and both of two', () => {
    const one = find([{ stash: '/data/x/a.mp4', plex: '/media/x/a.mp4' }]);
    expect(said(one)).toEqual(['used: /data => /media']);
    const two = find(some(2, (at) => [`/data/${at}.mp4`, `/media/${at}.mp4`]));
    expect(said(two)).toEqual(['used: /data => /media']);
  });

  it('only offers what fewer than three of more files show', () => {
    const report = find(
      some(12, (at) =>
        at < 10 ? [`/a/${at}.mp4`, `/m/${at}.mp4`] : [`/b/${at}.mp4`, `/n/${at}.mp4`],
      ),
    );
    expect(said(report)).toEqual(['offered: /b => /n', 'used: /a => /m']);
    expect(whys(report)[1]).toBe(
      '/b => /n fits 2 of 2 files and contradicts none, too few to be sure of it: it takes 3.',
    );
    expect(report.unexplained).toEqual([{ folder: '/b', files: 2, inPlex: 2 }]);
  });

  it('goes down where one folder leads to two', () => {
    const report = find(
      some(20, (at) =>
        at % 2 === 0
          ? [`/data/a/${at}.mp4`, `/m1/a/${at}.mp4`]
          : [`/data/b/${at}.mp4`, `/m2/b/${at}.mp4`],
      ),
    );
    expect(said(report)).toEqual(['used: /data/a => /m1/a', 'used: /data/b => /m2/b']);
    expect(report.explained).toBe(20);
  });

  it('tells two mappings with a shared prefix apart', () => {
    const report = find(
      some(30, (at) =>
        at % 3 === 0
          ? [`/data/${at}.mp4`, `/media/${at}.mp4`]
          : [`/data/more/x/${at}.mp4`, `/mnt/disk/x/${at}.mp4`],
      ),
    );
    expect(said(report)).toEqual(['used: /data => /media', 'used: /data/more => /mnt/disk']);
    expect(report.explained).toBe(30);
  });

  it('lets one rule speak for many folders, and another for the exception', () => {
    const report = find(
      some(1_000, (at) => {
        const below = `f${at % 50}/${at}.mp4`;
        return [`/data/${below}`, at % 50 === 0 ? `/disk2/${below}` : `/media/${below}`];
      }),
    );
    expect(said(report)).toEqual(['used: /data => /media', 'used: /data/f0 => /disk2/f0']);
    expect(report.explained).toBe(1_000);
  });

  it('takes a file at the same path for a proof against a rule over it', () => {
    const report = find(
      some(12, (at) =>
        at < 6
          ? [`/data/a/${at}.mp4`, `/media/a/${at}.mp4`]
          : [`/data/b/${at}.mp4`, `/data/b/${at}.mp4`],
      ),
    );
    expect(said(report)).toEqual(['used: /data/a => /media/a']);
    expect(report.explained).toBe(12);
  });

  it('goes down where two folders lead into one but their subfolders do not', () => {
    const files = some(100, (at) => {
      const below = `${Math.floor(at / 20)}/${at}.mp4`;
      return [`/disk${at < 60 ? 1 : 2}/${below}`, `/media/${below}`];
    });
    const report = find(files);
    expect(report.explained).toBe(100);
    expect(report.rules.filter(({ contradicts }) => contradicts > 0)).toEqual([]);
    expect(tested(files, rulesInUse([], report.rules))).toEqual({ right: 100, wrong: 0 });
  });
});

describe('[1.0 MATCH-01] a mapping that some files contradict', () => {
  it('is offered with the reason and never used, where one folder is two in Plex', () => {
    const report = find(
      some(100, (at) => [`/data/${at}.mp4`, `/disk${at < 60 ? 1 : 2}/${at}.mp4`]),
    );
    expect(said(report)).toEqual(['offered: /data => /disk1', 'offered: /data => /disk2']);
    expect(whys(report)).toEqual([
      '/data => /disk1 fits 60 of 100 files and contradicts 40: those are below /disk2.',
      '/data => /disk2 fits 40 of 100 files and contradicts 60: those are below /disk1.',
    ]);
    expect(report.explained).toBe(0);
    expect(report.unexplained).toEqual([{ folder: '/data', files: 100, inPlex: 100 }]);
    expect(rulesInUse([], report.rules)).toEqual([]);
  });

  it('is offered with the reason and never used, where two folders are one in Plex', () => {
    const report = find(
      some(100, (at) => [`/disk${at < 60 ? 1 : 2}/x/${at}.mp4`, `/media/x/${at}.mp4`]),
    );
    expect(said(report)).toEqual(['offered: /disk1 => /media', 'offered: /disk2 => /media']);
    expect(whys(report)[0]).toBe(
      '/disk1 => /media fits 60 of 60 files and contradicts 40: those are below /media in Plex too, but below /disk2 in Stash.',
    );
  });

  it('is used for the folders that nothing contradicts', () => {
    const report = find(
      some(100, (at) =>
        at < 60
          ? [`/data/a/${at}.mp4`, `/m/a/${at}.mp4`]
          : [`/data/b/${at}.mp4`, `/${at % 2 ? 'm' : 'n'}/b/${at}.mp4`],
      ),
    );
    expect(said(report)).toEqual([
      'offered: /data => /m',
      'offered: /data => /n',
      'used: /data/a => /m/a',
    ]);
    expect(report.explained).toBe(60);
    expect(whys(report)).toContain(
      '/data => /m fits 20 of 40 files and contradicts 20: those are below /n.',
    );
  });

  it('is not used for files that stand in another case on POSIX', () => {
    const report = find(some(9, (at) => [`/data/A${at}.mp4`, `/media/a${at}.mp4`]));
    expect(report).toMatchObject({ explained: 0, inPlex: 9 });
    expect(report.rules.filter(({ use }) => use === 'used')).toEqual([]);
  });
});

describe('[1.0 MATCH-01] a mapping set by hand', () => {
  const files = some(20, (at) => [
    `/data/${at % 2 === 0 ? 'a' : 'b'}/${at}.mp4`,
    `/media/${at % 2 === 0 ? 'a' : 'b'}/${at}.mp4`,
  ]);

  it('wins over what the files show, and is told where they contradict it', () => {
    const hand = [{ stash: '/data/', plex: '/wrong' }];
    const report = find(files, hand);
    expect(report.rules).toEqual([]);
    expect(report.explained).toBe(0);
    expect(report.handRules).toEqual([{ rule: hand[0], explains: 0, contradicts: 20 }]);
  });

  it('rules its own folder only', () => {
    const hand = [{ stash: '/data/a', plex: '/wrong' }];
    const report = find(files, hand);
    expect(report.handRules).toEqual([{ rule: hand[0], explains: 0, contradicts: 10 }]);
    expect(report.explained).toBe(10);
    expect(said(report)).toEqual(['used: /data => /media']);
    expect(
      tested(
        files.filter(({ stash }) => stash.startsWith('/data/b')),
        rulesInUse(hand, report.rules),
      ),
    ).toEqual({ right: 10, wrong: 0 });
  });

  it('that is right leaves nothing to find', () => {
    const hand = [{ stash: '/data', plex: '/media' }];
    const report = find(files, hand);
    expect(report).toMatchObject({ explained: 20, rules: [] });
    expect(report.handRules).toEqual([{ rule: hand[0], explains: 20, contradicts: 0 }]);
  });

  it('keeps a found rule out of a Plex folder that it fills itself', () => {
    const merged = some(5, (at) => [`/other/a/${at}.avi`, `/media/a/${at}.avi`]);
    const report = find([...files, ...merged], [{ stash: '/data', plex: '/media' }]);
    expect(report.handRules[0]).toMatchObject({ explains: 20, contradicts: 5 });
    expect(said(report)).toEqual(['offered: /other => /media']);
    expect(whys(report)).toEqual([
      '/other => /media fits 5 of 5 files and contradicts 5: those are below /media in Plex too, but below /other in Stash.',
    ]);
  });

  it('leaves found rules a Plex folder below its own that it does not fill', () => {
    const beside = some(5, (at) => [`/other/c/${at}.avi`, `/media/c/${at}.avi`]);
    const report = find([...files, ...beside], [{ stash: '/data', plex: '/media' }]);
    expect(report.handRules[0]).toMatchObject({ explains: 20, contradicts: 0 });
    expect(report.rules.filter(({ use }) => use === 'used')).toMatchObject([
      { stash: '/other/c', plex: '/media/c', explains: 5 },
    ]);
    expect(report.explained).toBe(25);
  });

  it('stands first among the rules in use, and found ones below it are left out', () => {
    const found = (stash: string, use: 'used' | 'offered') =>
      ({ stash, plex: '/p', explains: 3, contradicts: 0, use, why: '' }) as const;
    expect(
      rulesInUse(
        [{ stash: 'D:\\Media', plex: '/m' }],
        [
          found('/x', 'used'),
          found('/y', 'offered'),
          found('d:/media/sub', 'used'),
          found('D:\\MEDIA\\', 'used'),
          found('D:\\', 'used'),
        ],
      ).map(({ stash }) => stash),
    ).toEqual(['D:\\Media', '/x', 'D:\\']);
  });
});

describe('[1.0 MATCH-01] finding mappings in any library', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'Site', 'Été', 'x y');
  const folder = fc.array(names, { minLength: 1, maxLength: 3 });

  it('finds rules that explain everything, where rules for separate folders made the library', () => {
    const library = fc.record({
      plexWindows: fc.boolean(),
      stashWindows: fc.boolean(),
      /** Per mapping: a folder in Plex and subfolders of files. */
      mappings: fc.array(fc.tuple(folder, fc.array(folder, { minLength: 1, maxLength: 4 })), {
        minLength: 1,
        maxLength: 5,
      }),
    });
    fc.assert(
      fc.property(library, ({ plexWindows, stashWindows, mappings }) => {
        const files = mappings.flatMap(([plexFolder, subfolders], at) =>
          subfolders.flatMap((sub, subAt) =>
            some(3, (file) => {
              const name = `${sub.join('/')}/${at}-${subAt}-${file}.mp4`;
              const stash = `${stashWindows ? 'D:' : ''}/data/s${at}/${name}`;
              const plex = `${plexWindows ? 'E:' : ''}/p${at}/${plexFolder.join('/')}/${name}`;
              return [
                stashWindows ? stash.replaceAll('/', '\\') : stash,
                plexWindows ? plex.replaceAll('/', '\\') : plex,
              ];
            }),
          ),
        );
        const report = find(files);
        expect(report.explained).toBe(files.length);
        expect(report.rules.every(({ use }) => use === 'used')).toBe(true);
        expect(tested(files, rulesInUse([], report.rules)).right).toBe(files.length);
        if (!plexWindows) {
          expect(tested(files, rulesInUse([], report.rules)).wrong).toBe(0);
        }
      }),
      { numRuns: 200, seed: 46 },
    );
  });

  it('never uses a rule that a file contradicts, however folders are merged, and counts truly', () => {
    const file = fc.record({
      folder,
      stash: fc.constantFrom('/data', '/data/a', '/disk', '/m'),
      plex: fc.constantFrom('/m', '/m/a', '/n', '/data', null),
    });
    const hand = fc.array(
      fc.record({
        stash: fc.constantFrom('/data', '/data/a', '/disk/b'),
        plex: fc.constantFrom('/m', '/n', '/m/a'),
      }),
      { maxLength: 1 },
    );
    fc.assert(
      fc.property(fc.array(file, { maxLength: 60 }), hand, (made, handRules) => {
        const files = made.map(({ folder: below, stash, plex }, at) => {
          const tail = `/${below.join('/')}/${at}.mp4`;
          return { stash: stash + tail, plex: plex === null ? null : plex + tail };
        });
        const report = find(files, handRules);
        const inUse = rulesInUse(handRules, report.rules);
        const result = tested(files, inUse);
        expect(report.explained).toBe(result.right);
        expect(report.files).toBe(files.length);
        if (handRules.length === 0) expect(result.wrong).toBe(0);
        const inPlex = files.filter(({ plex }) => plex !== null).length;
        expect(report.inPlex).toBe(inPlex);
        for (const rule of report.rules) {
          if (rule.use === 'offered') continue;
          expect(rule.contradicts).toBe(0);
          expect(rule.explains).toBeGreaterThanOrEqual(Math.min(3, inPlex));
        }
        const left = report.unexplained.reduce((sum, { files: rest }) => sum + rest, 0);
        expect(left).toBe(files.length - report.explained);
      }),
      { numRuns: 500, seed: 47 },
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
    expect(report.unexplained.reduce((sum, { files }) => sum + files, 0)).toBe(100_000);
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

  it('names at most 50 rules and 50 folders, rolled up to those above where there are many more', () => {
    const report = find(
      some(6_000, (at) => [`/lib${at % 4}/site${at % 40}/scene${at}/f${at}.mp4`, null]),
    );
    expect(report.unexplained).toHaveLength(40);
    expect(report.unexplained[0]?.files).toBe(150);
    const many = find(
      some(400, (at) => [`/a/s${at % 100}/${at}.mp4`, `/p/t${at % 100}/${at}.mp4`]),
    );
    expect(many.rules.length).toBeLessThanOrEqual(50);
    expect(
      tested(
        some(400, (at) => [`/a/s${at % 100}/${at}.mp4`, `/p/t${at % 100}/${at}.mp4`]),
        rulesInUse([], many.rules),
      ).wrong,
    ).toBe(0);
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
