// Reads items right after a write that is to tell something about Plex.
import { toPlexSyncError } from '../../contract/errors.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlannedWrite } from '../base/job.ts';
import { readItems } from '../read/readItems.ts';
import { noteSuspect, type Tally } from '../base/tally.ts';
import { stopOf } from '../base/stop.ts';

/** What could be read; of the others the tally knows why. */
export async function readWritten<Job extends PlannedWrite>(
  context: DrainContext,
  jobs: readonly Job[],
  tally: Tally<Job>,
): Promise<ReadonlyMap<Job, PlexItem>> {
  const read = new Map<Job, PlexItem>();
  try {
    const { items, failures } = await readItems(
      context,
      jobs.map(({ item }) => item.ratingKey),
    );
    for (const job of jobs) {
      const error = failures.get(job.item.ratingKey);
      const item = items.get(job.item.ratingKey);
      if (error !== undefined) noteSuspect(tally, { row: job.row, error });
      else if (item === undefined) tally.vanished.push(job);
      else read.set(job, item);
    }
  } catch (thrown) {
    tally.stop = stopOf(toPlexSyncError(thrown), jobs[0]?.row.key ?? null);
  }
  return read;
}
