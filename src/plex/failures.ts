// Says which PlexSync error a failed exchange with Plex is. Decided from the HTTP status and from
// error codes alone: Plex's error pages are HTML for people (OpenAPI, every 4xx response) and the
// texts of libraries change.
import { type ErrorCode, PlexSyncError } from '../contract/errors.ts';
import { parseRetryAfter } from './retryAfter.ts';

/** How far an exchange had come when it failed. */
export type Phase =
  /** Nothing was sent: still looking up the name, connecting or waiting for a free connection. */
  | 'connecting'
  /** The request is out, no status has come back: whether it was applied is unknown. */
  | 'waiting'
  /** A status was received, the body was not complete. */
  | 'reading';

/** `code` of the reason with which our own limit on a whole call aborts it. */
export const deadlineCode = 'PLEXSYNC_DEADLINE';

const timeouts: Readonly<Record<string, Phase>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connecting',
  UND_ERR_HEADERS_TIMEOUT: 'waiting',
  UND_ERR_BODY_TIMEOUT: 'reading',
};

const timeoutCodes = {
  connecting: 'plex-connect-timeout',
  waiting: 'plex-header-timeout',
  reading: 'plex-body-timeout',
} as const satisfies Record<Phase, ErrorCode>;

const timeoutWords = {
  connecting: 'did not accept a connection in time',
  waiting: 'accepted a request and did not answer it in time',
  reading: 'began an answer and did not finish it in time',
} as const satisfies Record<Phase, string>;

/** Ways in which a connection ends under our feet. */
const resetCodes = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET']);

/** What was received is not HTTP, or more of it than any answer of Plex's holds. */
const malformedCodes = new Set([
  // undici 8 means to give this one a code of `HPE_…` and gives none.
  'HTTPParserError',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
]);

const unreachableWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'there is no route to the host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'there is no route to the network',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'the address cannot be used from here',
  EACCES: 'the system does not permit the connection',
  EPERM: 'the system does not permit the connection',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate cannot be verified',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  EPROTO: 'it does not speak https there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https there',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak https there',
};

/** Whether the failure is a connection that ended, as one kept open from earlier may at any time. */
export function isReset(failure: unknown): boolean {
  return resetCodes.has(codeOf(failure));
}

/**
 * The error for a failure without a usable answer.
 *
 * @param failure what undici or the socket threw. Only its `code` is read and kept: its text or
 *   its fields may quote what the server sent, and a server may echo a token.
 * @param address host and port, for the message.
 */
export function errorFromFailure(failure: unknown, phase: Phase, address: string): PlexSyncError {
  const code = codeOf(failure);
  const cause = new Error(code === '' ? 'unknown failure' : code);
  const fail = (kind: ErrorCode, message: string): PlexSyncError =>
    new PlexSyncError(kind, message, { cause });

  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') {
    return fail('internal', 'The Plex client was closed.');
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return fail('internal', 'PlexSync made a request that cannot be sent.');
  }
  const late = code === deadlineCode || code === 'ETIMEDOUT' ? phase : timeouts[code];
  if (late !== undefined) {
    return fail(timeoutCodes[late], `Plex at ${address} ${timeoutWords[late]}.`);
  }
  if (phase === 'connecting') {
    const words =
      unreachableWords[code] ??
      (isReset(failure) ? 'the connection ended while it was being opened' : `error ${code}`);
    return fail('plex-unreachable', `Plex at ${address} cannot be reached: ${words}.`);
  }
  if (malformedCodes.has(code) || code.startsWith('HPE_')) {
    return fail('plex-bad-answer', `What answers at ${address} does not speak HTTP as Plex does.`);
  }
  return phase === 'reading'
    ? fail('plex-bad-answer', `An answer from Plex at ${address} was cut off.`)
    : fail('plex-reset', `Plex at ${address} closed the connection in the middle of a request.`);
}

/**
 * The error for a status outside 200–299.
 *
 * @param retryAfter the `Retry-After` header as received.
 * @param nowMs Unix milliseconds, for a `Retry-After` that is a date.
 */
export function errorFromStatus(
  status: number,
  retryAfter: string | undefined,
  address: string,
  nowMs: number,
): PlexSyncError {
  const [code, words] = meaningOf(status);
  const retryAfterMs = parseRetryAfter(retryAfter, nowMs);
  return new PlexSyncError(code, `Plex at ${address} answered ${status}: ${words}.`, {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function meaningOf(status: number): readonly [ErrorCode, string] {
  if (status === 401 || status === 403) {
    return ['plex-unauthorized', "the token is wrong, or not the server owner's"];
  }
  if (status === 404) return ['plex-not-found', 'there is nothing at that address'];
  if (status === 429) return ['plex-rate-limited', 'too many requests'];
  if (status === 503) return ['plex-maintenance', 'it is starting, in maintenance or overloaded'];
  if (status >= 400 && status < 500) return ['plex-bad-request', 'it does not accept the request'];
  if (status >= 500 && status < 600) return ['plex-server-error', 'it failed on the request'];
  if (status >= 300 && status < 400) {
    return ['plex-bad-answer', "a redirect, which Plex never sends; plexUrl is not Plex's own"];
  }
  return ['plex-bad-answer', 'which no request of PlexSync asks for'];
}

/** The code; without one, the name of the class, which is as stable. */
function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return '';
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
}
