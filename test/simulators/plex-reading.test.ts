/** What a client reads from the simulated Plex: identity, sections, listings, lookup, detail. */
import { describe, expect, it } from 'vitest';
import type { PlexSimulator } from '../../simulators/plex/server.ts';
import { ask, file, plexWithSection, read, titles } from './plex-support.ts';

const paging = (start: number, size: number): Record<string, string> => ({
  'X-Plex-Container-Start': String(start),
  'X-Plex-Container-Size': String(size),
});

async function plexWithScenes(...names: string[]): Promise<{ plex: PlexSimulator; all: string }> {
  const { plex, section } = await plexWithSection();
  for (const title of names) {
    plex.library.addItem(section, { title, files: [file(`${title}.mp4`)] });
  }
  return { plex, all: `/library/sections/${section}/all?type=1` };
}

describe('tokens', () => {
  it('answers /identity without a token, and nothing else', async () => {
    const { plex } = await plexWithSection();
    const identity = await read(plex, '/identity', { token: null });
    expect(identity).toMatchObject({ claimed: true, machineIdentifier: plex.machineIdentifier });
    for (const target of ['/', '/library/sections', '/library/metadata/1']) {
      const refused = await ask(plex, target, { token: null });
      expect(refused.status).toBe(401);
      expect(refused.headers['content-type']).toBe('text/html');
      expect(refused.body).toContain('<h1>401 Unauthorized</h1>');
    }
  });

  it('takes the token as a header or as a query argument', async () => {
    const { plex } = await plexWithSection();
    expect((await ask(plex, '/')).status).toBe(200);
    const inQuery = await ask(plex, `/?X-Plex-Token=${plex.token}`, { token: null });
    expect(inQuery.status).toBe(200);
    expect((await ask(plex, '/', { token: 'wrong' })).status).toBe(401);
  });
});

describe('forms of an answer', () => {
  it('is XML unless JSON is asked for', async () => {
    const { plex, section } = await plexWithSection();
    const ratingKey = plex.library.addItem(section, {
      title: 'Q & A "<1>"',
      summary: 'one\ntwo\u0007',
      files: [file('a.mp4')],
      locked: ['title'],
    });
    const { headers, body } = await ask(plex, `/library/metadata/${ratingKey}`, { xml: true });
    expect(headers['content-type']).toBe('text/xml;charset=utf-8');
    expect(body).toContain('<?xml version="1.0" encoding="UTF-8"?>');
    expect(body).toContain('title="Q &amp; A &quot;&lt;1&gt;&quot;"');
    expect(body).toContain('summary="one&#10;two"');
    expect(body).toMatch(/<Video [^>]*allowSync|<Video [^>]*ratingKey="1001"/);
    expect(body).toMatch(/<Part [^>]*file="\/data\/a\.mp4"/);
    expect(body).toContain('<Field locked="1" name="title" />');
  });

  it('is HTML for an error, even where JSON was asked for', async () => {
    const { plex } = await plexWithSection();
    const { status, headers, body } = await ask(plex, '/no/such/path');
    expect(status).toBe(404);
    expect(headers).toMatchObject({ 'content-type': 'text/html', 'x-plex-protocol': '1.0' });
    expect(body).toContain('<h1>404 Not Found</h1>');
  });

  it('offers a kept connection for 20 seconds', async () => {
    const { plex } = await plexWithSection();
    const { headers } = await ask(plex, '/identity', { headers: { Connection: 'keep-alive' } });
    expect(headers['keep-alive']).toBe('timeout=20');
  });
});

describe('sections', () => {
  it('are listed with their type, agent and folders under both of their paths', async () => {
    const { plex } = await plexWithSection();
    plex.library.addSection({ title: 'Shows', type: 'show', agent: 'tv.plex.agents.series' });
    for (const target of ['/library/sections', '/library/sections/all']) {
      const { Directory } = await read(plex, target);
      expect(Directory).toMatchObject([
        { key: '1', type: 'movie', agent: 'tv.plex.agents.none', Location: [{ path: '/data' }] },
        { key: '2', type: 'show', title: 'Shows' },
      ]);
    }
  });

  it('say when an item was added', async () => {
    let nowMs = 1_700_000_000_000;
    const { plex, section } = await plexWithSection({ nowMs: () => nowMs });
    const before = (await read(plex, '/library/sections')).Directory?.[0];
    nowMs += 60_000;
    const ratingKey = plex.library.addItem(section, { title: 'New', files: [file('new.mp4')] });
    const after = (await read(plex, '/library/sections')).Directory?.[0];
    expect(before).toMatchObject({ updatedAt: 1_700_000_000, contentChangedAt: 1 });
    expect(after).toMatchObject({ updatedAt: 1_700_000_060, contentChangedAt: 2 });
    expect(plex.library.item(ratingKey)?.addedAt).toBe(1_700_000_060);
  });

  it('answer 500 when they are no number and 404 when they do not exist', async () => {
    const { plex } = await plexWithSection();
    expect((await ask(plex, '/library/sections/None/all?type=1')).status).toBe(500);
    expect((await ask(plex, '/library/sections/77/all?type=1')).status).toBe(404);
  });
});

describe('a listing', () => {
  it('comes in pages when both paging arguments are given', async () => {
    const { plex, all } = await plexWithScenes('A', 'B', 'C', 'D', 'E');
    const { headers, body } = await ask(plex, all, { headers: paging(2, 2) });
    expect(headers).toMatchObject({
      'x-plex-container-start': '2',
      'x-plex-container-total-size': '5',
    });
    expect(JSON.parse(body)).toMatchObject({
      MediaContainer: {
        size: 2,
        totalSize: 5,
        offset: 2,
        Metadata: [{ title: 'C' }, { title: 'D' }],
      },
    });
  });

  it('comes whole when only one paging argument is given', async () => {
    const { plex, all } = await plexWithScenes('A', 'B', 'C');
    const container = await read(plex, all, { headers: { 'X-Plex-Container-Size': '1' } });
    expect(container.size).toBe(3);
    expect(container.totalSize).toBeUndefined();
  });

  it('tells the total only for a page of size 0, without Metadata', async () => {
    const { plex, all } = await plexWithScenes('A', 'B', 'C');
    const container = await read(plex, all, { headers: paging(0, 0) });
    expect(container).toMatchObject({ size: 0, totalSize: 3 });
    expect(container).not.toHaveProperty('Metadata');
  });

  it('is cut by limit, which hides the total', async () => {
    const { plex, all } = await plexWithScenes('A', 'B', 'C');
    const container = await read(plex, `${all}&limit=2`, { headers: paging(0, 10) });
    expect(container).toMatchObject({ size: 2, totalSize: 2 });
  });

  it('shows two genres, three actors, and neither labels nor locks', async () => {
    const { plex, section } = await plexWithSection();
    plex.library.addItem(section, {
      title: 'Full',
      files: [file('full.mp4')],
      genres: ['a', 'b', 'c', 'd'],
      actors: ['1', '2', '3', '4'],
      labels: ['l'],
      locked: ['title'],
    });
    const { Metadata } = await read(plex, `/library/sections/${section}/all?type=1`);
    expect(Metadata?.[0]).toMatchObject({
      Genre: [{ tag: 'a' }, { tag: 'b' }],
      Role: [{ tag: '1' }, { tag: '2' }, { tag: '3' }],
      Media: [{ Part: [{ file: '/data/full.mp4', size: 1000 }] }],
    });
    expect(Metadata?.[0]).not.toHaveProperty('Label');
    expect(Metadata?.[0]).not.toHaveProperty('Field');
  });

  it('is sorted by name without articles, and by dates in either direction', async () => {
    const { plex, section } = await plexWithSection();
    const all = `/library/sections/${section}/all?type=1`;
    plex.library.addItem(section, { title: 'The Beach', addedAt: 100, files: [file('1')] });
    plex.library.addItem(section, { title: 'apple', addedAt: 300, files: [file('2')] });
    plex.library.addItem(section, { title: 'Cat', addedAt: 200, files: [file('3')] });
    expect(await titles(plex, all)).toEqual(['apple', 'The Beach', 'Cat']);
    expect(await titles(plex, `${all}&sort=titleSort:desc`)).toEqual(['Cat', 'The Beach', 'apple']);
    expect(await titles(plex, `${all}&sort=addedAt`)).toEqual(['The Beach', 'Cat', 'apple']);
    expect(await titles(plex, `${all}&sort=addedAt%3Adesc`)).toEqual(['apple', 'Cat', 'The Beach']);
    expect((await ask(plex, `${all}&sort=nonsense`)).status).toBe(400);
  });

  it('follows titles that change while it is walked', async () => {
    const { plex, all } = await plexWithScenes('A', 'B', 'C');
    expect(await titles(plex, all)).toEqual(['A', 'B', 'C']);
    plex.library.setByPerson('1001', { title: 'Z' });
    expect(await titles(plex, all)).toEqual(['B', 'C', 'Z']);
    plex.library.removeItem('1002');
    plex.library.addItem('1', { title: 'D', files: [file('D.mp4')] });
    expect(await titles(plex, all)).toEqual(['C', 'D', 'Z']);
  });
});

describe('a filter', () => {
  it.each([
    ['title=ar', ['Carol', 'Mary']],
    ['title==Mary', ['Mary']],
    ['title%3D=mary', []],
    ['title%3C=ma', ['Mary']],
    ['title!=ar', ['Zoe']],
    ['title=zoe,carol', ['Carol', 'Zoe']],
    ['year=2001', ['Carol']],
    ['year%3E%3E=2001', ['Mary']],
    ['originallyAvailableAt%3C%3C=2005-01-01', ['Carol']],
    ['addedAt%3E%3E=200', ['Zoe']],
    ['addedAt>>=200', ['Zoe']],
    ['updatedAt%3E%3E=-1d', []],
    ['id=1001,1003', ['Carol', 'Zoe']],
    ['genre=Drama', ['Mary']],
    ['push=1&title=mary&or=1&title=zoe&pop=1&year=2010', ['Mary']],
  ])('%s finds %j', async (query, found) => {
    const { plex, section } = await plexWithSection();
    const add = (title: string, addedAt: number, more: object): string =>
      plex.library.addItem(section, { title, addedAt, files: [file(title)], ...more });
    add('Carol', 100, { date: '2001-05-01' });
    add('Mary', 200, { date: '2010-01-01', genres: ['Drama'] });
    add('Zoe', 300, {});
    expect(await titles(plex, `/library/sections/${section}/all?type=1&${query}`)).toEqual(found);
  });

  it('of an unknown field is refused', async () => {
    const { plex, all } = await plexWithScenes('A');
    expect((await ask(plex, `${all}&nonsense=1`)).status).toBe(400);
  });
});

describe('a lookup by file', () => {
  it('finds by name or path, in any folder, so that the client must compare', async () => {
    const { plex, section } = await plexWithSection();
    const add = (title: string, ...paths: string[]): string =>
      plex.library.addItem(section, { title, files: paths.map((path) => file(path)) });
    add('One', 'x/same name.mp4');
    add('Two', 'y/other.mp4', 'y/same name.mp4');
    add('Three', 'y/third.mp4');
    const all = `/library/sections/${section}/all?type=1`;
    expect(await titles(plex, `${all}&file=same%20name.mp4`)).toEqual(['One', 'Two']);
    const path = encodeURIComponent('/data/x/same name.mp4');
    expect(await titles(plex, `${all}&file=${path}`)).toEqual(['One', 'Two']);
    expect(await titles(plex, `${all}&file=third.mp4`)).toEqual(['Three']);
    expect(await titles(plex, `${all}&file=missing.mp4`)).toEqual([]);
  });

  it('finds by any part of the path in the other reading of file=', async () => {
    const { plex, all } = await plexWithScenes('Some Name', 'Other');
    plex.switches.fileMatch = 'contains';
    expect(await titles(plex, `${all}&file=some%20NAME`)).toEqual(['Some Name']);
    expect(await titles(plex, `${all}&file=${encodeURIComponent('/data/')}`)).toEqual([
      'Some Name',
      'Other',
    ]);
    plex.switches.fileMatch = 'base-name';
    expect(await titles(plex, `${all}&file=some%20NAME`)).toEqual([]);
  });

  it('is a server error without a type', async () => {
    const { plex, section } = await plexWithSection();
    expect((await ask(plex, `/library/sections/${section}/all?file=a.mp4`)).status).toBe(500);
  });

  it('follows a moved file', async () => {
    const { plex, all } = await plexWithScenes('A');
    plex.library.movePart('1001', '/data/A.mp4', '/data/moved/B.mp4');
    expect(await titles(plex, `${all}&file=A.mp4`)).toEqual([]);
    expect(await titles(plex, `${all}&file=B.mp4`)).toEqual(['A']);
  });
});

describe('a detail', () => {
  it('has every tag with its id and filter, and the locks', async () => {
    const { plex, section } = await plexWithSection();
    const ratingKey = plex.library.addItem(section, {
      title: 'Full',
      files: [file('full.mp4')],
      genres: ['a', 'b', 'c'],
      actors: ['1', '2', '3', '4'],
      locked: ['title', 'genre'],
    });
    const { Metadata } = await read(plex, `/library/metadata/${ratingKey}`);
    const [item] = Metadata ?? [];
    expect(item?.Genre).toHaveLength(3);
    expect(item?.Role).toHaveLength(4);
    expect(item?.Genre?.[2]).toEqual({ id: 303, filter: 'genre=303', tag: 'c' });
    expect(item?.Role?.[0]).toMatchObject({ filter: 'actor=304', tag: '1' });
    expect(item?.Field).toEqual([
      { locked: true, name: 'title' },
      { locked: true, name: 'genre' },
    ]);
  });

  it('of several items passes over missing ones, and keeps its own order', async () => {
    const { plex } = await plexWithScenes('A', 'B', 'C');
    const { size, Metadata } = await read(plex, '/library/metadata/1003,999,1001');
    expect(size).toBe(2);
    expect(Metadata?.map(({ ratingKey }) => ratingKey)).toEqual(['1001', '1003']);
  });

  it('of a missing or removed item is 404', async () => {
    const { plex } = await plexWithScenes('A');
    expect((await ask(plex, '/library/metadata/999')).status).toBe(404);
    plex.library.removeItem('1001');
    expect((await ask(plex, '/library/metadata/1001')).status).toBe(404);
  });
});

describe('large libraries', () => {
  it('list 100,000 items in pages, each item once', async () => {
    const { plex, section } = await plexWithSection();
    for (let i = 0; i < 100_000; i += 1) {
      plex.library.addItem(section, { title: `Scene ${i % 777}`, files: [file(`${i}.mp4`)] });
    }
    const seen = new Set<string>();
    for (let start = 0; start < 100_000; start += 1000) {
      const all = `/library/sections/${section}/all?type=1`;
      const { Metadata = [] } = await read(plex, all, { headers: paging(start, 1000) });
      for (const { ratingKey } of Metadata) seen.add(ratingKey);
    }
    expect(seen.size).toBe(100_000);
  });
});
