// Drains the queue in the foreground, in the worker's place: for as long as there is something to do,
// Plex is there, and no other job of Stash waits longer than a slice. While the worker cannot let go
// it only watches; whoever has the lock, the bar moves. The worker stands by and follows at any end.
import { dirname } from 'node:path';
import { duration } from '../domain/base/durationWords.ts';
import { nextOfBacklogAt } from '../store/figures/backlog.ts';
import { isPaused } from '../store/queue/control.ts';
import { deadLetterCount } from '../store/queue/deadLetter.ts';
import { openSideWork } from '../viewing/sideWork.ts';
import { extraCounts } from '../store/queue/extra.ts';
import { runUnderWay } from '../store/run/run.ts';
import * as state from '../store/file/state.ts';
import { readState } from '../store/file/state.ts';
import { scenesToRaise } from '../store/queue/sweep.ts';
import { type Engine, openEngine, type Turn } from '../sync/engine.ts';
import { startOnWindows } from '../sync/process/supervisorFile.ts';
import { openTracingIfWanted } from '../trace/wanted.ts';
import { openSeat } from '../sync/process/seat.ts';
import { readStatus } from '../sync/tell/status.ts';
import { wake } from '../sync/process/wake.ts';
import type { TaskContext } from './context.ts';
import { type Did, type Gauge, openGauge } from './gauge.ts';
import type { Slice } from './slice.ts';

export interface ForegroundOptions {
  readonly slice: Slice;
  /** Done in earlier slices. */
  readonly done: number;
  /** How long to wait for the lock before a word is said. */
  readonly patienceMs?: number;
}

/** A turn is a batch, and a batch takes half a minute where Plex takes half a second for a write. */
const defaultPatienceMs = 30_000;
/** A worker that cannot let go, and has finished nothing for so long, hangs. */
const stalledMs = 120_000;
/** What waits longer for its next try is the worker's. */
const soonMs = 60_000;
const lookMs = 250;

interface Step {
  /** Why to end, or null. */
  readonly end: string | null;
  /** Whether there was nothing to do. */
  readonly rests: boolean;
}

/** @returns what was done, and why it ended, for a person */
export async function drainInForeground(
  context: TaskContext,
  { slice, done, patienceMs = defaultPatienceMs }: ForegroundOptions,
): Promise<string> {
  const { db, directory, clock, log, version, say } = context;
  const begunAt = clock.now();
  const failedBefore = failures(db);
  const stash = process.ppid;
  const seat = openSeat(db, directory, clock);
  const gauge = openGauge(context, done);
  let engine: Engine | null = null;
  let hasTold = false;
  const onWritten = (items: number): void => {
    gauge.written(items);
  };
  const sideWork = openSideWork;
  const tracing = (await openTracingIfWanted(process.env, version)) ?? undefined;
  const openOurs = (): Engine =>
    openEngine({ db, directory, clock, log, version, onWritten, sideWork, tracing });

  const step = async (): Promise<Step> => {
    // Stash ends without ending its plugins.
    if (isGone(stash)) return { end: 'Stash has ended.', rests: false };
    if (!seat.tryTake()) {
      gauge.look(null);
      if (!hasTold && (seat.othersAsk() || clock.now() - begunAt >= patienceMs)) {
        hasTold = true;
        say(whyWatching(seat.othersAsk(), patienceMs));
      }
      // Before that it may let go at any moment, and what it has told may be of long ago.
      if (!hasTold) return { end: null, rests: true };
      const end = whyEnd(context, gauge, null, false) ?? whyStalled(clock.now() - gauge.movedAt);
      return { end, rests: true };
    }
    if (engine === null) gauge.look(null);
    engine ??= openOurs();
    const before = { scenes: engine.rowsFinished(), extras: engine.extrasSent() };
    const turn = await engine.turn();
    gauge.look({
      scenes: engine.rowsFinished() - before.scenes,
      extras: engine.extrasSent() - before.extras,
    });
    const end = whyEnd(context, gauge, turn, engine.spoolWaits());
    return { end, rests: turn.kind !== 'worked' };
  };

  try {
    if (gauge.left > 0) say(readStatus(db, directory, version, begunAt).sentence);
    seat.tryTake();
    // Whatever becomes of this process: somebody stands by.
    wake(dirname(context.programPath), directory.path);
    while (true) {
      const { end, rests } = await step();
      const why = end ?? (await slice.over(gauge.done));
      if (why !== null) return summary(context, gauge.did, begunAt, failedBefore, why);
      if (rests) await clock.sleep(lookMs);
    }
  } finally {
    await gauge.close();
    await endOf(engine);
    seat.leave();
    await tracing?.close();
  }
}

/** Where a parent dies, Linux and macOS give another one; on Windows its pid is nobody's. */
function isGone(parent: number): boolean {
  return (
    process.ppid !== parent || (process.platform === 'win32' && startOnWindows(parent) === null)
  );
}

async function endOf(engine: Engine | null): Promise<void> {
  await engine?.close();
}

const nothingWaits = 'Nothing waits any more.';
const workerGoesOn = 'The background worker goes on by itself.';

function whyEnd(
  { db, directory, clock, version }: TaskContext,
  gauge: Gauge,
  turn: Turn | null,
  spoolWaits: boolean,
): string | null {
  const now = clock.now();
  const sentence = (): string => readStatus(db, directory, version, now).sentence;
  if (turn?.kind === 'disabled') return 'PlexSync is switched off in Stash.';
  // A release of locks that goes on meanwhile is no drain: the worker does it in the background.
  if (isPaused(db)) return sentence();
  const circuit = readState(db, state.circuit)?.kind ?? 'closed';
  // Watching, what the worker has told is believed.
  const isBlocked =
    turn === null
      ? circuit === 'refused' || (readState(db, state.problems) ?? []).length > 0
      : turn.kind === 'blocked';
  if (isBlocked) return sentence();
  if (circuit === 'open') return `${sentence()} ${workerGoesOn}`;
  const isSweeping = scenesToRaise(db) !== null || runUnderWay(db) !== null;
  if (gauge.left === 0 && !isSweeping && !spoolWaits) return nothingWaits;
  const next = nextOfBacklogAt(db);
  if (isSweeping || spoolWaits || next === null) return silence(db, turn, now - gauge.movedAt);
  if (next - now > soonMs) {
    const when = duration(next - now);
    return `${gauge.left} wait for another try, the first one in ${when}. ${workerGoesOn}`;
  }
  return next > now ? null : silence(db, turn, now - gauge.movedAt);
}

/** There is something to do, and yet nothing is done: Stash is left alone for a while. */
function silence(db: TaskContext['db'], turn: Turn | null, stillMs: number): string | null {
  if (turn?.kind !== 'idle' || stillMs < soonMs) return null;
  if ((runUnderWay(db)?.tries ?? 0) > 0) {
    return `A part of the comparison failed and is tried again later. ${workerGoesOn}`;
  }
  return `Stash does not answer. ${workerGoesOn}`;
}

function whyStalled(stillMs: number): string | null {
  if (stillMs < stalledMs) return null;
  return `Nothing was finished for ${duration(stillMs)} by the process that has the queue, and it does not let go. It may be reading a large library, or hang; then a restart of Stash's machine or container helps.`;
}

function whyWatching(another: boolean, patienceMs: number): string {
  if (another) return 'Another task is processing the queue: this one shows how far it is.';
  return `The background worker did not let go for ${duration(patienceMs)}: it goes on itself, and this task shows how far it is.`;
}

function failures(db: TaskContext['db']): number {
  return deadLetterCount(db) + extraCounts(db).givenUp;
}

function summary(
  { db, clock, progress }: TaskContext,
  { scenes, extras }: Did,
  begunAt: number,
  failedBefore: number,
  end: string,
): string {
  const failed = Math.max(0, failures(db) - failedBefore);
  const took = duration(clock.now() - begunAt);
  const bad = failed === 0 ? '' : `, ${failed} of them failed for good`;
  if (end === nothingWaits) progress(1);
  const sent = extras === 0 ? '' : `, ${extras} pictures or ratings sent`;
  return `${scenes} ${scenes === 1 ? 'scene' : 'scenes'} done${sent} in ${took}${bad}. ${end}`;
}
