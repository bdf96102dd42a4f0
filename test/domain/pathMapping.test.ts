// Paths as Stash and as Plex see them, made comparable.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePathRules } from '../../src/contract/pathRules.ts';
import {
  folderOf,
  nameKey,
  pathKey,
  plexPath,
  plexPathKey,
  stashPathKey,
} from '../../src/domain/match/pathMapping.ts';

const mapped = (path: string, rules: string): string =>
  plexPathKey(path, parsePathRules(rules).rules);

const folder = fc
  .stringMatching(/^[A-Za-z0-9 ._é-]{1,8}$/)
  .filter((name) => /[A-Za-z0-9]/.test(name));
/** Made of what paths are made of, in any order. */
const spelt = fc
  .array(fc.constantFrom('\\', '/', '?', 'UNC', 'D:', 'a', 'e', '\u0301', '.'), { maxLength: 20 })
  .map((pieces) => pieces.join(''));
const folders = fc.array(folder, { minLength: 1, maxLength: 5 });

describe('[1.0 MATCH-01] two spellings of a path', () => {
  it.each([
    ['either separator', 'D:\\media\\a.mp4', 'D:/media/a.mp4'],
    ['a network share', '\\\\nas\\share\\a.mp4', '//nas/share/a.mp4'],
    ['the long form of a drive', '\\\\?\\D:\\media\\a.mp4', 'D:\\media\\a.mp4'],
    ['the long form of a share', '\\\\?\\UNC\\nas\\share\\a.mp4', '\\\\nas\\share\\a.mp4'],
    ['composed and decomposed accents', '/media/Café.mp4', '/media/Cafe\u0301.mp4'],
    ['doubled separators', '/media//x///a.mp4', '/media/x/a.mp4'],
    ['a separator at the end', '/media/', '/media'],
    ['case on a drive', 'D:\\Media\\A.MP4', 'd:\\media\\a.mp4'],
    ['case on a share', '\\\\NAS\\Video\\A.mp4', '\\\\nas\\video\\a.MP4'],
    ['case in letters with accents on a drive', 'D:\\ÉTÉ', 'd:\\e\u0301te\u0301'],
    ['case where only the small letter is composed', 'D:\\J\u030C', 'd:\\\u01F0'],
    ['many slashes before a POSIX path', '///media/a', '/media/a'],
    ['a drive with and without its separator', 'D:\\', 'D:'],
  ])('are equal for %s', (_, one, other) => {
    expect(pathKey(one)).toBe(pathKey(other));
  });

  it.each([
    ['different folders', '/media/a.mp4', '/data/a.mp4'],
    ['a share and a local folder', '//nas/share', '/nas/share'],
    ['different case, which POSIX tells apart', '/media/A.mp4', '/media/a.mp4'],
    ['a backslash in a POSIX name', '/media/a\\b.mp4', '/media/a/b.mp4'],
  ])('differ for %s', (_, one, other) => {
    expect(pathKey(one)).not.toBe(pathKey(other));
  });

  it('keep the root, and a name ending in a blank or dot', () => {
    expect(pathKey('/')).toBe('/');
    expect(pathKey('/a b ./c .')).toBe('/a b ./c .');
  });

  it('are made comparable once and for all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), spelt), (path) => {
        const key = pathKey(path);
        // In a POSIX path it is a character of a name.
        if (!key.startsWith('/') || key.startsWith('//')) expect(key).not.toContain('\\');
        expect(pathKey(key)).toBe(key);
      }),
      { numRuns: 1_000, seed: 41 },
    );
  });

  it('share their name whatever the system, case and composition', () => {
    expect(nameKey('D:\\Media\\Café.MP4')).toBe('café.mp4');
    expect(nameKey('/x/CAFE\u0301.mp4')).toBe('café.mp4');
    expect(nameKey('\\\\?\\D:\\a.mp4')).toBe('a.mp4');
    expect(nameKey('/folder/')).toBe('folder');
    expect(nameKey('')).toBe('');
  });
});

describe('[1.0 MATCH-01] a path mapping', () => {
  it('changes nothing where no rule fits', () => {
    expect(mapped('/data/x/a.mp4', '')).toBe('/data/x/a.mp4');
    expect(mapped('/data/x/a.mp4', '/other=>/media')).toBe('/data/x/a.mp4');
  });

  it('fits whole folder names only', () => {
    expect(mapped('/database/a.mp4', '/data=>/media')).toBe('/database/a.mp4');
    expect(mapped('/data/a.mp4', '/data=>/media')).toBe('/media/a.mp4');
    expect(mapped('/data', '/data=>/media')).toBe('/media');
  });

  it('lets the longest rule that fits win, in whatever order they stand', () => {
    const rules = ['/data=>/one', '/data/x=>/two', '/data/x/y=>/three'];
    for (const order of [rules, rules.toReversed()]) {
      expect(mapped('/data/a.mp4', order.join(';'))).toBe('/one/a.mp4');
      expect(mapped('/data/x/a.mp4', order.join(';'))).toBe('/two/a.mp4');
      expect(mapped('/data/x/y/a.mp4', order.join(';'))).toBe('/three/a.mp4');
    }
  });

  it('is applied once: its outcome is not mapped again', () => {
    expect(mapped('/a/f.mp4', '/a=>/b;/b=>/c')).toBe('/b/f.mp4');
  });

  it.each([
    ['Windows to POSIX', 'D:\\media\\x\\a.mp4', 'D:\\media=>/mnt/media', '/mnt/media/x/a.mp4'],
    ['POSIX to Windows', '/data/x/a.mp4', '/data=>D:\\media', 'd:/media/x/a.mp4'],
    ['a drive in the other case', 'd:\\media\\a.mp4', 'D:\\media=>/m', '/m/a.mp4'],
    ['a rule in the other separator', 'D:\\media\\a.mp4', 'D:/media=>/m', '/m/a.mp4'],
    ['a whole drive', 'D:\\a.mp4', 'D:\\=>/m', '/m/a.mp4'],
    ['onto a whole drive', '/data/a.mp4', '/data=>E:\\', 'e:/a.mp4'],
    ['a share', '\\\\nas\\v\\a.mp4', '\\\\nas\\v=>/volume1/v', '/volume1/v/a.mp4'],
    ['onto a share', '/v/a.mp4', '/v=>\\\\nas\\v', '//nas/v/a.mp4'],
    ['a long path', '\\\\?\\D:\\media\\a.mp4', 'D:\\media=>/m', '/m/a.mp4'],
    ['a long share', '\\\\?\\UNC\\nas\\v\\a.mp4', '\\\\nas\\v=>/m', '/m/a.mp4'],
    ['a decomposed rule', '/Café/a.mp4', '/Cafe\u0301=>/m', '/m/a.mp4'],
    ['a decomposed path', '/Cafe\u0301/a.mp4', '/Café=>/m', '/m/a.mp4'],
    ['the root', '/x/a.mp4', '/=>/m', '/m/x/a.mp4'],
    ['onto the root', '/data/a.mp4', '/data=>/', '/a.mp4'],
  ])('takes %s', (_, path, rule, expected) => {
    expect(mapped(path, rule)).toBe(expected);
  });

  it('keeps what lies below the mapped folder, for any folders', () => {
    fc.assert(
      fc.property(folders, folders, folders, fc.boolean(), (from, to, below, windows) => {
        const stash = windows ? `Q:\\${from.join('\\')}` : `/${from.join('/')}`;
        const path = windows ? `${stash}\\${below.join('\\')}` : `${stash}/${below.join('/')}`;
        const plex = `/${to.join('/')}`;
        expect(plexPathKey(path, [{ stash, plex }])).toBe(pathKey(`${plex}/${below.join('/')}`));
      }),
      { numRuns: 300, seed: 42 },
    );
  });

  it('always lets the longest fitting rule decide, and gives a comparable path', () => {
    fc.assert(
      fc.property(folders, fc.array(fc.nat(6), { maxLength: 6 }), (parts, depths) => {
        const path = `/${[...parts, 'f.mp4'].join('/')}`;
        const rules = depths.map((depth, at) => ({
          stash: `/${parts.slice(0, depth).join('/')}`,
          plex: `/rule${at}`,
        }));
        const result = plexPathKey(path, rules);
        expect(pathKey(result)).toBe(result);
        const longest = Math.max(-1, ...rules.map((rule) => pathKey(rule.stash).length));
        const winner = rules.findIndex((rule) => pathKey(rule.stash).length === longest);
        if (winner === -1) expect(result).toBe(pathKey(path));
        else expect(result.startsWith(`/rule${winner}/`)).toBe(true);
      }),
      { numRuns: 300, seed: 43 },
    );
  });
});

describe('[1.0 MATCH-01] the path as Plex spells it', () => {
  const spelt = (path: string, rules: string): string =>
    plexPath(path, parsePathRules(rules).rules);

  it.each([
    ['no rule fits', '/x//Cafe\u0301/', '/data=>/m', '/x//Cafe\u0301/'],
    ['Plex is on POSIX', 'D:\\Media\\Été\\A.mp4', 'd:\\media=>/mnt/Media', '/mnt/Media/Été/A.mp4'],
    ['Plex is on Windows', '/data/Site/A.mp4', '/data=>D:\\Media', 'D:\\Media\\Site\\A.mp4'],
    ['Plex is on a share', '/data/Site/A.mp4', '/data=>\\\\NAS\\v', '\\\\NAS\\v\\Site\\A.mp4'],
    ['the rule has slashes for a drive', '/data/S/A.mp4', '/data=>D:/Media', 'D:/Media\\S\\A.mp4'],
    ['it is the folder itself', '/data/', '/data=>/media', '/media'],
    ['it is a root', '/data', '/data=>/', '/'],
    ['it is a drive', '/data', '/data=>E:\\', 'E:\\'],
    ['it is below a drive', '/data/a', '/data=>E:\\', 'E:\\a'],
    ['accents are decomposed', '/data/Cafe\u0301.mp4', '/data=>/m', '/m/Cafe\u0301.mp4'],
    ['a rule is spelt otherwise', '/Cafe\u0301/x/a', '/Café=>/m', '/m/x/a'],
    ['it is a long path', '\\\\?\\D:\\x\\a', 'D:\\=>/m', '/m/x/a'],
  ])('where %s', (_, path, rules, expected) => {
    expect(spelt(path, rules)).toBe(expected);
  });

  const root = fc.constantFrom('/', 'D:\\', '\\\\nas\\share\\', '\\\\?\\E:\\', '/mnt/');
  const path = fc
    .tuple(root, folders)
    .map(([start, names]) => `${start}${names.join(start.startsWith('/') ? '/' : '\\')}`);
  const rules = fc.array(fc.record({ stash: fc.oneof(root, path), plex: fc.oneof(root, path) }), {
    maxLength: 5,
  });

  it('compares as the same as the comparable path, for any rules', () => {
    fc.assert(
      fc.property(fc.oneof(path, fc.string()), rules, folders, (start, some, below) => {
        const under = some[0]?.stash ?? '';
        for (const file of [start, `${under}/${below.join('/')}`]) {
          expect(pathKey(plexPath(file, some))).toBe(plexPathKey(file, some));
        }
      }),
      { numRuns: 500, seed: 44 },
    );
  });

  it('leads back to the file, where no two rules lead into one folder', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(path, { minLength: 1, maxLength: 4, selector: pathKey }),
        fc.boolean(),
        folders,
        (stashFolders, windows, below) => {
          const some = stashFolders.map((stash, at) => ({
            stash,
            plex: windows ? `P:\\plex${at}` : `/plex${at}`,
          }));
          for (const { stash } of some) {
            const file = `${stash}/${below.join('/')}`;
            expect(stashPathKey(plexPath(file, some), some)).toBe(pathKey(file));
          }
        },
      ),
      { numRuns: 500, seed: 45 },
    );
  });
});

describe('[1.0 MATCH-01] the folder of a file', () => {
  it.each([
    ['/data/x/a.mp4', '/data/x'],
    ['/data//x//a.mp4', '/data//x'],
    ['/data/x/', '/data'],
    ['/a.mp4', '/'],
    ['/', '/'],
    ['/a\\b.mp4', '/'],
    ['D:\\Media\\a.mp4', 'D:\\Media'],
    ['D:/Media/a.mp4', 'D:/Media'],
    ['D:\\a.mp4', 'D:\\'],
    ['D:\\', 'D:\\'],
    ['\\\\?\\D:\\a.mp4', '\\\\?\\D:\\'],
    ['\\\\nas\\v\\x\\a.mp4', '\\\\nas\\v\\x'],
    ['\\\\nas\\v\\a.mp4', '\\\\nas\\v'],
    ['\\\\nas\\v', '\\\\nas\\v'],
    ['\\\\?\\UNC\\nas\\v\\a.mp4', '\\\\?\\UNC\\nas\\v'],
    ['a.mp4', ''],
    ['x/a.mp4', 'x'],
  ])('%s is %s', (path, folder) => {
    expect(folderOf(path)).toBe(folder);
  });
});
