// A real HTTP server on loopback that answers GraphQL as the test says, and remembers what it
// was asked.
import { type IncomingHttpHeaders, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { StashConnection } from '../../src/stash/connection.ts';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

export type Handler = (asked: Asked, response: ServerResponse) => void;

export interface FakeStash {
  readonly connection: StashConnection;
  readonly asked: Asked[];
  close(): Promise<void>;
}

export const cookieValue = 'MTc5NTIzNjUwNXxDYW5hcnlDb29raWU=';
export const apiKey = 'eyJhbGciOiJIUzI1NiJ9.canary-api-key';

export async function startFakeStash(
  handler: Handler,
  tls: { readonly key: string; readonly cert: string } | null = null,
  listenOn = '127.0.0.1',
  onPort = 0,
): Promise<FakeStash> {
  const asked: Asked[] = [];
  const server = tls === null ? createServer() : createTlsServer(tls);
  server.on('request', (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { query, variables } = JSON.parse(body) as Pick<Asked, 'query' | 'variables'>;
      const one = { path: request.url ?? '', headers: request.headers, query, variables };
      asked.push(one);
      handler(one, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(onPort, listenOn, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    connection: {
      scheme: tls === null ? 'http' : 'https',
      host: listenOn,
      port,
      cookie: { name: 'session', value: cookieValue },
      apiKey: null,
    },
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers 200 with a JSON document. */
export function json(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}

export function versionAnswer(response: ServerResponse): void {
  json(response, { data: { version: { version: 'v0.30.1' } } });
}

/** As Stash refuses GraphQL: 401 and an empty body. */
export function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'www-authenticate': 'FormBased' }).end();
}

/** A scene as Stash answers it. */
export function sceneAnswer(id: number, changes: Record<string, unknown> = {}): unknown {
  return {
    id: String(id),
    title: `Scene ${id}`,
    code: '',
    details: '',
    date: '2020-01-02',
    updated_at: '2026-11-21T10:47:13+01:00',
    director: '',
    organized: false,
    rating100: null,
    paths: { screenshot: 'http://stash:9999/scene/1/screenshot?t=1' },
    studio: { id: '1', name: 'Studio', parent_studio: null },
    tags: [{ id: '3', name: 'Tag', parents: [] }],
    performers: [{ id: '4', name: 'Ann', disambiguation: '' }],
    groups: [{ group: { id: '6', name: 'Group' } }],
    urls: ['https://example.org/1'],
    files: [{ path: `/data/${id}.mp4`, size: 26671, duration: 1.5 }],
    ...changes,
  };
}

/** Answers a batch of scenes from a map; a missing one is null, as Stash answers it. */
export function answerScenes(
  scenes: ReadonlyMap<number, unknown>,
  asked: Asked,
  extra: Record<string, unknown> = {},
): Record<string, unknown> {
  const slots = Object.entries(asked.variables).map(([name, id]) => [
    name.replace('id', 's'),
    scenes.get(Number(id)) ?? null,
  ]);
  return { data: Object.fromEntries(slots) as unknown, ...extra };
}
