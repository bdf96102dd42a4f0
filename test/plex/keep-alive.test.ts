// Connections are kept open and used again, and one that has gone stale costs a retry, not a failure.
import { describe, expect, it } from 'vitest';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';
import {
  answering,
  failureOf,
  identityContainer,
  openClient,
  startHttp,
  startTcp,
  wireAnswer,
} from './support.ts';

const titleEdit = { scalars: { title: 'x' }, tags: {}, removeTags: {}, locks: {} };
const seven = ratingKeys(['7']);

describe('a connection', () => {
  it('serves one call after the other', async () => {
    const server = await startHttp(answering(identityContainer));
    const client = openClient(server.url);
    for (let call = 0; call < 5; call += 1) await client.server();
    await client.edit('1', seven, titleEdit);
    expect(server.connections()).toBe(1);
    expect(client.requests).toBe(6);
    expect(client.retries).toBe(0);
  });

  it('serves on after an error page', async () => {
    const server = await startHttp((request, response) => {
      response.statusCode = request.url === '/identity' ? 200 : 404;
      response.end(JSON.stringify({ MediaContainer: identityContainer }));
    });
    const client = openClient(server.url);
    await client.identity();
    await failureOf(client.server());
    await client.identity();
    expect(server.connections()).toBe(1);
  });

  it('is one of at most five, however much is asked at once', async () => {
    const server = await startHttp(answering(identityContainer));
    const client = openClient(server.url);
    await Promise.all(Array.from({ length: 40 }, () => client.server()));
    expect(server.connections()).toBeLessThanOrEqual(5);
  });

  it('is closed before Plex would close it, though Plex offers more', async () => {
    const server = await startHttp((_request, response) => {
      response.setHeader('Keep-Alive', 'timeout=3600');
      response.end(JSON.stringify({ MediaContainer: identityContainer }));
    });
    const client = openClient(server.url);
    const closed = new Promise<number>((resolve) => {
      const began = Date.now();
      void client.identity().then(() => {
        const look = setInterval(() => {
          if (server.open() > 0) return;
          clearInterval(look);
          resolve(Date.now() - began);
        }, 100);
      });
    });
    // Not a question of speed: 20 s is where Plex would have closed it.
    expect(await closed).toBeLessThan(20_000);
  });
});

describe('a connection that went stale', () => {
  it.each([
    ['politely', 'end'],
    ['abruptly', 'resetAndDestroy'],
  ] as const)('%s, is replaced without the caller noticing', async (_how, end) => {
    const server = await startTcp((socket, { request }) => {
      if (request === 1) socket.write(wireAnswer(identityContainer));
      else socket[end]();
    });
    const client = openClient(server.url);
    await client.identity();
    await client.edit('1', seven, titleEdit);
    expect([client.requests, client.retries]).toEqual([3, 1]);
  });

  it('is not met a second time by the retry, though others are stale as well', async () => {
    let phase: 'opening' | 'stale' = 'opening';
    const held: (() => void)[] = [];
    const server = await startTcp((socket, { request }) => {
      const answer = (): void => void socket.write(wireAnswer(identityContainer));
      const release = (): void => {
        for (const go of held.splice(0)) go();
      };
      if (phase === 'opening') {
        // The first answers wait for each other, so that every call has a connection of its own.
        held.push(answer);
        if (held.length === 4) release();
      } else if (request === 1) {
        answer();
        release();
      } else if (held.length === 0) {
        // This one keeps its connection busy until the other call has been answered.
        held.push(answer);
      } else {
        socket.resetAndDestroy();
      }
    });
    const client = openClient(server.url);
    await Promise.all(Array.from({ length: 4 }, () => client.identity()));
    phase = 'stale';
    await Promise.all([client.identity(), client.identity()]);
    expect(client.retries).toBe(1);
  });

  it('is not taken for the cause when an item makes Plex drop each connection', async () => {
    let edits = 0;
    const server = await startHttp((request, response) => {
      if (request.method === 'GET') return answering(identityContainer)(request, response);
      edits += 1;
      request.socket.resetAndDestroy();
    });
    const client = openClient(server.url);
    await client.identity();
    expect((await failureOf(client.edit('1', seven, titleEdit))).code).toBe('plex-reset');
    expect(edits).toBe(2);
    // On a connection of its own there is no doubt, and one request tells.
    expect((await failureOf(client.edit('1', seven, titleEdit))).code).toBe('plex-reset');
    expect(edits).toBe(3);
  });

  it('is not tried again once a byte of an answer came', async () => {
    const server = await startTcp((socket, { request }) => {
      if (request === 1) socket.write(wireAnswer(identityContainer));
      else socket.write('HTTP/1.1 2', () => socket.resetAndDestroy());
    });
    const client = openClient(server.url);
    await client.identity();
    expect((await failureOf(client.edit('1', seven, titleEdit))).code).toBe('plex-reset');
    expect(client.retries).toBe(0);
  });

  it('is no reason to mark as played twice', async () => {
    const marks: string[] = [];
    const server = await startHttp((request, response) => {
      if (request.method === 'GET') return answering(identityContainer)(request, response);
      marks.push(request.url?.split('?')[0] ?? '');
      request.socket.resetAndDestroy();
    });
    const client = openClient(server.url);
    await client.identity();
    expect((await failureOf(client.markPlayed('7'))).code).toBe('plex-reset');
    await client.identity();
    expect((await failureOf(client.markUnplayed('7'))).code).toBe('plex-reset');
    expect(marks).toEqual(['/:/scrobble', '/:/unscrobble', '/:/unscrobble']);
  });

  it('is told as a reset when the server is gone by the time of the retry', async () => {
    const server = await startTcp((socket, { request }) => {
      if (request === 1) return void socket.write(wireAnswer(identityContainer));
      void server.close();
    });
    const client = openClient(server.url);
    await client.identity();
    expect((await failureOf(client.edit('1', seven, titleEdit))).code).toBe('plex-reset');
    expect((await failureOf(client.edit('1', seven, titleEdit))).code).toBe('plex-unreachable');
  });
});
