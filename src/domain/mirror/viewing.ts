// What goes both ways between a scene and its item for one user of Plex: what each side has, what each
// had at the last sync, and the plan that comes of it. Three-way, never "the furthest wins". Pure.
import type { ViewingField, ViewingRule } from '../../contract/viewingSettings.ts';

/** Of the item, as the user whom the token is of has it. */
export interface PlexViewed {
  readonly viewCount: number;
  /** 0 = none. */
  readonly viewOffsetMs: number;
  /** 0 to 10; null = none. */
  readonly userRating: number | null;
  /** Unix ms. */
  readonly lastViewedAt: number | null;
  readonly lastRatedAt: number | null;
  readonly durationMs: number | null;
}

export interface StashViewed {
  /** Unix ms in whole seconds, ascending. */
  readonly plays: readonly number[];
  /** 0 = none. */
  readonly resumeSeconds: number;
  readonly rating100: number | null;
  readonly lastPlayedAt: number | null;
  readonly updatedAt: number;
  readonly durationSeconds: number | null;
}

/** What both sides have now. */
export interface Both {
  readonly plex: PlexViewed;
  readonly stash: StashViewed;
}

/** What each side had at the last sync; views and plays as numbers of them. */
export interface WatchedBase {
  readonly plex: number;
  readonly stash: number;
}
/** In seconds. */
export interface ResumeBase {
  readonly plex: number;
  readonly stash: number;
}
/** Both in half stars, 1 to 10, as Plex shows them; null = none. */
export interface RatingBase {
  readonly plex: number | null;
  readonly stash: number | null;
}

/** What PlexSync itself put there, and may therefore take back. */
export interface Own {
  /** Plays in Stash, Unix ms. */
  readonly plays: readonly number[];
  /**
   * `lastViewedAt` that Plex showed after PlexSync marked the item as watched, 0 for none; null = PlexSync
   * did not.
   */
  readonly mark: number | null;
}

/** A mark in Plex that was about to be made or taken away, with nobody knowing whether it arrived. */
export interface Marking {
  readonly to: 'watched' | 'unwatched';
  /** Unix ms. */
  readonly at: number;
  /** Where the item is to be resumed after it: marks clear that. */
  readonly offsetMs: number;
  /** `lastViewedAt` before it: a Plex may leave it as it is. */
  readonly viewedAt: number | null;
}

/** A play that was about to be added. What PlexSync writes to Plex moves the time that it came from. */
export interface Adding {
  /** Unix ms. */
  readonly at: number;
  /** Of the item, when it was decided. */
  readonly viewCount: number;
}

/** null = never compared. */
export interface Known {
  readonly watched: WatchedBase | null;
  readonly resume: ResumeBase | null;
  readonly rating: RatingBase | null;
  readonly own: Own;
  readonly marking: Marking | null;
  readonly adding: Adding | null;
}

export const unknown: Known = {
  watched: null,
  resume: null,
  rating: null,
  own: { plays: [], mark: null },
  marking: null,
  adding: null,
};

export type Write =
  | { readonly side: 'stash'; readonly kind: 'add-play'; readonly at: number }
  | { readonly side: 'stash'; readonly kind: 'delete-plays'; readonly times: readonly number[] }
  | { readonly side: 'stash'; readonly kind: 'resume'; readonly seconds: number }
  | { readonly side: 'stash'; readonly kind: 'rate'; readonly rating100: number | null }
  | { readonly side: 'plex'; readonly kind: 'mark'; readonly to: Marking['to'] }
  | { readonly side: 'plex'; readonly kind: 'offset'; readonly ms: number }
  | { readonly side: 'plex'; readonly kind: 'rate'; readonly rating: number | null };

/** Why something was written, or left: `kept` is what a person did, and PlexSync may not take back. */
export type Why = 'changed' | 'first' | 'conflict' | 'kept';

/** Of two that have both changed, in the words of the history. */
export interface Conflict {
  readonly plex: string;
  readonly stash: string;
  /** Unix ms; null = not known. */
  readonly plexAt: number | null;
  readonly stashAt: number | null;
  readonly rule: ViewingRule;
  readonly winner: 'plex' | 'stash';
}

export interface Note {
  readonly field: ViewingField;
  /** Which side was written, or would have been. */
  readonly side: 'plex' | 'stash';
  readonly before: string;
  readonly after: string;
  readonly why: Why;
  readonly conflict: Conflict | null;
}

/** What becomes of one field. */
export type Step<Base> =
  /** It is as it was. */
  | { readonly kind: 'none' }
  /** Somebody is at it right now: another time. */
  | { readonly kind: 'wait' }
  /** Nothing is written; from now on this is what each side had. */
  | { readonly kind: 'settle'; readonly base: Base; readonly note: Note | null }
  | {
      readonly kind: 'write';
      readonly write: Write;
      readonly note: Note;
      /** Once it is written. */
      readonly base: Base;
      /** What PlexSync may not take back all the same. */
      readonly kept: Note | null;
    };

export interface Times {
  readonly plexAt: number | null;
  readonly stashAt: number | null;
}

/**
 * Who counts where both have changed.
 * @param otherwise where a time is missing, or both are the same
 */
export function winnerOf(
  rule: ViewingRule,
  { plexAt, stashAt }: Times,
  otherwise: 'plex' | 'stash',
): 'plex' | 'stash' {
  if (rule !== 'later') return rule;
  if (plexAt === null || stashAt === null || plexAt === stashAt) return otherwise;
  return plexAt > stashAt ? 'plex' : 'stash';
}
