/** What nobody could settle without a real server about plays, offsets, ratings and lists by them. */

export interface ViewingSwitches {
  /**
   * Whether `/:/scrobble` of what is played already counts one more. The OpenAPI document says only
   * "sets the state as played" (operation putScrobble).
   */
  repeatedScrobble: 'counts' | 'stays';
  /** Whether marking as played or unplayed takes the offset away. */
  scrobbleClearsOffset: boolean;
  unscrobbleClearsOffset: boolean;
  /** Whether marking as played makes now the time of the last view. */
  scrobbleMovesTime: boolean;
  /** Whether the time of the last view outlives marking as unplayed. */
  unscrobbleKeepsTime: boolean;
  /** The OpenAPI document has POST alone (timelinePostSlash), python-plexapi sends GET. */
  timelineMethod: 'any' | 'POST' | 'GET';
  /** What a timeline makes of a time in the last tenth. */
  timelineNearEnd: 'marks-played' | 'sets-offset';
  /** Time 0: "will not work" (python-plexapi `base.py` `updateProgress`). */
  timelineZero: 'ignored' | 'clears';
  /** Whether a stop is a view as far as the time of the last one goes. */
  timelineMovesTime: boolean;
  /** Stops before this change nothing. */
  shortestOffsetMs: number;
  /** Whether taking a rating away leaves a time of rating, that of the taking. */
  unratedKeepsTime: boolean;
  /** Whether rows of a list have `lastRatedAt`. */
  lastRatedAtInLists: boolean;
  /** `sort=lastRatedAt`: nobody has said that there is such an order. */
  sortByLastRatedAt: 'sorts' | 'ignored' | 'refused';
  /** The filter `inProgress=1`, which the OpenAPI document's examples list. */
  inProgressFilter: 'filters' | 'ignored' | 'refused';
}

export function healthyViewing(): ViewingSwitches {
  return {
    repeatedScrobble: 'counts',
    scrobbleClearsOffset: true,
    unscrobbleClearsOffset: true,
    scrobbleMovesTime: true,
    unscrobbleKeepsTime: false,
    timelineMethod: 'any',
    timelineNearEnd: 'marks-played',
    timelineZero: 'ignored',
    timelineMovesTime: true,
    shortestOffsetMs: 0,
    unratedKeepsTime: false,
    lastRatedAtInLists: true,
    sortByLastRatedAt: 'sorts',
    inProgressFilter: 'filters',
  };
}
