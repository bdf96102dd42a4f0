// Scenes that are proven gone from Stash. Their files may be another scene's now (merged, assigned):
// that scene is raised and inherits the item. Where nobody inherits, a setting decides whether what
// PlexSync put into Plex stays or is taken out.
import type { PlexSyncError } from '../../contract/errors.ts';
import { withdrawEdit } from '../../domain/mirror/withdraw.ts';
import { itemsOfScene } from '../../store/match/freed.ts';
import { noteOutcome } from '../../store/queue/outcome.ts';
import { pinOf } from '../../store/match/pin.ts';
import { type QueueRow, raiseScene } from '../../store/queue/queue.ts';
import { finish } from '../../store/queue/queueSettle.ts';
import { dropSceneFiles, sceneFiles } from '../../store/match/sceneFile.ts';
import { dropScene, type SceneState, sceneState } from '../../store/mirror/sceneState.ts';
import { forgetStashTime } from '../../store/run/stashNewest.ts';
import { transaction } from '../../store/file/sql.ts';
import { failureOfAsked } from '../base/askedFor.ts';
import type { DrainContext } from '../base/context.ts';
import { named } from '../base/named.ts';
import { forgetAll } from '../match/forget.ts';
import { freeItems } from '../match/free.ts';
import type { Suspect, WithdrawJob } from '../base/job.ts';
import { readItems } from '../read/readItems.ts';
import { withdrawExtras } from '../extras/withdrawExtras.ts';

export interface GoneSettled {
  /** What is to be taken out of Plex; their rows are still in flight. */
  readonly withdrawals: readonly WithdrawJob[];
  /** Items that could not be read while others could. */
  readonly suspects: readonly Suspect[];
  /** Stash could not say who inherits, although it could answer something else. */
  readonly failed: readonly Suspect[];
}

/** @throws PlexSyncError when Stash or Plex failed */
export async function settleGone(
  context: DrainContext,
  gone: readonly QueueRow[],
): Promise<GoneSettled> {
  const withItem: { readonly row: QueueRow; readonly state: SceneState; readonly key: string }[] =
    [];
  const failed: Suspect[] = [];
  for (const row of gone) {
    const state = sceneState(context.db, row.entityId);
    const key = state?.ratingKey ?? null;
    let heirs: readonly number[];
    try {
      heirs = key === null ? [] : await heirsOf(context, row);
    } catch (thrown) {
      failed.push({ row, error: await failureOfAsked(context.stash, thrown) });
      continue;
    }
    // "Never" means no write of any kind, this one included.
    const excluded = pinOf(context.db, row.entityId)?.kind === 'never';
    const withdraws = context.settings.withdrawWhenGone && heirs.length === 0 && !excluded;
    if (state !== null && key !== null && withdraws) withItem.push({ row, state, key });
    else leave(context, row, key, heirs);
  }
  if (withItem.length === 0) return { withdrawals: [], suspects: [], failed };
  const { items, failures } = await readItems(
    context,
    withItem.map(({ key }) => key),
  );
  const withdrawals: WithdrawJob[] = [];
  const suspects: Suspect[] = [];
  for (const { row, state, key } of withItem) {
    const error: PlexSyncError | undefined = failures.get(key);
    const item = items.get(key);
    if (error !== undefined) {
      suspects.push({ row, error });
      continue;
    }
    const failure = item === undefined ? null : await withdrawExtras(context, row, item);
    if (failure !== null) {
      suspects.push({ row, error: failure });
      continue;
    }
    const edit =
      item === undefined ? null : withdrawEdit(item, state.pushed, state.intent, state.before);
    if (item === undefined || edit === null) {
      settleWithdrawn(context, row);
      continue;
    }
    const decision = { edit: { ...edit, removeTags: {} }, stale: edit.removeTags };
    withdrawals.push({ kind: 'withdraw', row, item, decision });
  }
  return { withdrawals, suspects, failed };
}

/** Scenes that have one of its files now. */
async function heirsOf(
  { db, stash }: DrainContext,
  { entityId }: QueueRow,
): Promise<readonly number[]> {
  const heirs = new Set<number>();
  for (const { path } of sceneFiles(db, entityId)) {
    for (const id of await stash.scenesWithFile(path)) heirs.add(id);
  }
  heirs.delete(entityId);
  return [...heirs];
}

function leave(
  context: DrainContext,
  row: QueueRow,
  ratingKey: string | null,
  heirs: readonly number[],
): void {
  const { db, clock, log } = context;
  const now = clock.now();
  transaction(db, () => {
    const freed = itemsOfScene(db, row.entityId);
    forgetAll(context, row.entityId);
    dropSceneFiles(db, row.entityId);
    forgetTime(context, row);
    finish(db, row, now);
    noteOutcome(db, 'unchanged', now);
    for (const id of heirs) raiseScene(db, id, now, 'inherits', row.correlation);
    freeItems(context, freed, row.entityId, row.correlation);
  });
  const stays = ratingKey === null ? '' : '; Plex keeps what it has';
  const passes = heirs.length > 0 ? `; its file is scene ${heirs.join(', ')}’s now` : stays;
  log.write('info', 'scene-gone', `The scene is gone from Stash${passes}`, {
    ...named(row),
  });
}

/** Nothing of the scene is in Plex any more. */
export function settleWithdrawn(context: DrainContext, row: QueueRow): void {
  const { db, clock, log } = context;
  transaction(db, () => {
    const freed = itemsOfScene(db, row.entityId);
    forgetAll(context, row.entityId);
    dropScene(db, row.entityId);
    dropSceneFiles(db, row.entityId);
    forgetTime(context, row);
    finish(db, row, clock.now());
    noteOutcome(db, 'withdrawn', clock.now());
    freeItems(context, freed, row.entityId, row.correlation);
  });
  const message = 'The scene is gone from Stash; its values were taken out of Plex';
  log.write('info', 'withdrawn', message, { ...named(row) });
}

/** Only what Stash said itself tells a scene that was deleted from one that a restored database lacks. */
function forgetTime({ db }: DrainContext, { source, entityId }: QueueRow): void {
  if (source.startsWith('Scene.Destroy')) forgetStashTime(db, entityId);
}
