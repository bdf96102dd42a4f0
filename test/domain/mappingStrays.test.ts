// Single files that lie elsewhere, by chance or since someone moved a copy, take no mapping apart.
import { describe, expect, it } from 'vitest';
import { video } from '../../bench/matchLibrary.ts';
import type { FileEvidence } from '../../src/domain/match/mapping/input.ts';
import { findMappings } from '../../src/domain/match/mappingSearch.ts';
import { find, said, some, whys } from './mappingLibrary.ts';

/** Every so many-th file that Plex has is a stray. */
function straying(one: number, files: readonly FileEvidence[]): FileEvidence[] {
  let inPlex = 0;
  return files.map((file) => {
    if (file.plex === null) return file;
    inPlex += 1;
    if (inPlex % one !== Math.floor(one / 2)) return file;
    return { stash: file.stash, plex: `/copies/${inPlex % 89}/${file.plex.split(/[\\/]/).at(-1)}` };
  });
}

const used = (files: readonly FileEvidence[]): string[] =>
  said(find(files)).filter((rule) => rule.startsWith('used'));

describe('[1.0 MATCH-01] strays in a library of three mappings', () => {
  const library = some(12_000, (at) => {
    const { fate, stashPath, plexPath } = video(at + 1);
    return [stashPath, fate === 'item' ? plexPath : null];
  });

  it.each([8_000, 1_000, 200, 101])('leave them whole: 1 in %i', (one) => {
    expect(used(straying(one, library))).toEqual([
      'used: /data/a => /media/x',
      'used: /data/b => D:\\videos',
      'used: \\\\nas\\c => /mnt/c',
    ]);
  });

  it('leave them to be offered, not in shreds, where there are too many: 1 in 20', () => {
    const report = find(straying(20, library));
    expect(said(report)).toEqual([
      'offered: /data/a => /media/x',
      'offered: /data/b => D:\\videos',
      'offered: \\\\nas\\c => /mnt/c',
    ]);
  });
});

describe('[1.0 MATCH-01] strays', () => {
  const plain = (count: number) =>
    some(count, (at) => [`/data/f${at % 20}/${at}.mp4`, `/media/f${at % 20}/${at}.mp4`]);
  const stray = { stash: '/data/f1/stray.mp4', plex: '/copies/stray.mp4' };

  it('are said, with their share', () => {
    const [few] = whys(find([...plain(10_000), stray]));
    expect(few).toBe(
      '/data => /media fits 10,000 files and does not fit 1 (less than 1 %): strays, found by name and size.',
    );
    const [more] = whys(find(straying(100, plain(10_000))));
    expect(more).toBe(
      '/data => /media fits 9,900 files and does not fit 100 (1 %): strays, found by name and size.',
    );
  });

  it('are those that lie in its Plex folder and come from elsewhere, too', () => {
    const report = find([...plain(1_000), { stash: '/old/x.mp4', plex: '/media/f1/x.mp4' }]);
    expect(report.rules[0]).toMatchObject({ stash: '/data', contradicts: 1, use: 'used' });
    expect(report.explained).toBe(1_000);
  });

  it('count where fewer than a hundred files speak for the rule', () => {
    const few = some(90, (at) => [`/data/${at}.mp4`, `/media/${at}.mp4`]);
    const report = find([...few, { stash: '/data/stray.mp4', plex: '/copies/stray.mp4' }]);
    expect(report.rules[0]).toMatchObject({ explains: 90, contradicts: 1, use: 'offered' });
    expect(used([...few, ...plain(10), stray])).toEqual(['used: /data => /media']);
  });

  it('are not what has a rule of its own', () => {
    const files = some(4_000, (at) => {
      const below = `f${at % 200}/${at}.mp4`;
      return [`/data/${below}`, at % 200 === 7 ? `/disk2/${below}` : `/media/${below}`];
    });
    expect(used([...files, stray])).toEqual([
      'used: /data => /media',
      'used: /data/f7 => /disk2/f7',
    ]);
  });

  it('leave a folder with subfolders elsewhere its own rule, and these theirs', () => {
    const files = some(8_000, (at) =>
      at % 2 === 0
        ? [`/data/${at}.mp4`, `/media/${at}.mp4`]
        : [`/data/more/x/${at}.mp4`, `/mnt/disk/x/${at}.mp4`],
    );
    expect(used(straying(201, files))).toEqual([
      'used: /data => /media',
      'used: /data/more => /mnt/disk',
    ]);
  });

  it('leave two disks their own, and of two that are one in Plex what is proven of each', () => {
    const below = (at: number) => `Site ${at % 12}/${at}.mp4`;
    const two = some(12_000, (at) => [
      `/disk${at % 2}/${below(at)}`,
      `/volume${at % 2}/${below(at)}`,
    ]);
    expect(used(straying(201, two))).toEqual([
      'used: /disk0 => /volume0',
      'used: /disk1 => /volume1',
    ]);
    const one = some(12_000, (at) => [`/disk${at % 2}/${below(at)}`, `/media/${below(at)}`]);
    const merged = find(straying(1_001, one));
    expect(merged.rules.filter(({ use }) => use === 'used').length).toBeLessThanOrEqual(12);
    expect(merged.explained).toBe(11_988);
  });

  it('leave one rule where each file has a folder of its own, more than are looked into', () => {
    const files = some(12_000, (at) => [`/data/v/film ${at}/a.mp4`, `/media/film ${at}/a.mp4`]);
    expect(used(straying(201, files))).toEqual(['used: /data/v => /media']);
  });

  it('leave no shreds of a rule where they are too many: the folders that by chance have none', () => {
    const files = some(4_000, (at) => [
      `/data/f${at % 400}/${at}.mp4`,
      `/media/f${at % 400}/${at}.mp4`,
    ]);
    const report = find(straying(19, files));
    expect(report.rules[0]).toMatchObject({ stash: '/data', use: 'offered', contradicts: 211 });
    expect(used(straying(19, files))).toEqual([]);
  });

  it('are not what a mixed folder holds: the others beside it have their rules', () => {
    const files = some(1_100, (at) =>
      at < 100
        ? [`/data/small/${at}.mp4`, `/disk1/small/${at}.mp4`]
        : [`/data/big/${at}.mp4`, `/disk${at % 5 < 3 ? 1 : 2}/big/${at}.mp4`],
    );
    expect(used(files)).toEqual(['used: /data/small => /disk1/small']);
  });

  it('are not why a merge of many folders has many rules, of which as many are used as may be', () => {
    const files = some(4_000, (at) => {
      const below = `Site ${at % 200}/${at}.mp4`;
      return [`/disk${at % 2}/${below}`, `/media/${below}`];
    });
    expect(used(files)).toHaveLength(40);
  });

  it('do not make a merge of two disks a rule, file by file', () => {
    const files = some(2_000, (at) => [`/data/${at}.mp4`, `/disk${at % 5 < 3 ? 1 : 2}/${at}.mp4`]);
    expect(said(find(files))).toEqual(['offered: /data => /disk1', 'offered: /data => /disk2']);
  });

  it('that each are alone in their folder cost no further look at the files', () => {
    const passes = (files: readonly FileEvidence[]): number => {
      let count = 0;
      findMappings(() => {
        count += 1;
        return files;
      }, []);
      return count;
    };
    expect(passes(plain(300))).toBe(3);
    const alone = some(50, (at) => [`/misc/${at}/${at}.mp4`, `/copies/${at * 3}/${at}.mp4`]);
    expect(passes([...plain(300), ...alone])).toBeLessThanOrEqual(6);
  });
});
