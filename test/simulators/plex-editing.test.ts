/** What edits do to the simulated library: fields, locks, tags, several items, all items. */
import { describe, expect, it } from 'vitest';
import type { PlexSimulator } from '../../simulators/plex/server.ts';
import { ask, edit, file, plexWithSection, read, titles } from './plex-support.ts';

const NASTY_TAG = 'Test Tag !@#$%^&*()-_=+[];:\'"/?,.';
const indexed = (kind: string, i: number): string => encodeURIComponent(`${kind}[${i}].tag.tag`);
/** A list of tags to set, as clients send it. */
const tagQuery = (kind: string, names: readonly string[]): string =>
  names.map((name, i) => `${indexed(kind, i)}=${encodeURIComponent(name)}`).join('&');
/** A list of tags to remove: encoded, joined, encoded again. */
const removal = (kind: string, names: readonly string[]): string =>
  `${kind}%5B%5D.tag.tag-=${encodeURIComponent(names.map(encodeURIComponent).join(','))}`;

async function plexWithScene(content: object = {}): Promise<{ plex: PlexSimulator; key: string }> {
  const { plex, section } = await plexWithSection();
  const key = plex.library.addItem(section, { title: 'Scene', files: [file('a.mp4')], ...content });
  return { plex, key };
}

describe('an edit of fields', () => {
  it('sets many at once, answers 200 without a body, and is read back', async () => {
    const { plex, key } = await plexWithScene();
    const { status, body } = await edit(
      plex,
      '1',
      `id=${key}&title.value=%C3%9Cn%C3%AF%20%26%20co&title.locked=1&summary.value=s&studio.value=S`,
    );
    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(plex.library.item(key)).toMatchObject({
      title: 'Ünï & co',
      summary: 's',
      studio: 'S',
      locked: ['title'],
    });
    const { Metadata } = await read(plex, `/library/metadata/${key}`);
    expect(Metadata?.[0]).toMatchObject({ title: 'Ünï & co', studio: 'S' });
  });

  it('does not lock what it sets, and unlocks without a trace', async () => {
    const { plex, key } = await plexWithScene({ locked: ['title', 'studio'] });
    await edit(plex, '1', `id=${key}&summary.value=s&title.locked=0&genre.locked=1&art.locked=0`);
    expect(plex.library.item(key)?.locked).toEqual(['studio', 'genre']);
    const { Metadata } = await read(plex, `/library/metadata/${key}`);
    expect(Metadata?.[0]?.Field?.map(({ name }) => name)).toEqual(['studio', 'genre']);
  });

  it('clears with an empty value, and lets the year follow the date', async () => {
    const { plex, key } = await plexWithScene({ summary: 's', date: '2001-02-03' });
    expect(plex.library.item(key)?.year).toBe(2001);
    await edit(plex, '1', `id=${key}&summary.value=&originallyAvailableAt.value=2012-01-01`);
    expect(plex.library.item(key)).toMatchObject({ summary: '', year: 2012 });
    await edit(plex, '1', `id=${key}&originallyAvailableAt.value=`);
    expect(plex.library.item(key)?.year).toBeUndefined();
  });

  it('sets ratings and the time of adding as numbers', async () => {
    const { plex, key } = await plexWithScene();
    await edit(plex, '1', `id=${key}&userRating.value=7.5&addedAt.value=1700000000`);
    const { Metadata } = await read(plex, `/library/metadata/${key}`);
    expect(Metadata?.[0]).toMatchObject({ userRating: 7.5, addedAt: 1_700_000_000 });
    await edit(plex, '1', `id=${key}&userRating.value=`);
    expect(plex.library.item(key)?.userRating).toBeUndefined();
  });

  it.each([
    ['a date that is none', 'originallyAvailableAt.value=yesterday'],
    ['a rating that is none', 'userRating.value=good'],
    ['a lock that is neither 0 nor 1', 'title.locked=yes'],
    ['an unknown filter', 'nonsense=1&title.value=x'],
  ])('with %s is refused as a whole', async (_, query) => {
    const { plex, key } = await plexWithScene();
    const { status } = await edit(plex, '1', `id=${key}&summary.value=changed&${query}`);
    expect(status).toBe(400);
    expect(plex.library.item(key)?.summary).toBe('');
    expect(plex.history(key)).toEqual([]);
  });

  it('raises updatedAt, so that a client finds it', async () => {
    let nowMs = 1_700_000_000_000;
    const { plex, section } = await plexWithSection({ nowMs: () => nowMs });
    const key = plex.library.addItem(section, { title: 'A', files: [file('a')] });
    nowMs += 5000;
    await edit(plex, section, `id=${key}&summary.value=s`);
    const changed = `/library/sections/${section}/all?type=1&updatedAt%3E%3E=1700000000`;
    expect(await titles(plex, changed)).toEqual(['A']);
  });
});

describe('an edit of tags', () => {
  it.each([
    ['append', ['old', 'kept', 'new']],
    ['replace', ['kept', 'new']],
  ] as const)('in the mode "%s" leaves %j', async (tagMode, left) => {
    const { plex, key } = await plexWithScene({ genres: ['old', 'kept'] });
    plex.switches.tagMode = tagMode;
    await edit(plex, '1', `id=${key}&${tagQuery('genre', ['kept', 'new'])}`);
    expect(plex.library.item(key)?.genres).toEqual(left);
  });

  it('goes by index and not by place in the query', async () => {
    const { plex, key } = await plexWithScene();
    const names = Array.from({ length: 12 }, (_, i) => `actor ${i}`);
    const sorted = tagQuery('actor', names).split('&').sort().join('&');
    expect(sorted.indexOf('actor%5B10')).toBeLessThan(sorted.indexOf('actor%5B2'));
    await edit(plex, '1', `id=${key}&${sorted}`);
    expect(plex.library.item(key)?.actors).toEqual(names);
  });

  it('takes brackets bare too', async () => {
    const { plex, key } = await plexWithScene();
    await edit(plex, '1', `id=${key}&genre[0].tag.tag=bare`);
    expect(plex.library.item(key)?.genres).toEqual(['bare']);
  });

  it('writes an actor, who is read as a Role, with the role on the association', async () => {
    const { plex, key } = await plexWithScene();
    const actor = 'actor%5B0%5D';
    await edit(
      plex,
      '1',
      `id=${key}&${actor}.tag.tag=Ann&${actor}.tagging.text=Herself&${actor}.tag.role=wrong`,
    );
    const { Metadata } = await read(plex, `/library/metadata/${key}`);
    expect(Metadata?.[0]?.Role).toMatchObject([{ tag: 'Ann', role: 'Herself' }]);
  });

  it('sets the picture of a person on every item', async () => {
    const { plex, key } = await plexWithScene({ actors: ['Ann'] });
    const other = plex.library.addItem('1', { title: 'B', files: [file('b')], actors: ['Ann'] });
    const thumb = encodeURIComponent('http://pictures/ann.jpg');
    await edit(plex, '1', `id=${key}&actor[0].tag.tag=Ann&actor[0].tag.thumb=${thumb}`);
    expect(plex.library.item(other)?.roles[0]?.thumb).toBe('http://pictures/ann.jpg');
  });

  it('removes doubly encoded names, commas and all', async () => {
    const { plex, key } = await plexWithScene({ genres: ['A', 'B, c', 'c', NASTY_TAG] });
    expect(removal('genre', ['A', 'B, c'])).toContain('A%2CB%252C%2520c');
    await edit(plex, '1', `id=${key}&${removal('genre', ['A', 'B, c', NASTY_TAG])}`);
    expect(plex.library.item(key)?.genres).toEqual(['c']);
  });

  it('does not find a name with a comma that was encoded once only', async () => {
    const { plex, key } = await plexWithScene({ genres: ['B, c', 'kept'] });
    await edit(plex, '1', `id=${key}&genre%5B%5D.tag.tag-=${encodeURIComponent('B, c')}`);
    expect(plex.library.item(key)?.genres).toEqual(['B, c', 'kept']);
  });

  it('removes all of a kind with T[].tag', async () => {
    const { plex, key } = await plexWithScene({ genres: ['a', 'b'], labels: ['L'] });
    await edit(plex, '1', `id=${key}&genre%5B%5D.tag=`);
    expect(plex.library.item(key)).toMatchObject({ genres: [], labels: ['L'] });
  });

  it.each([
    ['first-spelling', ['Comedy']],
    ['exact', ['Comedy', 'comedy']],
  ] as const)('in the reading "%s" makes of Comedy and comedy %j', async (tagCase, left) => {
    const { plex, key } = await plexWithScene({ genres: ['Comedy'] });
    plex.switches.tagCase = tagCase;
    await edit(plex, '1', `id=${key}&${tagQuery('genre', ['comedy'])}`);
    expect(plex.library.item(key)?.genres).toEqual(left);
    await edit(plex, '1', `id=${key}&${removal('genre', ['comedy'])}`);
    expect(plex.library.item(key)?.genres).toEqual(left.slice(0, left.length - 1));
  });

  it('tells tags apart by a space at the end', async () => {
    const { plex, key } = await plexWithScene({ genres: ['a'] });
    await edit(plex, '1', `id=${key}&${tagQuery('genre', ['a '])}`);
    expect(plex.library.item(key)?.genres).toEqual(['a', 'a ']);
  });

  it('capitalises labels', async () => {
    const { plex, key } = await plexWithScene();
    await edit(plex, '1', `id=${key}&${tagQuery('label', ['from stash'])}`);
    expect(plex.library.item(key)?.labels).toEqual(['From stash']);
  });

  it('of an unknown kind is accepted and lost, and a studio turns up as a director', async () => {
    const { plex, key } = await plexWithScene();
    const query = `${tagQuery('nonsense', ['x'])}&${tagQuery('studio', ['S'])}`;
    expect((await edit(plex, '1', `id=${key}&${query}`)).status).toBe(200);
    expect(plex.library.item(key)).toMatchObject({ studio: '', directors: ['S'] });
  });
});

describe('an edit of several items', () => {
  it('changes those named and passes over missing ones', async () => {
    const { plex, section } = await plexWithSection();
    const keys = ['A', 'B', 'C'].map((title) =>
      plex.library.addItem(section, { title, files: [file(title)] }),
    );
    const { status } = await edit(plex, section, `id=${keys[0]},${keys[2]},999&studio.value=S`);
    expect(status).toBe(200);
    expect(plex.library.items().map(({ studio }) => studio)).toEqual(['S', '', 'S']);
    expect(plex.counts()).toMatchObject({ edits: 1, editedItems: 2, everyItemEdits: 0 });
  });

  it('is 404 when none of them is there, in this section and of this type', async () => {
    const { plex, key } = await plexWithScene();
    const other = plex.library.addSection({ title: 'Others' });
    expect((await edit(plex, '1', 'id=999&title.value=x')).status).toBe(404);
    expect((await edit(plex, other, `id=${key}&title.value=x`)).status).toBe(404);
    const asShow = `/library/sections/1/all?type=2&id=${key}&title.value=x`;
    expect((await ask(plex, asShow, { method: 'PUT' })).status).toBe(404);
    expect(plex.library.item(key)?.title).toBe('Scene');
  });

  it.each(['title.value=Ruined', 'id=&title.value=Ruined'])(
    'changes every item of the section when none is named: %s',
    async (query) => {
      const { plex, section } = await plexWithSection();
      for (const title of ['A', 'B', 'C']) {
        plex.library.addItem(section, { title, files: [file(title)] });
      }
      await edit(plex, section, query);
      expect(plex.library.items().map(({ title }) => title)).toEqual(Array(3).fill('Ruined'));
      expect(plex.counts().everyItemEdits).toBe(1);
      expect(plex.history('1002')[0]?.everyItem).toBe(true);
    },
  );
});

describe('the record of edits', () => {
  it('has the query as it came, and the item before and after', async () => {
    const { plex, key } = await plexWithScene({ genres: ['a'] });
    await edit(plex, '1', `id=${key}&title.value=New&${tagQuery('genre', ['b'])}`);
    await edit(plex, '1', `id=${key}&title.locked=1`);
    const [first, second] = plex.history(key);
    expect(first?.query).toBe(`type=1&id=${key}&title.value=New&genre%5B0%5D.tag.tag=b`);
    expect(first?.before).toMatchObject({ title: 'Scene', genres: ['a'] });
    expect(first?.after).toMatchObject({ title: 'New', genres: ['a', 'b'], locked: [] });
    expect(second?.after.locked).toEqual(['title']);
  });

  it('logs every request as it came', async () => {
    const { plex } = await plexWithScene();
    await ask(plex, '/library/sections?a=%20b', { headers: { 'X-Canary': 'secret' } });
    await ask(plex, '/identity', { token: null });
    expect(plex.accessLog).toMatchObject([
      { method: 'GET', target: '/library/sections?a=%20b', status: 200 },
      { method: 'GET', target: '/identity', status: 200 },
    ]);
    expect(plex.accessLog[0]?.headers.join(' ')).toContain('X-Canary secret');
    expect(plex.counts()).toMatchObject({ requests: 2, reads: 2, writes: 0, identity: 1 });
    plex.resetCounts();
    expect(plex.counts().requests).toBe(0);
  });
});

describe('other hands on the library', () => {
  it('lock what a person sets, as Plex Web does', async () => {
    const { plex, key } = await plexWithScene({ locked: ['studio'] });
    plex.library.setByPerson(key, { title: 'Mine', genres: ['g'] });
    expect(plex.library.item(key)).toMatchObject({
      title: 'Mine',
      genres: ['g'],
      locked: ['studio', 'title', 'genre'],
    });
    expect(plex.history(key)).toEqual([]);
  });

  it('refresh an item by PUT only', async () => {
    const { plex, key } = await plexWithScene();
    expect((await ask(plex, `/library/metadata/${key}/refresh`)).status).toBe(405);
    const put = { method: 'PUT' };
    expect((await ask(plex, `/library/metadata/${key}/refresh`, put)).status).toBe(200);
    expect((await ask(plex, '/library/metadata/999/refresh', put)).status).toBe(404);
  });

  it.each(['reverts-unlocked', 'keeps'] as const)('a refresh that %s', async (refresh) => {
    const { plex, section } = await plexWithSection({ switches: { refresh } });
    const key = plex.library.addItem(section, {
      title: 'found',
      summary: 'found',
      genres: ['found'],
      files: [file('a.mp4')],
    });
    plex.library.setByPerson(key, {
      title: 'new',
      summary: 'new',
      studio: 'new',
      genres: ['new'],
      actors: ['new'],
      labels: ['New'],
      locked: ['title', 'actor'],
    });
    const put = { method: 'PUT' };
    expect((await ask(plex, `/library/metadata/${key}/refresh`, put)).status).toBe(200);
    const undone = refresh === 'keeps' ? 'new' : 'found';
    expect(plex.library.item(key)).toMatchObject({
      title: 'new',
      summary: undone,
      studio: refresh === 'keeps' ? 'new' : '',
      genres: [undone],
      actors: ['new'],
      labels: ['New'],
      locked: ['title', 'actor'],
    });
  });
});
