// Step "confirm": one read for the batch. Tags that should be gone and are still there get a second
// PUT; what did not take is tried another way once, then recorded. It never loops, and one item's
// failure is its own.
import { type Field, type ItemEdit, type PlexItem, tagFields } from '../../domain/base/plexItem.ts';
import type { KnownModes } from '../../domain/mirror/tagMode.ts';
import { fieldByField, notShown, staleLeft } from './compare.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlannedWrite } from '../base/job.ts';
import { readItems } from '../read/readItems.ts';
import { noteSuspect, type Tally } from '../base/tally.ts';
import { forgetIfReplaced, type TagKnowledge } from './tagKnowledge.ts';
import { writeAll } from './write.ts';
import { groupsOfEqual } from './writeGroups.ts';

export interface Confirmation<Job> {
  readonly job: Job;
  readonly item: PlexItem;
  /** Fields that Plex accepted twice and does not show. */
  readonly failed: readonly Field[];
  /** Fields that a person changed after the write: they are left alone. */
  readonly changed: readonly Field[];
}

/**
 * What became of each write. Absent from the answer: items that vanished meanwhile, and those whose
 * second write or whose read failed, of which the tally knows.
 * @throws PlexSyncError when Plex cannot be read: nothing is lost then, the next drain finds the
 *   values applied and adopts them
 */
export async function confirmAll<Job extends PlannedWrite>(
  context: DrainContext,
  knowledge: TagKnowledge,
  jobs: readonly Job[],
  tally: Tally<Job>,
): Promise<readonly Confirmation<Job>[]> {
  const first = await readBack(context, jobs, tally);
  const { modes } = knowledge;
  const edits = new Map(first.map(({ job, item }) => [job, mending(knowledge, modes, job, item)]));
  const editsOf = (job: Job): readonly ItemEdit[] => edits.get(job) ?? [];
  const again = jobs.filter((job) => editsOf(job).length > 0);
  const shown = first.filter(({ job }) => editsOf(job).length === 0);
  if (again.length === 0) return shown;
  const { done } = await writeAll(context, groupsOfEqual(again, editsOf, modes, tally), tally);
  return [...shown, ...(await readBack(context, done, tally))];
}

function mending(
  knowledge: TagKnowledge,
  modes: KnownModes,
  job: PlannedWrite,
  item: PlexItem,
): readonly ItemEdit[] {
  const stale = staleLeft(job, item);
  const lost = forgetIfReplaced(knowledge, modes.many, job, item);
  const missing = [...notShown(job, item).missing, ...lost];
  return [...fieldByField(job.decision, missing), ...(stale === null ? [] : [stale])];
}

async function readBack<Job extends PlannedWrite>(
  context: DrainContext,
  jobs: readonly Job[],
  tally: Tally<Job>,
): Promise<readonly Confirmation<Job>[]> {
  const { items, failures } = await readItems(
    context,
    jobs.map((job) => job.item.ratingKey),
  );
  return jobs.flatMap((job) => {
    const error = failures.get(job.item.ratingKey);
    if (error !== undefined) noteSuspect(tally, { row: job.row, error });
    const item = items.get(job.item.ratingKey);
    if (item === undefined) return [];
    const { missing, changed } = notShown(job, item);
    const stale = staleLeft(job, item)?.removeTags ?? {};
    const left = tagFields.filter((field) => stale[field] !== undefined);
    return [{ job, item, failed: [...new Set([...missing, ...left])], changed }];
  });
}
