// What happens when nobody presses a button: an edit every second or so, now and then a bulk edit,
// now and then an outage of Plex.
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { PlexAway, Show } from './show.ts';

export type Step = 'edit' | 'bulk edit' | 'stop Plex' | 'start Plex';

/** A little more than the second after which PlexSync takes a change for a lone one. */
const shortestPauseMs = 1_150;
const longestPauseMs = 2_000;
const bulkEvery = 9;
const firstOutageMs = 15_000;
const outageEveryMs = 60_000;
const outageMs = 12_000;
const firstSync = 20;
const bulkSize = 20;

/**
 * @param count steps made so far
 * @param away what a person stopped, only a person starts again
 * @param nextOutageAt Unix ms, as `now`
 */
export function nextStep(
  count: number,
  away: PlexAway | null,
  nextOutageAt: number,
  now: number,
): Step {
  if (away?.by === 'story' && now - away.since >= outageMs) return 'start Plex';
  if (away === null && now >= nextOutageAt) return 'stop Plex';
  return count % bulkEvery === bulkEvery - 1 ? 'bulk edit' : 'edit';
}

/** Plays until it is stopped. @throws Error if Stash refuses an edit */
export async function playStory(show: Show, random: Random, stop: AbortSignal): Promise<void> {
  await show.editMany(firstSync);
  let nextOutageAt = Date.now() + firstOutageMs;
  for (let count = 0; ; count += 1) {
    const pauseMs = shortestPauseMs + random() * (longestPauseMs - shortestPauseMs);
    if (!(await paused(pauseMs, stop))) return;
    const now = Date.now();
    // A person's own outage is story enough for a while.
    if (show.away?.by === 'person') nextOutageAt = now + outageEveryMs;
    switch (nextStep(count, show.away, nextOutageAt, now)) {
      case 'edit':
        await show.editOne();
        break;
      case 'bulk edit':
        await show.editMany(bulkSize);
        break;
      case 'stop Plex':
        nextOutageAt = now + outageEveryMs;
        await show.stopPlex('story');
        break;
      case 'start Plex':
        await show.startPlex();
        break;
    }
  }
}

/** @returns false if it was stopped */
export async function paused(ms: number, stop: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: stop });
    return true;
  } catch {
    return false;
  }
}
