// Pictures and ratings, from the client to the simulated Plex and back.
import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import type { PlexSwitches } from '../../simulators/plex/switches.ts';
import { largestImageBytes } from '../../src/domain/mirror/image.ts';
import type { PlexClient } from '../../src/plex/client.ts';
import { lockTarget } from '../../src/plex/posters.ts';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';
import { bitmap, jpeg, png } from '../helpers/pictures.ts';
import { answering, canaryToken, failureOf, openClient, startHttp } from './support.ts';

const limits = {
  readHeadersMs: 1_000,
  readBodyMs: 1_000,
  writeHeadersMs: 1_000,
  writeBodyMs: 1_000,
};

interface Stage {
  readonly plex: PlexSimulator;
  readonly client: PlexClient;
  readonly sectionId: string;
  readonly key: string;
}

async function setUp(switches: Partial<PlexSwitches> = {}): Promise<Stage> {
  const plex = await startPlexSimulator({ token: canaryToken, switches });
  onTestFinished(() => plex.close());
  const sectionId = plex.library.addSection({ title: 'Scenes', locations: ['/data'] });
  const key = plex.library.addItem(sectionId, {
    title: 'scene',
    files: [{ path: '/data/1.mp4', size: 1, durationMs: 1_000 }],
  });
  return { plex, client: openClient(plex.url, limits), sectionId, key };
}

function nameOf(bytes: Buffer, kind = 'posters'): string {
  return `upload://${kind}/${createHash('sha1').update(bytes).digest('hex')}`;
}

describe('a picture', () => {
  it('that was uploaded is shown, and is called by the hash of its bytes', async () => {
    const { plex, client, key } = await setUp();
    expect(await client.images(key, 'poster')).toEqual([]);
    await client.uploadPoster(key, jpeg('a'), 'image/jpeg');
    await client.uploadPoster(key, png('b'), 'image/png');
    expect(await client.images(key, 'poster')).toEqual([
      { name: nameOf(jpeg('a')), selected: false },
      { name: nameOf(png('b')), selected: true },
    ]);
    expect(plex.library.item(key)?.posters).toMatchObject([
      { contentType: 'image/jpeg', sizeBytes: jpeg('a').length },
      { contentType: 'image/png' },
    ]);
    expect(plex.library.item(key)?.arts).toEqual([]);
    expect(plex.library.item(key)?.locked).toEqual([]);
  });

  it('that was uploaded before adds nothing and is shown again', async () => {
    const { client, key } = await setUp();
    for (const text of ['a', 'b', 'a']) await client.uploadPoster(key, jpeg(text), 'image/jpeg');
    expect(await client.images(key, 'poster')).toEqual([
      { name: nameOf(jpeg('a')), selected: true },
      { name: nameOf(jpeg('b')), selected: false },
    ]);
  });

  it('for the background is no poster', async () => {
    const { plex, client, key } = await setUp();
    await client.uploadArt(key, jpeg('a'), 'image/jpeg');
    expect(await client.images(key, 'background')).toEqual([
      { name: nameOf(jpeg('a'), 'arts'), selected: true },
    ]);
    expect(await client.images(key, 'poster')).toEqual([]);
    expect(plex.library.item(key)?.posters).toEqual([]);
  });

  it('of the largest size arrives whole', async () => {
    const { plex, client, key } = await setUp();
    const bytes = jpeg('large', largestImageBytes);
    await client.uploadPoster(key, bytes, 'image/jpeg');
    expect(plex.library.item(key)?.posters).toMatchObject([
      { name: nameOf(bytes), sizeBytes: largestImageBytes },
    ]);
  });

  it('that is larger, or none that Plex shows, is refused before anything is sent', async () => {
    const { plex, client, key } = await setUp();
    const large = jpeg('large', largestImageBytes + 1);
    expect(await failureOf(client.uploadPoster(key, large, 'image/jpeg'))).toMatchObject({
      code: 'image-too-large',
      message: 'The picture has 10.5 MB, Plex takes 10.5 MB at most.',
    });
    for (const bytes of [bitmap(), Buffer.from('<html>'), Buffer.alloc(0)]) {
      const { code } = await failureOf(client.uploadArt(key, bytes, 'image/jpeg'));
      expect(code).toBe('image-unsupported');
    }
    expect(plex.counts().requests).toBe(0);
  });

  it.each([
    [{ failUploads: { status: 500 } }, 'plex-server-error'],
    [{ failUploads: { status: 503 } }, 'plex-maintenance'],
    [{ unauthorized: true }, 'plex-unauthorized'],
    [{ applyThenHang: 'all' }, 'plex-header-timeout'],
  ] as const)('fails as the server does: %j', async (switches, code) => {
    const { client, key } = await setUp(switches);
    const failure = await failureOf(client.uploadPoster(key, jpeg('a'), 'image/jpeg'));
    expect(failure.code).toBe(code);
  });

  it('for an item that is not there fails as such', async () => {
    const { client } = await setUp();
    const upload = client.uploadPoster('999', jpeg('a'), 'image/jpeg');
    expect((await failureOf(upload)).code).toBe('plex-not-found');
    expect((await failureOf(client.images('999', 'poster'))).code).toBe('plex-not-found');
    expect((await failureOf(client.images('1/../2', 'poster'))).code).toBe('internal');
  });

  it('is not said to be missing where the answer says nothing', async () => {
    const silent = await startHttp(answering({}));
    const { code } = await failureOf(openClient(silent.url).images('1', 'poster'));
    expect(code).toBe('plex-bad-answer');
  });
});

describe('locks of pictures', () => {
  it('are set and released for many items in one request, and nothing else is touched', async () => {
    const { plex, client, sectionId, key } = await setUp();
    const files = [{ path: '/data/2.mp4', size: 2 }];
    const second = plex.library.addItem(sectionId, { title: 'second', files, locked: ['title'] });
    const keys = ratingKeys([key, second]);
    await client.lockImages(sectionId, keys, { thumb: true, art: true });
    expect(plex.library.item(key)?.locked).toEqual(['thumb', 'art']);
    expect(plex.library.item(second)?.locked).toEqual(['title', 'thumb', 'art']);
    await client.lockImages(sectionId, keys, { thumb: false });
    expect(plex.library.item(second)?.locked).toEqual(['title', 'art']);
    expect(plex.counts()).toMatchObject({ edits: 2, editedItems: 4, everyItemEdits: 0 });
  });

  it('are never asked for without naming a lock', () => {
    expect(() => lockTarget('1', ratingKeys(['7']), {})).toThrow('names nothing');
    expect(() => lockTarget('all', ratingKeys(['7']), { thumb: true })).toThrow('names nothing');
    expect(lockTarget('1', ratingKeys(['7', '8']), { art: true })).toBe(
      '/library/sections/1/all?type=1&id=7%2C8&art.locked=1',
    );
  });
});

describe('a rating', () => {
  it('is given in half stars and taken away again', async () => {
    const { plex, client, key } = await setUp();
    await client.rate(key, 7);
    expect(plex.library.item(key)?.userRating).toBe(7);
    await client.rate(key, 0);
    expect(plex.library.item(key)?.userRating).toBe(0);
    await client.rate(key, null);
    expect(plex.library.item(key)?.userRating).toBeUndefined();
    expect(plex.counts()).toMatchObject({ ratings: 3, edits: 0 });
    expect(plex.history(key).map(({ query }) => query)).toEqual([
      `key=${key}&identifier=com.plexapp.plugins.library&rating=7`,
      `key=${key}&identifier=com.plexapp.plugins.library&rating=0`,
      `key=${key}&identifier=com.plexapp.plugins.library&rating=-1`,
    ]);
  });

  it('that is none is not sent', async () => {
    const { plex, client, key } = await setUp();
    for (const rating of [-1, 7.5, 11, Number.NaN]) {
      expect((await failureOf(client.rate(key, rating))).field).toBe('rating');
    }
    expect((await failureOf(client.rate('x', 7))).field).toBe('ratingKey');
    expect(plex.counts().requests).toBe(0);
    expect((await failureOf(client.rate('999', 7))).code).toBe('plex-not-found');
  });
});
