/** Writes in the name of the account whose token was sent: played, unplayed, where it stopped, rated. */
import { container, failure } from './answer.ts';
import type { EditOutcome } from './edit.ts';
import { changed } from './itemWrites.ts';
import { durationOf } from './item.ts';
import type { Library } from './library.ts';
import { argument, plexHeader, type QueryPair } from './query.ts';
import { played, rated, type Seen, seenBy, stoppedAt, unplayed, withSeen } from './viewing.ts';

export type ViewingWriteName = 'scrobble' | 'unscrobble' | 'timeline' | 'rate';

export interface ViewingWrite {
  readonly name: ViewingWriteName;
  readonly ratingKey: string;
  readonly account: string;
  readonly method: string;
  readonly pairs: readonly QueryPair[];
  readonly rawHeaders: readonly string[];
}

export function writeViewing(library: Library, write: ViewingWrite): EditOutcome {
  if (write.name === 'timeline') return timeline(library, write);
  if (argument(write.pairs, 'identifier') !== 'com.plexapp.plugins.library') return refused(400);
  if (write.name === 'rate') return rate(library, write);
  const now = library.nowSeconds();
  return ofAccount(library, write, (seen) =>
    write.name === 'scrobble'
      ? played(seen, now, library.switches)
      : unplayed(seen, library.switches),
  );
}

/**
 * `PUT /:/rate` (OpenAPI operation putRate): 0 to 10, and -1 takes the rating away (python-plexapi
 * `mixins/rating.py`). Whether it moves `updatedAt` is not known [?]; here it does not.
 */
function rate(library: Library, write: ViewingWrite): EditOutcome {
  const text = argument(write.pairs, 'rating') ?? '';
  const rating = Number(text);
  const isRating = text !== '' && (rating === -1 || (rating >= 0 && rating <= 10));
  const now = library.nowSeconds();
  const at = Number(argument(write.pairs, 'ratedAt') ?? now);
  // "or if the `ratedAt` is in the future" (OpenAPI operation putRate, 400).
  if (!isRating || !(at <= now)) return refused(400);
  return ofAccount(library, write, (seen) =>
    rated(seen, rating === -1 ? undefined : rating, at, library.switches),
  );
}

/**
 * `/:/timeline` (OpenAPI operation timelinePostSlash), and `/:/progress` of older clients, which names
 * no duration (python-plexapi `base.py` `updateProgress`).
 */
function timeline(library: Library, write: ViewingWrite): EditOutcome {
  const { pairs, method, rawHeaders } = write;
  const { timelineMethod } = library.switches;
  if (timelineMethod !== 'any' && method !== timelineMethod) return refused(404);
  const time = argument(pairs, 'time') ?? '';
  const states = ['stopped', 'buffering', 'playing', 'paused'];
  const isOne = /^\d+$/.test(time) && states.includes(argument(pairs, 'state') ?? '');
  const client = plexHeader(rawHeaders, pairs, 'X-Plex-Client-Identifier');
  if (!isOne || client === undefined) return refused(400);
  const known = library.find(write.ratingKey);
  const durationMs = Number(argument(pairs, 'duration')) || (known && durationOf(known.state)) || 0;
  const at = { timeMs: Number(time), durationMs, nowSeconds: library.nowSeconds() };
  const outcome = ofAccount(library, write, (seen) => stoppedAt(seen, at, library.switches));
  return outcome.applied.length === 0 ? outcome : { ...outcome, answer: container({ size: 0 }) };
}

function ofAccount(
  library: Library,
  { ratingKey, account }: ViewingWrite,
  change: (seen: Seen) => Seen,
): EditOutcome {
  return changed(library, ratingKey, (state) =>
    withSeen(state, account, change(seenBy(state, account))),
  );
}

function refused(status: number): EditOutcome {
  return { answer: failure(status), applied: [] };
}
