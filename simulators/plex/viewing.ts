/**
 * What each account left on an item: plays, where it stopped, its rating. The owner's stands on the
 * item itself, everybody else's beside it.
 */
import type { ItemState } from './item.ts';
import type { ViewingSwitches } from './viewingSwitches.ts';

export const OWNER = 'owner';

export interface Viewing {
  readonly viewCount: number;
  /** 0 = none; then Plex leaves it out of its answers. */
  readonly viewOffsetMs: number;
  /** Unix seconds. */
  readonly lastViewedAt?: number;
  readonly lastRatedAt?: number;
}

/** Of an account: with its rating, which of the owner's is one of the item's numbers. */
export interface Seen extends Viewing {
  readonly userRating?: number;
}

const NOTHING: Viewing = { viewCount: 0, viewOffsetMs: 0 };

/** Plex's setting "Video played threshold" is 90 % unless somebody changed it. */
const PLAYED_FROM = 0.9;

export function seenBy(state: ItemState, account: string): Seen {
  if (account !== OWNER) return state.others?.[account] ?? NOTHING;
  const { userRating } = state.numbers;
  const viewing = state.viewing ?? NOTHING;
  return userRating === undefined ? viewing : { ...viewing, userRating };
}

export function withSeen(state: ItemState, account: string, seen: Seen): ItemState {
  if (account !== OWNER) return { ...state, others: { ...state.others, [account]: seen } };
  const { userRating, ...viewing } = seen;
  const { userRating: _, ...numbers } = state.numbers;
  return {
    ...state,
    viewing,
    numbers: userRating === undefined ? numbers : { ...numbers, userRating },
  };
}

/** The item as its answers to that account show it. */
export function asSeenBy(state: ItemState, account: string): ItemState {
  if (account === OWNER) return state;
  return withSeen(state, OWNER, seenBy(state, account));
}

/** `/:/scrobble`. */
export function played(seen: Seen, nowSeconds: number, switches: ViewingSwitches): Seen {
  const again = switches.repeatedScrobble === 'counts';
  return {
    ...seen,
    viewCount: again ? seen.viewCount + 1 : Math.max(1, seen.viewCount),
    viewOffsetMs: switches.scrobbleClearsOffset ? 0 : seen.viewOffsetMs,
    ...(switches.scrobbleMovesTime ? { lastViewedAt: nowSeconds } : {}),
  };
}

/** `/:/unscrobble`. */
export function unplayed(seen: Seen, switches: ViewingSwitches): Seen {
  const { lastViewedAt, ...rest } = seen;
  return {
    ...rest,
    viewCount: 0,
    viewOffsetMs: switches.unscrobbleClearsOffset ? 0 : seen.viewOffsetMs,
    ...(switches.unscrobbleKeepsTime && lastViewedAt !== undefined ? { lastViewedAt } : {}),
  };
}

/** `/:/timeline`, whatever the player's state. */
export function stoppedAt(
  seen: Seen,
  at: { readonly timeMs: number; readonly durationMs: number; readonly nowSeconds: number },
  switches: ViewingSwitches,
): Seen {
  const { timeMs, durationMs, nowSeconds } = at;
  if (timeMs === 0) return switches.timelineZero === 'clears' ? { ...seen, viewOffsetMs: 0 } : seen;
  if (timeMs < switches.shortestOffsetMs) return seen;
  const time = switches.timelineMovesTime ? { lastViewedAt: nowSeconds } : {};
  const isAtEnd = durationMs > 0 && timeMs >= durationMs * PLAYED_FROM;
  if (isAtEnd && switches.timelineNearEnd === 'marks-played') {
    return { ...seen, viewCount: seen.viewCount + 1, viewOffsetMs: 0, lastViewedAt: nowSeconds };
  }
  return { ...seen, viewOffsetMs: timeMs, ...time };
}

/** `/:/rate`; undefined takes the rating away. */
export function rated(
  seen: Seen,
  rating: number | undefined,
  atSeconds: number,
  switches: ViewingSwitches,
): Seen {
  if (rating !== undefined) return { ...seen, userRating: rating, lastRatedAt: atSeconds };
  const { userRating: _, lastRatedAt: __, ...rest } = seen;
  return switches.unratedKeepsTime ? { ...rest, lastRatedAt: atSeconds } : rest;
}
