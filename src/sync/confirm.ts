// Step "confirm": one read for the batch. Tags that should be gone and are still there get a second
// PUT; what did not take is tried another way once, then recorded. It never loops.
import type { Field, ItemEdit, PlexItem } from '../domain/plexItem.ts';
import { ratingKeys } from '../plex/ratingKeys.ts';
import { fieldByField, staleLeft, unconfirmed } from './compare.ts';
import type { DrainContext } from './context.ts';
import type { PlannedWrite } from './job.ts';

export interface Confirmation<Job> {
  readonly job: Job;
  readonly item: PlexItem;
  /** Fields that Plex accepted twice and does not show. */
  readonly failed: readonly Field[];
}

/**
 * What became of each write; an item that vanished meanwhile is absent from the answer.
 * @throws PlexSyncError when Plex fails: nothing is lost then, the next drain finds the values
 *   applied and adopts them
 */
export async function confirmAll<Job extends PlannedWrite>(
  context: DrainContext,
  jobs: readonly Job[],
): Promise<readonly Confirmation<Job>[]> {
  const first = await readBack(context, jobs);
  const again: Job[] = [];
  for (const { job, item } of first) {
    const edits = mending(job, item);
    for (const edit of edits) {
      await context.plex.edit(job.item.sectionId, ratingKeys([job.item.ratingKey]), edit);
    }
    if (edits.length > 0) again.push(job);
  }
  if (again.length === 0) return first;
  const second = new Map(
    (await readBack(context, again)).map((confirmation) => [confirmation.job, confirmation]),
  );
  return first.flatMap((confirmation) => {
    if (!again.includes(confirmation.job)) return [confirmation];
    const renewed = second.get(confirmation.job);
    return renewed === undefined ? [] : [renewed];
  });
}

function mending(job: PlannedWrite, item: PlexItem): readonly ItemEdit[] {
  const missing = unconfirmed(job.decision, item);
  const stale = staleLeft(job.decision, item);
  return [...fieldByField(job.decision, missing), ...(stale === null ? [] : [stale])];
}

async function readBack<Job extends PlannedWrite>(
  { plex }: DrainContext,
  jobs: readonly Job[],
): Promise<readonly Confirmation<Job>[]> {
  const items = await plex.items([...new Set(jobs.map((job) => job.item.ratingKey))]);
  return jobs.flatMap((job) => {
    const item = items.get(job.item.ratingKey);
    if (item === undefined) return [];
    const stale = staleLeft(job.decision, item);
    const left: readonly Field[] =
      stale === null
        ? []
        : (['genre', 'actor'] as const).filter((field) => stale.removeTags[field] !== undefined);
    return [{ job, item, failed: [...new Set([...unconfirmed(job.decision, item), ...left])] }];
  });
}
