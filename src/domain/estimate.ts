// How long what waits will take: a range, since nobody knows what Plex does next. For the status
// before the work, and for a progress bar during it.
import type { Average, Averages } from './average.ts';

/** What is left to do. */
export interface Work {
  /** Scenes for an event or a choice of a person: taken to need a push. */
  readonly edits: number;
  /** Scenes in bulk: as many of them need a push as did lately. */
  readonly bulk: number;
  /** Pictures and ratings that are still to be sent: as many of them have to be as did lately. */
  readonly extras: number;
}

export interface Estimate {
  readonly leastMs: number;
  readonly mostMs: number;
  /** Whether anything of it was measured; else it is by `coldStart`. */
  readonly measured: boolean;
}

/**
 * How fast a pace drifts away from its average: measured over 200 scenes it is within a sixth for a
 * few, and within 1.7 times for ten times as many.
 */
const drift = 0.35;
/** Nothing is known better than this. */
const least = 0.15;

/** The range in which the end lies, in ms from now, if Plex stays well and nothing is added. */
export function estimate(work: Work, averages: Averages): Estimate {
  const { push, unchanged, picture, pushShare, sentShare } = averages;
  const pushes = work.edits + work.bulk * pushShare;
  const parts: readonly (readonly [number, Average])[] = [
    [pushes, push],
    [work.bulk * (1 - pushShare), unchanged],
    [work.extras * sentShare, picture],
  ];
  let leastMs = 0;
  let mostMs = 0;
  for (const [count, average] of parts) {
    const factor = uncertainty(count, average);
    leastMs += (count * average.ms) / factor;
    mostMs += count * average.ms * factor;
  }
  const { measured } = averages;
  return {
    leastMs: Math.floor(leastMs),
    mostMs: Math.ceil(mostMs),
    measured: measured.push + measured.unchanged + measured.picture > 0,
  };
}

/**
 * Wider the more is left beside what the average stands on, and the more the times have varied; 1
 * or more.
 */
function uncertainty(count: number, { weight, spread }: Average): number {
  const variance = drift ** 2 * Math.log(1 + count / weight) + spread ** 2 + least ** 2;
  return Math.exp(Math.sqrt(variance));
}
