// The numbers of Stash's scenes page by page, all of them or those changed since a time.
import { sceneIdsAfterDocument, sceneTimesAfterDocument } from './documents.ts';
import { type Keyset, checkedPage, keysetVariables } from './keyset.ts';
import type { Query } from './query.ts';
import { sceneIdsPageSchema, sceneTimesPageSchema } from './schemas.ts';

export interface SceneIdsAfter {
  readonly ids: readonly number[];
  /** After which to ask on; null if this was the last page. */
  readonly next: number | null;
  /** Scenes on later pages, those among them that were not changed included. */
  readonly left: number;
}

/**
 * Stash compares times as texts, each written in the offset that its machine had then
 * (stashapp/stash `pkg/sqlite/timestamp.go`, `pkg/sqlite/sql.go`): two of the same moment differ by
 * up to 26 hours. So more is asked for, and each scene's own time decides.
 */
const offsetsMs = 26 * 3_600_000;

/** @throws PlexSyncError `bad-arguments`, and those of the query. */
export async function sceneIdsAfter(
  query: Query,
  keyset: Keyset,
  since: number | null,
): Promise<SceneIdsAfter> {
  if (since === null) {
    const variables = keysetVariables(keyset);
    const { findScenes } = await query(sceneIdsAfterDocument, variables, sceneIdsPageSchema);
    const scenes = checkedPage(findScenes.scenes, keyset);
    return { ids: scenes.map(({ id }) => id), ...rest(findScenes.count, scenes) };
  }
  const from = new Date(since - offsetsMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const criterion = { updated_at: { value: from, modifier: 'GREATER_THAN' } };
  const variables = keysetVariables(keyset, criterion);
  const { findScenes } = await query(sceneTimesAfterDocument, variables, sceneTimesPageSchema);
  const scenes = checkedPage(findScenes.scenes, keyset);
  // Stash keeps whole seconds.
  const second = Math.floor(since / 1000) * 1000;
  const changed = scenes.filter((scene) => Date.parse(scene.updated_at) >= second);
  return { ids: changed.map(({ id }) => id), ...rest(findScenes.count, scenes) };
}

function rest(
  count: number,
  page: readonly { readonly id: number }[],
): Pick<SceneIdsAfter, 'next' | 'left'> {
  const left = Math.max(0, count - page.length);
  return { left, next: left === 0 ? null : (page.at(-1)?.id ?? null) };
}
