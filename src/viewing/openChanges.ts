// What was about to be written when PlexSync died: by what both sides have now, it was, or was not.
import type { Both, Note } from '../domain/mirror/viewing.ts';
import { ratingText } from '../domain/mirror/viewingRating.ts';
import { isSame } from '../domain/mirror/viewingResume.ts';
import { dropViewingChange, openViewing, viewingDone } from '../store/mirror/viewingChange.ts';
import type { Pair } from '../store/mirror/viewing.ts';
import type { Database } from '../store/file/database.ts';

/** In doubt it stays in the history: what was there before must be found in it. */
export function settleOpen(db: Database, { sceneId, ratingKey }: Pair, both: Both): void {
  for (const change of openViewing(db, sceneId)) {
    const isOfIt = change.ratingKey === ratingKey;
    if (isOfIt && isAsBefore(change, both)) dropViewingChange(db, change.id);
    else viewingDone(db, [change.id]);
  }
}

function isAsBefore({ field, side, before, after }: Note, { plex, stash }: Both): boolean {
  if (field === 'rating') {
    return before === ratingText(side === 'stash' ? stash.rating100 : plex.userRating);
  }
  if (field === 'resume') {
    const seconds = side === 'stash' ? stash.resumeSeconds : plex.viewOffsetMs / 1000;
    return isSame(seconds, Number(before));
  }
  if (side === 'plex') return plex.viewCount > 0 === (before !== '');
  const plays = new Set(stash.plays.map((at) => new Date(at).toISOString()));
  if (before === '') return !plays.has(after);
  return before.split(', ').every((at) => plays.has(at));
}
