// Whether the worker has a reason to live on while nothing is due, and when the index of Plex's
// files is looked at again for scenes that wait.

export const lingerMs = 600_000;
const waitingDays = 7;
/**
 * A worker that is blocked while changes wait stays as long as one whose scenes wait. Saving settings
 * fires no hook: once it has left, a token put right is noticed with the next edit only.
 */
export const blockedWithWorkMs = waitingDays * 86_400_000;

export interface StayFacts {
  readonly now: number;
  /** Start of the worker or last event, whichever is later. */
  readonly lastActivityAt: number;
  readonly lingerMs: number;
  /** It asks Stash for changes itself: nobody would start it again for one. */
  readonly watches: boolean;
  /** A person paused PlexSync, and nothing else is left to do for one. */
  readonly paused: boolean;
  /** Rows with a due time, however far ahead. */
  readonly hasWork: boolean;
  /**
   * Unix ms since when nothing can be pushed until a person acts (settings wrong, token refused, no
   * way into Stash); null if that is not so.
   */
  readonly blockedSince: number | null;
  readonly outage: boolean;
  /** Unix ms at which the scene that waits least long began to wait; null if none does. */
  readonly waitingSince: number | null;
  /** A reconciliation is under way, or will begin by itself. */
  readonly reconciles: boolean;
}

/** The reason to stay, in words for the status, or null to leave. */
export function reasonToStay(facts: StayFacts): string | null {
  if (facts.watches) return 'it watches Stash';
  if (facts.now - facts.lastActivityAt < facts.lingerMs) return 'an event came lately';
  if (facts.paused) return null;
  if (facts.blockedSince !== null) return whileBlocked(facts, facts.now - facts.blockedSince);
  if (facts.hasWork) return 'changes wait';
  if (facts.outage) return 'Plex is away';
  if (facts.waitingSince !== null && facts.now - facts.waitingSince < waitingDays * 86_400_000) {
    return 'scenes wait for Plex to scan their files';
  }
  if (facts.reconciles) return 'a reconciliation is under way or will begin';
  return null;
}

/** It may be over in a moment: a setting typed in two goes, a login page while Stash starts. */
function whileBlocked(facts: StayFacts, blockedMs: number): string | null {
  if (blockedMs < facts.lingerMs) return 'it may be put right in a moment';
  return facts.hasWork && blockedMs < blockedWithWorkMs ? 'changes wait to be let through' : null;
}

/**
 * When to look for new files in Plex while scenes wait: a minute after, then as long again as they
 * have waited, at most an hour. Unix ms, or null when nothing waits or it has waited for 7 days.
 */
export function nextRefreshAt(
  now: number,
  refreshedAt: number,
  waitingSince: number | null,
): number | null {
  if (waitingSince === null || now - waitingSince >= waitingDays * 86_400_000) return null;
  // By what they had waited at the last look: measured by `now` the time would flee as it comes.
  const interval = Math.min(3_600_000, Math.max(60_000, refreshedAt - waitingSince));
  return refreshedAt + interval;
}
