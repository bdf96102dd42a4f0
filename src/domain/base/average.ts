// Moving averages of how long PlexSync takes for a scene: for one that is pushed, for one that Plex
// has already, and for a picture.

export interface Average {
  /** For one scene or picture. */
  readonly ms: number;
  /** Scenes that it stands on: what comes next counts the less the more they are. */
  readonly weight: number;
  /** How far what was measured lay from the average, as a share of it. */
  readonly spread: number;
}

export interface Averages {
  readonly push: Average;
  readonly unchanged: Average;
  readonly picture: Average;
  /** Of the scenes that ended, those that had to be pushed; 0 to 1. */
  readonly pushShare: number;
  /** Of the pictures that were looked at, those that had to be sent; 0 to 1. */
  readonly sentShare: number;
  /** Scenes and pictures that were measured, ever. */
  readonly measured: {
    readonly push: number;
    readonly unchanged: number;
    readonly picture: number;
  };
}

/** As many scenes as the default counts for, and as an average remembers at most. */
const startWeight = 10;
const longestMemory = 200;
const shareWeight = 100;

const unmeasured = (ms: number): Average => ({ ms, weight: startWeight, spread: 0 });

/**
 * Where nothing was measured yet: a Plex that takes 200 ms for a write (a busy small server; a good
 * one takes 30), 20 ms for a scene's share of the reads, 500 ms for a picture. Every scene is taken
 * to need a push. `docs/operations.md` states these.
 */
export const coldStart: Averages = {
  push: unmeasured(200),
  unchanged: unmeasured(20),
  picture: unmeasured(500),
  pushShare: 1,
  sentShare: 1,
  measured: { push: 0, unchanged: 0, picture: 0 },
};

/** A batch as it was measured. */
export interface Measured {
  readonly pushed: number;
  readonly unchanged: number;
  /** Until it was known which scenes to push: all of them have a share in it. */
  readonly readMs: number;
  /** From then on to the end of those that were pushed. */
  readonly writeMs: number;
}

/** The averages with a batch more. Scenes that failed are in none: their time is not their like's. */
export function withBatch(averages: Averages, batch: Measured): Averages {
  const { pushed, unchanged, readMs, writeMs } = batch;
  const ended = pushed + unchanged;
  if (ended === 0) return averages;
  const { push, measured } = averages;
  const share = readMs / ended;
  return {
    ...averages,
    push: pushed === 0 ? push : moved(push, share + writeMs / pushed, pushed),
    unchanged: unchanged === 0 ? averages.unchanged : moved(averages.unchanged, share, unchanged),
    pushShare: movedShare(averages.pushShare, pushed, ended),
    measured: {
      ...measured,
      push: measured.push + pushed,
      unchanged: measured.unchanged + unchanged,
    },
  };
}

/** The averages with a picture more. One that Plex has already costs next to nothing. */
export function withPicture(averages: Averages, ms: number, sent: boolean): Averages {
  const { measured, picture } = averages;
  const sentShare = movedShare(averages.sentShare, sent ? 1 : 0, 1);
  if (!sent) return { ...averages, sentShare };
  return {
    ...averages,
    sentShare,
    picture: moved(picture, ms, 1),
    measured: { ...measured, picture: measured.picture + 1 },
  };
}

function movedShare(share: number, of: number, all: number): number {
  return share + part(shareWeight, all) * (of / all - share);
}

function moved(average: Average, ms: number, count: number): Average {
  const by = part(average.weight, count);
  const apart = average.ms === 0 ? 0 : Math.abs(ms - average.ms) / average.ms;
  return {
    ms: average.ms + by * (ms - average.ms),
    weight: Math.min(longestMemory, average.weight + count),
    // What the default was wrong by says nothing about how Plex's times vary.
    spread:
      average.weight <= startWeight
        ? 0
        : average.spread + by * (Math.min(1, apart) - average.spread),
  };
}

function part(weight: number, count: number): number {
  return count / (weight + count);
}
