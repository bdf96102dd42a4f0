// Step "write": one item after the other, since Plex writes one at a time anyway. A write that
// fails in a way that may be the item's or the server's makes its item a suspect: the item is read
// back, and the next write decides.
import { isPlexSyncError, type PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { isSuspect, judge } from '../domain/failure.ts';
import { ratingKeys } from '../plex/ratingKeys.ts';
import type { DrainContext } from './context.ts';
import { unconfirmed } from './compare.ts';
import type { PlannedWrite, Stop, Suspect } from './job.ts';

/** So many suspects in a row, with every read good, and it is the server after all. */
const suspectsInARow = 12;

export interface Writing<Job> {
  /** Answered well, or found applied when read back. */
  readonly written: readonly Job[];
  /** Suspects that a later good write has proven to be at fault themselves. */
  readonly guilty: readonly Suspect[];
  /** Suspects that no later write could tell about. */
  readonly suspects: readonly Suspect[];
  readonly permanent: readonly Suspect[];
  readonly vanished: readonly Job[];
  readonly stop: Stop | null;
}

/** @param earlier suspects of the batch before, which the first good write here proves guilty */
export async function writeAll<Job extends PlannedWrite>(
  context: DrainContext,
  jobs: readonly Job[],
  earlier: readonly Suspect[],
): Promise<Writing<Job>> {
  const written: Job[] = [];
  const guilty: Suspect[] = [];
  const permanent: Suspect[] = [];
  const vanished: Job[] = [];
  let suspects: Suspect[] = [...earlier];
  let stop: Stop | null = null;

  for (const job of jobs) {
    const error = await write(context, job);
    if (error === null) {
      written.push(job);
      guilty.push(...suspects);
      suspects = [];
      continue;
    }
    if (!isSuspect(error.code)) {
      const verdict = judge(error, { read: 'good', otherWrite: 'none', aloneFailures: 0 });
      if (verdict.kind === 'permanent' || verdict.kind === 'item') {
        permanent.push({ row: job.row, error });
        continue;
      }
      if (verdict.kind === 'look-up-again') {
        vanished.push(job);
        continue;
      }
      stop = stopFor(verdict, error, job.row.key);
      break;
    }
    const readBack = await readItBack(context, job);
    if (readBack.kind === 'stop') {
      stop = readBack.stop;
      break;
    }
    if (readBack.kind === 'applied') {
      written.push(job);
      continue;
    }
    suspects.push({ row: job.row, error });
    if (suspects.length >= suspectsInARow) {
      stop = { kind: 'server', error, lastFailed: job.row.key };
      break;
    }
  }
  return { written, guilty, suspects, permanent, vanished, stop };
}

async function write({ plex }: DrainContext, job: PlannedWrite): Promise<PlexSyncError | null> {
  if (job.decision.edit === null) return null;
  try {
    await plex.edit(job.item.sectionId, ratingKeys([job.item.ratingKey]), job.decision.edit);
    return null;
  } catch (error) {
    return toPlexSyncError(error);
  }
}

type ReadBack =
  | { readonly kind: 'applied' | 'not-applied' }
  | { readonly kind: 'stop'; readonly stop: Stop };

/** The authenticated read after a suspicious failure; it also tells whether the write was applied. */
async function readItBack({ plex }: DrainContext, job: PlannedWrite): Promise<ReadBack> {
  try {
    const item = (await plex.items([job.item.ratingKey])).get(job.item.ratingKey);
    const applied = item !== undefined && unconfirmed(job.decision, item).length === 0;
    return { kind: applied ? 'applied' : 'not-applied' };
  } catch (error) {
    if (!isPlexSyncError(error)) throw error;
    if (isSuspect(error.code)) {
      // The item may be beyond reading as well; the server as such is asked.
      try {
        await plex.server();
        return { kind: 'not-applied' };
      } catch (second) {
        return { kind: 'stop', stop: stopOf(toPlexSyncError(second), job.row.key) };
      }
    }
    return { kind: 'stop', stop: stopOf(error, job.row.key) };
  }
}

/** How a failed read of the server's ends the drain. */
export function stopOf(error: PlexSyncError, lastFailed: string | null): Stop {
  return stopFor(
    judge(error, { read: 'bad', otherWrite: 'none', aloneFailures: 0 }),
    error,
    lastFailed,
  );
}

function stopFor(
  verdict: ReturnType<typeof judge>,
  error: PlexSyncError,
  lastFailed: string | null,
): Stop {
  if (verdict.kind === 'token') return { kind: 'token', error };
  if (verdict.kind === 'wait') return { kind: 'wait', error, ms: verdict.ms };
  return { kind: 'server', error, lastFailed };
}
