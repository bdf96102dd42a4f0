import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discreetSetting } from '../../src/domain/words/discreetSetting.ts';

describe('a setting in a support report', () => {
  it.each([
    ['plexUrl', 'http://192.168.1.20:32400', 'http://<private address>:32400'],
    ['plexUrl', 'http://localhost:32400', 'http://<localhost>:32400'],
    ['plexUrl', 'https://plex.example.org/x?token=1', 'https://<name with dots>'],
    ['plexUrl', 'plex', 'not an address'],
    // The name of the machine would be the scheme.
    ['plexUrl', 'johnsmith:32400', 'not an address'],
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
