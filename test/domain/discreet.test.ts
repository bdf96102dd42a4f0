import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discreet, discreetAll, discreetSetting } from '../../src/domain/discreet.ts';

describe('a text in a support report', () => {
  it.each([
    [
      'Plex at http://192.168.1.20:32400 cannot be reached (ECONNREFUSED).',
      'Plex at <address> cannot be reached (ECONNREFUSED).',
    ],
    ['Stash at https://stash.example.org: refused', 'Stash at <address> refused'],
    ['library "My Videos" is gone', 'library <name> is gone'],
    ['cannot read "/data/Ann Bell/clip one.mp4"', 'cannot read <name>'],
    ['cannot read /data/Ann/clip.mp4', 'cannot read <path>'],
    ['D:\\Videos\\Ann\\x.mp4 is missing', '<path> is missing'],
    ['connect 10.0.0.5:32400', 'connect <address>'],
    ['token abcdef0123456789XYZ was refused', 'token <…> was refused'],
    ['token abcdefghijklmnopqrstuvwxyz was refused', 'token <…> was refused'],
    [
      '    at run (/opt/stash/plugins/plex-sync/lib-worker-a1B2.cjs:12:34)',
      '    at run (lib-worker-a1B2.cjs:12:34)',
    ],
    ['plex-connect-timeout after 5 s', 'plex-connect-timeout after 5 s'],
  ])('%s', (text, told) => {
    expect(discreet(text)).toBe(told);
  });

  it('holds no token and no address, wherever they stand', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9_]{20,40}$/);
    fc.assert(
      fc.property(token, fc.constantFrom(' ', '"', '/', '=', '(', ','), (secret, beside) => {
        expect(discreet(`x${beside}${secret}${beside} y`)).not.toContain(secret);
        expect(discreet(`http://h/${secret}?X-Plex-Token=${secret}`)).not.toContain(secret);
      }),
    );
  });

  it('is taken from documents of any form, and numbers stay', () => {
    expect(
      discreetAll({
        a: ['http://x/y', 5, null],
        worker: { host: 'annsbox', pid: 7 },
        about: 'library Ann',
      }),
    ).toEqual({ a: ['<address>', 5, null], worker: { host: '<name>', pid: 7 }, about: '<name>' });
  });
});

describe('a setting in a support report', () => {
  it.each([
    ['plexUrl', 'http://192.168.1.20:32400', 'http://<private address>:32400'],
    ['plexUrl', 'http://localhost:32400', 'http://<localhost>:32400'],
    ['plexUrl', 'https://plex.example.org/x?token=1', 'https://<name with dots>'],
    ['plexUrl', 'plex', 'not an address'],
    ['plexToken', 'abc123', 'set, 6 characters'],
    ['plexToken', '', 'not set'],
    ['pathMappings', '/data=>/media; D:\\a=>\\\\nas\\b', '2 rules: folder=>folder, drive=>share'],
    ['includeTags', 'Ann, "b, c"', '3 entries'],
    ['titleTemplate', 'Secret {studio} - {title}', '{studio} … {title}'],
    ['titleTemplate', 'Secret', 'a text'],
    ['tagsAs', 'label', 'label'],
    ['tagsAs', 'a token pasted here', 'set, 19 characters'],
    ['fields', 'title: fill, genre: off', 'title: fill, genre: off'],
    ['fields', 'title: secret', 'set, 13 characters'],
    ['onlyOrganized', true, 'on'],
    ['tagLimit', 30, '30'],
    ['contentRating', null, 'not set'],
    ['contentRating', { a: 1 }, 'not a text (object)'],
  ])('%s %s', (name, value, told) => {
    expect(discreetSetting(name, value)).toBe(told);
  });

  it('tells no text that is not known', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('contentRating', 'plexToken', 'other'),
        fc.string({ minLength: 12 }),
        (name, text) => {
          fc.pre(text.trim().length >= 12);
          expect(discreetSetting(name, text)).toBe(`set, ${text.trim().length} characters`);
        },
      ),
    );
  });
});
