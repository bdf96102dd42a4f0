// Paths as Stash and Plex really spell them, with the mapping as a user types it: one file or two.
import { describe, expect, it } from 'vitest';
import { parsePathRules } from '../../src/contract/pathRules.ts';
import {
  pathKey,
  plexPath,
  plexPathKey,
  stashPathKey,
} from '../../src/domain/match/pathMapping.ts';

/** What it shows, Stash's path, the setting, Plex's path. */
type Row = readonly [string, string, string, string];

const sameFile: readonly Row[] = [
  ['no mapping, one container for both', '/data/a.mp4', '', '/data/a.mp4'],
  ['two Docker mounts', '/data/Site/a.mp4', '/data=>/media', '/media/Site/a.mp4'],
  ['a deeper Docker mount', '/data/a.mp4', '/data=>/mnt/user/media/x', '/mnt/user/media/x/a.mp4'],
  ['a Synology share', '/data/a.mp4', '/data=>/volume1/video', '/volume1/video/a.mp4'],
  ['an Unraid share', '/media/a b.mkv', '/media=>/mnt/user/Media', '/mnt/user/Media/a b.mkv'],
  [
    'a QNAP share',
    '/data/a.mp4',
    '/data=>/share/CACHEDEV1_DATA/v',
    '/share/CACHEDEV1_DATA/v/a.mp4',
  ],
  ['Windows to a container', 'D:\\Media\\S\\a.mp4', 'D:\\Media=>/media', '/media/S/a.mp4'],
  ['a container to Windows', '/data/S/a.mp4', '/data=>D:\\Media', 'D:\\Media\\S\\a.mp4'],
  ['Windows on both sides, no mapping', 'D:\\Media\\a.mp4', '', 'd:/media/A.MP4'],
  ['two drives', 'D:\\Media\\a.mp4', 'D:\\=>E:\\', 'e:\\media\\a.mp4'],
  ['a drive that is a share', 'Z:\\S\\a.mp4', 'Z:\\=>\\\\nas\\video', '\\\\NAS\\Video\\S\\a.mp4'],
  ['a share that is a drive', '\\\\nas\\video\\a.mp4', '\\\\NAS\\video\\=>Z:\\', 'Z:\\a.mp4'],
  [
    'a share to a Synology folder',
    '\\\\nas\\v\\a.mp4',
    '\\\\nas\\v=>/volume1/v',
    '/volume1/v/a.mp4',
  ],
  ['a share typed with slashes', '\\\\nas\\v\\a.mp4', '//nas/v=>/v', '/v/a.mp4'],
  ['a long path in Plex', 'D:\\Media\\a.mp4', '', '\\\\?\\D:\\Media\\a.mp4'],
  ['a long share in Plex', '\\\\nas\\v\\a.mp4', '', '\\\\?\\UNC\\nas\\v\\a.mp4'],
  ['a long share and a mapping', '/v/a.mp4', '/v=>\\\\nas\\v', '\\\\?\\UNC\\nas\\v\\a.mp4'],
  ['a long path in Stash', '\\\\?\\D:\\Media\\a.mp4', 'D:\\Media=>/m', '/m/a.mp4'],
  ['a long path in the rule', 'D:\\Media\\a.mp4', '\\\\?\\D:\\Media=>/m', '/m/a.mp4'],
  ['decomposed accents of macOS in Plex', '/data/Café.mp4', '/data=>/m', '/m/Cafe\u0301.mp4'],
  ['decomposed accents in Stash', '/data/U\u0308ber/a.mp4', '/data=>/m', '/m/Über/a.mp4'],
  ['decomposed accents in the rule', '/Médias/a.mp4', '/Me\u0301dias=>/m', '/m/a.mp4'],
  ['separators at the end of the rule', '/data/a.mp4', '/data/ => /media/', '/media/a.mp4'],
  ['blanks in folders', '/my videos/a  b.mp4', '/my videos=>/m n', '/m n/a  b.mp4'],
  ['brackets', '/data/[S] (2020) {x}.mp4', '/data=>/m', '/m/[S] (2020) {x}.mp4'],
  ['quotes', '/data/It\'s "x".mp4', '/data=>/m', '/m/It\'s "x".mp4'],
  [
    'ampersand, plus, percent and hash',
    '/data/A & B+C 100% #1.mp4',
    '/data=>/m',
    '/m/A & B+C 100% #1.mp4',
  ],
  ['emoji', '/data/🎬 clip 👩‍💻.mp4', '/data=>/m', '/m/🎬 clip 👩‍💻.mp4'],
  ['Japanese', '/data/日本語/ガ.mp4', '/data=>/メディア', '/メディア/日本語/カ\u3099.mp4'],
  ['Greek capitals on Windows', 'D:\\ΟΔΟΣ\\a.mp4', '', 'd:\\οδος\\a.mp4'],
  ['Cyrillic on Windows', '/data/Фильм.mp4', '/data=>D:\\Видео', 'D:\\ВИДЕО\\фильм.mp4'],
  ['other case on Windows, through a rule', 'd:\\MEDIA\\a.mp4', 'D:\\Media=>/m', '/m/a.mp4'],
  ['other case in a Windows Plex', '/data/Site/A.MP4', '/data=>d:/media', 'D:\\Media\\site\\a.mp4'],
  ['two rules, the more special one', '/data/x/a.mp4', '/data=>/m; /data/x=>/n', '/n/a.mp4'],
  ['two rules, the general one', '/data/y/a.mp4', '/data=>/m; /data/x=>/n', '/m/y/a.mp4'],
  ['two rules on lines', '/b/a.mp4', '/a=>/m\n/b=>/n', '/n/a.mp4'],
  ['two rules for one folder: the first', '/data/a.mp4', '/data=>/m; /data/=>/n', '/m/a.mp4'],
  ['the root of Stash', '/x/a.mp4', '/=>/mnt', '/mnt/x/a.mp4'],
  ['the root of Plex', '/data/x/a.mp4', '/data=>/', '/x/a.mp4'],
  ['a whole drive to a mount', 'D:\\x\\a.mp4', 'D:\\=>/mnt/d', '/mnt/d/x/a.mp4'],
  ['a folder to a whole drive', '/data/x/a.mp4', '/data=>E:\\', 'E:\\x\\a.mp4'],
  ['the root to a whole drive', '/x/a.mp4', '/ => E:/', 'E:\\x\\a.mp4'],
  ['doubled slashes', '/data//x///a.mp4', '/data=>/m', '/m/x//a.mp4'],
  ['a backslash in a name, on POSIX', '/data/AC\\DC.mp4', '/data=>/m', '/m/AC\\DC.mp4'],
  ['a dot at the start and the end', '/data/.x./a..mp4', '/data=>/m', '/m/.x./a..mp4'],
];

const twoFiles: readonly Row[] = [
  ['no mapping, other folders', '/data/a.mp4', '', '/media/a.mp4'],
  ['a prefix that is no folder', '/database/a.mp4', '/data=>/media', '/mediabase/a.mp4'],
  ['a prefix that is no folder, on Windows', 'D:\\Media2\\a.mp4', 'D:\\Media=>/m', '/m2/a.mp4'],
  ['other case on POSIX', '/data/A.mp4', '/data=>/media', '/media/a.mp4'],
  ['other case in the rule on POSIX', '/Data/a.mp4', '/data=>/media', '/media/a.mp4'],
  ['other case on a POSIX Plex', 'D:\\Media\\Site\\a.mp4', 'D:\\Media=>/m', '/m/site/a.mp4'],
  ['a backslash in a name and a folder', '/data/AC\\DC.mp4', '/data=>/m', '/m/AC/DC.mp4'],
  ['another drive', 'D:\\a.mp4', '', 'E:\\a.mp4'],
  ['another share', '\\\\nas\\v\\a.mp4', '', '\\\\nas2\\v\\a.mp4'],
  ['a share and a folder', '\\\\nas\\v\\a.mp4', '/=>/mnt', '/mnt/nas/v/a.mp4'],
  ['the general rule, where a special one decides', '/d/x/a.mp4', '/d=>/m;/d/x=>/n', '/m/x/a.mp4'],
  ['a letter with and without its accent', '/data/Café.mp4', '/data=>/m', '/m/Cafe.mp4'],
  ['other blanks', '/data/a  b.mp4', '/data=>/m', '/m/a b.mp4'],
  ['a rule twice over', '/a/f.mp4', '/a=>/b;/b=>/c', '/c/f.mp4'],
];

describe('[1.0 MATCH-01] a file in Stash and in Plex', () => {
  it.each(sameFile)('is the same, there and back: %s', (_, stash, setting, plex) => {
    const { rules, problems } = parsePathRules(setting);
    expect(problems).toEqual([]);
    expect(plexPathKey(stash, rules)).toBe(pathKey(plex));
    expect(pathKey(plexPath(stash, rules))).toBe(pathKey(plex));
    const back = stashPathKey(plex, rules);
    // What Windows does not tell apart comes back in Plex's case.
    if (/^([A-Za-z]:|\\)/.test(plex)) expect(back.toLowerCase()).toBe(pathKey(stash).toLowerCase());
    else expect(back).toBe(pathKey(stash));
  });

  it.each(twoFiles)('is not the same: %s', (_, stash, setting, plex) => {
    const { rules, problems } = parsePathRules(setting);
    expect(problems).toEqual([]);
    expect(plexPathKey(stash, rules)).not.toBe(pathKey(plex));
  });
});
