// How fast Plex is written to. Writes go one at a time, so a slow Plex gets fewer of them by itself;
// the pace adds a rest after each, so that a Plex which is slower than usual, or fails, has time for
// its viewers. Increase is additive and decrease multiplicative, on the share of its time that Plex
// is kept busy: the rest then follows the length of the write just made, and a Plex that is quick
// again is written to quickly at once.
import type { ErrorCode } from '../../contract/errors.ts';
import { intervalMs } from './ceiling.ts';

export interface Pace {
  /** Of Plex's time, from one write's beginning to the next one's: 1 is without a rest. */
  readonly share: number;
  /** How long a write takes: an average of the last few. Null before the first. */
  readonly latencyMs: number | null;
  /** How long one takes as a rule: what is much more than this is slow. */
  readonly usualMs: number | null;
  /** Why the share is less than 1. */
  readonly why: 'full' | 'slow' | 'errors';
  /** Unix ms of the last write. */
  readonly at: number;
}

export const fullPace: Pace = { share: 1, latencyMs: null, usualMs: null, why: 'full', at: 0 };

/** A slow Plex keeps half of its time to itself, one that fails three quarters. */
export const leastShare = { slow: 0.5, errors: 0.25 } as const;
const factor = { slow: 0.8, errors: 0.5 } as const;
const step = 0.1;

/** Slow is several times what is usual, and long enough for anybody to notice. */
export const slow = { timesUsual: 4, leastMs: 250 } as const;

const latencyWeight = 1 / 3;
const usualWeight = 1 / 5;
/** A Plex that stays slow while it is written to is taken to be that way: so fast, and no faster. */
const usualHalfLifeMs = 3_600_000;
const longestStepMs = 10_000;

/** However long a write took, the next one does not wait longer than this for the share's sake. */
export const longestRestMs = 5_000;

export type Observation =
  | { readonly kind: 'good'; readonly latencyMs: number }
  /** Plex failed in a way that may come of too much work. */
  | { readonly kind: 'failed' };

/** Whether a failure of a request may come of too much work: not what is wrong with the request. */
export function isStrain(code: ErrorCode): boolean {
  switch (code) {
    case 'plex-unreachable':
    case 'plex-connect-timeout':
    case 'plex-header-timeout':
    case 'plex-body-timeout':
    case 'plex-reset':
    case 'plex-maintenance':
    case 'plex-rate-limited':
    case 'plex-server-error':
    case 'plex-bad-answer':
      return true;
    default:
      return false;
  }
}

/** @param now Unix ms */
export function observe(pace: Pace, seen: Observation, now: number): Pace {
  if (seen.kind === 'failed') {
    const share = Math.max(leastShare.errors, pace.share * factor.errors);
    return { ...pace, share, why: 'errors', at: now };
  }
  const latencyMs = toward(pace.latencyMs, seen.latencyMs, latencyWeight);
  const usualMs = usualAfter(pace, seen.latencyMs, now);
  const measured = { latencyMs, usualMs, at: now };
  if (latencyMs > Math.max(slow.leastMs, slow.timesUsual * usualMs)) {
    const share = Math.min(pace.share, Math.max(leastShare.slow, pace.share * factor.slow));
    return { ...measured, share, why: 'slow' };
  }
  // Rounded, so that five steps up from a half make one.
  const share = Math.min(1, Math.round((pace.share + step) * 1000) / 1000);
  return { ...measured, share, why: share === 1 ? 'full' : pace.why };
}

/** Falls soon and rises in hours of writing, so that what is slow today does not pass for usual. */
function usualAfter({ usualMs, at }: Pace, latencyMs: number, now: number): number {
  if (usualMs === null) return latencyMs;
  if (latencyMs <= usualMs) return toward(usualMs, latencyMs, usualWeight);
  const passedMs = Math.min(longestStepMs, Math.max(0, now - at));
  return toward(usualMs, latencyMs, 1 - 2 ** (-passedMs / usualHalfLifeMs));
}

function toward(from: number | null, to: number, weight: number): number {
  return from === null ? to : from + (to - from) * weight;
}

/**
 * How long Plex is left alone after a write, in ms.
 * @param spentMs how long the write took
 */
export function restMs({ why, share, usualMs }: Pace, spentMs: number): number {
  // A Plex that fails at once would else be asked the faster for it.
  const busyMs = why === 'errors' ? Math.max(spentMs, usualMs ?? 0) : spentMs;
  return Math.max(0, Math.min(longestRestMs, busyMs * (1 / share - 1)));
}

/** Writes per second that this pace comes to, or null before the first write. */
export function writesPerSecond(pace: Pace, ceilingPerSecond: number | null): number | null {
  const ownMs = intervalOf(pace);
  return ownMs === null ? null : 1000 / Math.max(ownMs, intervalMs(ceilingPerSecond));
}

/** Whether it is the ceiling that sets the pace, and not Plex. */
export function ceilingBinds(pace: Pace, ceilingPerSecond: number | null): boolean {
  const ownMs = intervalOf(pace);
  return ownMs !== null && ownMs < intervalMs(ceilingPerSecond);
}

/** From one write's beginning to the next one's, without a ceiling. */
function intervalOf({ latencyMs, share }: Pace): number | null {
  return latencyMs === null ? null : Math.max(1, latencyMs) / share;
}
