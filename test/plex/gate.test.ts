// What all requests to Plex pass: how many run at once, and the rest after a write.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openPlexClient, type PlexClient } from '../../src/plex/client.ts';
import { noPace, type Pacer } from '../../src/plex/gate.ts';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';
import { until } from '../helpers/wait.ts';
import { answering, failureOf, identityContainer, startHttp } from './support.ts';

function openWith(url: string, pacer?: Pacer): PlexClient {
  const connection = { url, token: 'token', clientIdentifier: 'test', version: '1' };
  const client = openPlexClient(connection, Date.now, pacer);
  onTestFinished(() => client.close());
  return client;
}

const edit = { scalars: { title: 'New' }, tags: {}, removeTags: {}, locks: {} } as const;
const write = (client: PlexClient, key: string): Promise<void> =>
  client.rate(key, Number(key) % 10);

it('[1.0 ADV-03] lets one write through at a time, and four reads beside it', async () => {
  const now = { reads: 0, writes: 0 };
  const most = { reads: 0, writes: 0 };
  const { url } = await startHttp((request, response) => {
    const kind = request.method === 'GET' ? 'reads' : 'writes';
    now[kind] += 1;
    most[kind] = Math.max(most[kind], now[kind]);
    void delay(5).then(() => {
      now[kind] -= 1;
      answering(identityContainer)(request, response);
    });
  });
  const client = openWith(url);
  await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      at % 2 === 0 ? client.identity() : write(client, String(at)),
    ),
  );
  expect(most).toEqual({ reads: 4, writes: 1 });
});

it('[1.0 ADV-03] lets the next write wait until Plex has had its rest, and reads not', async () => {
  const seen: string[] = [];
  const resting: { readonly ms: number; readonly end: () => void }[] = [];
  const { url } = await startHttp(answering(identityContainer));
  const client = openWith(url, {
    beforeWrite: () => 0,
    now: Date.now,
    ended: ({ request }) => {
      seen.push(request.method);
      return request.method === 'GET' ? 0 : 1_000;
    },
    sleep: (ms) => new Promise((resolve) => resting.push({ ms, end: () => resolve() })),
  });
  const answered: string[] = [];
  const both = ['1', '2'].map(async (key) => {
    await write(client, key);
    answered.push(key);
  });
  await until('Plex rests', () => resting.length === 1);
  await client.identity();
  expect([client.requests, answered]).toEqual([2, []]);
  // Most of the rest comes before the answer, a quarter of a second of it after it.
  resting[0]?.end();
  await until('the rest goes on', () => resting.length === 2);
  await client.identity();
  expect([client.requests, answered]).toEqual([3, ['1']]);
  resting[1]?.end();
  await until('the other one was written', () => resting.length === 3);
  resting[2]?.end();
  await Promise.all(both);
  expect(resting.slice(0, 2).map(({ ms }) => ms)).toEqual([750, 250]);
  expect(seen).toEqual(['PUT', 'GET', 'GET', 'PUT']);
});

it('[1.0 ADV-02] tells of failures with their code, and lets the next one through after them', async () => {
  const seen: string[] = [];
  const { url } = await startHttp((_request, response) => {
    response.statusCode = 500;
    response.end('<html></html>');
  });
  const client = openWith(url, {
    ...noPace,
    ended: (outcome) => {
      seen.push(outcome.kind === 'failed' ? outcome.code : 'answered');
      return 0;
    },
  });
  const failures = await Promise.all(
    [1, 2, 3].map(() => failureOf(client.edit('1', ratingKeys(['1']), edit))),
  );
  expect(failures.map(({ code }) => code)).toEqual(seen);
  expect(seen).toEqual(Array(3).fill('plex-server-error'));
});
