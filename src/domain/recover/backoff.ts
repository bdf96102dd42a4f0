// How long a failed item waits: exponential with full jitter, never sooner than the server asked.

export interface BackoffPolicy {
  /** No wait is shorter; left out: 0. */
  readonly leastMs?: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** Attempts after which an item is given up. */
  readonly maxAttempts: number;
}

/** Six tries over about five minutes: a transient fault of one item is over by then. */
export const itemBackoff: BackoffPolicy = { baseMs: 5_000, capMs: 3_600_000, maxAttempts: 6 };

/**
 * Of pictures and ratings. Eight tries over about an hour: clients report uploads that fail at random
 * for a while.
 */
export const extraBackoff: BackoffPolicy = { baseMs: 15_000, capMs: 3_600_000, maxAttempts: 8 };

/** No server keeps PlexSync waiting longer than this, whatever it asks for. */
export const longestServerWaitMs = 24 * 3_600_000;

/**
 * Delay before attempt `attempt` + 1, uniform in [least, max(least, min(cap, base·2ⁿ))] for
 * n = attempt, in ms.
 * @param attempt attempts made so far, from 1
 * @param random uniform in [0, 1)
 * @param retryAfterMs what the server asked for: a floor, up to a day
 */
export function backoffDelayMs(
  policy: BackoffPolicy,
  attempt: number,
  random: number,
  retryAfterMs = 0,
): number {
  const { baseMs, capMs, leastMs = 0 } = policy;
  const range = Math.max(0, Math.min(capMs, baseMs * 2 ** attempt) - leastMs);
  const delayMs = leastMs + Math.floor(random * (range + 1));
  return Math.max(delayMs, Math.min(retryAfterMs, longestServerWaitMs));
}
