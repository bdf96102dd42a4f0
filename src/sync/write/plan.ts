// Step "decide": what is to be written, recorded before it is.
import { toPlexSyncError } from '../../contract/errors.ts';
import type { TagModes } from '../../domain/mirror/tagMode.ts';
import { rememberBefore, withdrawEdit } from '../../domain/mirror/withdraw.ts';
import type { BeforeValues } from '../../domain/mirror/values.ts';
import { recordEntities } from '../../store/queue/entity.ts';
import { itemsOfScene } from '../../store/match/freed.ts';
import { forgetLeftItem, keepLeftItem } from '../../store/match/leftItem.ts';
import { pinOf } from '../../store/match/pin.ts';
import { raiseScene } from '../../store/queue/queue.ts';
import { dropReview } from '../../store/match/review.ts';
import { takeFromOthers } from '../../store/match/itemOwner.ts';
import { recordIntent, sceneState } from '../../store/mirror/sceneState.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import { checkDecision, decideScene } from './decideScene.ts';
import type { MatchedJob, PlannedJob, Suspect, WithdrawJob } from '../base/job.ts';
import { freeItems } from '../match/free.ts';
import { entitiesOf } from '../read/readScenes.ts';

export interface Plans {
  readonly planned: readonly PlannedJob[];
  /**
   * Jobs that could not be decided about, by a fault of our own, or whose edit must not be sent:
   * it must stop nobody else.
   */
  readonly failed: readonly Suspect[];
}

/**
 * Decides and records what is about to be written. An item that was another scene's until now
 * passes to this one. A choice that a person made since the scene was read counts: such a job is
 * left out, and its row, which the choice raised, is to be put back.
 * @param modes what is known of writes to one item
 */
export function planAll(
  context: DrainContext,
  jobs: readonly MatchedJob[],
  modes: TagModes,
): Plans {
  const plans: { readonly job: PlannedJob; readonly before: BeforeValues }[] = [];
  const failed: Suspect[] = [];
  for (const job of jobs) {
    try {
      const decision = decideOn(context, job, modes);
      // Before any group is made: the others of it have nothing to do with this one's values.
      checkDecision(decision);
      const before = rememberBefore(job.values.before, decision, job.item);
      plans.push({ job: { ...job, kind: 'mirror', decision }, before });
    } catch (error) {
      failed.push({ row: job.row, error: toPlexSyncError(error) });
    }
  }
  const planned = transaction(context.db, () =>
    plans.flatMap(({ job, before }) => (record(context, job, before) ? [job] : [])),
  );
  return { planned, failed };
}

function decideOn(
  { log, settings }: DrainContext,
  job: MatchedJob,
  modes: TagModes,
): PlannedJob['decision'] {
  const { decision, cut } = decideScene(job, settings.fields, modes);
  if (cut.length > 0) {
    log.write('warn', 'cut', `Too long for a request to Plex, cut: ${cut.join(', ')}`, {
      cid: job.row.correlation,
      key: job.row.key,
    });
  }
  return decision;
}

function record(context: DrainContext, job: PlannedJob, before: BeforeValues): boolean {
  const { db, clock } = context;
  const { scene, item, evidence, decision, row } = job;
  const pin = pinOf(db, scene.id);
  if (pin?.kind === 'never' || (pin !== null && pin.ratingKey !== item.ratingKey)) return false;
  const freed = itemsOfScene(db, scene.id).filter((key) => key !== item.ratingKey);
  const loser = takeFromOthers(db, item.ratingKey, scene.id);
  keepLeftItem(db, scene.id, item.ratingKey);
  forgetLeftItem(db, item.ratingKey);
  if (loser !== null) raiseScene(db, loser, clock.now(), 'item-taken', row.correlation);
  recordIntent(
    db,
    scene.id,
    { ...item, evidence, movedSince: movedSince(job, clock.now()) },
    { pushed: decision.pushedBefore, intent: decision.intent, before },
  );
  recordEntities(db, scene.id, entitiesOf(scene));
  dropReview(db, scene.id);
  freeItems(context, freed, scene.id, row.correlation);
  return true;
}

/**
 * An item that lay at its file's path and does not any more: Plex has not scanned the new place yet,
 * and may make a new item of it. So it is awaited like the file of a scene without an item.
 */
function movedSince({ state, evidence, pin }: PlannedJob, now: number): number | null {
  if (state === null || pin !== null || evidence.how === 'path') return null;
  if (state.matchedBy === 'path') return now;
  return state.noItemReason === null ? state.waitingSince : null;
}

/** The withdrawal for the item as it is now; without an edit if nothing of ours is left in it. */
export function planWithdrawal(
  { db }: DrainContext,
  { row }: WithdrawJob,
  item: WithdrawJob['item'],
): WithdrawJob {
  const state = sceneState(db, row.entityId);
  const edit = state === null ? null : withdrawEdit(item, state.pushed, state.intent, state.before);
  const decision =
    edit === null
      ? { edit, stale: {} }
      : { edit: { ...edit, removeTags: {} }, stale: edit.removeTags };
  return { kind: 'withdraw', row, item, decision };
}
