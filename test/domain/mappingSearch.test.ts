// Path mappings found from the files that Stash and Plex both have.
import { describe, expect, it } from 'vitest';
import { rulesInUse } from '../../src/domain/match/mappingSearch.ts';
import { filesUnexplained, find, said, some, tested, whys } from './mappingLibrary.ts';

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
    expect(filesUnexplained(report)).toBe(439);
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

  it('finds what lies elsewhere, however many of its folders do', () => {
    const report = find(
      some(2_000, (at) => {
        const below = `f${at % 200}/${at}.mp4`;
        return [`/data/${below}`, at % 200 < 30 ? `/disk${at % 200}/${below}` : `/media/${below}`];
      }),
    );
    expect(report.rules).toHaveLength(31);
    expect(said(report)).toContain('used: /data => /media');
    expect(report.explained).toBe(2_000);
  });

  it('tells folders apart that differ in case only, where Stash does and Plex does not', () => {
    const report = find(
      some(20, (at) =>
        at % 2 === 0
          ? [`/data/New/${at}.mp4`, `D:\\media\\${at}.mp4`]
          : [`/data/new/${at}.mp4`, `D:\\media\\${at}.mp4`],
      ),
    );
    expect(said(report)).toEqual(['used: /data/New => D:\\media', 'used: /data/new => D:\\media']);
    expect(report.explained).toBe(20);
  });

  it('counts names, not letters, where a folder is shorter without its case', () => {
    const report = find(
      some(5, (at) => [`/videos/J\u030c/S/${at}.mp4`, `D:\\Media\\S\\${at}.mp4`]),
    );
    expect(said(report)).toEqual(['used: /videos/J\u030c => D:\\Media']);
    expect(report.explained).toBe(5);
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
