// Covers as the client gets them from a simulated Stash: pictures and nothing else.
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as v from 'valibot';
import type { StashOptions, StashSimulator } from '../../simulators/stash/server.ts';
import { isPlexSyncError, type PlexSyncError } from '../../src/contract/errors.ts';
import { largestImageBytes } from '../../src/domain/mirror/image.ts';
import { openStashClient, type StashClient } from '../../src/stash/client.ts';
import type { StashConnection } from '../../src/stash/connection.ts';
import { bitmap, gif, jpeg, png, webp } from '../helpers/pictures.ts';
import { startStash } from '../simulators/stashKit.ts';

const login = { username: 'me', password: 'secret' };
const apiKey = 'eyJhbGciOiJIUzI1NiJ9.canary-api-key';

interface Opened {
  readonly stash: StashSimulator;
  readonly client: StashClient;
  readonly changes: StashConnection[];
}

async function open(
  options: Partial<StashOptions> = {},
  credentials: Partial<StashConnection> = {},
): Promise<Opened> {
  const stash = await startStash([], options);
  const changes: StashConnection[] = [];
  const connection: StashConnection = {
    scheme: 'http',
    host: '127.0.0.1',
    port: stash.port,
    cookie: { name: 'session', value: stash.sessionCookie() },
    apiKey: null,
    ...credentials,
  };
  const client = openStashClient(connection, {
    timeouts: { headersMs: 500, bodyMs: 500, totalMs: 2_000 },
    onConnectionChanged: (changed) => changes.push(changed),
  });
  onTestFinished(() => client.close());
  return { stash, client, changes };
}

function addCover(stash: StashSimulator, bytes: Buffer, contentType = 'image/jpeg'): number {
  return stash.store.addScene({ cover: { bytes, contentType } });
}

/** As GraphQL gives it. */
async function addressOf(stash: StashSimulator, sceneId: number): Promise<string> {
  const { data } = await stash.graphql(
    'query ($id: ID!) { findScene(id: $id) { paths { screenshot } } }',
    {
      id: String(sceneId),
    },
  );
  const form = v.object({ findScene: v.object({ paths: v.object({ screenshot: v.string() }) }) });
  return v.parse(form, data).findScene.paths.screenshot;
}

async function failureOf(call: Promise<unknown>): Promise<PlexSyncError> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!isPlexSyncError(thrown)) throw new Error(`not a failure of PlexSync: ${inspect(thrown)}`);
  expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain(apiKey);
  return thrown;
}

describe('a cover', () => {
  it.each([
    ['image/jpeg', jpeg('a')],
    ['image/png', png('a')],
    ['image/webp', webp('a')],
    ['image/gif', gif('a')],
  ])('of the type %s comes as it is', async (type, bytes) => {
    const { stash, client } = await open();
    const image = await client.image(await addressOf(stash, addCover(stash, bytes, type)));
    expect(image?.contentType).toBe(type);
    expect(Buffer.from(image?.bytes ?? []).equals(bytes)).toBe(true);
  });

  it('is asked of the host of the connection, whatever host its address names', async () => {
    const { stash, client } = await open({ externalHost: 'https://stash.example:9' });
    const address = await addressOf(stash, addCover(stash, jpeg('a')));
    expect(address).toContain('https://stash.example:9/scene/1/screenshot?t=');
    expect(await client.image(address)).not.toBeNull();
    expect(stash.accessLog.at(-1)?.target).toBe(
      new URL(address).pathname + new URL(address).search,
    );
  });

  it('is asked of Stash itself, whatever folder its public address has before it', async () => {
    const { stash, client } = await open({ externalHost: 'https://house.example/stash' });
    const address = await addressOf(stash, addCover(stash, jpeg('a')));
    expect(address).toContain('https://house.example/stash/scene/1/screenshot?t=');
    expect(await client.image(address)).not.toBeNull();
  });

  it('is known by its bytes where Stash names another type of picture', async () => {
    const { stash, client } = await open();
    addCover(stash, png('a'), 'image/jpg');
    expect((await client.image('/scene/1/screenshot'))?.contentType).toBe('image/png');
  });
});

describe('a scene without a cover', () => {
  it('has none, though Stash answers 200 and a drawing of its own', async () => {
    const { stash, client } = await open();
    const address = await addressOf(stash, stash.store.addScene());
    expect((await fetch(address)).status).toBe(200);
    expect(await client.image(address)).toBeNull();
  });

  it.each([
    ['with the type of one', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['after a comment, which Stash calls HTML', '<!-- x --><svg viewBox="0 0 1 1"/>', 'text/html'],
    ['after a declaration', '<?xml version="1.0"?><svg/>', 'text/xml; charset=utf-8'],
    ['of no bytes at all', '', 'text/plain'],
  ])('is the same as one with a drawing %s', async (_name, text, type) => {
    const { stash, client } = await open();
    addCover(stash, Buffer.from(text), type);
    expect(await client.image('/scene/1/screenshot')).toBeNull();
  });
});

describe('a Stash with a password', () => {
  it('gives the cover to the session, which is renewed by it', async () => {
    let nowMs = Date.now();
    const { stash, client, changes } = await open({ login, nowMs: () => nowMs });
    addCover(stash, jpeg('a'));
    nowMs += 5_000;
    expect(await client.image('/scene/1/screenshot')).not.toBeNull();
    expect(changes).toHaveLength(1);
    expect(client.connection.cookie).toEqual(changes[0]?.cookie);
  });

  it('gives the cover to the API key', async () => {
    const { stash, client } = await open({ login, apiKey }, { cookie: null, apiKey });
    addCover(stash, jpeg('a'));
    expect(await client.image('/scene/1/screenshot')).not.toBeNull();
  });

  it('is entered with the session where the API key is none any more', async () => {
    const { stash, client } = await open({ login, apiKey: 'another' }, { apiKey });
    addCover(stash, jpeg('a'));
    expect(await client.image('/scene/1/screenshot')).not.toBeNull();
    expect(stash.accessLog.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('sends strangers to its login page, which is no picture', async () => {
    const { stash, client } = await open({ login }, { cookie: null });
    addCover(stash, jpeg('a'));
    const { code } = await failureOf(client.image('/scene/1/screenshot'));
    expect(code).toBe('stash-unauthorized');
    expect(stash.accessLog.map(({ status, target }) => [status, target])).toEqual([
      [302, '/scene/1/screenshot'],
    ]);
  });
});

describe('what is no picture', () => {
  it.each([
    ['a login page of a proxy', 200, '<!DOCTYPE html><html>', 'text/html', 'stash-unauthorized'],
    ['a login page that is called a picture', 200, '<html><p>', 'image/jpeg', 'stash-unauthorized'],
    ['a page without a beginning', 200, '<p>please log in', 'text/html', 'stash-unauthorized'],
    ['a text', 200, 'hello', 'text/plain', 'stash-bad-answer'],
    ['a JSON document', 200, '{}', 'application/json', 'stash-bad-answer'],
    ['a refusal', 403, 'no', 'text/plain', 'stash-unauthorized'],
    ['nothing where the scene is gone', 404, 'Not Found', 'text/plain', 'stash-bad-answer'],
    ['a failure', 500, 'oh', 'text/plain', 'stash-bad-answer'],
    ['a gateway without Stash behind it', 502, 'bad', 'text/html', 'stash-unreachable'],
    [
      'a picture of another kind',
      200,
      bitmap().toString('latin1'),
      'image/bmp',
      'image-unsupported',
    ],
    [
      'a picture of a kind unknown',
      200,
      'ftypavif',
      'application/octet-stream',
      'image-unsupported',
    ],
  ] as const)('%s fails', async (_name, status, body, contentType, code) => {
    const { stash, client } = await open();
    addCover(stash, jpeg('a'));
    stash.faults.set({ kind: 'status', status, body, contentType });
    expect((await failureOf(client.image('/scene/1/screenshot'))).code).toBe(code);
  });

  it('an address that is none fails without a request', async () => {
    const { stash, client } = await open();
    expect((await failureOf(client.image('http://['))).code).toBe('stash-bad-answer');
    expect(stash.accessLog).toEqual([]);
  });

  it('a Stash that is silent, away, or cuts the picture off fails', async () => {
    const { stash, client } = await open();
    addCover(stash, jpeg('a', 100_000));
    stash.faults.set({ kind: 'hang' }, 1);
    expect((await failureOf(client.image('/scene/1/screenshot'))).code).toBe('stash-timeout');
    stash.faults.set({ kind: 'cut' }, 1);
    expect((await failureOf(client.image('/scene/1/screenshot'))).code).toBe('stash-unreachable');
    await stash.goAway();
    expect((await failureOf(client.image('/scene/1/screenshot'))).code).toBe('stash-unreachable');
  });
});

describe('a cover of 10 MB', () => {
  it('is read up to what Plex takes, and not any further', async () => {
    const { stash, client } = await open();
    addCover(stash, jpeg('fits', largestImageBytes));
    addCover(stash, jpeg('does not', largestImageBytes + 1));
    addCover(stash, jpeg('far from it', 50_000_000));
    expect((await client.image('/scene/1/screenshot'))?.bytes.length).toBe(largestImageBytes);
    for (const id of [2, 3, 3]) {
      const { code, message } = await failureOf(client.image(`/scene/${id}/screenshot`));
      expect([code, message]).toEqual([
        'image-too-large',
        'The picture is larger than Plex takes (10.5 MB).',
      ]);
    }
    expect(await client.image('/scene/1/screenshot')).not.toBeNull();
    expect(await client.version()).toBe('v0.30.1');
  });
});
