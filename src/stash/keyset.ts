// Pages of scenes by "ids greater than the last one": unlike numbered pages these skip nothing and
// repeat nothing when scenes come and go in between.
import { PlexSyncError } from '../contract/errors.ts';

export interface Keyset {
  /** 0 for the first page. */
  readonly afterId: number;
  /** 1 or more. */
  readonly limit: number;
}

export function isId(id: number): boolean {
  return Number.isSafeInteger(id) && id > 0;
}

/**
 * @param criteria Further ones that a scene has to meet (stashapp/stash
 *   `graphql/schema/types/filters.graphql` `SceneFilterType`).
 * @returns The variables `scenes` and `page`.
 * @throws PlexSyncError `bad-arguments`; a limit of 0 or less would mean something else to Stash
 *   (`pkg/models/find_filter.go`: -1 = all, 0 = none).
 */
export function keysetVariables(
  { afterId, limit }: Keyset,
  criteria: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  if (!Number.isSafeInteger(afterId) || afterId < 0 || !isId(limit)) {
    throw new PlexSyncError('bad-arguments', 'Scenes are asked after an id, one or more of them.');
  }
  return {
    scenes: { id: { value: afterId, modifier: 'GREATER_THAN' }, ...criteria },
    page: { page: 1, per_page: limit, sort: 'id', direction: 'ASC' },
  };
}

/**
 * Gives the scenes back when they are such a page. One who asks on from the last id would not come
 * to an end if they were not.
 * @throws PlexSyncError `stash-bad-answer`
 */
export function checkedPage<Item extends { readonly id: number }>(
  scenes: readonly Item[],
  { afterId, limit }: Keyset,
): readonly Item[] {
  let last = afterId;
  const isOne = scenes.every(({ id }) => {
    const follows = id > last;
    last = id;
    return follows;
  });
  if (isOne && scenes.length <= limit) return scenes;
  const message = "Stash's answer has other scenes than were asked for.";
  throw new PlexSyncError('stash-bad-answer', message, { field: 'findScenes.scenes' });
}
