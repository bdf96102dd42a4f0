// One page of a library: the request that asks for it, and what its answer says. Listings are cut
// short inside (Plex lists two genres of four), so they serve to find items and nothing else.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import type { ListedItem } from '../domain/base/plexItem.ts';
import { isPlexId } from './ratingKeys.ts';
import { badForm, listAnswer, listedItem, parseAnswer, refuseSilence } from './schemas.ts';
import type { PlexAnswer } from './transport.ts';

export interface PageSlice {
  /** Rows to leave out from the front. */
  readonly start: number;
  /** Rows wanted at most. */
  readonly size: number;
}

export interface ListPage extends PageSlice {
  /** Only items added at this Unix second or later. */
  readonly addedSince?: number;
  /** Only items updated at this Unix second or later. */
  readonly updatedSince?: number;
}

export interface ListedPage {
  /** Items that match, on all pages. */
  readonly total: number;
  readonly items: readonly ListedItem[];
  /** Rows of this page that could not be understood. */
  readonly skipped: number;
}

const what = 'a page of the library';

/**
 * The request target for a page of a section's movies (OpenAPI operation librarySectionGetAll, and
 * its "Media Queries" for the operator `>>=`; a sort field ascends unless it says `:desc`).
 *
 * @throws PlexSyncError `internal`: a section id that is not a number.
 */
export function listTarget(sectionId: string, page: ListPage): string {
  if (!isPlexId(sectionId)) {
    throw new PlexSyncError('internal', 'Refused to list a Plex section whose id is no number.', {
      field: 'sectionId',
    });
  }
  const query = ['type=1'];
  if (page.addedSince !== undefined) query.push(since('addedAt', page.addedSince));
  if (page.updatedSince !== undefined) query.push(since('updatedAt', page.updatedSince));
  // An item that moves during a walk must come again rather than be missed. New ones come last in
  // order of addition; updated ones come first in the other order, and push the rest back.
  query.push(page.updatedSince === undefined ? 'sort=addedAt' : 'sort=updatedAt%3Adesc');
  return `/library/sections/${sectionId}/all?${query.join('&')}`;
}

/**
 * Plex's `>>=` means "greater", so one second less makes it "from then on". Never below 0: a value
 * with a minus is a time before now (OpenAPI, "Media Queries").
 */
function since(field: string, unixSeconds: number): string {
  return `${field}%3E%3E=${Math.max(0, Math.floor(unixSeconds) - 1)}`;
}

/**
 * What the answer holds of the page. A row that cannot be understood is counted, not fatal: one odd
 * item must not hide the other thousands.
 *
 * @throws PlexSyncError as `slicePage`
 */
export function readPage(answer: PlexAnswer, page: ListPage): ListedPage {
  const { total, rows } = slicePage(answer, page);
  const parsed = rows.map((row) => v.safeParse(listedItem, row));
  const items = parsed.flatMap((row) => (row.success ? [row.output] : []));
  return { total, items, skipped: rows.length - items.length };
}

/**
 * The rows of the page, not yet understood, and how many there are on all pages.
 *
 * @throws PlexSyncError `plex-bad-answer`: no list, another page than the one asked for, or no
 *   telling how many items there are.
 */
export function slicePage(
  answer: PlexAnswer,
  page: PageSlice,
): { readonly total: number; readonly rows: readonly unknown[] } {
  const container = parseAnswer(listAnswer, answer.text, what);
  refuseSilence(container.Metadata, container.size, what);
  let rows: readonly unknown[] = container.Metadata;
  let total = container.totalSize ?? headerCount(answer, 'x-plex-container-total-size');
  const offset = container.offset ?? headerCount(answer, 'x-plex-container-start');
  if (rows.length > page.size) {
    // "Must check if really paginated" (OpenAPI, on paging): this is the whole list.
    total = rows.length;
    rows = rows.slice(page.start, page.start + page.size);
  } else if (offset !== null && offset !== page.start && rows.length > 0) {
    throw badForm(what, 'MediaContainer.offset');
  }
  if (total === null) {
    // A full page without a total may be one of many; taking it for all would lose the others.
    if (rows.length === page.size) throw badForm(what, 'MediaContainer.totalSize');
    total = page.start + rows.length;
  }
  return { total, rows };
}

function headerCount(answer: PlexAnswer, name: string): number | null {
  const text = answer.header(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
