// Keeps the local index of Plex's files: one whole walk, then only what is new or changed. New files
// re-arm the scenes that waited for them.
import { plexPathKey } from '../../domain/match/pathMapping.ts';
import { dropImagesWithoutItem, forgetAllImages } from '../../store/mirror/image.ts';
import { dropRatingsWithoutItem, forgetAllRatings } from '../../store/mirror/rating.ts';
import { dropLeftWithoutItem } from '../../store/match/leftItem.ts';
import { pinsAwaiting } from '../../store/match/pin.ts';
import { scenesAwaitingChanged } from '../../store/match/awaitedPart.ts';
import {
  dropOtherSections,
  dropUnseen,
  itemsSeenIn,
  partCount,
  putItem,
} from '../../store/match/plexPart.ts';
import { reviewsWithoutItem } from '../../store/match/review.ts';
import { dropGoneWithoutItem, scenesWhoseItemIsGone } from '../../store/mirror/sceneLists.ts';
import { transaction } from '../../store/file/sql.ts';
import { type IndexState, index, readState, writeState } from '../../store/file/state.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import { raiseMany } from '../base/raiseMany.ts';
import { lookIntoUnanalysed } from './unanalysed.ts';

const pageSize = 500;
/** A whole walk finds what vanished; what is new or moved is found by the refresh between. */
const fullWalkEveryMs = 24 * 3_600_000;
/** Plex stamps in whole seconds and adds in transactions: look back a little. */
const overlapSeconds = 120;
const farMoreThanAnyLibrary = 10_000_000;

/** Whether all is to be walked, whatever the libraries are: then they are asked for anew before. */
export function isFullWalkDue({ db, clock }: Pick<DrainContext, 'db' | 'clock'>): boolean {
  const known = readState(db, index);
  return known === null || clock.now() - known.fullWalkAt >= fullWalkEveryMs;
}

/** Whether the index is of this Plex, and of these libraries. */
export function isIndexOf(
  known: Pick<IndexState, 'machineIdentifier' | 'sectionIds'> | null,
  plex: PlexIdentity,
): boolean {
  const ids = plex.sections.map((section) => section.id);
  return (
    known !== null &&
    known.machineIdentifier === plex.machineIdentifier &&
    known.sectionIds.length === ids.length &&
    ids.every((id) => known.sectionIds.includes(id))
  );
}

/** Walks the libraries if the index is missing, of another Plex, of other libraries, or a day old. */
export async function ensureIndex(context: DrainContext, plex: PlexIdentity): Promise<void> {
  const known = readState(context.db, index);
  const usable = isIndexOf(known, plex);
  if (usable && !isFullWalkDue(context)) return;
  if (known !== null && known.machineIdentifier !== plex.machineIdentifier) {
    forgetAllImages(context.db);
    forgetAllRatings(context.db);
  }
  await walk(context, plex, usable ? known : null, 'full');
}

/**
 * Renews the index, wholly or by what is new, and raises no scene for what it finds: who looks at the
 * scenes himself finds it, and the next look by the worker itself raises the rest. It does not stand for
 * the look of each day. The index must exist.
 */
export async function renewQuietly(
  context: DrainContext,
  plex: PlexIdentity,
  extent: Extent,
): Promise<void> {
  await walk(context, plex, readState(context.db, index), extent, false);
}

/** Looks for what is new or changed since the last look. The index must exist. */
export async function refreshIndex(context: DrainContext, plex: PlexIdentity): Promise<void> {
  const known = readState(context.db, index);
  await walk(context, plex, known, known === null ? 'full' : 'new');
}

type Extent = 'full' | 'new';

async function walk(
  context: DrainContext,
  plex: PlexIdentity,
  known: IndexState | null,
  extent: Extent,
  raises = true,
): Promise<void> {
  const { db, clock, log } = context;
  let complete = extent === 'full';
  const number = (readState(db, index)?.walk ?? 0) + 1;
  const startedAt = clock.now();
  const watermarks: IndexState['watermarks'] = {};
  // The number is taken before the first page, so that a walk that dies is not taken up under it.
  // What it finds before that is left for the next one to tell.
  const unsettledFrom = known?.unsettledFrom ?? number;
  if (known !== null) writeState(db, index, { ...known, walk: number, unsettledFrom });
  for (const section of plex.sections) {
    // Plex's clock may have been ahead, and people date items into the future: a mark that lies
    // ahead would hide whatever comes until then. Lower than need be, it costs a look at a few more.
    const nowSeconds = Math.floor(startedAt / 1000);
    const since = notAfter(nowSeconds, known?.watermarks[section.id]);
    const seen = { ...since };
    const walkPages = (filter: PageFilter): Promise<Walked> =>
      walkSection(context, section.id, number, filter, seen);
    if (extent === 'full') {
      let { total, withoutParts } = await walkPages({});
      const seesAll = (): boolean => itemsSeenIn(db, section.id, number) + withoutParts >= total;
      // Nothing but another whole walk would ever list what was missed.
      if (!seesAll()) ({ total, withoutParts } = await walkPages({}));
      // An item that goes during the walk moves others past it: absence is proven only where as
      // many were seen as there are. A library that answers empty may be rebuilding.
      if (total > 0 && seesAll()) {
        dropUnseen(db, section.id, number);
      } else {
        complete = false;
      }
    } else {
      await walkPages({ addedSince: Math.max(0, since.addedAt - overlapSeconds) });
      await walkPages({ updatedSince: Math.max(0, since.updatedAt - overlapSeconds) });
    }
    watermarks[section.id] = notAfter(nowSeconds, seen);
  }
  if (extent === 'new') await lookIntoUnanalysed(context, number);
  const sectionIds = plex.sections.map((section) => section.id);
  const rearmed = transaction(db, () => {
    if (extent === 'full') dropOtherSections(db, sectionIds);
    if (complete) {
      dropGoneWithoutItem(db);
      dropLeftWithoutItem(db);
      dropImagesWithoutItem(db, sectionIds);
      dropRatingsWithoutItem(db, sectionIds);
    }
    const gone = complete && raises ? scenesWhoseItemIsGone(db) : [];
    const concerned = raises ? scenesConcerned(context, unsettledFrom) : [];
    return new Set([...concerned, ...gone]);
  });
  await raiseMany(context, [...rearmed], 'index', (id) => `index-${number}-${id}`);
  writeState(db, index, {
    machineIdentifier: plex.machineIdentifier,
    sectionIds,
    walk: number,
    ...(raises ? {} : { unsettledFrom }),
    fullWalkAt: extent === 'full' && raises ? startedAt : (known?.fullWalkAt ?? 0),
    refreshedAt: clock.now(),
    watermarks,
  });
  log.write('info', 'index', `Index of Plex's files ${extent === 'full' ? 'made' : 'renewed'}`, {
    parts: partCount(db),
    rearmed: rearmed.size,
    ms: clock.now() - startedAt,
  });
}

/** Scenes without an item for which what the walk found new, changed or gone may make a difference. */
function scenesConcerned({ db, rules }: DrainContext, fromWalk: number): ReadonlySet<number> {
  const scenes = scenesAwaitingChanged(db, fromWalk, (path) => plexPathKey(path, rules));
  return new Set([...scenes, ...pinsAwaiting(db, fromWalk), ...reviewsWithoutItem(db)]);
}

type Watermark = IndexState['watermarks'][string];

function notAfter(nowSeconds: number, mark: Watermark | undefined): Watermark {
  return {
    addedAt: Math.min(mark?.addedAt ?? 0, nowSeconds),
    updatedAt: Math.min(mark?.updatedAt ?? 0, nowSeconds),
  };
}

interface PageFilter {
  readonly addedSince?: number;
  readonly updatedSince?: number;
}

interface Walked {
  /** Items that Plex says there are; the most that any page said, since one may go meanwhile. */
  readonly total: number;
  /** Items listed that the index has no use for: no file, or not readable. */
  readonly withoutParts: number;
}

/** `seen` grows with the newest stamps. */
async function walkSection(
  { db, plex }: DrainContext,
  sectionId: string,
  number: number,
  filter: PageFilter,
  seen: { addedAt: number; updatedAt: number },
): Promise<Walked> {
  let start = 0;
  let total = 0;
  let withoutParts = 0;
  while (start < farMoreThanAnyLibrary) {
    const page = await plex.listPage(sectionId, { start, size: pageSize, ...filter });
    transaction(db, () => {
      for (const item of page.items) {
        putItem(db, sectionId, item, number);
        seen.addedAt = Math.max(seen.addedAt, item.addedAt);
        seen.updatedAt = Math.max(seen.updatedAt, item.updatedAt);
      }
    });
    withoutParts += page.skipped + page.items.filter((item) => item.parts.length === 0).length;
    total = Math.max(total, page.total);
    // Plex may give fewer than it is asked for; a page of none is not the end for all that.
    start += page.items.length + page.skipped || pageSize;
    if (start >= page.total) break;
  }
  return { total, withoutParts };
}
