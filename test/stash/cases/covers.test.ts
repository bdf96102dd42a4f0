// Covers of a real Stash as the client reads them: with and without a password, and of scenes that
// have none.
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { isPlexSyncError } from '../../../src/contract/errors.ts';
import { largestImageBytes } from '../../../src/domain/mirror/image.ts';
import { openStashClient, type StashClient } from '../../../src/stash/client.ts';
import type { StashConnection } from '../../../src/stash/connection.ts';
import { jpeg, png } from '../../helpers/pictures.ts';
import { type StashProcess, startStash } from '../harness/process.ts';

const pathsSchema = v.object({
  findScenes: v.object({
    scenes: v.array(v.object({ id: v.string(), paths: v.object({ screenshot: v.string() }) })),
  }),
});
const anything = v.unknown();

describe('a cover of a real Stash', () => {
  let stash: StashProcess;
  const clients: StashClient[] = [];

  beforeAll(async () => {
    const { binary, root, library } = inject('realStash');
    const { media, database } = library;
    stash = await startStash({ binary, root, media, database });
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await stash?.close();
  });

  const open = (credentials: Partial<StashConnection> = {}): StashClient => {
    const { hostname, port } = new URL(stash.face.url);
    const client = openStashClient({
      scheme: 'http',
      host: hostname,
      port: Number(port),
      cookie: null,
      apiKey: null,
      ...credentials,
    });
    clients.push(client);
    return client;
  };
  const addresses = async (): Promise<readonly { id: string; address: string }[]> => {
    const { findScenes } = await stash.face.graphql(
      pathsSchema,
      '{ findScenes(filter: { per_page: 10, sort: "id" }) { scenes { id paths { screenshot } } } }',
    );
    return findScenes.scenes.map(({ id, paths }) => ({ id, address: paths.screenshot }));
  };
  const setCover = async (id: string, bytes: Buffer, type: string): Promise<void> => {
    const document = 'mutation ($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }';
    const image = `data:${type};base64,${bytes.toString('base64')}`;
    await stash.face.graphql(anything, document, { input: { id, cover_image: image } });
  };
  const codeOf = async (call: Promise<unknown>): Promise<string> => {
    const thrown = await call.then(
      () => null,
      (error: unknown) => error,
    );
    return isPlexSyncError(thrown) ? thrown.code : 'no failure';
  };

  test('comes with the bytes that were given to the scene, and changes its address', async () => {
    const client = open();
    const [first, second] = await addresses();
    if (first === undefined || second === undefined) throw new Error('the library has no scenes');
    for (const [{ id }, bytes, type] of [
      [first, jpeg('real cover'), 'image/jpeg'],
      [second, png('another'), 'image/png'],
    ] as const) {
      await setCover(id, bytes, type);
      const now = (await addresses()).find((scene) => scene.id === id);
      const image = await client.image(now?.address ?? '');
      expect(image?.contentType).toBe(type);
      expect(Buffer.from(image?.bytes ?? []).equals(bytes)).toBe(true);
    }
    const changed = (await addresses()).find(({ id }) => id === first.id);
    expect(changed?.address).toMatch(/\/scene\/\d+\/screenshot\?t=\d+$/);
    expect(changed?.address).not.toBe(first.address);
  });

  test('is none where the scene has none, though Stash answers 200 with an address of the same form', async () => {
    const client = open();
    const [, , third] = await addresses();
    if (third === undefined) throw new Error('the library has no scenes');
    await stash.face.graphql(
      anything,
      'mutation ($sql: String!) { execSQL(sql: $sql) { rows_affected } }',
      {
        sql: `UPDATE scenes SET cover_blob = NULL WHERE id = ${third.id}`,
      },
    );
    const answer = await fetch(third.address);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(third.address).toMatch(/\?t=\d+$/);
    expect(await client.image(third.address)).toBeNull();
  });

  test('that Plex would not take is refused, and so is a scene that does not exist', async () => {
    const client = open();
    const [, , , fourth] = await addresses();
    if (fourth === undefined) throw new Error('the library has no scenes');
    await setCover(fourth.id, jpeg('large', largestImageBytes + 1), 'image/jpeg');
    expect(await codeOf(client.image(fourth.address))).toBe('image-too-large');
    await setCover(fourth.id, Buffer.from('BM6\u0000\u0000\u0000'), 'image/bmp');
    expect(await codeOf(client.image(fourth.address))).toBe('image-unsupported');
    await setCover(fourth.id, Buffer.from('<!-- x --><svg viewBox="0 0 1 1"/>'), 'image/svg+xml');
    expect(await client.image(fourth.address)).toBeNull();
    expect(await codeOf(client.image('/scene/999999/screenshot'))).toBe('stash-bad-answer');
  });

  test('is given with a password to the session and to the API key, and to nobody else', async () => {
    const [first] = await addresses();
    if (first === undefined) throw new Error('the library has no scenes');
    await stash.face.graphql(
      anything,
      'mutation ($input: ConfigGeneralInput!) { configureGeneral(input: $input) { username } }',
      { input: { username: 'ann', password: 'a secret for tests' } },
    );
    await stash.face.login('ann', 'a secret for tests');
    const { generateAPIKey } = await stash.face.graphql(
      v.object({ generateAPIKey: v.string() }),
      'mutation { generateAPIKey(input: { clear: false }) }',
    );
    const cookie = { name: 'session', value: stash.face.cookie() ?? '' };
    expect(await open({ cookie }).image(first.address)).not.toBeNull();
    expect(await open({ apiKey: generateAPIKey }).image(first.address)).not.toBeNull();
    expect(await open({ apiKey: 'wrong', cookie }).image(first.address)).not.toBeNull();
    const stranger = await fetch(first.address, { redirect: 'manual' });
    expect(stranger.status).toBe(302);
    expect(stranger.headers.get('location')).toContain('/login');
    expect(await codeOf(open().image(first.address))).toBe('stash-unauthorized');
    expect(await codeOf(open({ apiKey: 'wrong' }).image(first.address))).toBe('stash-unauthorized');
  });
});
