// The numbers of Stash's scenes page by page, all of them or those changed since a time.
import * as v from 'valibot';
import type { SceneRead } from '../domain/base/scene.ts';
import {
  sceneBatchAndIdsDocument,
  sceneIdsAfterDocument,
  sceneTimesAfterDocument,
} from './documents.ts';
import type { Graphql } from './graphql.ts';
import { type Keyset, checkedPage, keysetVariables } from './keyset.ts';
import { dataOf, type Query } from './query.ts';
import { readScenes } from './readScenes.ts';
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

/** What to ask for as "later than this", that nothing changed since a time (Unix ms) is left out. */
export function changedFrom(since: number): string {
  return new Date(since - offsetsMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Stash keeps whole seconds. */
export function secondOf(since: number): number {
  return Math.floor(since / 1000) * 1000;
}

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
  const criterion = { updated_at: { value: changedFrom(since), modifier: 'GREATER_THAN' } };
  const variables = keysetVariables(keyset, criterion);
  const { findScenes } = await query(sceneTimesAfterDocument, variables, sceneTimesPageSchema);
  const scenes = checkedPage(findScenes.scenes, keyset);
  const second = secondOf(since);
  const changed = scenes.filter((scene) => Date.parse(scene.updated_at) >= second);
  return { ids: changed.map(({ id }) => id), ...rest(findScenes.count, scenes) };
}

/**
 * Scenes by their ids, and in the same request the ids after one, of all scenes. Stash answers both one
 * beside the other: a scene that goes at that moment may be in the list and be read as gone.
 * @param ids one to 50, different ones
 * @throws PlexSyncError as `readScenes` and `sceneIdsAfter`
 */
export async function scenesAndIdsAfter(
  graphql: Graphql,
  ids: readonly number[],
  tagParents: boolean,
  keyset: Keyset,
): Promise<ScenesAndIds> {
  const variables = {
    ...Object.fromEntries(ids.map((id, slot) => [`id${slot}`, String(id)])),
    ...keysetVariables(keyset),
  };
  const document = sceneBatchAndIdsDocument(ids.length, tagParents);
  const { data, errors } = await graphql.send(document, variables);
  const ofList = errors.filter(({ path }) => path[0] === 'ids');
  const list = dataOf({ data, errors: ofList }, listSchema);
  const scenes = checkedPage(list.ids.scenes, keyset);
  return {
    // The list was read, so it is not Stash's database where no scene can be.
    reads: readScenes(ids, { data, errors }, tagParents),
    page: { ids: scenes.map(({ id }) => id), ...rest(list.ids.count, scenes) },
  };
}

export interface ScenesAndIds {
  readonly reads: readonly SceneRead[];
  readonly page: SceneIdsAfter;
}

const listSchema = v.object({ ids: sceneIdsPageSchema.entries.findScenes });

function rest(
  count: number,
  page: readonly { readonly id: number }[],
): Pick<SceneIdsAfter, 'next' | 'left'> {
  const left = Math.max(0, count - page.length);
  return { left, next: left === 0 ? null : (page.at(-1)?.id ?? null) };
}
