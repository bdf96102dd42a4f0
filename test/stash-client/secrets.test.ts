import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type StashClient, openStashClient } from '../../src/stash/client.ts';
import {
  type FakeStash,
  type Handler,
  apiKey,
  cookieValue,
  json,
  startFakeStash,
} from './fakeStash.ts';

let stash: FakeStash | undefined;
let client: StashClient | undefined;

afterEach(async () => {
  await client?.close();
  await stash?.close();
});

const renewed = 'MTc5NTIzNjYwMHxSZW5ld2VkQ29va2ll';
const secrets = [cookieValue, encodeURIComponent(cookieValue), apiKey, renewed];
const all = secrets.join(' ');

/** Each fails in its own way and shows every secret that the client can know of. */
const failures: readonly [string, Handler][] = [
  ['is refused', (_asked, response) => response.writeHead(401).end(all)],
  [
    'is redirected',
    (_asked, response) =>
      response.writeHead(302, { location: `/login?apikey=${apiKey}&c=${cookieValue}` }).end(all),
  ],
  [
    'meets a login page',
    (_asked, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${all}`),
  ],
  ['gets text', (_asked, response) => response.end(all)],
  ['gets a failure', (_asked, response) => response.writeHead(500).end(all)],
  [
    'gets an error that quotes them',
    ({ headers }, response) => {
      const sent = [headers.cookie, headers['apikey'], encodeURIComponent(cookieValue)].join(' ');
      json(response, { errors: [{ message: `bad: ${sent} ${renewed} /x?apikey=abc123` }] });
    },
  ],
  [
    'gets an error at a place that quotes them',
    (_asked, response) => json(response, { errors: [{ message: 'x', path: [all] }] }),
  ],
  [
    'gets them in the wrong place',
    (_asked, response) =>
      json(response, {
        data: {
          configuration: { general: { apiKey: [apiKey] } },
          plugins: apiKey,
          version: cookieValue,
        },
      }),
  ],
  ['is hung up on', (_asked, response) => response.socket?.destroy()],
  ['never gets an answer', () => {}],
];

const reads: readonly [string, (client: StashClient) => Promise<unknown>][] = [
  ['the API key', (client) => client.apiKey()],
  ['the settings', (client) => client.settings('plex-sync')],
  ['scenes', (client) => client.scenes([1])],
  ['the scenes of a tag', (client) => client.scenesOf('tag', 1, 0, 10)],
  ['the files of scenes', (client) => client.sceneFilesAfter(0, 10)],
  ['the scenes with a file', (client) => client.scenesWithFile('/a.mp4')],
  ['the version', (client) => client.version()],
];

describe.each([
  ['the API key', apiKey],
  ['the session', null],
])('with %s, no error shows a credential', (_title, key) => {
  for (const [read, ask] of reads) {
    it.each(failures)(`when a read of ${read} %s`, async (_name, handler) => {
      stash = await startFakeStash((asked, response) => {
        response.setHeader('set-cookie', `session=${renewed}; Path=/`);
        handler(asked, response);
      });
      client = openStashClient(
        { ...stash.connection, apiKey: key },
        { timeouts: { totalMs: 200 } },
      );
      const error: unknown = await ask(client).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      const shown = [
        inspect(error, { depth: null, showHidden: true, getters: true }),
        JSON.stringify(error),
        JSON.stringify(error, Object.getOwnPropertyNames(error)),
        error instanceof Error ? `${error.message} ${error.stack}` : '',
      ].join('\n');
      for (const secret of [...secrets, 'abc123']) expect(shown).not.toContain(secret);
    });
  }
});
