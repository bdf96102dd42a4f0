// How long what waits will take: a range, since nobody knows what Plex does next. For the status
// before the work, and for a progress bar during it.
import type { Average, Averages } from '../base/average.ts';

/** Scenes that are left to do. */
export interface Work {
  /** For an event or a choice of a person: taken to need a push. */
  readonly edits: number;
  /** In bulk: as many of them need a push as did lately. */
  readonly bulk: number;
}

export interface Estimate {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * How fast a pace drifts away from its average: measured over 200 scenes it is within a sixth for a
 * few, and within 1.7 times for ten times as many.
 */
const drift = 0.35;
/** Nothing is known better than this. */
const least = 0.15;

/** The range in which the end lies, in ms from now, if Plex stays well and nothing is added. */
export function estimate({ edits, bulk }: Work, averages: Averages): Estimate {
  const { push, unchanged, pushShare } = averages;
  return sum([
    [edits + bulk * pushShare, push],
    [bulk * (1 - pushShare), unchanged],
  ]);
}

/**
 * The same for pictures and ratings, which come after the scenes: as many of them have to be sent as
 * did lately.
 */
export function estimateExtras(count: number, { picture, sentShare }: Averages): Estimate {
  return sum([[count * sentShare, picture]]);
}

function sum(parts: readonly (readonly [number, Average])[]): Estimate {
  let leastMs = 0;
  let mostMs = 0;
  for (const [count, average] of parts) {
    const factor = uncertainty(count, average);
    leastMs += (count * average.ms) / factor;
    mostMs += count * average.ms * factor;
  }
  return { leastMs: Math.floor(leastMs), mostMs: Math.ceil(mostMs) };
}

/**
 * Wider the more is left beside what the average stands on, and the more the times have varied; 1
 * or more.
 */
function uncertainty(count: number, { weight, spread }: Average): number {
  const variance = drift ** 2 * Math.log(1 + count / weight) + spread ** 2 + least ** 2;
  return Math.exp(Math.sqrt(variance));
}
