// The calls about plays, offsets and the orders of a section by them, where one Plex may answer
// otherwise than another: what is not taken is asked for in the other way, and what was set is read.
import { isPlexSyncError } from '../contract/errors.ts';
import type { PlexAnswer } from './transport.ts';
import {
  offsetTarget,
  parseViewings,
  playedTarget,
  type PlexViewing,
  readViewingPage,
  type ViewingRows,
  type ViewingSlice,
  viewingTarget,
} from './viewing.ts';

export interface ViewingWays {
  /** A page of a listing. @throws PlexSyncError `plex-bad-request` for a query that is not taken */
  readonly list: (target: string, start: number, size: number) => Promise<PlexAnswer>;
  /** Full items, each text the body of an answer. */
  readonly details: (ratingKeys: readonly string[]) => Promise<readonly string[]>;
  readonly write: (
    method: 'GET' | 'PUT' | 'POST',
    target: string,
    options?: { readonly once: boolean },
  ) => Promise<unknown>;
}

export interface ViewingCalls {
  /**
   * One page of a section as the token's user has seen it, see `ViewingRows`. Whatever the order, an
   * item that is on no page is not known to be gone.
   */
  viewingPage(sectionId: string, slice: ViewingSlice): Promise<ViewingRows>;
  /** As `items`: a key that is not in the map does not exist in Plex. */
  viewings(ratingKeys: readonly string[]): Promise<ReadonlyMap<string, PlexViewing>>;
  /**
   * Marks the item as played. Plex's time of the last view becomes now; whether it counts again what is
   * played already, and whether the offset goes, is not documented: look at what comes back. Never sent
   * twice: after any failure but a 4xx look before it is made again.
   * @returns the item as it is after it; null if it is gone
   */
  markPlayed(ratingKey: string): Promise<PlexViewing | null>;
  /** Takes all plays away, as `markPlayed`. */
  markUnplayed(ratingKey: string): Promise<PlexViewing | null>;
  /**
   * Sets where the user stopped. Plex may take no notice near the beginning, may mark as played near the
   * end, and may take the moment for that of a view: look at what comes back. For 0, which a Plex may take
   * no notice of (python-plexapi `base.py` `updateProgress`: "will not work"), an item that is unplayed is
   * marked as unplayed once more; of a played one the offset may stay.
   * @param offset `ms` below `durationMs`
   * @returns the item as it is after it; null if it is gone
   */
  setOffset(
    ratingKey: string,
    offset: { readonly ms: number; readonly durationMs: number },
  ): Promise<PlexViewing | null>;
}

export function viewingCalls({ list, details, write }: ViewingWays): ViewingCalls {
  /** The document has POST, every client that could be read sends GET. */
  let timelineMethod: 'POST' | 'GET' = 'POST';

  async function viewings(keys: readonly string[]): Promise<ReadonlyMap<string, PlexViewing>> {
    const wanted = new Set(keys);
    const found = (await details(keys)).flatMap(parseViewings);
    return new Map(
      found.filter((one) => wanted.has(one.ratingKey)).map((one) => [one.ratingKey, one]),
    );
  }

  async function readBack(ratingKey: string): Promise<PlexViewing | null> {
    return (await viewings([ratingKey])).get(ratingKey) ?? null;
  }

  async function tellTimeline(target: string): Promise<void> {
    try {
      await write(timelineMethod, target);
    } catch (error) {
      // 404 is of the method or of the item, 405 of the method.
      if (timelineMethod === 'GET' || !isOneOf(error, ['plex-not-found', 'plex-bad-request'])) {
        throw error;
      }
      await write('GET', target);
      timelineMethod = 'GET';
    }
  }

  async function mark(ratingKey: string, played: boolean): Promise<PlexViewing | null> {
    // A second one would count as a second play.
    await write('PUT', playedTarget(ratingKey, played), { once: played });
    return await readBack(ratingKey);
  }

  /** One that takes no notice of the order has the same item first, whichever end is asked for. */
  async function knowsOrder(sectionId: string, latest: ViewingRows): Promise<boolean> {
    const answer = await list(viewingTarget(sectionId, 'firstRated'), 0, 1);
    const earliest = readViewingPage(answer, { start: 0, size: 1 }, 'added').viewings[0];
    return earliest?.ratingKey !== latest.viewings[0]?.ratingKey;
  }

  return {
    async viewingPage(sectionId, { offset, limit, by }) {
      const slice = { start: offset, size: limit };
      try {
        const answer = await list(viewingTarget(sectionId, by), offset, limit);
        const page = readViewingPage(answer, slice, by);
        const isUnproven = by === 'rated' && offset === 0 && page.ordered && page.total > 1;
        return isUnproven && !(await knowsOrder(sectionId, page))
          ? { ...page, ordered: false }
          : page;
      } catch (error) {
        if (by === 'added' || !isOneOf(error, ['plex-bad-request'])) throw error;
        const answer = await list(viewingTarget(sectionId, 'added'), offset, limit);
        return { ...readViewingPage(answer, slice, 'added'), ordered: false };
      }
    },
    viewings,
    markPlayed: async (ratingKey) => await mark(ratingKey, true),
    markUnplayed: async (ratingKey) => await mark(ratingKey, false),
    async setOffset(ratingKey, offset) {
      await tellTimeline(offsetTarget(ratingKey, offset));
      const after = await readBack(ratingKey);
      const stays = offset.ms === 0 && after !== null && after.viewOffsetMs > 0;
      return stays && after.viewCount === 0 ? await mark(ratingKey, false) : after;
    },
  };
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return isPlexSyncError(error) && codes.includes(error.code);
}
