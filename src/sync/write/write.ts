// Step "write": one request after the other, since Plex writes one at a time anyway. A write that
// fails in a way that may be the item's or the server's makes its item a suspect: the item is read
// back, and the next write decides.
//
// A group is one request for many items, and its failure says nothing about any of them: nobody is
// suspected, no attempt is spent. All are read back in one request; those that show the write are
// done, those that are gone have vanished, and each of the rest goes on its own at once, by the rules
// above. So is it for the whole batch: what failed in a group is not grouped again. Where the group
// showed that the server failed, each of its items may have been the cause; all of them come last and
// on their own from then on, which finds an item that fells Plex among the forty-nine that do not.
import { type PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { isSuspect, judge } from '../../domain/recover/failure.ts';
import type { ItemEdit, PlexItem } from '../../domain/base/plexItem.ts';
import { ratingKeys } from '../../plex/ratingKeys.ts';
import { isApplied } from './compare.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlannedWrite, Stop } from '../base/job.ts';
import { readItems } from '../read/readItems.ts';
import { stopFor, stopOf } from '../base/stop.ts';
import { isOver, noteGoodWrite, noteSuspectWrite, type Tally } from '../base/tally.ts';

/** One or several items that get the same edits, of one section. */
export interface WriteGroup<Job> {
  readonly jobs: readonly Job[];
  readonly edits: readonly ItemEdit[];
  /** What a job gets when it goes on its own after all. */
  readonly singly: (job: Job) => readonly ItemEdit[];
}

export function aloneWith<Job>(job: Job, edits: readonly ItemEdit[]): WriteGroup<Job> {
  return { jobs: [job], edits, singly: () => edits };
}

export interface Written<Job> {
  /** Answered well, or found applied when read back. */
  readonly done: readonly Job[];
  /** Not tried: it was too late for them, or the server failed. */
  readonly rest: readonly Job[];
  /** Requests for one item or several that were tried. */
  readonly begun: number;
}

/**
 * Makes the edits of each group; what else came of them is added to the tally.
 * @param until Unix ms after which no write but the first is begun
 */
export async function writeAll<Job extends PlannedWrite>(
  context: DrainContext,
  groups: readonly WriteGroup<Job>[],
  tally: Tally<Job>,
  until = Number.POSITIVE_INFINITY,
): Promise<Written<Job>> {
  const done: Job[] = [];
  const waiting = [...groups];
  let begun = 0;
  for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
    const late = begun > 0 && context.clock.now() > until;
    if (late || isOver(tally)) {
      return { done, rest: [group, ...waiting].flatMap(({ jobs }) => jobs), begun };
    }
    begun += 1;
    const [job, ...more] = group.jobs;
    if (job === undefined) continue;
    if (more.length > 0) {
      const { applied, apart } = await writeTogether(context, group, tally);
      done.push(...applied);
      context.onWritten?.(applied.length);
      const { singly } = group;
      waiting.unshift(...apart.map((one) => aloneWith(one, singly(one))));
    } else if (await writeOne(context, job, group.edits, tally)) {
      done.push(job);
      context.onWritten?.(1);
    }
  }
  return { done, rest: [], begun };
}

/** @returns whether the item has it now */
async function writeOne<Job extends PlannedWrite>(
  context: DrainContext,
  job: Job,
  edits: readonly ItemEdit[],
  tally: Tally<Job>,
): Promise<boolean> {
  const outcome = await write(context, job, edits);
  const { row } = job;
  switch (outcome.kind) {
    case 'good':
      noteGoodWrite(tally);
      return true;
    case 'applied':
      return true;
    case 'suspect':
      noteSuspectWrite(tally, { row, error: outcome.error });
      return false;
    case 'failed':
      tally.failed.push({ row, error: outcome.error });
      return false;
    case 'vanished':
      tally.vanished.push(job);
      return false;
    case 'stop':
      tally.stop = outcome.stop;
      if (outcome.stop.kind === 'server') tally.felled = [{ row, error: outcome.error }];
      return false;
  }
}

interface WrittenTogether<Job> {
  readonly applied: readonly Job[];
  /** Each is to be tried on its own. */
  readonly apart: readonly Job[];
}

async function writeTogether<Job extends PlannedWrite>(
  context: DrainContext,
  { jobs, edits }: WriteGroup<Job>,
  tally: Tally<Job>,
): Promise<WrittenTogether<Job>> {
  const keys = jobs.map(({ item }) => item.ratingKey);
  const sectionId = jobs[0]?.item.sectionId ?? '';
  try {
    for (const edit of edits) await context.plex.edit(sectionId, ratingKeys(keys), edit);
    noteGoodWrite(tally);
    return { applied: jobs, apart: [] };
  } catch (thrown) {
    return await takeApart(context, jobs, toPlexSyncError(thrown), tally);
  }
}

async function takeApart<Job extends PlannedWrite>(
  context: DrainContext,
  jobs: readonly Job[],
  error: PlexSyncError,
  tally: Tally<Job>,
): Promise<WrittenTogether<Job>> {
  const stopAt = (stop: Stop): WrittenTogether<Job> => {
    tally.stop = stop;
    // A server that was not even reached was felled by none of them.
    const felled = isSuspect(error.code) ? jobs : jobs.slice(0, 1);
    if (stop.kind === 'server') tally.felled = felled.map(({ row }) => ({ row, error }));
    return { applied: [], apart: [] };
  };
  const lastFailed = jobs[0]?.row.key ?? null;
  if (!isSuspect(error.code)) {
    const verdict = judge(error, { read: 'good', otherWrite: 'none', aloneFailures: 0 });
    const isServers = verdict.kind === 'server' || verdict.kind === 'token';
    if (isServers || verdict.kind === 'wait') return stopAt(stopFor(verdict, error, lastFailed));
  }
  for (const { row } of jobs) tally.apart.add(row.key);
  const { log } = context;
  log.write('info', 'group', `Written one by one: a write of ${jobs.length} items failed`, {
    code: error.code,
  });
  try {
    const { items, failures } = await readItems(
      context,
      jobs.map(({ item }) => item.ratingKey),
    );
    const applied: Job[] = [];
    const apart: Job[] = [];
    for (const job of jobs) {
      const item = items.get(job.item.ratingKey);
      if (item !== undefined) (isApplied(job, item) ? applied : apart).push(job);
      else if (failures.has(job.item.ratingKey)) apart.push(job);
      else tally.vanished.push(job);
    }
    return { applied, apart };
  } catch (thrown) {
    return stopAt(stopOf(toPlexSyncError(thrown), lastFailed));
  }
}

type Outcome =
  | { readonly kind: 'good' | 'applied' | 'vanished' }
  | { readonly kind: 'suspect' | 'failed'; readonly error: PlexSyncError }
  | { readonly kind: 'stop'; readonly error: PlexSyncError; readonly stop: Stop };

async function write(
  context: DrainContext,
  job: PlannedWrite,
  edits: readonly ItemEdit[],
): Promise<Outcome> {
  try {
    for (const edit of edits) {
      await context.plex.edit(job.item.sectionId, ratingKeys([job.item.ratingKey]), edit);
    }
    return { kind: 'good' };
  } catch (thrown) {
    return await outcomeOf(context, job, toPlexSyncError(thrown));
  }
}

async function outcomeOf(
  context: DrainContext,
  job: PlannedWrite,
  error: PlexSyncError,
): Promise<Outcome> {
  if (isSuspect(error.code)) {
    const back = await readItBack(context, job);
    if (back.kind === 'stop') return { ...back, error };
    const applied = back.kind === 'item' && isApplied(job, back.item);
    return applied ? { kind: 'applied' } : { kind: 'suspect', error };
  }
  const verdict = judge(error, { read: 'good', otherWrite: 'none', aloneFailures: 0 });
  if (verdict.kind === 'permanent' || verdict.kind === 'item') return { kind: 'failed', error };
  if (verdict.kind !== 'look-up-again') {
    return { kind: 'stop', error, stop: stopFor(verdict, error, job.row.key) };
  }
  // 404: gone, or there and yet not to be written; to look that one up again would never end.
  const back = await readItBack(context, job);
  if (back.kind === 'stop') return { ...back, error };
  return back.kind === 'absent' ? { kind: 'vanished' } : { kind: 'failed', error };
}

type ReadBack =
  | { readonly kind: 'item'; readonly item: PlexItem }
  | { readonly kind: 'absent' | 'unreadable' }
  | { readonly kind: 'stop'; readonly stop: Stop };

/** The authenticated read after a failure; it also tells whether the write was applied. */
async function readItBack({ plex }: DrainContext, { item, row }: PlannedWrite): Promise<ReadBack> {
  try {
    const found = (await plex.items([item.ratingKey])).get(item.ratingKey);
    return found === undefined ? { kind: 'absent' } : { kind: 'item', item: found };
  } catch (thrown) {
    const error = toPlexSyncError(thrown);
    if (!isSuspect(error.code)) return { kind: 'stop', stop: stopOf(error, row.key) };
  }
  // The item may be beyond reading as well; the server as such is asked.
  try {
    await plex.server();
    return { kind: 'unreadable' };
  } catch (thrown) {
    return { kind: 'stop', stop: stopOf(toPlexSyncError(thrown), row.key) };
  }
}
