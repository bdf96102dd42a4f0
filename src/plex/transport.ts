// One HTTP exchange with Plex: undici's `request` on an Agent of our own, with a limit on every
// phase and on the whole, and one retry where a connection kept open from earlier had gone stale.
import { setImmediate } from 'node:timers/promises';
import type { Agent, Dispatcher } from 'undici';
import { PlexSyncError } from '../contract/errors.ts';
import type { CheckedConnection } from './connection.ts';
import {
  deadlineCode,
  errorFromFailure,
  errorFromStatus,
  isReset,
  type Phase,
} from './failures.ts';
import { type Usage, usageAwareAgent, watch } from './usage.ts';

/** The largest answer is a page of the library, a few MB; more than this is not Plex. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** What is worth reading of an error page so that its connection can be used again. */
const maxErrorPageBytes = 64 * 1024;
const maxErrorPageMs = 1_000;

/**
 * How long a connection stays open unused. Plex closes one after 20 seconds (`Keep-Alive: timeout=20`
 * on its answers) and a request sent at that moment is lost, so ours closes well before.
 */
const keepAliveMs = 10_000;

/** Four reads at once, as many as Plex answers faster for, and a write beside them. */
const maxConnections = 5;

export interface PlexRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Path and query as they go out. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly headersMs: number;
  readonly bodyMs: number;
  /** What is sent; its type goes with the headers. */
  readonly body?: Uint8Array;
  /** Makes a 404 an answer rather than an error. */
  readonly mayBeAbsent?: boolean;
  /** Is never sent twice, whatever became of it the first time. */
  readonly once?: boolean;
}

export interface PlexAnswer {
  /** 200–299, or 404 where the request says that it may be absent. */
  readonly status: number;
  readonly text: string;
  /** The first value of each header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

export interface Transport {
  /** Requests made so far, retries among them. */
  readonly requests: number;
  /** Of these, the ones made again because their connection had gone stale. */
  readonly retries: number;
  /**
   * The answer, if it is complete and its status is a wanted one. Redirects are not followed, and
   * proxies that the environment names are not used.
   *
   * @throws PlexSyncError of the `plex-…` kind that `failures.ts` decides on.
   */
  exchange(request: PlexRequest): Promise<PlexAnswer>;
  /** Waits for what is under way, then closes every connection; once is enough. */
  close(): Promise<void>;
}

type Outcome =
  | { readonly kind: 'answered'; readonly answer: PlexAnswer }
  | {
      readonly kind: 'failed';
      readonly error: PlexSyncError;
      /** The connection was an old one and ended before a byte of an answer came. */
      readonly stale: boolean;
    };

/** @param now the current time in Unix milliseconds, for a `Retry-After` that is a date. */
export function openTransport(connection: CheckedConnection, now: () => number): Transport {
  let agent: Promise<Agent> | null = null;
  let closing: Promise<void> | null = null;
  let requests = 0;
  let retries = 0;

  async function exchange(request: PlexRequest): Promise<PlexAnswer> {
    if (closing !== null) throw new PlexSyncError('internal', 'The Plex client was closed.');
    agent ??= openAgent(connection.timeouts.connectMs);

    requests += 1;
    const first = await attempt(await agent, connection, request, now);
    if (first.kind === 'answered') return first.answer;
    if (!first.stale || request.once === true || closing !== null) throw first.error;

    // All else that we send may be sent twice. undici's pool takes the first free place, which is the
    // one that just lost its connection, so this goes over a new one. An item that makes Plex drop
    // the connection each time does so there as well, and that failure is final.
    requests += 1;
    retries += 1;
    const second = await attempt(await agent, connection, request, now);
    if (second.kind === 'answered') return second.answer;
    // A server that fell over on the first try refuses the second. What matters then is that the
    // request was out.
    const fell = first.error.code === 'plex-reset' && connectFailures.has(second.error.code);
    throw fell ? first.error : second.error;
  }

  return {
    get requests() {
      return requests;
    },
    get retries() {
      return retries;
    },
    exchange,
    close() {
      closing ??= agent === null ? Promise.resolve() : agent.then((open) => open.close());
      return closing;
    },
  };
}

const connectFailures: ReadonlySet<string> = new Set(['plex-unreachable', 'plex-connect-timeout']);

/** Loads undici with the first request: a process that asks Plex nothing does not pay for it. */
async function openAgent(connectMs: number): Promise<Agent> {
  const undici = await import('undici');
  return usageAwareAgent(undici, {
    connect: { timeout: connectMs },
    connections: maxConnections,
    keepAliveTimeout: keepAliveMs,
    // What the server offers may shorten this, not lengthen it.
    keepAliveMaxTimeout: keepAliveMs,
    maxResponseSize: maxAnswerBytes,
    // Plex speaks HTTP/1.1 only; a proxy's HTTP/2 would bring error codes of its own.
    allowH2: false,
  });
}

async function attempt(
  agent: Agent,
  connection: CheckedConnection,
  request: PlexRequest,
  now: () => number,
): Promise<Outcome> {
  const { address, timeouts } = connection;
  const usage: Usage = { sent: false, reused: false, answered: false };
  const deadline = startDeadline(timeouts.connectMs + request.headersMs + request.bodyMs);
  let status: number | null = null;
  try {
    const response = await agent.compose(watch(usage)).request({
      origin: connection.origin,
      path: connection.pathPrefix + request.target,
      method: request.method,
      headers: { ...connection.headers, ...request.headers },
      headersTimeout: request.headersMs,
      bodyTimeout: request.bodyMs,
      signal: deadline.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    status = response.statusCode;
    const header = (name: string): string | undefined => firstOf(response.headers[name]);
    if (status >= 200 && status < 300) {
      const text = await response.body.text();
      return { kind: 'answered', answer: { status, text, header } };
    }
    await discard(response.body);
    if (status === 404 && request.mayBeAbsent === true) {
      return { kind: 'answered', answer: { status, text: '', header } };
    }
    const error = errorFromStatus(status, header('retry-after'), address, now());
    return { kind: 'failed', error, stale: false };
  } catch (failure) {
    const phase: Phase = status !== null ? 'reading' : usage.sent ? 'waiting' : 'connecting';
    const old = usage.reused || !usage.sent;
    return {
      kind: 'failed',
      error: errorFromFailure(failure, phase, address),
      stale: isReset(failure) && old && !usage.answered,
    };
  } finally {
    deadline.stop();
    // undici frees a connection one turn of the event loop after its answer. A next call in the
    // same turn would open another.
    await setImmediate();
  }
}

/** undici's body limit runs anew with every piece; this one ends an answer that only trickles. */
function startDeadline(limitMs: number): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(Object.assign(new Error('too late'), { code: deadlineCode }));
  }, limitMs);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/** Never fails and never waits long: the status has been received, and it alone decides. */
async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  try {
    await body.dump({ limit: maxErrorPageBytes, signal: AbortSignal.timeout(maxErrorPageMs) });
  } catch {
    // The connection is lost with the rest of the page; there is nothing else to lose.
  }
}

function firstOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
