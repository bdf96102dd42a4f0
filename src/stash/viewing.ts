// What a scene's viewers left in Stash: plays, where somebody stopped, the rating. And the four
// ways in which PlexSync writes to Stash's data, each of them here.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import { slotsOf } from './batch.ts';
import { secondOf, type SceneIdsAfter, sceneIdsAfter } from './changedScenes.ts';
import {
  addPlayDocument,
  deletePlaysDocument,
  rateSceneDocument,
  saveResumeDocument,
  sceneIdsAfterDocument,
} from './documents.ts';
import type { GraphqlAnswer } from './graphql.ts';
import { checkedPage, isId, type Keyset, keysetVariables } from './keyset.ts';
import type { Query } from './query.ts';
import { sceneIdsPageSchema } from './schemas.ts';
import {
  addedPlaySchema,
  deletedPlaysSchema,
  ratedSceneSchema,
  savedResumeSchema,
  viewingSchema,
} from './viewingSchemas.ts';

export interface StashViewing {
  readonly sceneId: number;
  /** Unix ms in whole seconds, ascending; the same time may stand there twice. */
  readonly plays: readonly number[];
  /** 0 = none. */
  readonly resumeSeconds: number;
  readonly rating100: number | null;
  /** The last of the plays. */
  readonly lastPlayedAt: number | null;
  /** Unix ms, in whole seconds as Stash keeps it. Neither a play nor the resume time moves it. */
  readonly updatedAt: number;
  /** Of the longest file; null if Stash measured none. */
  readonly durationSeconds: number | null;
}

export type ViewingRead =
  | { readonly kind: 'found'; readonly viewing: StashViewing }
  | { readonly kind: 'gone'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/**
 * `played`: with a play at or after `since`. `changed`: with an `updated_at` at or after it, which
 * moves when somebody rates. `inProgress`: with a resume time of a second or more. Times are Unix ms
 * by Stash's clock.
 */
export type ViewingSelection =
  | { readonly by: 'played'; readonly since: number }
  | { readonly by: 'changed'; readonly since: number }
  | { readonly by: 'inProgress' }
  | { readonly by: 'id' };

export type ViewingPage = Keyset & ViewingSelection;

/** The variables of `viewingBatchDocument`. */
export function viewingVariables(ids: readonly number[]): Readonly<Record<string, string>> {
  return Object.fromEntries(ids.map((id, slot) => [`id${slot}`, String(id)]));
}

/**
 * @param ids what the answers `s0`, `s1` … were asked for
 * @returns one result per id, in their order; what is not of the documented form has `failed`
 * @throws PlexSyncError as `slotsOf`
 */
export function readViewings(
  ids: readonly number[],
  answer: GraphqlAnswer,
): readonly ViewingRead[] {
  return slotsOf(ids, answer).map((slot): ViewingRead => {
    if (slot.kind !== 'there') return slot;
    const { id } = slot;
    const parsed = v.safeParse(viewingSchema, slot.value);
    if (parsed.success && parsed.output.sceneId === id) {
      return { kind: 'found', viewing: parsed.output };
    }
    const field = parsed.success ? 'id' : (v.getDotPath(parsed.issues[0]) ?? 'scene');
    return {
      kind: 'failed',
      id,
      message: `Stash's answer for scene ${id} has no usable ${field}.`,
    };
  });
}

/**
 * Ids, ascending, of the first scenes after one that meet the selection. A scene that comes to meet
 * it during a walk may lie behind; one that asks again from the time at which the walk began finds it.
 *
 * Stash keeps times of plays in UTC (stashapp/stash `pkg/sqlite/table.go` `addDates`, and migration 64
 * for older ones), so comparing them as texts, as it does (`pkg/sqlite/scene_filter.go`), compares the
 * times; `updated_at` has the offset of its machine, see `sceneIdsAfter`. A resume time is compared in
 * whole seconds, cut off (`floatIntCriterionHandler`): one below a second counts as none.
 * @throws PlexSyncError `bad-arguments`, and those of the query
 */
export async function viewingPage(query: Query, page: ViewingPage): Promise<SceneIdsAfter> {
  if (page.by === 'id') return await sceneIdsAfter(query, page, null);
  if (page.by === 'changed') return await sceneIdsAfter(query, page, page.since);
  const criterion =
    page.by === 'inProgress'
      ? { resume_time: { value: 0, modifier: 'GREATER_THAN' } }
      : { last_played_at: { value: justBefore(page.since), modifier: 'GREATER_THAN' } };
  const variables = keysetVariables(page, criterion);
  const { findScenes } = await query(sceneIdsAfterDocument, variables, sceneIdsPageSchema);
  const ids = checkedPage(findScenes.scenes, page).map(({ id }) => id);
  const left = Math.max(0, findScenes.count - ids.length);
  return { ids, left, next: left === 0 ? null : (ids.at(-1) ?? null) };
}

/** A second before, for Stash's "greater". */
function justBefore(since: number): string {
  return stashTime(secondOf(since) - 1000);
}

/**
 * Adds a play at that time, also where there is one at the very same already: whoever may have been
 * killed after it looks first. Fires no hook and leaves `updated_at` (stashapp/stash
 * `internal/api/resolver_mutation_scene.go` `SceneAddPlay`).
 * @param atMs Unix ms, cut to the second as Stash keeps it
 * @returns all plays of the scene now, Unix ms, ascending
 * @throws PlexSyncError `stash-query-failed` also for a scene that is gone
 */
export async function addPlay(query: Query, id: number, atMs: number): Promise<readonly number[]> {
  checkScene(id);
  const variables = { id: String(id), times: [stashTime(checkedTime(atMs))] };
  return (await query(addPlayDocument, variables, addedPlaySchema)).sceneAddPlay.history;
}

/**
 * Takes back plays at exactly these times, in whole seconds; one play for each different time, so that
 * of two at the same second one stays. A time at which there is none changes nothing. No hook.
 *
 * None at all is answered without asking: without a time Stash deletes the newest play
 * (stashapp/stash `pkg/sqlite/table.go` `deleteDates`). For a scene that is gone Stash says that it
 * has no plays.
 * @param timesMs Unix ms
 */
export async function deletePlays(
  query: Query,
  id: number,
  timesMs: readonly number[],
): Promise<void> {
  checkScene(id);
  const times = [...new Set(timesMs.map((at) => stashTime(checkedTime(at))))];
  if (times.length === 0) return;
  await query(deletePlaysDocument, { id: String(id), times }, deletedPlaysSchema);
}

/**
 * Where the next viewing is to begin; 0 = at the start. Leaves the rest alone: no play, no duration, no
 * hook, no `updated_at` (stashapp/stash `pkg/sqlite/scene.go` `SaveActivity`).
 * @throws PlexSyncError `stash-query-failed` also for a scene that is gone
 */
export async function saveResume(query: Query, id: number, seconds: number): Promise<void> {
  checkScene(id);
  if (!Number.isFinite(seconds) || seconds < 0) throw refused('resume');
  await query(saveResumeDocument, { id: String(id), seconds }, savedResumeSchema);
}

/**
 * The one write here that fires a hook, `Scene.Update.Post`, and moves `updated_at`, as any edit of the
 * scene does (stashapp/stash `internal/api/resolver_mutation_scene.go` `SceneUpdate`); nothing else of
 * the scene is sent.
 * @param rating100 1 to 100; null takes the rating away
 * @throws PlexSyncError `stash-query-failed` also for a scene that is gone
 */
export async function rateScene(query: Query, id: number, rating100: number | null): Promise<void> {
  checkScene(id);
  const isRating =
    rating100 === null || (Number.isInteger(rating100) && rating100 >= 1 && rating100 <= 100);
  if (!isRating) throw refused('rating');
  await query(rateSceneDocument, { input: { id: String(id), rating100 } }, ratedSceneSchema);
}

function stashTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Four digits of a year, so that times sort as texts. */
function checkedTime(atMs: number): number {
  if (Number.isFinite(atMs) && atMs >= 0 && atMs < Date.UTC(10_000, 0)) return secondOf(atMs);
  throw refused('play');
}

function checkScene(id: number): void {
  if (!isId(id)) throw refused('scene');
}

function refused(field: string): PlexSyncError {
  const message = `Refused to write to Stash what is no ${field}.`;
  return new PlexSyncError('bad-arguments', message, { field });
}
