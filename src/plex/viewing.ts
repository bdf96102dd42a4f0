// What one Plex user left on items: plays, where they stopped, the rating. The requests that list,
// read and change it, and the forms of their answers. Pure.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import { type PageSlice, slicePage } from './listing.ts';
import { isPlexId } from './ratingKeys.ts';
import { count, inContainer, listOf, parseAnswer, plexId, refuseSilence } from './schemas.ts';
import type { PlexAnswer } from './transport.ts';

/** Of the user whose token the client has. */
export interface PlexViewing {
  readonly ratingKey: string;
  /** 0 = unplayed. */
  readonly viewCount: number;
  /** Where the user stopped, in milliseconds; 0 = nowhere. */
  readonly viewOffsetMs: number;
  /** 0 to 10. */
  readonly userRating: number | null;
  /** Unix ms, in whole seconds as Plex keeps it. */
  readonly lastViewedAt: number | null;
  readonly lastRatedAt: number | null;
  readonly durationMs: number | null;
}

/**
 * `viewed`, `rated`: all of a section, the latest first, those without such a time last. `inProgress`:
 * those that have an offset. `added`: all, the oldest addition first.
 */
export type ViewingOrder = 'viewed' | 'rated' | 'inProgress' | 'added';

export interface ViewingSlice {
  readonly offset: number;
  readonly limit: number;
  readonly by: ViewingOrder;
}

export interface ViewingRows {
  /** Items on all pages. */
  readonly total: number;
  /** Rows that could not be understood are left out. */
  readonly viewings: readonly PlexViewing[];
  /**
   * Whether the page is what was asked for. False: Plex refused the order or the selection or took no
   * notice, or its rows lack the time that they should be ordered by. Then these are items like any
   * others, and what does not stand here may stand on any page. Where nothing is rated, nothing shows
   * whether Plex knows the order by rating, and it is false as well.
   */
  readonly ordered: boolean;
}

/** The year 10,000, which no time in Stash can be beyond. */
const latestSeconds = 253_402_300_800;
/** A time that cannot be is not known: an item that has one keeps no others from being read. */
const secondsAsMs = v.pipe(
  v.nullish(count, null),
  v.transform((seconds) =>
    seconds === null || seconds === 0 || seconds >= latestSeconds ? null : seconds * 1000,
  ),
);
/** -1 is what takes a rating away, so it may stand where there is none. */
const ratingOrNone = v.pipe(
  v.nullish(v.union([v.number(), v.pipe(v.string(), v.decimal(), v.transform(Number))]), -1),
  v.maxValue(10),
  v.transform((rating) => (rating < 0 ? null : rating)),
);

/**
 * Names and units: OpenAPI schema `metadata`; `lastRatedAt`: python-plexapi `video.py`. A value of another
 * form is an error and not "none", which would be carried on as such.
 */
const viewing = v.pipe(
  v.object({
    ratingKey: plexId,
    viewCount: v.nullish(count, 0),
    viewOffset: v.nullish(count, 0),
    userRating: ratingOrNone,
    lastViewedAt: secondsAsMs,
    lastRatedAt: secondsAsMs,
    duration: v.fallback(v.nullish(count, null), null),
  }),
  v.transform(
    (row): PlexViewing => ({
      ratingKey: row.ratingKey,
      viewCount: row.viewCount,
      viewOffsetMs: row.viewOffset,
      userRating: row.userRating,
      lastViewedAt: row.lastViewedAt,
      lastRatedAt: row.lastRatedAt,
      durationMs: row.duration === 0 ? null : row.duration,
    }),
  ),
);

const viewingsAnswer = inContainer({
  size: v.nullish(count, null),
  Metadata: listOf(viewing),
});

/**
 * The target of a page (OpenAPI operation librarySectionGetAll; `lastViewedAt` among the `Sort` and
 * `inProgress` among the `Filter` elements of its examples). That it can be sorted by `lastRatedAt` is
 * said nowhere; python-plexapi `library.py` only filters by it.
 * @throws PlexSyncError `internal`: a section id that is not a number.
 */
export function viewingTarget(sectionId: string, by: ViewingOrder | 'firstRated'): string {
  if (!isPlexId(sectionId)) throw refused('sectionId');
  return `/library/sections/${sectionId}/all?type=1&${queries[by]}`;
}

const queries: Readonly<Record<ViewingOrder | 'firstRated', string>> = {
  viewed: 'sort=lastViewedAt%3Adesc',
  rated: 'sort=lastRatedAt%3Adesc',
  firstRated: 'sort=lastRatedAt',
  inProgress: 'inProgress=1&sort=addedAt',
  added: 'sort=addedAt',
};

/** @throws PlexSyncError `plex-bad-answer`, as `slicePage` */
export function readViewingPage(
  answer: PlexAnswer,
  slice: PageSlice,
  by: ViewingOrder,
): ViewingRows {
  const { total, rows } = slicePage(answer, slice);
  const viewings = rows.flatMap((row) => {
    const parsed = v.safeParse(viewing, row);
    return parsed.success ? [parsed.output] : [];
  });
  return { total, viewings, ordered: isAsAsked(viewings, by) };
}

function isAsAsked(viewings: readonly PlexViewing[], by: ViewingOrder): boolean {
  if (by === 'added') return true;
  if (by === 'inProgress') return viewings.every((one) => one.viewOffsetMs > 0);
  const has = (one: PlexViewing): boolean =>
    by === 'viewed' ? one.viewCount > 0 || one.viewOffsetMs > 0 : one.userRating !== null;
  let last = Number.POSITIVE_INFINITY;
  return viewings.every((one) => {
    const at = by === 'viewed' ? one.lastViewedAt : one.lastRatedAt;
    if (at === null && has(one)) return false;
    const follows = (at ?? 0) <= last;
    last = at ?? 0;
    return follows;
  });
}

/** @throws PlexSyncError `plex-bad-answer` if one of them is not understood. */
export function parseViewings(body: string): readonly PlexViewing[] {
  const what = 'what was watched';
  const container = parseAnswer(viewingsAnswer, body, what);
  refuseSilence(container.Metadata, container.size, what);
  return container.Metadata;
}

/**
 * `PUT /:/scrobble` and `/:/unscrobble` (OpenAPI operations putScrobble, putUnscrobble).
 * @throws PlexSyncError `internal`: a key that is not one.
 */
export function playedTarget(ratingKey: string, played: boolean): string {
  const path = played ? '/:/scrobble' : '/:/unscrobble';
  return `${path}?key=${checkedKey(ratingKey)}&identifier=com.plexapp.plugins.library`;
}

/**
 * `/:/timeline` of a player that has stopped there (OpenAPI operation timelinePostSlash; the arguments of
 * python-plexapi `base.py` `updateTimeline`).
 * @throws PlexSyncError `internal`: a key that is not one, a time outside of the item.
 */
export function offsetTarget(
  ratingKey: string,
  { ms, durationMs }: { readonly ms: number; readonly durationMs: number },
): string {
  const key = checkedKey(ratingKey);
  const fits = Number.isFinite(durationMs) && ms >= 0 && ms < durationMs;
  if (!fits) throw refused('offset');
  const query = [
    `ratingKey=${key}`,
    `key=%2Flibrary%2Fmetadata%2F${key}`,
    'identifier=com.plexapp.plugins.library',
    'state=stopped',
    `time=${Math.round(ms)}`,
    `duration=${Math.round(durationMs)}`,
  ];
  return `/:/timeline?${query.join('&')}`;
}

function checkedKey(ratingKey: string): string {
  if (!isPlexId(ratingKey)) throw refused('ratingKey');
  return ratingKey;
}

function refused(field: string): PlexSyncError {
  const message = 'Refused to tell Plex of a viewing that cannot be.';
  return new PlexSyncError('internal', message, { field });
}
