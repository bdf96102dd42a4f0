// How fast Plex is written to after an outage: slowly at first, faster with each write that goes
// through, until its own speed is the limit again. It comes beside the pace (`pace.ts`), which rests
// after the writes of a slow or failing Plex by what it is used to; a server that just woke has
// caches to fill and viewers to serve, whatever its last writes looked like.
//
// A write that goes through adds a little to the rate, so that it doubles again and again: with a
// tenth of a write per second about every seven seconds. A failure halves it, not below where it
// began. Where it begins and how it rises the strategy says (`strategy.ts`), by the kind of failure.
// Once a write takes longer than its interval the ramp binds nothing any more, and ends.
//
// Each probe that fails begins it. An outage in which every probe went through has none: a lost
// connection, or an item that fails alone, for which the server was blamed. Nothing woke then, and all
// others would be slow for it.
//
// A server that has been there for half an hour is awake, however little was written to it.

import type { RampCourse } from './strategy.ts';

export interface Ramp extends RampCourse {
  /** Writes per second. */
  readonly perSecond: number;
  /** Unix ms at which it began. */
  readonly since: number;
}

const fallsBy = 0.5;

/** Faster than any Plex writes: it ends here at the latest. */
export const rampEnd = { perSecond: 50 } as const;

const longestRampMs = 1_800_000;

/** What is left of a ramp at `now`; a clock that was put back ends it, too. */
export function rampAt(ramp: Ramp | null, now: number): Ramp | null {
  return ramp === null || Math.abs(now - ramp.since) >= longestRampMs ? null : ramp;
}

export function beginRamp(now: number, course: RampCourse): Ramp {
  return { ...course, perSecond: course.leastPerSecond, since: now };
}

/**
 * @param tookMs how long the write took
 * @returns null where the ramp is over
 */
export function rampAfterWrite(ramp: Ramp, tookMs: number): Ramp | null {
  const perSecond = Math.round((ramp.perSecond + ramp.step) * 1000) / 1000;
  const binds = perSecond < rampEnd.perSecond && 1000 / perSecond > tookMs;
  return binds ? { ...ramp, perSecond } : null;
}

export function rampAfterFailure(ramp: Ramp): Ramp {
  const perSecond = Math.max(ramp.leastPerSecond, ramp.perSecond * fallsBy);
  return { ...ramp, perSecond };
}

/** How long Plex is left alone after a write that took `spentMs`, in ms. */
export function rampRestMs(ramp: Ramp | null, spentMs: number): number {
  return ramp === null ? 0 : Math.max(0, 1000 / ramp.perSecond - spentMs);
}
