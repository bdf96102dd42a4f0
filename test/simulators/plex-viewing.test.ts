/** Plays, offsets and ratings on the simulated Plex: what it refuses, whose they are, what outlives what. */
import { describe, expect, it } from 'vitest';
import { ask, file, plexWithSection, read, titles } from './plex-support.ts';

const library = 'identifier=com.plexapp.plugins.library';
const client = { 'X-Plex-Client-Identifier': 'a-client' };

describe('a view', () => {
  it.each([
    ['PUT', '/:/scrobble?key=1001', 400],
    ['PUT', '/:/scrobble?key=1001&identifier=com.plexapp.plugins.other', 400],
    ['PUT', `/:/unscrobble?key=9&${library}`, 404],
    ['POST', `/:/scrobble?key=1001&${library}`, 404],
    ['POST', '/:/timeline?ratingKey=1001&state=stopped', 400],
    ['POST', '/:/timeline?ratingKey=1001&state=stopped&time=-5', 400],
    ['POST', '/:/timeline?ratingKey=1001&state=resting&time=5', 400],
    ['POST', '/:/timeline?ratingKey=9&state=stopped&time=5', 404],
    ['POST', `/:/progress?key=1001&state=stopped&time=5&${library}`, 404],
    ['PUT', `/:/rate?key=1001&rating=11&${library}`, 400],
    ['PUT', `/:/rate?key=1001&rating=5&ratedAt=99999999999&${library}`, 400],
  ])('by %s %s is answered %i and changes nothing', async (method, target, status) => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'One', files: [file('one.mp4')] });
    expect(key).toBe('1001');
    expect((await ask(plex, target, { method, headers: client })).status).toBe(status);
    expect(plex.library.seen(key)).toEqual({ viewCount: 0, viewOffsetMs: 0 });
    expect(plex.history(key)).toEqual([]);
  });

  it('is written in turn with the edits, noted, and met by the faults of its item', async () => {
    const { plex, section } = await plexWithSection({ nowMs: () => 1_760_000_000_000 });
    const key = plex.library.addItem(section, { title: 'One', files: [file('one.mp4')] });
    const other = plex.library.addItem(section, { title: 'Two', files: [file('two.mp4')] });
    plex.switches.poison.set(other, 'status-500');
    const mark = (ratingKey: string) =>
      ask(plex, `/:/scrobble?key=${ratingKey}&${library}`, { method: 'PUT' });
    expect((await mark(key)).status).toBe(200);
    expect((await mark(other)).status).toBe(500);
    expect(plex.library.seen(key)).toMatchObject({ viewCount: 1, lastViewedAt: 1_760_000_000 });
    expect(plex.library.seen(other)).toMatchObject({ viewCount: 0 });
    expect(plex.history(key)).toMatchObject([{ query: `key=${key}&${library}` }]);
    expect(plex.counts()).toMatchObject({ markings: 2, timelines: 0, writes: 2, editedItems: 0 });
  });

  it('may be that of a token of somebody who may change nothing else', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'One', files: [file('one.mp4')] });
    const token = plex.addUser('guest');
    const asked = { token, headers: client };
    const edit = `/library/sections/${section}/all?type=1&id=${key}&title.value=Theirs`;
    expect((await ask(plex, edit, { ...asked, method: 'PUT' })).status).toBe(403);
    expect((await ask(plex, '/status/sessions', asked)).status).toBe(403);
    const stop = `/:/timeline?ratingKey=${key}&state=stopped&time=5000`;
    expect((await ask(plex, stop, { ...asked, method: 'POST' })).status).toBe(200);
    expect(plex.library.seen(key, 'guest')).toMatchObject({ viewOffsetMs: 5000 });
    expect(plex.library.seen(key)).toMatchObject({ viewOffsetMs: 0 });
    expect(plex.library.item(key)?.title).toBe('One');
  });

  it('shows in lists to whoever left it, right after it was left', async () => {
    const { plex, section } = await plexWithSection();
    for (const title of ['One', 'Two']) {
      plex.library.addItem(section, { title, files: [file(`${title}.mp4`)] });
    }
    const token = plex.addUser('guest');
    const all = `/library/sections/${section}/all?type=1`;
    const unwatched = `${all}&unwatched=1`;
    const theirs = async (): Promise<string[]> => {
      const { Metadata = [] } = await read(plex, unwatched, { token });
      return Metadata.map(({ title }) => title);
    };
    expect(await titles(plex, unwatched)).toEqual(['One', 'Two']);
    expect(await theirs()).toEqual(['One', 'Two']);
    await ask(plex, `/:/scrobble?key=1001&${library}`, { method: 'PUT', token });
    expect(await theirs()).toEqual(['Two']);
    expect(await titles(plex, unwatched)).toEqual(['One', 'Two']);
    plex.library.setSeen('1002', { viewOffsetMs: 1, viewCount: 4 });
    expect(await titles(plex, `${all}&inProgress=1`)).toEqual(['Two']);
    expect(await titles(plex, `${all}&sort=viewCount:desc`)).toEqual(['Two', 'One']);
    const both = await read(plex, `${all}&sort=lastViewedAt:desc`, { token });
    expect(both.Metadata).toMatchObject([{ title: 'One', viewCount: 1 }, { title: 'Two' }]);
    expect(both.Metadata?.[1]).not.toHaveProperty('viewCount');
  });

  it('outlives a refresh and an edit, and stays with an item whose file moves', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'One', files: [file('one.mp4')] });
    plex.library.setSeen(key, { viewCount: 3, userRating: 7 });
    plex.library.setSeen(key, { viewOffsetMs: 8 }, 'guest');
    plex.library.refresh(key);
    plex.library.setByPerson(key, { title: 'Other' });
    plex.library.moveFile('/data/one.mp4', '/data/two.mp4');
    expect(plex.library.seen(key)).toEqual({ viewCount: 3, viewOffsetMs: 0, userRating: 7 });
    expect(plex.library.seen(key, 'guest')).toEqual({ viewCount: 0, viewOffsetMs: 8 });
    plex.switches.movedFile = 'new-item';
    const fresh = plex.library.moveFile('/data/two.mp4', '/data/three.mp4');
    expect(plex.library.seen(fresh)).toEqual({ viewCount: 0, viewOffsetMs: 0 });
  });

  it.each([true, false])('that is no rating any more may keep its time (%s)', async (keeps) => {
    const { plex, section } = await plexWithSection({ switches: { unratedKeepsTime: keeps } });
    const key = plex.library.addItem(section, { title: 'One', files: [file('one.mp4')] });
    const rate = (more: string) =>
      ask(plex, `/:/rate?key=${key}&${library}&${more}`, { method: 'PUT' });
    await rate('rating=7&ratedAt=1700000000');
    expect(plex.library.seen(key)).toMatchObject({ userRating: 7, lastRatedAt: 1_700_000_000 });
    await rate('rating=-1&ratedAt=1700000009');
    const after = plex.library.seen(key);
    expect(after.userRating).toBeUndefined();
    expect(after.lastRatedAt).toBe(keeps ? 1_700_000_009 : undefined);
  });
});
