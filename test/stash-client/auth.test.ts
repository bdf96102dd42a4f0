import { afterEach, describe, expect, it } from 'vitest';
import { type StashClient, openStashClient } from '../../src/stash/client.ts';
import type { StashConnection } from '../../src/stash/connection.ts';
import {
  type FakeStash,
  type Handler,
  apiKey,
  cookieValue,
  refuse,
  startFakeStash,
  versionAnswer,
} from './fakeStash.ts';

let stash: FakeStash | undefined;
let client: StashClient | undefined;

afterEach(async () => {
  await client?.close();
  await stash?.close();
});

async function open(
  handler: Handler,
  changes: Partial<StashConnection> = {},
  onConnectionChanged: (connection: StashConnection) => void = () => {},
): Promise<{ stash: FakeStash; client: StashClient }> {
  stash = await startFakeStash(handler);
  client = openStashClient({ ...stash.connection, ...changes }, { onConnectionChanged });
  return { stash, client };
}

const credentials = (stash: FakeStash) =>
  stash.asked.map(({ headers }) => ({ cookie: headers.cookie, apikey: headers['apikey'] }));

const session = { cookie: `session=${cookieValue}`, apikey: undefined };
const key = { cookie: undefined, apikey: apiKey };

/** Lets in who brings one of these and refuses all others, as Stash does. */
function letIn(...accepted: readonly (typeof session | typeof key)[]): Handler {
  return ({ headers }, response) => {
    const fits = accepted.some(
      ({ cookie, apikey }) => headers.cookie === cookie && headers['apikey'] === apikey,
    );
    if (fits) versionAnswer(response);
    else refuse(response);
  };
}

describe('entering Stash', () => {
  it('goes with the session cookie if there is no API key', async () => {
    const { client, stash } = await open(letIn(session));
    expect(await client.version()).toBe('v0.30.1');
    expect(credentials(stash)).toEqual([session]);
  });

  it('goes with the API key alone, since Stash would refuse a wrong one beside any cookie', async () => {
    const { client, stash } = await open(letIn(key), { apiKey });
    await client.version();
    expect(credentials(stash)).toEqual([key]);
  });

  it('goes without either where Stash has no password', async () => {
    const { client, stash } = await open((_asked, response) => versionAnswer(response), {
      cookie: null,
    });
    await client.version();
    expect(credentials(stash)).toEqual([{ cookie: undefined, apikey: undefined }]);
  });

  it('tries the session once when the API key was changed, and stays with it', async () => {
    const { client, stash } = await open(letIn(session), { apiKey });
    await client.version();
    await client.version();
    expect(credentials(stash)).toEqual([key, session, session]);
  });

  it('goes back to the API key when the session expires', async () => {
    let sessionIsValid = true;
    const { client, stash } = await open(
      ({ headers }, response) => {
        if (sessionIsValid === (headers.cookie !== undefined)) versionAnswer(response);
        else refuse(response);
      },
      { apiKey },
    );
    await client.version();
    sessionIsValid = false;
    await client.version();
    await client.version();
    expect(credentials(stash)).toEqual([key, session, session, key, key]);
  });

  it('does without an API key that was left over from a Stash with a password', async () => {
    const { client, stash } = await open(
      ({ headers }, response) => {
        if (headers['apikey'] === undefined) versionAnswer(response);
        else refuse(response);
      },
      { apiKey, cookie: null },
    );
    expect(await client.version()).toBe('v0.30.1');
    expect(credentials(stash)).toEqual([key, { cookie: undefined, apikey: undefined }]);
  });

  it.each([
    ['the session expired', {}, 1],
    ['both are refused', { apiKey }, 2],
  ])('says so when %s', async (_title, changes, requests) => {
    const { client, stash } = await open(letIn(), changes);
    await expect(client.version()).rejects.toMatchObject({
      code: 'stash-unauthorized',
      status: 401,
    });
    expect(stash.asked).toHaveLength(requests);
  });

  it('knows a redirect to the login page, and does not follow it', async () => {
    const { client, stash } = await open((_asked, response) =>
      response.writeHead(302, { location: '/login?returnURL=%2Fgraphql' }).end(),
    );
    await expect(client.version()).rejects.toMatchObject({
      code: 'stash-unauthorized',
      status: 302,
    });
    expect(stash.asked).toHaveLength(1);
  });

  it('knows the login page of a proxy', async () => {
    const { client } = await open((_asked, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><p>Log in'),
    );
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-unauthorized' });
  });

  it('knows a Stash that closed itself because it was open to the internet', async () => {
    const { client } = await open((_asked, response) =>
      response.writeHead(403, { 'content-type': 'text/plain' }).end('Stash is exposed …'),
    );
    await expect(client.version()).rejects.toMatchObject({
      code: 'stash-unauthorized',
      status: 403,
    });
  });

  it.each([
    ['session', 'with space'],
    ['session', 'a;b'],
    ['session', 'a\r\nX-Injected: 1'],
    ['session', 'ümlaut'],
    ['session', ''],
    ['a\r\nX-Injected: 1', 'value'],
  ])(
    'never sends a cookie named %j with the value %j, which would break the header',
    async (name, value) => {
      const { client, stash } = await open((_asked, response) => versionAnswer(response), {
        cookie: { name, value },
      });
      await client.version();
      expect(stash.asked[0]?.headers).not.toHaveProperty('cookie');
    },
  );
});

describe('the session', () => {
  it('is renewed with every answer, so that it does not expire while there is work', async () => {
    let answers = 0;
    const changes: StashConnection[] = [];
    const { client, stash } = await open(
      (_asked, response) => {
        answers += 1;
        response.setHeader('set-cookie', [
          'other=1; Path=/',
          `session=renewed-${answers}; Path=/; HttpOnly`,
        ]);
        versionAnswer(response);
      },
      {},
      (connection) => changes.push(connection),
    );
    await client.version();
    await client.version();
    expect(credentials(stash).map(({ cookie }) => cookie)).toEqual([
      `session=${cookieValue}`,
      'session=renewed-1',
    ]);
    expect(changes.map(({ cookie }) => cookie?.value)).toEqual(['renewed-1', 'renewed-2']);
    expect(client.connection).toEqual({
      ...stash.connection,
      cookie: { name: 'session', value: 'renewed-2' },
    });
  });

  it('is kept when an answer sets none, an empty one, or refuses', async () => {
    const setCookies = [undefined, 'session=; Max-Age=0', `session=${cookieValue}`, 'sessionx=1'];
    const changes: StashConnection[] = [];
    const { client, stash } = await open(
      (_asked, response) => {
        const setCookie = setCookies.shift();
        if (setCookie !== undefined) response.setHeader('set-cookie', setCookie);
        else if (setCookies.length === 0) response.setHeader('set-cookie', 'session=stolen');
        if (setCookies.length === 0 && setCookie === undefined) refuse(response);
        else versionAnswer(response);
      },
      {},
      (connection) => changes.push(connection),
    );
    for (let request = 0; request < 4; request += 1) await client.version();
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-unauthorized' });
    expect(changes).toEqual([]);
    expect(client.connection).toEqual(stash.connection);
  });
});
