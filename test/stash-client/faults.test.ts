import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openStashClient } from '../../src/stash/client.ts';
import type { StashConnection } from '../../src/stash/connection.ts';
import type { StashTimeouts } from '../../src/stash/transport.ts';
import { type Handler, json, startFakeStash, versionAnswer } from './fakeStash.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function open(connection: StashConnection, timeouts: Partial<StashTimeouts> = {}) {
  const client = openStashClient(connection, { timeouts });
  opened.push(client);
  return client;
}

async function against(handler: Handler, timeouts: Partial<StashTimeouts> = {}) {
  const stash = await startFakeStash(handler);
  opened.push(stash);
  return open(stash.connection, timeouts);
}

/** A server below HTTP; `onSocket` does with each connection what it likes. */
async function rawServer(onSocket: (socket: Socket) => void): Promise<StashConnection> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  opened.push({
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
  const { port } = server.address() as AddressInfo;
  return { scheme: 'http', host: '127.0.0.1', port, cookie: null, apiKey: null };
}

describe('a Stash that cannot be reached', () => {
  it('refuses the connection', async () => {
    const stash = await startFakeStash((_asked, response) => versionAnswer(response));
    await stash.close();
    await expect(open(stash.connection).version()).rejects.toMatchObject({
      code: 'stash-unreachable',
      message: `Stash at http://127.0.0.1:${stash.connection.port} cannot be reached (ECONNREFUSED).`,
    });
  });

  it('takes the connection and does not complete it', async () => {
    const connection = await rawServer(() => {});
    const client = open({ ...connection, scheme: 'https' }, { connectMs: 200 });
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-unreachable' });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['before it answers', (socket) => socket.destroy()],
    ['within the head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: appl')],
    [
      'within the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"data":'),
    ],
  ])('hangs up %s', async (_title, end) => {
    const connection = await rawServer((socket) => socket.once('data', () => end(socket)));
    await expect(open(connection).version()).rejects.toMatchObject({ code: 'stash-unreachable' });
  });

  it.each([[502], [503], [504]])('is behind a proxy that says %i', async (status) => {
    const client = await against((_asked, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>'),
    );
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-unreachable', status });
  });

  it('was closed by us, with a request under way or before one', async () => {
    let wasAsked: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      wasAsked = resolve;
    });
    const client = await against(() => wasAsked());
    const ended = expect(client.version()).rejects.toMatchObject({ code: 'stash-unreachable' });
    await asked;
    await client.close();
    await ended;
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-unreachable' });
  });

  it('and comes back is reached again by the same client', async () => {
    const first = await startFakeStash((_asked, response) => versionAnswer(response));
    const client = open(first.connection);
    await client.version();
    await first.close();
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-unreachable' });
    const again = await startFakeStash(
      (_asked, response) => versionAnswer(response),
      null,
      '127.0.0.1',
      first.connection.port,
    );
    opened.push(again);
    expect(await client.version()).toBe('v0.30.1');
  });
});

describe('a Stash that is too slow', () => {
  it('never answers', async () => {
    const client = await against(() => {}, { headersMs: 200 });
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-timeout' });
  });

  it('stops within the body', async () => {
    const client = await against(
      (_asked, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":');
      },
      { bodyMs: 200 },
    );
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-timeout' });
  });

  it('sends a piece now and then without end', async () => {
    const timers = new Set<NodeJS.Timeout>();
    const client = await against(
      (_asked, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        timers.add(setInterval(() => response.write(' '), 20));
      },
      { totalMs: 300 },
    );
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-timeout' });
    for (const timer of timers) clearInterval(timer);
  });
});

describe('an answer that is not one of Stash', () => {
  it.each<[string, Handler]>([
    ['is no JSON', (_asked, response) => response.end('OK')],
    ['is empty', (_asked, response) => response.end()],
    ['is JSON cut off', (_asked, response) => response.end('{"data":{"version":{"ver')],
    ['is JSON of something else', (_asked, response) => json(response, { MediaContainer: {} })],
    ['lacks what was asked for', (_asked, response) => json(response, { data: { version: null } })],
    [
      'is a page that does not exist',
      (_asked, response) => response.writeHead(404).end('404 page not found'),
    ],
    [
      'is a failure inside Stash',
      (_asked, response) => response.writeHead(500).end('securecookie: error'),
    ],
    [
      'sends elsewhere',
      (_asked, response) => response.writeHead(301, { location: 'https://nas/' }).end(),
    ],
    [
      'says that it speaks https',
      (_asked, response) =>
        response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.'),
    ],
  ])('%s', async (_title, handler) => {
    const client = await against(handler);
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-bad-answer' });
  });

  it('is not HTTP', async () => {
    const connection = await rawServer((socket) =>
      socket.once('data', () => socket.end('220 ftp ready\r\n')),
    );
    await expect(open(connection).version()).rejects.toMatchObject({ code: 'stash-bad-answer' });
  });

  it('does not end before the memory does', async () => {
    const piece = Buffer.alloc(1024 * 1024, ' ');
    const client = await against((_asked, response) => {
      const send = (): void => {
        if (!response.destroyed) response.write(piece, () => setImmediate(send));
      };
      send();
    });
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-bad-answer' });
  });
});

describe('an error that Stash reports', () => {
  it.each([[200], [400], [422]])(
    'is told with Stash’s own words, whatever the status: %i',
    async (status) => {
      const client = await against((_asked, response) => {
        const errors = [{ message: 'Cannot query field "x"\n on type "Scene"' }];
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ errors, data: null }));
      });
      await expect(client.version()).rejects.toMatchObject({
        code: 'stash-query-failed',
        message: 'Stash could not answer: Cannot query field "x" on type "Scene"',
      });
    },
  );

  it('is cut when Stash quotes a whole SQL statement', async () => {
    const client = await against((_asked, response) => {
      json(response, { errors: [{ message: 'SELECT '.repeat(1000) }], data: null });
    });
    const error: unknown = await client.version().catch((thrown: unknown) => thrown);
    expect(String(error).length).toBeLessThan(400);
  });

  it('counts although there is data beside it', async () => {
    const client = await against((_asked, response) => {
      json(response, { errors: [{ message: 'x' }], data: { version: { version: 'v1' } } });
    });
    await expect(client.version()).rejects.toMatchObject({ code: 'stash-query-failed' });
  });
});
