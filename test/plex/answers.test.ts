// How Plex's answers are read, in the forms that real servers were seen to send.
import { describe, expect, it } from 'vitest';
import { answering, failureOf, openClient, startHttp } from './support.ts';

async function itemsFrom(container: object, keys = ['7']): ReturnType<typeof readItems> {
  const server = await startHttp(answering(container));
  return readItems(server.url, keys);
}
const readItems = (url: string, keys: string[]) => openClient(url).items(keys);

const detail = {
  ratingKey: '7',
  title: 'Title',
  titleSort: 'Sort title',
  summary: 'Summary',
  originallyAvailableAt: '2020-02-03',
  studio: 'Studio',
  contentRating: 'XXX',
  thumb: '/library/metadata/7/thumb/1700000000',
  Label: [{ tag: 'L' }],
  Director: [{ tag: 'Di Rector' }],
  Collection: [{ tag: 'One' }, { tag: 'Two' }],
  Genre: [{ id: 1, tag: 'A' }, { tag: 'B, c' }],
  Role: [{ tag: 'Ann', role: 'Self', thumb: 'http://x' }, { tag: 'Bea' }],
  Field: [{ locked: true, name: 'title' }],
  Media: [{ id: 1, Part: [{ id: 2, file: '/a.mp4', size: 10, duration: 1000 }] }],
};

describe('a full item', () => {
  it('is read with its fields, tags, locks and parts', async () => {
    const items = await itemsFrom({ size: 1, librarySectionID: 5, Metadata: [detail] });
    expect([...items]).toEqual([
      [
        '7',
        {
          ratingKey: '7',
          sectionId: '5',
          scalars: {
            title: 'Title',
            titleSort: 'Sort title',
            summary: 'Summary',
            originallyAvailableAt: '2020-02-03',
            studio: 'Studio',
            contentRating: 'XXX',
          },
          tags: {
            genre: ['A', 'B, c'],
            label: ['L'],
            actor: ['Ann', 'Bea'],
            director: ['Di Rector'],
            collection: ['One', 'Two'],
          },
          roleTexts: { Ann: 'Self' },
          locked: new Set(['title']),
          parts: [{ file: '/a.mp4', size: 10, durationMs: 1000 }],
          userRating: null,
          pictures: new Set(['poster']),
        },
      ],
    ]);
  });

  it('is empty where Plex leaves things out', async () => {
    const items = await itemsFrom({
      size: 1,
      Metadata: [{ ratingKey: '7', librarySectionID: '5', studio: null }],
    });
    expect(items.get('7')).toEqual({
      ratingKey: '7',
      sectionId: '5',
      scalars: {
        title: '',
        titleSort: '',
        summary: '',
        originallyAvailableAt: '',
        studio: '',
        contentRating: '',
      },
      tags: { genre: [], label: [], actor: [], director: [], collection: [] },
      roleTexts: {},
      locked: new Set(),
      parts: [],
      userRating: null,
      pictures: new Set(),
    });
  });

  it('is sorted by its title where Plex names nothing else', async () => {
    const Metadata = [{ ratingKey: '7', title: 'Title' }];
    const items = await itemsFrom({ size: 1, librarySectionID: 5, Metadata });
    expect(items.get('7')?.scalars.titleSort).toBe('Title');
  });

  it('is the same with numbers for text, text for numbers and 1 for true', async () => {
    const items = await itemsFrom({
      size: '1',
      librarySectionID: '5',
      Metadata: [
        {
          ratingKey: 7,
          title: 1984,
          Genre: [{ tag: 2020 }],
          Field: [
            { locked: '1', name: 'a' },
            { locked: 1, name: 'b' },
            { locked: 'true', name: 'c' },
            { locked: '0', name: 'd' },
            { locked: false, name: 'e' },
            { name: 'f' },
          ],
          Media: [{ Part: [{ file: '/a', size: '10', duration: '1000' }] }],
        },
      ],
    });
    const item = items.get('7');
    expect(item?.sectionId).toBe('5');
    expect(item?.scalars.title).toBe('1984');
    expect(item?.tags.genre).toEqual(['2020']);
    expect([...(item?.locked ?? [])]).toEqual(['a', 'b', 'c']);
    expect(item?.parts).toEqual([{ file: '/a', size: 10, durationMs: 1000 }]);
  });

  it('has all parts of all its versions, without those that have no file', async () => {
    const items = await itemsFrom({
      size: 1,
      librarySectionID: 5,
      Metadata: [
        {
          ratingKey: '7',
          Media: [{ Part: [{ file: '/a' }, { key: '/x' }] }, {}, { Part: [{ file: '/b' }] }],
        },
      ],
    });
    expect(items.get('7')?.parts).toEqual([
      { file: '/a', size: null, durationMs: null },
      { file: '/b', size: null, durationMs: null },
    ]);
  });

  it.each<[string, object, string]>([
    [
      'a rating key',
      { librarySectionID: 5, Metadata: [{}] },
      'MediaContainer.Metadata.0.ratingKey',
    ],
    [
      'a rating key that is a number',
      { librarySectionID: 5, Metadata: [{ ratingKey: 'com.plex' }] },
      'MediaContainer.Metadata.0.ratingKey',
    ],
    [
      'its section',
      { Metadata: [{ ratingKey: '7' }] },
      'MediaContainer.Metadata.0.librarySectionID',
    ],
    [
      'a tag name',
      { librarySectionID: 5, Metadata: [{ ratingKey: '7', Genre: [{ id: 1 }] }] },
      'MediaContainer.Metadata.0.Genre.0.tag',
    ],
    ['proof that there is none', {}, 'MediaContainer.size'],
    ['as many as it says', { size: 2, Metadata: [detail] }, 'MediaContainer.size'],
  ])('is refused without %s, by the name of the field', async (_what, container, field) => {
    const failure = await failureOf(itemsFrom(container));
    expect([failure.code, failure.field]).toEqual(['plex-bad-answer', field]);
  });
});

describe('items by key', () => {
  it('are told by their key, whatever their order, and without any that was not asked for', async () => {
    const container = {
      size: 3,
      librarySectionID: 5,
      Metadata: [{ ratingKey: '9' }, { ratingKey: '7' }, { ratingKey: '8' }],
    };
    expect([...(await itemsFrom(container, ['7', '8', '6'])).keys()].sort()).toEqual(['7', '8']);
  });

  it('are none where Plex says that there are none', async () => {
    expect((await itemsFrom({ size: 0 })).size).toBe(0);
    expect((await itemsFrom({ size: 0, Metadata: [] })).size).toBe(0);
  });

  it('are none where Plex itself answers 404 for one', async () => {
    const server = await startHttp((_request, response) => {
      response.writeHead(404, { 'X-Plex-Protocol': '1.0', 'Content-Type': 'text/html' });
      response.end('<html><h1>404 Not Found</h1></html>');
    });
    expect((await readItems(server.url, ['7'])).size).toBe(0);
    expect(server.seen).toHaveLength(1);
  });

  it('are none on an unmarked 404 only if Plex still answers there', async () => {
    const server = await startHttp((request, response) => {
      if (request.url === '/identity') {
        return answering({ size: 0, machineIdentifier: 'm', version: '1' })(request, response);
      }
      response.statusCode = 404;
      response.end();
    });
    expect((await readItems(server.url, ['7'])).size).toBe(0);
  });

  it('are not taken for gone when a proxy answers 404 for a Plex that is down', async () => {
    const server = await startHttp((_request, response) => {
      response.statusCode = 404;
      response.end('404 page not found');
    });
    const failure = await failureOf(readItems(server.url, ['7', '8']));
    expect([failure.code, failure.status]).toEqual(['plex-bad-answer', 404]);
  });

  it('are all found though the server answers 404 for a list with one missing', async () => {
    const there = new Set(['1', '2', '4', '5', '6', '7']);
    const server = await startHttp((request, response) => {
      const keys = /metadata\/([\d,]+)/.exec(request.url ?? '')?.[1]?.split(',') ?? [];
      if (keys.every((key) => there.has(key))) {
        const Metadata = keys.map((ratingKey) => ({ ratingKey, librarySectionID: 1 }));
        return answering({ size: keys.length, Metadata })(request, response);
      }
      response.writeHead(404, { 'X-Plex-Protocol': '1.0' });
      response.end();
    });
    const items = await readItems(server.url, ['1', '2', '3', '4', '5', '6', '7']);
    expect([...items.keys()].sort()).toEqual([...there].sort());
  });
});

describe('the server', () => {
  it('tells its name, version and identifier', async () => {
    const server = await startHttp(
      answering({ size: 1, machineIdentifier: 'm', version: '1.43', friendlyName: 'Den' }),
    );
    const client = openClient(server.url);
    expect(await client.server()).toEqual({
      machineIdentifier: 'm',
      version: '1.43',
      friendlyName: 'Den',
    });
    expect(await client.identity()).toEqual({ machineIdentifier: 'm', version: '1.43' });
  });
});

describe('the libraries', () => {
  it('are read with their folders', async () => {
    const server = await startHttp(
      answering({
        size: 2,
        Directory: [
          {
            key: '1',
            type: 'movie',
            title: 'Scenes',
            agent: 'tv.plex.agents.none',
            Location: [
              { id: 1, path: '/a' },
              { id: 2, path: '/b' },
            ],
          },
          { key: 2, type: 'show', title: 'TV' },
        ],
      }),
    );
    expect(await openClient(server.url).sections()).toEqual([
      {
        id: '1',
        title: 'Scenes',
        type: 'movie',
        agent: 'tv.plex.agents.none',
        locations: ['/a', '/b'],
      },
      { id: '2', title: 'TV', type: 'show', agent: '', locations: [] },
    ]);
  });

  it('are none only where Plex says so', async () => {
    const empty = await startHttp(answering({ size: 0 }));
    expect(await openClient(empty.url).sections()).toEqual([]);
    const silent = await startHttp(answering({}));
    expect((await failureOf(openClient(silent.url).sections())).code).toBe('plex-bad-answer');
    const Directory = [{ key: '1', type: 'movie', title: 'Scenes' }];
    const half = await startHttp(answering({ size: 2, Directory }));
    expect((await failureOf(openClient(half.url).sections())).code).toBe('plex-bad-answer');
  });
});

describe('a page of a library', () => {
  const row = (key: number): object => ({
    ratingKey: String(key),
    title: `t${key}`,
    originallyAvailableAt: '2020-02-03',
    studio: 'Studio',
    duration: 3,
    addedAt: 100 + key,
    updatedAt: 200 + key,
    Media: [{ Part: [{ file: `/${key}.mp4`, size: 1, duration: 2 }] }],
  });
  const rows = (from: number, count: number): object[] =>
    Array.from({ length: count }, (_, at) => row(from + at));

  async function pageFrom(
    container: object,
    page = { start: 0, size: 3 },
    headers: Readonly<Record<string, string>> = {},
  ) {
    const server = await startHttp((_request, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.end(JSON.stringify({ MediaContainer: container }));
    });
    return openClient(server.url).listPage('1', page);
  }

  it('has the items and how many there are in all', async () => {
    const page = await pageFrom({ size: 2, totalSize: 9, offset: 0, Metadata: rows(1, 2) });
    expect(page).toEqual({
      total: 9,
      skipped: 0,
      items: [1, 2].map((key) => ({
        ratingKey: String(key),
        title: `t${key}`,
        date: '2020-02-03',
        studio: 'Studio',
        durationMs: 3,
        addedAt: 100 + key,
        updatedAt: 200 + key,
        parts: [{ file: `/${key}.mp4`, size: 1, durationMs: 2 }],
      })),
    });
  });

  it('takes the date of addition where an item was never updated', async () => {
    const Metadata = [{ ratingKey: '1', addedAt: '5' }];
    const { items } = await pageFrom({ size: 1, totalSize: 1, Metadata });
    expect(items).toEqual([
      {
        ratingKey: '1',
        title: '',
        date: '',
        studio: '',
        durationMs: null,
        addedAt: 5,
        updatedAt: 5,
        parts: [],
      },
    ]);
  });

  describe('[1.0 MATCH-01] has with each item what tells it from others', () => {
    it.each<[string, object, object]>([
      [
        'in text and numbers',
        { originallyAvailableAt: '1999-12-31', studio: 'S', duration: 90_000 },
        { date: '1999-12-31', studio: 'S', durationMs: 90_000 },
      ],
      ['numbers as text', { studio: 1984, duration: '5' }, { studio: '1984', durationMs: 5 }],
      ['a year alone, which is no date', { originallyAvailableAt: '2020' }, { date: '' }],
      ['a number for a date', { originallyAvailableAt: 20_200_203 }, { date: '' }],
      ['a day that no month has', { originallyAvailableAt: '2020-02-40' }, { date: '' }],
      ['a date with a time', { originallyAvailableAt: '2020-02-03 00:00:00' }, { date: '' }],
      ['a list for a studio', { studio: ['S'] }, { studio: '' }],
      ['a negative duration', { duration: -1 }, { durationMs: null }],
      ['words for a duration', { duration: 'an hour' }, { durationMs: null }],
      [
        'nothing',
        { originallyAvailableAt: null, studio: null, duration: null },
        { date: '', studio: '', durationMs: null },
      ],
    ])('%s', async (_what, given, read) => {
      const Metadata = [{ ...row(1), ...given }];
      const page = await pageFrom({ size: 1, totalSize: 1, Metadata });
      expect(page.skipped).toBe(0);
      expect(page.items).toMatchObject([{ ratingKey: '1', ...read }]);
    });
  });

  it('leaves out a row it cannot understand, and counts it', async () => {
    const Metadata = [row(1), { title: 'no key' }, 'nonsense'];
    const page = await pageFrom({ size: 3, totalSize: 3, Metadata });
    expect(page.items.map((item) => item.ratingKey)).toEqual(['1']);
    expect([page.total, page.skipped]).toEqual([3, 2]);
  });

  it('is empty past the end', async () => {
    const page = await pageFrom({ size: 0, totalSize: 9, offset: 9 }, { start: 9, size: 3 });
    expect(page).toEqual({ total: 9, items: [], skipped: 0 });
  });

  it('takes the total from the headers where the answer has none', async () => {
    const page = await pageFrom({ size: 3, Metadata: rows(1, 3) }, undefined, {
      'X-Plex-Container-Total-Size': '7',
      'X-Plex-Container-Start': '0',
    });
    expect(page.total).toBe(7);
  });

  it('is cut out of the whole list where the server does not page', async () => {
    const page = await pageFrom({ size: 8, Metadata: rows(1, 8) }, { start: 3, size: 3 });
    expect(page.items.map((item) => item.ratingKey)).toEqual(['4', '5', '6']);
    expect(page.total).toBe(8);
  });

  it.each<[string, object, string]>([
    [
      'another page than the one asked for',
      { size: 3, totalSize: 9, offset: 6, Metadata: rows(1, 3) },
      'offset',
    ],
    ['a full page that does not say of how many', { size: 3, Metadata: rows(1, 3) }, 'totalSize'],
    ['nothing, not even that there is nothing', {}, 'size'],
  ])('is refused when it is %s', async (_what, container, field) => {
    const failure = await failureOf(pageFrom(container));
    expect([failure.code, failure.field]).toEqual(['plex-bad-answer', `MediaContainer.${field}`]);
  });
});
