// Which scenes may have been watched, begun or rated since a time, on either side. Lists only point at
// scenes: what is decided is decided by full reads, and nothing is concluded from an absence in a list.
import type { ViewingField } from '../contract/viewingSettings.ts';
import type { ViewingOrder } from '../plex/viewing.ts';
import type { PlexClient } from '../plex/client.ts';
import type { ViewingSelection } from '../stash/viewing.ts';
import { scenesAgain, scenesOfItems } from '../store/mirror/viewing.ts';
import type { DrainContext } from '../sync/base/context.ts';

const perPage = 100;
/** Beyond that all scenes are looked at instead. */
export const mostCandidates = 2_000;

/**
 * @param since Unix ms
 * @returns numbers of scenes that have an item, ascending; null where there are more than are kept
 */
export async function candidates(
  context: DrainContext,
  viewer: PlexClient,
  sectionIds: readonly string[],
  fields: readonly ViewingField[],
  since: number,
): Promise<readonly number[] | null> {
  const { db, stash } = context;
  const found = new Set<number>(scenesAgain(db, mostCandidates));
  const isAboutViews = fields.includes('watched') || fields.includes('resume');
  const orders: readonly ViewingOrder[] = [
    ...(isAboutViews ? (['viewed'] as const) : []),
    ...(fields.includes('resume') ? (['inProgress'] as const) : []),
    ...(fields.includes('rating') ? (['rated'] as const) : []),
  ];
  for (const id of sectionIds) {
    for (const by of orders) {
      const keys = await itemsSince(viewer, id, by, since);
      if (keys === null) return null;
      for (const sceneId of scenesOfItems(db, keys)) found.add(sceneId);
    }
  }
  const selections: readonly ViewingSelection[] = [
    ...(fields.includes('watched') ? ([{ by: 'played', since }] as const) : []),
    ...(fields.includes('resume') ? ([{ by: 'inProgress' }] as const) : []),
    ...(fields.includes('rating') ? ([{ by: 'changed', since }] as const) : []),
  ];
  for (const selection of selections) {
    let afterId: number | null = 0;
    while (afterId !== null) {
      const page = await stash.viewingPage({ ...selection, afterId, limit: perPage * 10 });
      for (const id of page.ids) found.add(id);
      if (found.size > mostCandidates) return null;
      afterId = page.next;
    }
  }
  return found.size > mostCandidates ? null : [...found].toSorted((a, b) => a - b);
}

/** null: too many. */
async function itemsSince(
  viewer: PlexClient,
  sectionId: string,
  by: ViewingOrder,
  since: number,
): Promise<readonly string[] | null> {
  const keys: string[] = [];
  for (let offset = 0; ; offset += perPage) {
    const page = await viewer.viewingPage(sectionId, { by, offset, limit: perPage });
    const isNew = ({ lastViewedAt, lastRatedAt }: (typeof page.viewings)[number]): boolean =>
      by === 'inProgress' || ((by === 'viewed' ? lastViewedAt : lastRatedAt) ?? 0) >= since;
    // Of an order that Plex does not know the first page is taken as it is; a whole pass has the rest.
    const wanted = page.ordered ? page.viewings.filter(isNew) : page.viewings;
    keys.push(...wanted.map(({ ratingKey }) => ratingKey));
    if (keys.length > mostCandidates) return null;
    const isEnd = !page.ordered || offset + perPage >= page.total;
    if (isEnd || wanted.length < page.viewings.length || page.viewings.length === 0) return keys;
  }
}
