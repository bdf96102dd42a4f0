// Every error code that PlexSync can show, store or answer with, in one place, and the one error
// class that carries them. Codes are stable: dead letters and the page refer to them by name.

/** Codes in the order: Plex, Stash, content, configuration, own storage. */
export const errorCodes = [
  /** No TCP connection: refused, no route, unknown host name. */
  'plex-unreachable',
  'plex-connect-timeout',
  'plex-header-timeout',
  'plex-body-timeout',
  /** The connection ended in the middle of a request; whether it was applied is unknown. */
  'plex-reset',
  /** 503: startup maintenance, database migration or overload. */
  'plex-maintenance',
  /** 401 or 403: the token is wrong, or not the owner's. */
  'plex-unauthorized',
  'plex-not-found',
  /** 400, 409, 414 and every other 4xx: sending the same again cannot help. */
  'plex-bad-request',
  'plex-rate-limited',
  /** 500 and every other 5xx. */
  'plex-server-error',
  /** A 2xx whose body is cut off, is not JSON, or is not what was asked for. */
  'plex-bad-answer',
  /** Accepted by Plex, twice, yet not there when read back. */
  'plex-not-confirmed',
  'stash-unreachable',
  'stash-timeout',
  'stash-unauthorized',
  'stash-bad-answer',
  /** GraphQL answered with errors. */
  'stash-query-failed',
  /** A field of the scene is not of the form that Stash documents. */
  'scene-invalid',
  /** What is to be written has a form that no request may carry to Plex. */
  'edit-invalid',
  /** A picture of more than 10 MB: Plex fails on those, so it is not even sent. */
  'image-too-large',
  /** A picture that is no JPEG, PNG, WebP or GIF. */
  'image-unsupported',
  'config-invalid',
  'store-newer',
  'store-failed',
  'spool-failed',
  'bad-arguments',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorDetails {
  /** HTTP status, where one was received. */
  readonly status?: number;
  /** What the server asked for in `Retry-After`, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Name of the offending field or setting. */
  readonly field?: string;
  readonly cause?: unknown;
}

const brand = 'plexsync-error';

/**
 * The error of every room. `message` is for people and never holds a token, cookie, API key or
 * query string; decisions are made from `code` and `status` alone.
 */
export class PlexSyncError extends Error {
  readonly brand = brand;
  readonly code: ErrorCode;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'PlexSyncError';
    this.code = code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.field = details.field;
  }
}

/** Tells our errors from others by brand: `instanceof` fails across two bundled copies. */
export function isPlexSyncError(value: unknown): value is PlexSyncError {
  return value instanceof Error && 'brand' in value && value.brand === brand;
}

/** Any thrown value as one of ours; what is not ours becomes `internal` and keeps its cause. */
export function toPlexSyncError(value: unknown): PlexSyncError {
  if (isPlexSyncError(value)) return value;
  const message = value instanceof Error ? value.message : String(value);
  return new PlexSyncError('internal', message, { cause: value });
}
