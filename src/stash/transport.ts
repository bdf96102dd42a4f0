// One request to Stash over HTTP, with its limits of time and size, and every way in which it can
// fail before there is an answer as one of our errors.
import type { Agent, Dispatcher, request } from 'undici';
import { type ErrorCode, PlexSyncError } from '../contract/errors.ts';

export interface StashTimeouts {
  readonly connectMs: number;
  /** Until the answer begins. Long: Stash holds its database during scans. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly bodyMs: number;
  /** For the whole request, so that a trickle of pieces ends too. */
  readonly totalMs: number;
}

export const defaultTimeouts: StashTimeouts = {
  connectMs: 5_000,
  headersMs: 60_000,
  bodyMs: 60_000,
  totalMs: 150_000,
};

/** 50 scenes with long texts are about 1 MB. */
const largestBodyBytes = 64 * 1024 * 1024;

export interface HttpAnswer<Body = string> {
  readonly status: number;
  readonly contentType: string;
  readonly location: string;
  /** By the server's clock; '' where it does not say. */
  readonly date: string;
  readonly setCookies: readonly string[];
  readonly body: Body;
}

/**
 * Redirects are not followed. Every function throws PlexSyncError `stash-unreachable`,
 * `stash-timeout`, `stash-bad-answer`. None has a cause: what lies beneath may hold the request,
 * and with it a credential.
 */
export interface Transport {
  /** To `/graphql`. */
  post(headers: Readonly<Record<string, string>>, body: string): Promise<HttpAnswer>;
  /**
   * @param target path and query, beginning with a slash
   * @param largestBytes a longer body is not read to its end, and answered as null
   */
  get(
    target: string,
    headers: Readonly<Record<string, string>>,
    largestBytes: number,
  ): Promise<HttpAnswer<Uint8Array | null>>;
  /** Ends requests that are under way with `stash-unreachable`. */
  close(): Promise<void>;
}

interface Http {
  readonly agent: Agent;
  readonly request: typeof request;
}

/**
 * @param base `http://host:port`
 * @param checksCertificate whether an https one must have a certificate that this machine trusts
 */
export function openTransport(
  base: string,
  timeouts: StashTimeouts,
  checksCertificate: boolean,
): Transport {
  let http: Promise<Http> | null = null;
  let closed = false;

  // An Agent of our own: it ignores the proxy that Stash may have put into the environment, and
  // its leniency towards certificates ends with it.
  const open = async (): Promise<Http> => {
    const undici = await import('undici');
    const agent = new undici.Agent({
      connect: { timeout: timeouts.connectMs, rejectUnauthorized: checksCertificate },
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.bodyMs,
      maxResponseSize: largestBodyBytes,
      connections: 4,
      allowH2: false,
    });
    return { agent, request: undici.request };
  };

  /** The whole exchange, its body as well, within the limit on the whole request. */
  const exchange = async <Body>(
    target: string,
    options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>,
    read: (body: Dispatcher.ResponseData['body']) => Promise<Body>,
  ): Promise<HttpAnswer<Body>> => {
    if (closed) throw failure('stash-unreachable', base, 'the client was closed');
    http ??= open();
    const opened = await http;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeouts.totalMs);
    try {
      const answer = await opened.request(`${base}${target}`, {
        dispatcher: opened.agent,
        signal: deadline.signal,
        ...options,
      });
      return {
        status: answer.statusCode,
        contentType: first(answer.headers['content-type']),
        location: first(answer.headers['location']),
        date: first(answer.headers['date']),
        setCookies: [answer.headers['set-cookie'] ?? []].flat(),
        body: await read(answer.body),
      };
    } catch (error) {
      if (deadline.signal.aborted) {
        throw failure('stash-timeout', base, `no whole answer in ${timeouts.totalMs} ms`);
      }
      throw explain(error, base);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    post: (headers, body) =>
      exchange(
        '/graphql',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
          body,
        },
        (answer) => answer.text(),
      ),
    get: (target, headers, largestBytes) =>
      exchange(target, { method: 'GET', headers: { accept: 'image/*', ...headers } }, (answer) =>
        readUpTo(answer, largestBytes),
      ),
    async close() {
      closed = true;
      await (await http)?.agent.destroy();
    },
  };
}

/** Leaving the loop early gives up the connection with the rest of the body. */
async function readUpTo(
  body: AsyncIterable<unknown>,
  largestBytes: number,
): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) continue;
    length += piece.length;
    if (length > largestBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

/** By code alone: messages of the layers below may quote what was sent. */
function explain(error: unknown, base: string): PlexSyncError {
  const code = errorCode(error);
  switch (code) {
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return failure('stash-timeout', base, code);
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
    case 'no HTTP':
      return failure('stash-bad-answer', base, code);
    case 'UND_ERR_INVALID_ARG':
      return new PlexSyncError('internal', 'A request to Stash was not well-formed.');
    default:
      return failure('stash-unreachable', base, ofCertificate.test(code) ? `${why}${code}` : code);
  }
}

/** Codes of OpenSSL's verification and of Node's look at the name (nodejs/node `doc/api/tls.md`). */
const ofCertificate = /CERT|_CRL_|_SIGNATURE$|^HOSTNAME_MISMATCH$/;
const why = 'its certificate is not trusted, see docs/beside.md: ';

const meaning = {
  'stash-unreachable': 'cannot be reached',
  'stash-timeout': 'did not answer in time',
  'stash-bad-answer': 'did not answer as Stash does',
} satisfies Partial<Record<ErrorCode, string>>;

function failure(code: keyof typeof meaning, base: string, detail: string): PlexSyncError {
  return new PlexSyncError(code, `Stash at ${base} ${meaning[code]} (${detail}).`);
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'no code';
  // The parser's errors have a code or none, depending on how the answer is wrong.
  if (error.name === 'HTTPParserError') return 'no HTTP';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function first(header: string | string[] | undefined): string {
  return [header ?? ''].flat()[0] ?? '';
}
