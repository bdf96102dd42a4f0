// When a scene of Stash's was changed last.
import { sceneTimesAfterDocument } from './documents.ts';
import type { Query } from './query.ts';
import { sceneTimesPageSchema } from './schemas.ts';

/**
 * Stash orders times as texts, each in the offset that its machine had then (stashapp/stash
 * `pkg/sqlite/timestamp.go`), so that the last by its order need not be the latest.
 */
const looked = 100;

/** Unix ms; null if there are no scenes. @throws those of the query. */
export async function newestChangeOfScenes(query: Query): Promise<number | null> {
  const page = { page: 1, per_page: looked, sort: 'updated_at', direction: 'DESC' };
  const variables = { scenes: {}, page };
  const { findScenes } = await query(sceneTimesAfterDocument, variables, sceneTimesPageSchema);
  const times = findScenes.scenes.map(({ updated_at }) => Date.parse(updated_at));
  return times.length === 0 ? null : Math.max(...times);
}
