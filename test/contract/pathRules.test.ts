// The text of the setting pathMappings as rules.
import { describe, expect, it } from 'vitest';
import { parsePathRules } from '../../src/contract/pathRules.ts';

describe('the text of the path mappings', () => {
  it('holds rules between semicolons or line ends, in the order written', () => {
    expect(parsePathRules(' /data=>/media ;\n/x => /y\n;;')).toEqual({
      rules: [
        { stash: '/data', plex: '/media' },
        { stash: '/x', plex: '/y' },
      ],
      problems: [],
    });
  });

  it('may be empty', () => {
    expect(parsePathRules('')).toEqual({ rules: [], problems: [] });
    expect(parsePathRules(' ;\n ; ')).toEqual({ rules: [], problems: [] });
  });

  it('takes POSIX folders, Windows drives and network shares, with or without a separator at the end', () => {
    const { rules, problems } = parsePathRules(
      'D:\\media\\=>/mnt/media/; \\\\nas\\share=>//nas/share; \\\\?\\E:\\x=>E:/x',
    );
    expect(problems).toEqual([]);
    expect(rules).toEqual([
      { stash: 'D:\\media', plex: '/mnt/media' },
      { stash: '\\\\nas\\share', plex: '//nas/share' },
      { stash: '\\\\?\\E:\\x', plex: 'E:/x' },
    ]);
  });

  it('keeps the separator of a root, without which it is no full path', () => {
    const { rules, problems } = parsePathRules(
      '/=>/mnt/; D:\\=>/; /data=>E:/; //=>D:\\\\; \\\\?\\F:\\=>/f',
    );
    expect(problems).toEqual([]);
    expect(rules).toEqual([
      { stash: '/', plex: '/mnt' },
      { stash: 'D:\\', plex: '/' },
      { stash: '/data', plex: 'E:/' },
      { stash: '/', plex: 'D:\\' },
      { stash: '\\\\?\\F:\\', plex: '/f' },
    ]);
  });

  it('keeps a backslash at the end of a POSIX folder: it is part of the name', () => {
    expect(parsePathRules('/a\\=>/b').rules).toEqual([{ stash: '/a\\', plex: '/b' }]);
  });

  it('keeps the blanks inside a folder name', () => {
    expect(parsePathRules('/my videos=>/a  b').rules).toEqual([
      { stash: '/my videos', plex: '/a  b' },
    ]);
  });

  it.each([
    ['no arrow', '/data'],
    ['two arrows', '/a=>/b=>/c'],
    ['nothing before the arrow', '=>/media'],
    ['nothing after the arrow', '/data=>'],
    ['a relative folder in Stash', 'data=>/media'],
    ['a relative folder in Plex', '/data=>media'],
    ['a drive without its separator', 'D:media=>/media'],
    ['a home folder', '~/data=>/media'],
    ['a share without a server', '\\\\=>/media'],
  ])('is refused for %s, quoting the rule', (_, text) => {
    const { rules, problems } = parsePathRules(`/good=>/fine;${text}`);
    expect(rules).toEqual([{ stash: '/good', plex: '/fine' }]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`"${text}"`);
  });
});
