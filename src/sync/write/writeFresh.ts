// Writes a batch while what was decided is true: a person may edit an item in Plex between its read
// and its write, and on a slow Plex a batch takes minutes. Items whose read has aged are read again
// right before their turn, as many at once as can be written while they are fresh.
import type { DrainContext } from '../base/context.ts';
import type { PlannedJob, WithdrawJob, WriteJob } from '../base/job.ts';
import { learnByLongLists } from './learnByLongList.ts';
import { planAll, planWithdrawal } from './plan.ts';
import { readItems } from '../read/readItems.ts';
import { isOver, noteSuspect, type Tally } from '../base/tally.ts';
import type { TagKnowledge } from './tagKnowledge.ts';
import { learnTagModes } from './tagModes.ts';
import { writeAll, type Written } from './write.ts';
import { groupsOf } from './writeGroups.ts';

/** A read older than this is not written upon. */
const freshMs = 2_000;
/** Requests' worth of items read again at once, until it shows how many are made while fresh. */
const atOnceAtFirst = 8;

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
  knowledge: TagKnowledge,
  jobs: readonly WriteJob[],
  readAt: number,
  tally: Tally<WriteJob>,
): Promise<FreshlyWritten> {
  const { clock } = context;
  const isFresh = clock.now() - readAt <= freshMs;
  const first = isFresh ? jobs : [];
  const { done, rest, begun } = await write(context, knowledge, first, tally, readAt + freshMs);
  const written = [...done];
  const idle: WriteJob[] = [];
  let waiting = isFresh ? rest : jobs;
  let atOnce = Math.max(atOnceAtFirst, begun);
  while (waiting.length > 0 && !isOver(tally)) {
    const at = clock.now();
    const next = groupsOf(waiting, knowledge.modes, tally)
      .slice(0, atOnce)
      .flatMap((group) => group.jobs);
    const renewed = await renew(context, knowledge, next, tally);
    idle.push(...renewed.filter(({ decision }) => decision.edit === null));
    const due = renewed.filter(({ decision }) => decision.edit !== null);
    const round = await write(context, knowledge, due, tally, at + freshMs);
    written.push(...round.done);
    const taken = new Set(next);
    waiting = [...round.rest, ...waiting.filter((job) => !taken.has(job))];
    // Those that it was too late for have to be read a third time: fewer at once are cheaper.
    atOnce = round.rest.length > 0 ? Math.max(1, round.begun) : atOnce * 2;
  }
  return { done: written, idle };
}

async function write(
  context: DrainContext,
  knowledge: TagKnowledge,
  jobs: readonly WriteJob[],
  tally: Tally<WriteJob>,
  until: number,
): Promise<Written<WriteJob>> {
  const lists = await learnByLongLists(context, knowledge, jobs, tally);
  const learnt = await learnTagModes(context, knowledge, lists.rest, tally);
  const before = [...lists.done, ...learnt.done];
  const begunBefore = lists.begun + learnt.begun;
  const isLate = begunBefore > 0 && context.clock.now() > until;
  const isTooLate = isLate || isOver(tally);
  const { done, rest, begun } = isTooLate
    ? { done: [], rest: learnt.rest, begun: 0 }
    : await writeAll(context, groupsOf(learnt.rest, knowledge.modes, tally), tally, until);
  return {
    done: [...before, ...done],
    rest: [...lists.again, ...rest],
    begun: begunBefore + begun,
  };
}

/** The jobs for the items as they are now; the tally knows of those that are not among them. */
async function renew(
  context: DrainContext,
  knowledge: TagKnowledge,
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
  const { planned, failed } = planAll(context, mirrors, knowledge.modes.one);
  tally.failed.push(...failed);
  return [...planned, ...withdrawals];
}
