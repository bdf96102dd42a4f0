// A rating both ways. Compared in half stars, as Plex shows them, so that a finer one of Stash's is not
// overwritten by its own round. Pure.
import type { ViewingRule } from '../../contract/viewingSettings.ts';
import { plexRating } from './rating.ts';
import {
  type Both,
  type Conflict,
  type Known,
  type Note,
  type RatingBase,
  type Step,
  winnerOf,
} from './viewing.ts';

export function ratingStepOf(both: Both, known: Known, rule: ViewingRule): Step<RatingBase> {
  const { plex, stash } = both;
  const has = { plex: halfStars(plex.userRating), stash: plexRating(stash.rating100) };
  const base = known.rating;
  const plexChanged = has.plex !== (base?.plex ?? null);
  const stashChanged = has.stash !== (base?.stash ?? null);
  if (base !== null && !plexChanged && !stashChanged) return { kind: 'none' };
  if (has.plex === has.stash) return { kind: 'settle', base: has, note: null };
  const conflict = plexChanged && stashChanged ? conflictOf(both, rule) : null;
  const isFromPlex = conflict === null ? plexChanged : conflict.winner === 'plex';
  const why = conflict !== null ? 'conflict' : base === null ? 'first' : 'changed';
  return isFromPlex ? toStash(both, has, why, conflict) : toPlex(both, has, why, conflict);
}

function toStash(
  { stash }: Both,
  has: RatingBase,
  why: Note['why'],
  conflict: Conflict | null,
): Step<RatingBase> {
  const rating100 = has.plex === null ? null : has.plex * 10;
  const before = ratingText(stash.rating100);
  const after = ratingText(rating100);
  return {
    kind: 'write',
    write: { side: 'stash', kind: 'rate', rating100 },
    note: { field: 'rating', side: 'stash', before, after, why, conflict },
    base: { plex: has.plex, stash: has.plex },
    kept: null,
  };
}

function toPlex(
  { plex }: Both,
  has: RatingBase,
  why: Note['why'],
  conflict: Conflict | null,
): Step<RatingBase> {
  const before = ratingText(plex.userRating);
  const after = ratingText(has.stash);
  return {
    kind: 'write',
    write: { side: 'plex', kind: 'rate', rating: has.stash },
    note: { field: 'rating', side: 'plex', before, after, why, conflict },
    base: { plex: has.stash, stash: has.stash },
    kept: null,
  };
}

/** 1 to 10; a rating that is less than half a star is none. */
export function halfStars(userRating: number | null): number | null {
  if (userRating === null || userRating <= 0) return null;
  return Math.min(10, Math.max(1, Math.round(userRating)));
}

function conflictOf({ plex, stash }: Both, rule: ViewingRule): Conflict {
  const times = { plexAt: plex.lastRatedAt, stashAt: stash.updatedAt };
  return {
    plex: ratingText(plex.userRating),
    stash: ratingText(stash.rating100),
    ...times,
    rule,
    winner: winnerOf(rule, times, 'stash'),
  };
}

export function ratingText(rating: number | null): string {
  return rating === null ? '' : String(rating);
}
