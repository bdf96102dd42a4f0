// The ceiling that a person sets on writes per second. Writes keep a distance, so that they come
// evenly. And since a request may take its time on the way, which draws it closer to the next one
// where it arrives, so many are counted from when they were answered: by then they had arrived.

/** A little more than the distance itself: counted at Plex there must not be more. */
const slack = { share: 1.03, ms: 3 } as const;

interface Window {
  readonly writes: number;
  readonly ms: number;
}

/** From one write's beginning to the next one's, in ms; 0 without a ceiling. */
export function intervalMs(perSecond: number | null): number {
  return perSecond === null ? 0 : (1000 / perSecond) * slack.share;
}

/** So many writes in so long at most: whole numbers, in a second or a little more. */
function windowOf(perSecond: number): Window {
  const writes = Math.ceil(perSecond);
  return { writes, ms: (writes * 1000) / perSecond + slack.ms };
}

/**
 * How long the first write waits of who does not know all of the writes before it, in ms: as if they
 * had used up what the ceiling allows.
 * @param lastAt Unix ms at which another may have written last
 */
export function firstRestMs(perSecond: number | null, lastAt: number, now: number): number {
  if (perSecond === null) return 0;
  const { ms } = windowOf(perSecond);
  return Math.min(ms, Math.max(0, lastAt + ms - now));
}

/**
 * The ends of the last writes that count, with one more.
 * @param ends Unix ms at which writes were answered, oldest first
 */
export function withEnd(
  ends: readonly number[],
  now: number,
  perSecond: number | null,
): readonly number[] {
  if (perSecond === null) return [];
  // What lies ahead was before the clock was put back: it counts as of now, and no write waits for it twice.
  const past = ends.map((at) => Math.min(at, now));
  return [...past, now].slice(-windowOf(perSecond).writes);
}

/**
 * How long the next write has to wait, in ms.
 * @param spentMs how long the last one took
 * @param ends as `withEnd` keeps them, the last one's among them
 */
export function ceilingRestMs(
  perSecond: number | null,
  spentMs: number,
  ends: readonly number[],
  now: number,
): number {
  if (perSecond === null) return 0;
  const { writes, ms } = windowOf(perSecond);
  const [oldest = now] = ends;
  // A clock that was put back must not make it longer than the window.
  const ofWindow = ends.length < writes ? 0 : Math.min(ms, oldest + ms - now);
  return Math.max(0, intervalMs(perSecond) - spentMs, ofWindow);
}
