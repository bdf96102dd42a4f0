// The scenes of Stash whose time of change lies after a moment, with those times as they are, and what
// Stash's own clock said then.
import { sceneTimesAfterDocument } from './documents.ts';
import type { Graphql } from './graphql.ts';
import { checkedPage, type Keyset, keysetVariables } from './keyset.ts';
import { dataOf } from './query.ts';
import { sceneTimesPageSchema } from './schemas.ts';

export interface SceneTimes {
  /** `at` is Unix ms, in whole seconds as Stash keeps it, by Stash's clock. */
  readonly scenes: readonly { readonly id: number; readonly at: number }[];
  /** After which to ask on; null if this was the last page. */
  readonly next: number | null;
  /** Unix ms by the clock of Stash's machine, from the header `Date`; null where there is none. */
  readonly stashNow: number | null;
}

/**
 * Some that were changed before the moment come as well: Stash compares times as texts, each in the
 * offset that its machine had then (stashapp/stash `pkg/sqlite/timestamp.go`, `pkg/sqlite/sql.go`), which
 * is between 12 hours behind and 14 ahead of UTC.
 * @param from Unix ms by Stash's clock
 * @throws PlexSyncError `bad-arguments`, and those of the query
 */
export async function sceneTimesAfter(
  graphql: Graphql,
  keyset: Keyset,
  from: number,
): Promise<SceneTimes> {
  const value = new Date(from - offsetsMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const variables = keysetVariables(keyset, { updated_at: { value, modifier: 'GREATER_THAN' } });
  const answer = await graphql.send(sceneTimesAfterDocument, variables);
  const { findScenes } = dataOf(answer, sceneTimesPageSchema);
  const scenes = checkedPage(findScenes.scenes, keyset);
  return {
    scenes: scenes.map(({ id, updated_at }) => ({ id, at: Date.parse(updated_at) })),
    next: findScenes.count > scenes.length ? (scenes.at(-1)?.id ?? null) : null,
    stashNow: answer.at,
  };
}

const offsetsMs = 26 * 3_600_000;
