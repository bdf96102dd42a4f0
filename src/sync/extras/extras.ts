// What goes to Plex beside the text of a scene: pictures and the rating. They are wanted from the
// moment that the text is there, and sent when no text waits. Each fails on its own account: it is
// tried again on its own schedule, given up for a person to see, and never holds up or fails the text.
import { toPlexSyncError } from '../../contract/errors.ts';
import type { ExtraPolicies } from '../../contract/fieldPolicies.ts';
import { imageKinds } from '../../domain/base/imageKind.ts';
import type { StashImage } from '../../stash/image.ts';
import { finishExtra, forgetExtra } from '../../store/queue/extra.ts';
import type { Database } from '../../store/file/database.ts';
import { pinOf } from '../../store/match/pin.ts';
import { duePictures } from '../../store/queue/pushable.ts';
import { sceneState } from '../../store/mirror/sceneState.ts';
import type { DrainContext } from '../base/context.ts';
import { type ExtrasStop, putOff, settleFailure, settleThrown, vanish } from './extraFailures.ts';
import { type ExtraContext, type ExtraTask, type ImageTask, isImageTask } from './extraTask.ts';
import { bySection, lockImages } from './imageLocks.ts';
import { readItems } from '../read/readItems.ts';
import { sendImage } from './sendImage.ts';
import { sendRating } from './sendRating.ts';
import { notePicture } from '../base/stopwatch.ts';
import { stopOf } from '../base/stop.ts';

/** Where Plex takes its time, an edit that came meanwhile goes before the rest. */
const longestMs = 4_000;

export interface ExtrasOutcome {
  /** Sent, and left as a person chose it. */
  readonly sent: number;
  readonly kept: number;
  /** Failed by a fault of their own: tried again later, or given up. */
  readonly failed: number;
  /** A server failed: what was left waits for it, and has spent no attempt. */
  readonly stop: ExtrasStop | null;
}

/**
 * Sends what is due, at most `limit`, and for no longer than a moment. What is of scenes that have no item any more, and of kinds that
 * are not mirrored any more, is forgotten. Never throws for a server's failure: `stop` tells of it.
 */
export async function sendExtras(
  context: DrainContext,
  policies: ExtraPolicies,
  limit: number,
): Promise<ExtrasOutcome> {
  const { db, clock } = context;
  const wanted = duePictures(db, clock.now(), limit).flatMap((extra) => {
    const ratingKey = itemNow(db, extra.sceneId);
    if (policies[extra.kind] !== 'off' && ratingKey !== null) return [{ extra, ratingKey }];
    forgetExtra(db, extra.sceneId, extra.kind);
    return [];
  });
  if (wanted.length === 0) return { sent: 0, kept: 0, failed: 0, stop: null };
  const tasks: ExtraTask[] = [];
  const readAt = clock.now();
  try {
    const keys = wanted.map(({ ratingKey }) => ratingKey);
    const { items, failures } = await readItems(context, keys);
    for (const { extra, ratingKey } of wanted) {
      const item = items.get(ratingKey);
      const error = failures.get(ratingKey);
      if (item !== undefined) tasks.push({ extra, item, policy: policies[extra.kind] });
      else if (error === undefined) vanish(context, { extra, ratingKey });
      else settleFailure(context, { extra }, error, false);
    }
  } catch (thrown) {
    const stop = stopOf(toPlexSyncError(thrown), null);
    return { sent: 0, kept: 0, failed: 0, stop: { server: 'plex', stop } };
  }
  return await send(context, tasks, readAt);
}

/** The scene's item. A choice that the text's next turn has still to carry out counts at once. */
function itemNow(db: Database, sceneId: number): string | null {
  const state = sceneState(db, sceneId);
  const known = state?.noItemReason === null ? state.ratingKey : null;
  const pin = pinOf(db, sceneId);
  const isChosen = pin === null || (pin.kind === 'item' && pin.ratingKey === known);
  return isChosen ? known : null;
}

async function send(
  context: ExtraContext,
  tasks: readonly ExtraTask[],
  readAt: number,
): Promise<ExtrasOutcome> {
  const toLock: ImageTask[] = [];
  const counts = { sent: 0, current: 0, kept: 0, none: 0, failed: 0 };
  const coverOf = coverReader(context);
  let stop: ExtrasStop | null = null;
  for (const [index, task] of tasks.entries()) {
    // Due as before, they are the first ones of the next time.
    if (stop === null && index > 0 && context.clock.now() - readAt > longestMs) break;
    if (stop !== null) {
      putOff(context, task, stop);
      continue;
    }
    // Others were sent before it, which takes its time.
    if (itemNow(context.db, task.extra.sceneId) !== task.item.ratingKey) continue;
    const startedAt = context.clock.now();
    try {
      const result = isImageTask(task)
        ? await sendImage(context, task, readAt, () => coverOf(task))
        : await sendRating(context, task, readAt);
      counts[result.kind] += 1;
      if (isImageTask(task)) notePicture(context, startedAt, result.kind === 'sent');
      if (result.toLock && isImageTask(task)) toLock.push(task);
      else finishExtra(context.db, task.extra);
      report(context, task, result.kind);
    } catch (thrown) {
      stop = await settleThrown(context, task, toPlexSyncError(thrown));
      if (stop === null) counts.failed += 1;
    }
  }
  const { sent, kept, failed } = counts;
  const locking = await lock(context, toLock, stop);
  return { sent, kept, failed: failed + locking.failed, stop: locking.stop };
}

/** A cover that serves as both pictures is read once. */
function coverReader({ stash }: ExtraContext): (task: ImageTask) => Promise<StashImage | null> {
  let last: { readonly address: string; readonly image: StashImage | null } | null = null;
  return async ({ extra: { what: address } }) => {
    if (last?.address !== address) last = { address, image: await stash.image(address) };
    return last.image;
  };
}

async function lock(
  context: ExtraContext,
  tasks: readonly ImageTask[],
  before: ExtrasStop | null,
): Promise<{ readonly failed: number; readonly stop: ExtrasStop | null }> {
  let stop = before;
  let failed = 0;
  for (const kind of imageKinds) {
    const ofKind = tasks.filter((task) => task.extra.kind === kind);
    for (const [sectionId, keys] of bySection(ofKind.map(({ item }) => item))) {
      const these = ofKind.filter(({ item }) => keys.includes(item.ratingKey));
      if (stop?.server === 'plex') {
        for (const task of these) putOff(context, task, stop);
        continue;
      }
      try {
        const failures = await lockImages(context, sectionId, kind, keys, true);
        for (const task of these) {
          const error = failures.get(task.item.ratingKey);
          if (error === undefined) finishExtra(context.db, task.extra);
          else {
            settleFailure(context, task, error, error.code === 'plex-bad-request');
            failed += 1;
          }
        }
      } catch (thrown) {
        const error = toPlexSyncError(thrown);
        for (const task of these) {
          stop = (await settleThrown(context, task, error)) ?? stop;
          failed += 1;
        }
      }
    }
  }
  return { failed, stop };
}

function report({ log }: ExtraContext, { extra, item }: ExtraTask, what: string): void {
  const { kind, sceneId, correlation: cid } = extra;
  const about = { cid, key: `scene:${sceneId}`, item: item.ratingKey };
  if (what === 'sent') log.write('info', 'extra', `Sent the ${kind}`, about);
  if (what === 'kept') log.write('info', 'extra', `Kept the ${kind} that a person chose`, about);
}
