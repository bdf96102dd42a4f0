// How long a Stash that does not answer is left alone. Apart from the circuit, which is Plex's: while
// Stash is away Plex may be well, and no outage of Plex's begins or ends by it.
//
// there: Stash is used. It fails → away since now, tried again after a second.
// away: each failure doubles the wait, up to a minute, with the latest cause. An answer → there. An
//   event that Stash hands over proves that it lives: it is tried at once, and the wait begins anew.
import type { ErrorCode } from '../../contract/errors.ts';

export type StashReach =
  | { readonly kind: 'there' }
  | {
      readonly kind: 'away';
      /** Unix ms of the first failure. */
      readonly since: number;
      readonly cause: string;
      readonly code: ErrorCode;
      readonly failures: number;
      /** Unix ms. */
      readonly retryAt: number;
    };

export const there: StashReach = { kind: 'there' };

export const stashRetry = { firstMs: 1_000, longestMs: 60_000 } as const;

/** @param now Unix ms */
export function stashFailed(
  reach: StashReach,
  { cause, code }: { readonly cause: string; readonly code: ErrorCode },
  now: number,
): StashReach {
  const failures = reach.kind === 'away' ? reach.failures + 1 : 1;
  const waitMs = Math.min(stashRetry.longestMs, stashRetry.firstMs * 2 ** (failures - 1));
  const since = reach.kind === 'away' ? reach.since : now;
  return { kind: 'away', since, cause, code, failures, retryAt: now + waitMs };
}

/** It is tried at once; that it is there shows only when it answers. */
export function stashCalled(reach: StashReach): StashReach {
  return reach.kind === 'there' ? reach : { ...reach, failures: 0, retryAt: 0 };
}
