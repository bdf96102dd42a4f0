// Pictures and ratings of the simulated Plex, asked for by plain HTTP.
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { PlexSimulator } from '../../simulators/plex/server.ts';
import { jpeg, png } from '../helpers/pictures.ts';
import { ask, file, plexWithSection } from './plex-support.ts';

async function post(plex: PlexSimulator, target: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'X-Plex-Token': plex.token, 'Content-Type': 'image/jpeg' };
    const sent = request(`${plex.url}${target}`, { method: 'POST', headers, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      text(response).then(() => resolve(response.statusCode ?? 0), reject);
    });
    sent.end(body);
  });
}

function shown(plex: PlexSimulator, key: string): string | undefined {
  return plex.library.item(key)?.posters.find(({ selected }) => selected)?.name;
}

describe('an upload', () => {
  test('is shown, is added once however often it comes, and locks nothing', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'a', files: [file('a.mp4')] });
    for (const body of [jpeg('a'), jpeg('b'), jpeg('a')]) {
      expect(await post(plex, `/library/metadata/${key}/posters`, body)).toBe(200);
    }
    expect(plex.library.item(key)?.posters).toHaveLength(2);
    const { body } = await ask(plex, `/library/metadata/${key}/posters`);
    const [first, second] = plex.library.item(key)?.posters ?? [];
    expect(first?.name).toMatch(/^upload:\/\/posters\/[0-9a-f]{40}$/);
    expect(JSON.parse(body)).toMatchObject({
      MediaContainer: {
        size: 2,
        Metadata: [
          { ratingKey: first?.name, selected: true },
          { ratingKey: second?.name, selected: false },
        ],
      },
    });
    expect(plex.library.item(key)?.locked).toEqual([]);
    expect(plex.counts()).toMatchObject({ uploads: 3, images: 1, edits: 0 });
    expect(plex.history(key)).toHaveLength(3);
  });

  test('locks the picture where the switch says so', async () => {
    const { plex, section } = await plexWithSection({ switches: { uploadLocks: true } });
    const key = plex.library.addItem(section, { title: 'a', files: [file('a.mp4')] });
    await post(plex, `/library/metadata/${key}/arts`, png('a'));
    expect(plex.library.item(key)?.locked).toEqual(['art']);
  });

  test('of more than 10 MB is a failure of the server, and of nothing that is a picture refused', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'a', files: [file('a.mp4')] });
    const target = `/library/metadata/${key}/posters`;
    expect(await post(plex, target, jpeg('a', 10 * 1024 * 1024))).toBe(200);
    expect(await post(plex, target, jpeg('a', 10 * 1024 * 1024 + 1))).toBe(500);
    expect(await post(plex, target, Buffer.from('<html>'))).toBe(400);
    expect(await post(plex, '/library/metadata/999/posters', jpeg('a'))).toBe(404);
    expect(plex.library.item(key)?.posters).toHaveLength(1);
  });

  test('fails, is ignored or is lost after it was carried out, as the switches say', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'a', files: [file('a.mp4')] });
    const target = `/library/metadata/${key}/posters`;
    plex.switches.failUploads = { status: 500, count: 1 };
    expect(await post(plex, target, jpeg('a'))).toBe(500);
    plex.switches.ignoreUploads = { count: 1 };
    expect(await post(plex, target, jpeg('a'))).toBe(200);
    expect(plex.library.item(key)?.posters).toEqual([]);
    plex.switches.poison.set(key, 'drop');
    await expect(post(plex, target, jpeg('a'))).rejects.toThrow();
    expect((await ask(plex, target)).status).toBe(200);
    plex.switches.poison.clear();
    expect(await post(plex, target, jpeg('a'))).toBe(200);
    expect(shown(plex, key)).toMatch(/^upload:/);
  });
});

describe('a person', () => {
  test('uploads a picture, which is shown and locked, and may choose another', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'a', files: [file('a.mp4')] });
    const first = plex.library.setImageByPerson(key, 'posters', jpeg('a'));
    const second = plex.library.setImageByPerson(key, 'posters', jpeg('b'));
    expect([shown(plex, key), plex.library.item(key)?.locked]).toEqual([second, ['thumb']]);
    const select = `/library/metadata/${key}/poster?url=${encodeURIComponent(first)}`;
    expect((await ask(plex, select, { method: 'PUT' })).status).toBe(200);
    expect(shown(plex, key)).toBe(first);
    const none = `/library/metadata/${key}/poster?url=nothing`;
    expect((await ask(plex, none, { method: 'PUT' })).status).toBe(400);
  });

  test('takes a picture away, which locks it; a refresh shows a still of the video again', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'a', files: [file('a.mp4')] });
    const addresses = async (): Promise<readonly boolean[]> => {
      const { body } = await ask(plex, `/library/metadata/${key}`);
      return [body.includes('"thumb":"/'), body.includes('"art":"/')];
    };
    plex.library.setImageByPerson(key, 'posters', jpeg('a'), false);
    plex.library.setImageByPerson(key, 'arts', jpeg('a'), false);
    expect(await addresses()).toEqual([true, true]);
    for (const element of ['thumb', 'art']) {
      const target = `/library/metadata/${key}/${element}`;
      expect((await ask(plex, target, { method: 'DELETE' })).status).toBe(200);
    }
    expect(await addresses()).toEqual([false, false]);
    expect(shown(plex, key)).toBeUndefined();
    expect(plex.library.item(key)?.posters).toHaveLength(1);
    expect(plex.library.item(key)?.locked).toEqual(['thumb', 'art']);
    expect(plex.counts()).toMatchObject({ picturesTakenAway: 2 });
    plex.library.refresh(key);
    expect(await addresses()).toEqual([true, false]);
    plex.library.removeImageByPerson(key, 'posters', false);
    expect([await addresses(), plex.library.item(key)?.locked]).toEqual([[false, false], ['art']]);
    await post(plex, `/library/metadata/${key}/posters`, jpeg('a'));
    expect(await addresses()).toEqual([true, false]);
  });

  test('rates an item from 0 to 10, and takes that back', async () => {
    const { plex, section } = await plexWithSection();
    const key = plex.library.addItem(section, { title: 'a', files: [file('a.mp4')] });
    const rate = async (rating: string): Promise<unknown> => {
      const target = `/:/rate?key=${key}&identifier=com.plexapp.plugins.library&rating=${rating}`;
      const { status } = await ask(plex, target, { method: 'PUT' });
      return [status, plex.library.item(key)?.userRating];
    };
    expect(await rate('7')).toEqual([200, 7]);
    expect(await rate('11')).toEqual([400, 7]);
    expect(await rate('')).toEqual([400, 7]);
    expect(await rate('-1')).toEqual([200, undefined]);
    expect((await ask(plex, '/:/rate?key=9&rating=1', { method: 'PUT' })).status).toBe(400);
  });
});
