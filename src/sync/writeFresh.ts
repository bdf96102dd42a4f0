// Writes a batch while what was decided is true: a person may edit an item in Plex between its read
// and its write, and on a slow Plex a batch takes minutes. Items whose read has aged are read again
// right before their turn, as many at once as can be written while they are fresh.
import type { ItemEdit } from '../domain/plexItem.ts';
import type { DrainContext } from './context.ts';
import type { PlannedJob, WithdrawJob } from './job.ts';
import { planAll, planWithdrawal } from './plan.ts';
import { readItems } from './readItems.ts';
import { isOver, noteSuspect, type Tally } from './tally.ts';
import { writeAll } from './write.ts';

/** A read older than this is not written upon. */
const freshMs = 2_000;
/** Items read again at once, until it shows how many are written while they are fresh. */
const atOnceAtFirst = 8;

export type WriteJob = PlannedJob | WithdrawJob;

export interface FreshlyWritten {
  readonly done: readonly WriteJob[];
  /** Nothing is left to write in them: they came to be right meanwhile. */
  readonly idle: readonly WriteJob[];
}

/**
 * @param readAt Unix ms before the jobs' items were read
 * @throws PlexSyncError when Plex failed as a server on a read
 */
export async function writeFresh(
  context: DrainContext,
  jobs: readonly WriteJob[],
  readAt: number,
  tally: Tally<WriteJob>,
): Promise<FreshlyWritten> {
  const { clock } = context;
  const isFresh = clock.now() - readAt <= freshMs;
  const first = isFresh ? jobs : [];
  const { done, rest } = await writeAll(context, first, editsOf, tally, readAt + freshMs);
  const written = [...done];
  const idle: WriteJob[] = [];
  let waiting = isFresh ? rest : jobs;
  let atOnce = Math.max(atOnceAtFirst, done.length);
  while (waiting.length > 0 && !isOver(tally)) {
    const at = clock.now();
    const renewed = await renew(context, waiting.slice(0, atOnce), tally);
    idle.push(...renewed.filter(({ decision }) => decision.edit === null));
    const due = renewed.filter(({ decision }) => decision.edit !== null);
    const next = await writeAll(context, due, editsOf, tally, at + freshMs);
    written.push(...next.done);
    waiting = [...next.rest, ...waiting.slice(atOnce)];
    // Those that it was too late for have to be read a third time: fewer at once are cheaper.
    atOnce = next.rest.length > 0 ? Math.max(1, due.length - next.rest.length) : atOnce * 2;
  }
  return { done: written, idle };
}

function editsOf({ decision }: WriteJob): readonly ItemEdit[] {
  return decision.edit === null ? [] : [decision.edit];
}

/** The jobs for the items as they are now; the tally knows of those that are not among them. */
async function renew(
  context: DrainContext,
  jobs: readonly WriteJob[],
  tally: Tally<WriteJob>,
): Promise<readonly WriteJob[]> {
  const { items, failures } = await readItems(
    context,
    jobs.map((job) => job.item.ratingKey),
  );
  const mirrors: PlannedJob[] = [];
  const withdrawals: WithdrawJob[] = [];
  for (const job of jobs) {
    const error = failures.get(job.item.ratingKey);
    const item = items.get(job.item.ratingKey);
    if (error !== undefined) noteSuspect(tally, { row: job.row, error });
    else if (item === undefined) tally.vanished.push(job);
    else if (job.kind === 'mirror') mirrors.push({ ...job, item });
    else withdrawals.push(planWithdrawal(context, job, item));
  }
  const { planned, failed } = planAll(context, mirrors);
  tally.failed.push(...failed);
  return [...planned, ...withdrawals];
}
