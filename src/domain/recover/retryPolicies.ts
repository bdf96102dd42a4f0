// How an item that failed by its own fault is tried again, by what kind of failure it was. A failure
// of the server's has no policy here: it costs no attempt, and the circuit says when.
import type { ErrorCode } from '../../contract/errors.ts';
import { type BackoffPolicy, itemBackoff } from './backoff.ts';

export type RetryKind = 'not-found' | 'timeout' | 'server-error' | 'other';

/** `docs/architecture.md` gives the reasons; a test holds its table to these. */
export const retryPolicies: Readonly<Record<RetryKind, BackoffPolicy>> = {
  // Plex has the item and says that it has not: a refresh or a move is under way, and soon over.
  'not-found': { baseMs: 1_000, capMs: 30_000, maxAttempts: 4 },
  // It cost Plex its time limit, and costs it again with each try: give it rest first.
  timeout: { leastMs: 30_000, baseMs: 30_000, capMs: 7_200_000, maxAttempts: 5 },
  'server-error': { baseMs: 5_000, capMs: 3_600_000, maxAttempts: 6 },
  other: itemBackoff,
};

export function retryKindOf(code: ErrorCode): RetryKind {
  switch (code) {
    case 'plex-not-found':
      return 'not-found';
    case 'plex-header-timeout':
    case 'plex-body-timeout':
      return 'timeout';
    case 'plex-server-error':
    case 'plex-reset':
    case 'plex-bad-answer':
      return 'server-error';
    default:
      return 'other';
  }
}

export function retryPolicyOf(code: ErrorCode): BackoffPolicy {
  return retryPolicies[retryKindOf(code)];
}
