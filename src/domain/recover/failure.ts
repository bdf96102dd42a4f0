// What a failed call to Plex means: the item's own fault, the server's, the token's, or the file's
// not being there. An item's failure never stops the drain; a server's failure never costs an item
// an attempt.
import type { ErrorCode, PlexSyncError } from '../../contract/errors.ts';
import { type BackoffPolicy, backoffDelayMs } from './backoff.ts';

/** What the server did right after the failure. */
export interface Evidence {
  /** An authenticated read went through. */
  readonly read: 'good' | 'bad';
  /** Another item's write went through, did not, or there was no other item to try. */
  readonly otherWrite: 'good' | 'bad' | 'none';
  /** How often this item has already failed with no good write of another's to tell by. */
  readonly aloneFailures: number;
}

export type Verdict =
  /** Spend an attempt; retry later, or give up after the last. */
  | { readonly kind: 'item' }
  /** Sending the same again cannot help. */
  | { readonly kind: 'permanent' }
  /** Costs nobody an attempt; the drain stops until the server is well. */
  | { readonly kind: 'server' }
  /** The remembered item is gone: look the file up again. */
  | { readonly kind: 'look-up-again' }
  /** Configuration: everything stops. */
  | { readonly kind: 'token' }
  | { readonly kind: 'wait'; readonly ms: number };

/** Without another item to compare with, the server is blamed this many times. */
export const aloneLimit = 3;

/**
 * Where other items fail as well, the server is blamed this many times: at a try a minute, the
 * pace of a long outage, for an hour. But not for ever: several bad items with nothing else to push
 * look the same.
 */
export const besideLimit = 60;

/** A server that names no time after 429 gets this much rest. */
export const defaultRateLimitMs = 60_000;

/**
 * The one decision after a failed call about one item.
 *
 * 5xx, timeout, reset and a broken answer can be the item's or the server's: read and other write
 * both good → the item's. Else it is the server's, up to a number of times: an item that fells Plex
 * with each write has never a good read after it. Everything else is told by the status alone.
 */
export function judge(error: Pick<PlexSyncError, 'code' | 'retryAfterMs'>, e: Evidence): Verdict {
  switch (error.code) {
    case 'plex-unauthorized':
      return { kind: 'token' };
    case 'plex-not-found':
      return { kind: 'look-up-again' };
    case 'plex-bad-request':
    case 'plex-not-confirmed':
    case 'scene-invalid':
    case 'edit-invalid':
      return { kind: 'permanent' };
    case 'plex-rate-limited':
      return { kind: 'wait', ms: error.retryAfterMs ?? defaultRateLimitMs };
    case 'plex-unreachable':
    case 'plex-connect-timeout':
    case 'plex-maintenance':
      return { kind: 'server' };
    case 'plex-header-timeout':
    case 'plex-body-timeout':
    case 'plex-reset':
    case 'plex-server-error':
    case 'plex-bad-answer':
      return judgeSuspect(e);
    default:
      // Not from Plex at all: a fault of our own must be seen and bounded, never looped on.
      return { kind: 'item' };
  }
}

function judgeSuspect({ read, otherWrite, aloneFailures }: Evidence): Verdict {
  if (read === 'good' && otherWrite === 'good') return { kind: 'item' };
  const limit = read === 'good' && otherWrite === 'bad' ? besideLimit : aloneLimit;
  return aloneFailures >= limit ? { kind: 'item' } : { kind: 'server' };
}

/** Whether the error can be an item's own although it looks like the server's. */
export function isSuspect(code: ErrorCode): boolean {
  return (
    code === 'plex-header-timeout' ||
    code === 'plex-body-timeout' ||
    code === 'plex-reset' ||
    code === 'plex-server-error' ||
    code === 'plex-bad-answer'
  );
}

export type RetryDecision =
  | { readonly kind: 'retry-at'; readonly dueAt: number; readonly attempts: number }
  | { readonly kind: 'give-up'; readonly attempts: number };

/**
 * When an item that failed by its own fault is tried again.
 * @param attempts attempts spent before this failure
 * @param now Unix milliseconds
 */
export function decideRetry(
  policy: BackoffPolicy,
  attempts: number,
  now: number,
  random: number,
  retryAfterMs = 0,
): RetryDecision {
  const spent = attempts + 1;
  if (spent >= policy.maxAttempts) return { kind: 'give-up', attempts: spent };
  return {
    kind: 'retry-at',
    dueAt: now + backoffDelayMs(policy, spent, random, retryAfterMs),
    attempts: spent,
  };
}
