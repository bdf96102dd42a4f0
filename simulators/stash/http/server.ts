// Stash's HTTP face: who is let in, what is answered, what is recorded, and what goes wrong.
// (stashapp/stash internal/api/server.go, internal/api/authentication.go, internal/api/session.go)
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import type { GraphqlEndpoint } from '../graphql/endpoint.ts';
import type { StashParts } from '../graphql/context.ts';
import { goJson } from '../goFormats.ts';
import { type Recorder, record } from '../recorder.ts';
import type { Fault, Faults } from './faults.ts';
import { findImage } from './images.ts';
import type { Sessions } from './sessions.ts';

export interface HttpOptions {
  readonly parts: StashParts;
  readonly endpoint: GraphqlEndpoint;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly recorder: Recorder;
  readonly nowMs: () => number;
  readonly https: { readonly cert: string; readonly key: string } | undefined;
  /** In front of URLs in answers instead of what the client called the server; '' = that. */
  readonly externalHost: string;
  /** Requests with this header come from the test itself: not recorded, spared by faults. */
  readonly ownToken: string;
}

export const ownHeader = 'x-stash-simulator';
const keptBodyBytes = 64 * 1024;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: string;
  readonly body: string;
}

export function createHttpServer(options: HttpOptions): Server {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response, options).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`simulator: ${text}`);
    });
  };
  const server =
    options.https === undefined
      ? createServer(onRequest)
      : createTlsServer({ ...options.https }, onRequest);
  // Go's server, as Stash sets it up, has none of these limits.
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  return server;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  const { recorder, nowMs, faults } = options;
  const at = nowMs();
  // As Go's server does, in whole seconds (net/http).
  response.setHeader('Date', new Date(at).toUTCString());
  const isOwn = request.headers[ownHeader] === options.ownToken;
  const body = await readBody(request);
  const target = request.url ?? '/';
  response.once('close', () => {
    if (isOwn) return;
    record(recorder, 'accessLog', {
      at,
      method: request.method ?? '',
      target,
      headers: request.headers,
      body: body.slice(0, keptBodyBytes),
      status: response.writableFinished ? response.statusCode : 0,
    });
  });
  const [path = '/', query = ''] = target.split('?', 2);
  const exchange: Exchange = { request, response, path, query, body };
  await answerWithFault(isOwn ? undefined : faults.take(body), exchange, options);
}

async function answerWithFault(
  fault: Fault | undefined,
  exchange: Exchange,
  options: HttpOptions,
): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return answer(exchange, options, false);
    case 'hang':
      return;
    case 'status':
      send(exchange, fault.status, fault.body ?? '', {
        'Content-Type': fault.contentType ?? 'text/html',
      });
      return;
    case 'graphql-error': {
      const errors = [{ message: fault.message }];
      send(exchange, 200, goJson({ errors, data: null }), { 'Content-Type': 'application/json' });
      return;
    }
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return answer(exchange, options, false);
    case 'cut':
      return answer(exchange, options, true);
  }
}

async function answer(exchange: Exchange, options: HttpOptions, cut: boolean): Promise<void> {
  const { request, response, path, query, body } = exchange;
  const { sessions, parts, endpoint } = options;
  if (path === '/healthz') return send(exchange, 200, '.', { 'Content-Type': 'text/plain' });
  if (path === '/login' && request.method === 'POST') return logIn(exchange, sessions);
  const apiKey = request.headers['apikey'] ?? new URLSearchParams(query).get('apikey');
  const access = sessions.authenticate({
    cookieHeader: request.headers.cookie,
    apiKey: typeof apiKey === 'string' ? apiKey : undefined,
  });
  if (access.kind === 'refused') return refuse(exchange, access.wrongKey);
  const headers = access.setCookie === undefined ? {} : { 'Set-Cookie': access.setCookie };
  if (path === '/graphql') {
    const controller = new AbortController();
    response.once('close', () => controller.abort());
    const caller = { user: access.user, signal: controller.signal };
    const context = { ...parts, caller, baseUrl: baseUrl(request, options), patches: [] };
    const result = await endpoint.answer(body, request.headers.accept ?? '*/*', context);
    const type = { 'Content-Type': result.contentType, 'Cache-Control': 'no-store' };
    return send(exchange, result.status, result.body, { ...headers, ...type }, cut);
  }
  const found = findImage(parts.store, path, query);
  if (found?.status !== 200) {
    const text = found?.status === 400 ? 'Bad Request\n' : 'Not Found\n';
    return send(exchange, found?.status ?? 404, text, { ...headers, 'Content-Type': 'text/plain' });
  }
  const type = { 'Content-Type': found.image.contentType };
  return send(exchange, 200, found.image.bytes, { ...headers, ...type, ...found.headers }, cut);
}

/** `/graphql` and files get 401 with an empty body, pages and images a redirect to the login. */
function refuse(exchange: Exchange, wrongKey: boolean): void {
  const { path, query } = exchange;
  const extension = /\.[^./]*$/.exec(path)?.[0] ?? '';
  if (wrongKey || path === '/graphql' || (extension !== '' && extension !== '.html')) {
    return send(exchange, 401, '', { 'WWW-Authenticate': 'FormBased' });
  }
  const returnUrl = encodeURIComponent(query === '' ? path : `${path}?${query}`);
  const location = `/login?returnURL=${returnUrl}`;
  send(exchange, 302, `<a href="${location}">Found</a>.\n\n`, {
    Location: location,
    'Content-Type': 'text/html; charset=utf-8',
  });
}

function logIn(exchange: Exchange, sessions: Sessions): void {
  const form = new URLSearchParams(exchange.body);
  const cookie = sessions.logIn(form.get('username') ?? '', form.get('password') ?? '');
  if (cookie === undefined) {
    const text = 'Username or password is invalid\n';
    return send(exchange, 401, text, { 'Content-Type': 'text/plain; charset=utf-8' });
  }
  send(exchange, 200, '', { 'Set-Cookie': cookie });
}

function baseUrl(request: IncomingMessage, { https, externalHost }: HttpOptions): string {
  if (externalHost !== '') return externalHost;
  return `${https === undefined ? 'http' : 'https'}://${request.headers.host ?? 'localhost'}`;
}

function send(
  { request, response }: Exchange,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
  cut = false,
): void {
  if (response.destroyed) return;
  const plain = Buffer.from(body);
  const isJson = headers['Content-Type'] === 'application/json';
  const wantsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  // Stash's compression knows only the plain JSON type, not the one that is GraphQL's own.
  const compress = isJson && wantsGzip && plain.length > 0;
  const bytes = compress ? gzipSync(plain) : plain;
  response.writeHead(status, {
    ...headers,
    ...(compress ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Length': bytes.length,
  });
  if (!cut) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
