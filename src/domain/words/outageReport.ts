// What outages come to: the longest, all together, how long one lasts, and the share of the time in
// which Plex was there.

export interface PastOutage {
  /** Unix ms. */
  readonly beganAt: number;
  /** Null for the one under way. */
  readonly endedAt: number | null;
}

export interface OutageFigures {
  readonly longestMs: number;
  readonly totalMs: number;
  /** Of those that ended: the mean time to recover. Null if none did. */
  readonly meanMs: number | null;
  /** Since the oldest began, 0 to 1; null if none is known. */
  readonly availability: number | null;
  /** Unix ms at which the oldest began. */
  readonly since: number | null;
}

export function durationMs({ beganAt, endedAt }: PastOutage, now: number): number {
  return Math.max(0, (endedAt ?? now) - beganAt);
}

/** @param now Unix ms */
export function outageFigures(outages: readonly PastOutage[], now: number): OutageFigures {
  const lengths = outages.map((outage) => durationMs(outage, now));
  const totalMs = sum(lengths);
  const ended = outages.filter(({ endedAt }) => endedAt !== null);
  const meanMs =
    ended.length === 0 ? null : sum(ended.map((one) => durationMs(one, now))) / ended.length;
  const since = outages.length === 0 ? null : Math.min(...outages.map(({ beganAt }) => beganAt));
  const spanMs = since === null ? 0 : now - since;
  const availability =
    since === null || spanMs <= 0 ? null : Math.min(1, Math.max(0, 1 - totalMs / spanMs));
  return { longestMs: Math.max(0, ...lengths), totalMs, meanMs, availability, since };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
