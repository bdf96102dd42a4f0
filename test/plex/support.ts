// Servers that stand in for Plex in one way of behaving each, and a look at failures that also
// proves that no error carries the token.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { inspect } from 'node:util';
import { onTestFinished } from 'vitest';
import { isPlexSyncError, type PlexSyncError } from '../../src/contract/errors.ts';
import { openPlexClient, type PlexClient } from '../../src/plex/client.ts';
import type { PlexConnection } from '../../src/plex/connection.ts';

export const canaryToken = 'canary-S3cr3tT0ken';

/** A client that is closed with the test. */
export function openClient(
  url: string,
  timeouts: PlexConnection['timeouts'] = {},
  now: () => number = Date.now,
): PlexClient {
  const client = openPlexClient(
    { url, token: canaryToken, clientIdentifier: 'test-client', version: '1.2.3', timeouts },
    now,
  );
  onTestFinished(() => client.close());
  return client;
}

export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  /** Counts connections from 1. */
  readonly connection: number;
}

export interface FakeServer {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  /** Connections made so far. */
  readonly connections: () => number;
  /** Connections open now. */
  readonly open: () => number;
  close(): Promise<void>;
}

/** An HTTP server that is closed with the test. */
export function startHttp(listener: RequestListener): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  const numbers = new WeakMap<Socket, number>();
  let connections = 0;
  const server = createServer((request, response) => {
    seen.push({
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      connection: numbers.get(request.socket) ?? 0,
    });
    listener(request, response);
  });
  // Longer than the client's own, as Plex's is.
  server.keepAliveTimeout = 20_000;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    numbers.set(socket, connections);
  });
  return listening(server, { seen, connections: () => connections });
}

/** A TCP server that is closed with the test; `onRequest` runs for each request head received. */
export function startTcp(
  onRequest: (
    socket: Socket,
    number: { readonly connection: number; readonly request: number },
  ) => void,
): Promise<FakeServer> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    const connection = connections;
    let request = 0;
    let head = '';
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      while (head.includes('\r\n\r\n')) {
        head = head.slice(head.indexOf('\r\n\r\n') + 4);
        request += 1;
        onRequest(socket, { connection, request });
      }
    });
  });
  return listening(server, { seen: [], connections: () => connections });
}

async function listening(
  server: Server | NetServer,
  counts: Pick<FakeServer, 'seen' | 'connections'>,
): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = portOf(server);
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}`, port, ...counts, open: () => sockets.size, close };
}

function portOf(server: Server | NetServer): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  return address;
}

/** An answer as it goes over the wire, kept alive. */
export function wireAnswer(container: object): string {
  const body = JSON.stringify({ MediaContainer: container });
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
}

export const identityContainer = { size: 0, machineIdentifier: 'machine-1', version: '1.43.2' };

/** A listener that answers every request with the container. */
export function answering(container: object): RequestListener {
  return (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ MediaContainer: container }));
  };
}

/** The error that the call ends in, after proof that nothing about it holds the token. */
export async function failureOf(call: Promise<unknown>): Promise<PlexSyncError> {
  let thrown: unknown;
  try {
    await call;
  } catch (error) {
    thrown = error;
  }
  if (!isPlexSyncError(thrown)) {
    throw new Error(`Not a failure of PlexSync: ${inspect(thrown)}`);
  }
  const everything = [
    inspect(thrown, { depth: Infinity, showHidden: true }),
    JSON.stringify(thrown),
  ];
  for (let link: unknown = thrown; link instanceof Error; link = link.cause) {
    everything.push(link.message, link.stack ?? '', JSON.stringify(Object.entries(link)));
  }
  if (everything.some((text) => text.includes(canaryToken))) {
    throw new Error('The token stands in an error.');
  }
  return thrown;
}
