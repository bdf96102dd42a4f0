// Links to Plex items among a scene's links: which are read, and that nothing else of them is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratingKeysInUrls } from '../../src/domain/match/urlPin.ts';

const web = 'https://app.plex.tv/desktop/#!/server/0123456789abcdef';

describe("1.0 MATCH-01: Plex items named by a scene's links", () => {
  it.each([
    ['plex/library/metadata/12345', '12345'],
    ['/plex/library/metadata/12345', '12345'],
    ['/library/metadata/12345', '12345'],
    ['http://192.168.1.10:32400/library/metadata/12345', '12345'],
    ['https://plex.example/library/metadata/12345', '12345'],
    ['https://example.com/plex/library/metadata/12345', '12345'],
    ['https://[::1]:32400/library/metadata/7', '7'],
    ['plex/library/metadata/12345/', '12345'],
    ['plex/library/metadata/12345?checkFiles=1', '12345'],
    ['http://localhost:32400/library/metadata/12345/?X-Plex-Token=secret', '12345'],
    ['  plex/library/metadata/12345\n', '12345'],
    ['plex/library/metadata/123456789012345', '123456789012345'],
    [`${web}/details?key=%2Flibrary%2Fmetadata%2F12345`, '12345'],
    [`${web}/details?key=%2flibrary%2fmetadata%2f12345&context=home%3Ahub`, '12345'],
    [`${web}/details?context=home&key=/library/metadata/12345`, '12345'],
  ])('reads the item from %j', (url, key) => {
    expect(ratingKeysInUrls([url])).toEqual([key]);
  });

  it.each([
    '',
    'plex/library/metadata/',
    'plex/library/metadata/12abc',
    'http://localhost:32400/library/metadata/12abc',
    '/library/metadata/12/children',
    'plex/library/metadata/12/refresh?X-Plex-Token=secret',
    'http://localhost:32400/library/metadata/12,13',
    'plex/library/metadata/-12',
    'plex/library/metadata/1.5',
    'plex/library/metadata/0',
    'plex/library/metadata/007',
    'plex/library/metadata/1234567890123456',
    'plex/library/metadata/१२',
    'plex/library/metadata/12#13',
    'plex/library/metadata/12 13',
    'plex/library/metadata/12?a=b c',
    'plex/library/metadata/12?a=b#c',
    'plex//library/metadata/12',
    'library/metadata/12',
    'emby/library/metadata/12',
    'see plex/library/metadata/12',
    'ftp://localhost/library/metadata/12',
    'http:///library/metadata/12',
    'https://example.com/redirect?to=/library/metadata/12',
    'https://example.com/a/b/library/metadata/12',
    'https://example.com/scenes/12',
    'https://app.plex.tv/desktop/#!/provider/tv.plex.provider.discover/details?key=%2Flibrary%2Fmetadata%2F12',
    'https://app.plex.tv.example.com/desktop/#!/server/a/details?key=%2Flibrary%2Fmetadata%2F12',
    `${web}/details?key=%2Flibrary%2Fmetadata%2F12abc`,
    `${web}/details?key=%2Flibrary%2Fmetadata%2F12%2Fchildren`,
    `${web}/details?key=%2Flibrary%2Fmetadata%2F12&key=%2Flibrary%2Fmetadata%2F13`,
    `${web}/details?key=%E0%A4%A`,
    `${web}/details?key=%2Flibrary%2Fmetadata%2F12& and more`,
    `${web}/details`,
  ])('reads nothing from %j', (url) => {
    expect(ratingKeysInUrls([url])).toEqual([]);
  });

  it('gives each item once, in the order of the links', () => {
    expect(
      ratingKeysInUrls([
        'https://example.com/scenes/1',
        'plex/library/metadata/30',
        `${web}/details?key=%2Flibrary%2Fmetadata%2F4`,
        'http://localhost:32400/library/metadata/30',
        'plex/library/metadata/4/',
        'plex/library/metadata/5',
      ]),
    ).toEqual(['30', '4', '5']);
    expect(ratingKeysInUrls([])).toEqual([]);
  });

  it('gives nothing but digits and never fails, whatever a link holds', () => {
    const pieces = [
      'plex',
      '/',
      '/library/metadata/',
      '12',
      'a',
      '?',
      '#',
      '&',
      '=',
      '%',
      ' ',
      '0',
    ];
    pieces.push('http://', 'localhost:32400', 'X-Plex-Token=', 'key=', web, '/details?', '\ud800');
    const url = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(fc.array(url), (urls) => {
        for (const key of ratingKeysInUrls(urls)) expect(key).toMatch(/^[1-9][0-9]{0,14}$/);
      }),
      { numRuns: 2_000, seed: 61 },
    );
  });

  it('never gives a token that stands in a link, be it all digits', () => {
    const token = fc.stringMatching(/^[1-9][0-9]{8,13}$/);
    fc.assert(
      fc.property(token, fc.constantFrom('', '/', '/children'), (secret, after) => {
        const keys = ratingKeysInUrls([
          `plex/library/metadata/12${after}?X-Plex-Token=${secret}`,
          `http://user:${secret}@localhost:32400/library/metadata/12${after}?X-Plex-Token=${secret}`,
          `${web}/details?X-Plex-Token=${secret}&key=%2Flibrary%2Fmetadata%2F12${after}`,
        ]);
        expect(keys).toEqual(after === '/children' ? [] : ['12']);
      }),
      { numRuns: 100, seed: 62 },
    );
  });
});
