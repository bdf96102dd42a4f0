/** The `sort` argument of a listing: which fields can be sorted by, and how two items compare. */
import { durationOf, type Entry, type ItemState, yearOf } from './item.ts';
import { BadQueryError } from './filter.ts';
import { asSeenBy, OWNER } from './viewing.ts';

type SortKey = (state: ItemState) => string | number;

/** What Plex offers for films, as far as the simulator keeps it (OpenAPI, `Sort` elements). */
export const SORT_KEYS: Record<string, SortKey> = {
  titleSort: (state) => state.sortTitle,
  title: (state) => state.sortTitle,
  addedAt: (state) => state.addedAt,
  updatedAt: (state) => state.updatedAt,
  originallyAvailableAt: (state) => state.text.originallyAvailableAt ?? '',
  year: (state) => yearOf(state) ?? 0,
  duration: (state) => durationOf(state) ?? 0,
  userRating: (state) => state.numbers.userRating ?? 0,
  lastRatedAt: (state) => state.viewing?.lastRatedAt ?? 0,
  lastViewedAt: (state) => state.viewing?.lastViewedAt ?? 0,
  viewCount: (state) => state.viewing?.viewCount ?? 0,
  viewOffset: (state) => state.viewing?.viewOffsetMs ?? 0,
  id: (state) => Number(state.ratingKey),
};

/**
 * Compares by `field[:asc|:desc]`, several joined by commas; equal items by rating key, so that
 * pages never overlap. @throws {BadQueryError} for a field that cannot be sorted by
 */
export function comparatorOf(
  sort: string,
  account: string = OWNER,
): (a: Entry, b: Entry) => number {
  const keys = sort.split(',').map((part) => {
    const [name = '', direction = 'asc'] = part.replace(/^movie\./, '').split(':');
    const key = SORT_KEYS[name];
    if (!key) throw new BadQueryError(`cannot sort by ${name}`);
    return { key, sign: direction === 'desc' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { key, sign } of keys) {
      const left = key(asSeenBy(a.state, account));
      const right = key(asSeenBy(b.state, account));
      if (left < right) return -sign;
      if (left > right) return sign;
    }
    return Number(a.state.ratingKey) - Number(b.state.ratingKey);
  };
}
