// The worker's life: it takes the lock, opens the data file, turns the engine while there is a
// reason to live, and leaves in the order that strands nothing.
//
// Leaving because nothing is left to do: the lock is released first, then the parent's claim is given
// up, then spool and queue are looked at once more, and both are taken back if anything there keeps a
// worker alive. Whoever drops a file or commits a row looks at the claim after that: either it finds
// none and wakes another, or this last look finds what it left. A worker that was asked to go or that
// has no supervisor any more does not come back: it lets go, and in the latter case wakes another.
//
// A task that wants to drain in the foreground asks for the lock (takeover.ts). The worker ends its
// turn, gives back what it holds, lets go and stands by (standBy.ts); its supervisor's claim stays, so
// that nobody wakes another. A worker that is started meanwhile stands by likewise.
import { utimesSync, writeFileSync } from 'node:fs';
import { isPlexSyncError } from '../contract/errors.ts';
import { lingerMs, reasonToStay } from '../domain/recover/stay.ts';
import { isAtRest, isReleasing } from '../store/queue/control.ts';
import {
  dataDirectory,
  type DataDirectory,
  makeDataDirectory,
} from '../store/file/dataDirectory.ts';
import { tryLock, type WorkerLock } from '../store/file/lock.ts';
import { isCorruptStore } from '../store/file/corruption.ts';
import { itsOwn } from '../store/file/open.ts';
import type { Database } from '../store/file/database.ts';
import { nextPictureAt, nextTextAt } from '../store/queue/pushable.ts';
import { giveBackAll } from '../store/queue/queueSettle.ts';
import { newestWaitingSince } from '../store/mirror/sceneLists.ts';
import { closeStore, fileTrouble, troubleWords } from '../store/file/sameFile.ts';
import { scenesToRaise } from '../store/queue/sweep.ts';
import * as state from '../store/file/state.ts';
import { readState } from '../store/file/state.ts';
import { openAlarm } from './servers/alarm.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { openData, replaceDamaged } from './dataLoss.ts';
import { type Engine, type EngineOptions, openEngine, type Turn } from './engine.ts';
import { dropHolder, noteHolder } from './process/holder.ts';
import { type Log, openLog } from './base/log.ts';
import { noteMissed } from './base/missed.ts';
import { programIdentity } from './process/program.ts';
import type { SideWork } from './sideWork.ts';
import { standBy, type StoodBy } from './process/standBy.ts';
import { claimAgain, claimForParent, giveUpClaim } from './process/supervisorFile.ts';
import { askerOf } from './process/takeover.ts';
import { tellLater } from './tell/telling.ts';
import type { Tracing } from './base/tracing.ts';

export const exitCodes = { done: 0, cannotTakeIn: 70, locked: 75, updated: 76 } as const;

export interface WorkerOptions {
  readonly dataDirectory: string;
  readonly standIn?: EngineOptions['standIn'];
  readonly version: string;
  /** File of the running program; a change of it ends the worker. */
  readonly programPath: string;
  readonly clock?: Clock;
  readonly lingerMs?: number;
  /** What is done beside the queue, for as long as there is any. */
  readonly sideWork?: (db: Database) => SideWork;
  /** It leaves when it is stopped or refused, and never for want of something to do. */
  readonly watches?: boolean;
  /** Where the settings are, if not in Stash. */
  readonly readSettings?: EngineOptions['readSettings'];
  /** Told of every change on its way. */
  readonly tracing?: Tracing | undefined;
  /** Ends the worker after what is in flight. */
  readonly stop: AbortSignal;
  /** Process that supervises this one; null when a person started it. */
  readonly supervisorPid: () => number | null;
  /** Called when the supervisor is gone: another must be woken. */
  readonly supervisorGone: () => void;
}

const lively = { forMs: 60_000, pollMs: 500 };
const quietPollMs = 2_000;

/** Runs until there is no reason to live. @returns the exit code that the supervisor understands */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const directory = dataDirectory(options.dataDirectory);
  const clock = options.clock ?? systemClock;
  const log = openLog(directory.log, clock);
  let held: WorkerLock | null = null;
  let db: Database;
  try {
    makeDataDirectory(directory.path);
    held = tryLock(directory.lock);
    if (held === null && askerOf(directory.takeover) === null) return exitCodes.locked;
    db = openData(directory, log, clock.now(), held === null ? undefined : itsOwn);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.write('error', 'store', message);
    // The log may be what cannot be written.
    process.stderr.write(`${message}\n`);
    held?.release();
    return exitCodes.cannotTakeIn;
  }
  const life = openLife(options, directory, db, clock, log);
  try {
    while (true) {
      let ending: Ending | null = null;
      if (held === null) {
        const stood = await life.standBy();
        if (stood.kind === 'another-worker') return exitCodes.locked;
        if (stood.kind === 'mine') held = stood.lock;
        else ending = stood.ending;
      }
      ending ??= await life.live();
      if (held !== null) dropHolder(db);
      held?.release();
      held = null;
      if (ending === 'asked') continue;
      if (ending === 'updated') return exitCodes.updated;
      if (ending === 'strayed') return exitCodes.cannotTakeIn;
      if (ending === 'orphaned') options.supervisorGone();
      if (ending !== 'quiet') return exitCodes.done;
      life.giveUpClaim();
      if (!life.somethingCame() || !life.claimAgain()) return exitCodes.done;
      held = tryLock(directory.lock);
      // Whoever holds it may have seen the claim just made, and left what came to us.
      if (held === null && askerOf(directory.takeover) === null) return exitCodes.locked;
    }
  } catch (error) {
    const message = wordsOf(error);
    log.write('error', 'worker', message);
    const line = { level: 'error', event: 'worker', message, fields: {} } as const;
    tellLater(db, log, line, clock.now());
    if (isCorruptStore(error)) replaceDamaged(db, directory, log, clock.now());
    held?.release();
    return exitCodes.cannotTakeIn;
  } finally {
    await life.close();
    if (db.isOpen) closeStore(db);
  }
}

/**
 * quiet: nothing is left to do. stopped: it was asked to. orphaned: its supervisor is gone.
 * updated: another version of the program is there. asked: a task wants the lock. strayed: its data
 * file is not the one any more that others find.
 */
type Ending = 'quiet' | 'stopped' | 'orphaned' | 'updated' | 'asked' | 'strayed';

interface Life {
  live(): Promise<Ending>;
  /** Waits for the lock that a task has. */
  standBy(): Promise<StoodBy<Ending>>;
  giveUpClaim(): void;
  /** False if another has claimed meanwhile. */
  claimAgain(): boolean;
  /** Whether spool or queue hold anything that keeps a worker alive. */
  somethingCame(): boolean;
  close(): Promise<void>;
}

function openLife(
  options: WorkerOptions,
  directory: DataDirectory,
  db: Database,
  clock: Clock,
  log: Log,
): Life {
  const program = programIdentity(options.programPath);
  const supervisor = options.supervisorPid();
  const newEngine = (): Engine =>
    openEngine({
      db,
      directory,
      clock,
      log,
      version: options.version,
      standIn: options.standIn,
      tracing: options.tracing,
      readSettings: options.readSettings,
      ...(options.sideWork === undefined ? {} : { sideWork: options.sideWork }),
    });
  let engine = newEngine();
  const alarm = openAlarm(directory.spool, options.stop);
  let startedAt = clock.now();
  let turnsEndedAs: Turn = { kind: 'worked' };
  /** A task that asked for the lock and did not come for it. */
  let ignored: string | null = null;
  let hasStoodBy = false;

  const lastActivityAt = (): number => Math.max(startedAt, engine.newestEventAt() ?? 0);

  const reason = (): string | null =>
    turnsEndedAs.kind === 'disabled'
      ? null
      : reasonToStay({
          now: clock.now(),
          lastActivityAt: lastActivityAt(),
          lingerMs: options.lingerMs ?? lingerMs,
          watches: options.watches ?? false,
          paused: isAtRest(db),
          hasWork:
            nextTextAt(db) !== null ||
            nextPictureAt(db) !== null ||
            scenesToRaise(db) !== null ||
            isReleasing(db),
          blockedSince: turnsEndedAs.kind === 'blocked' ? turnsEndedAs.since : null,
          outage: readState(db, state.circuit)?.kind === 'open',
          waitingSince: newestWaitingSince(db),
          reconciles: engine.sideWorkAt() !== null,
        });

  /** Why it has to leave, whether it holds the lock or stands by. */
  const mustLeave = (): Ending | null => {
    // A clock that was put back must not make the start a thing of the future.
    startedAt = Math.min(startedAt, clock.now());
    if (options.stop.aborted) return leave('stopped', 'it was asked to');
    const trouble = fileTrouble(db);
    if (trouble !== null) return leave('strayed', troubleWords[trouble]);
    if (options.supervisorPid() !== supervisor) return leave('orphaned', 'its supervisor is gone');
    if (programIdentity(options.programPath) !== program) {
      noteMissed(
        db,
        lastActivityAt(),
        'PlexSync was updated; edits in between may have been missed',
        clock.now(),
      );
      return leave('updated', 'PlexSync was updated');
    }
    if (supervisor !== null) claimForParent(directory.supervisor, supervisor);
    return null;
  };

  return {
    live: async () => {
      giveBackAll(db);
      noteHolder(db, 'worker', clock.now());
      const message = hasStoodBy ? 'The worker goes on' : 'The worker begins';
      log.write('info', 'worker', message, { pid: process.pid });
      while (true) {
        const ending = mustLeave();
        if (ending !== null) return ending;
        const asker = askerOf(directory.takeover);
        if (asker !== null && asker !== ignored) return 'asked';
        const finishedBefore = engine.rowsFinished();
        turnsEndedAs = await engine.turn();
        if (engine.rowsFinished() > finishedBefore) touch(directory.progress);
        if (turnsEndedAs.kind === 'worked') continue;
        if (reason() === null) {
          if (turnsEndedAs.kind !== 'disabled') await engine.lastWords();
          // The process that prints them takes in what it finds.
          if (reason() !== null) continue;
          return leave('quiet', isAtRest(db) ? 'PlexSync is paused' : whyQuiet(turnsEndedAs));
        }
        await alarm.wait(clock, nap(turnsEndedAs));
      }
    },
    standBy: async () => {
      log.write('info', 'takeover', 'A task has the lock; the worker stands by', {
        pid: process.pid,
      });
      // What it knows is the task's business now, down to the rows in doubt.
      await engine.close();
      let stood: StoodBy<Ending>;
      try {
        stood = await standBy(directory, clock, options.stop, mustLeave);
      } finally {
        // Not before: what the task has learned meanwhile, such as the pace, is read when it opens.
        engine = newEngine();
      }
      if (stood.kind !== 'mine') return stood;
      ({ ignored } = stood);
      hasStoodBy = true;
      startedAt = clock.now();
      turnsEndedAs = { kind: 'worked' };
      return stood;
    },
    giveUpClaim: () => {
      if (supervisor !== null) giveUpClaim(directory.supervisor, supervisor);
    },
    claimAgain: () => supervisor === null || claimAgain(directory.supervisor, supervisor),
    somethingCame: () =>
      !options.stop.aborted &&
      turnsEndedAs.kind !== 'disabled' &&
      (engine.spoolWaits() || reason() !== null),
    close: async () => {
      alarm.close();
      await engine.close();
    },
  };

  function leave(ending: Ending, why: string): Ending {
    log.write('info', 'worker', `The worker leaves: ${why}`);
    return ending;
  }

  /** Milliseconds to the next look: watches are blind on many mounts, so there is always one. */
  function nap(turn: Turn): number {
    const now = clock.now();
    const poll = now - lastActivityAt() < lively.forMs ? lively.pollMs : quietPollMs;
    const until = turn.kind === 'idle' || turn.kind === 'blocked' ? turn.until : null;
    return until === null ? poll : Math.max(1, Math.min(poll, until - now));
  }
}

function whyQuiet(turn: Turn): string {
  if (turn.kind === 'disabled') return 'PlexSync is switched off in Stash';
  return turn.kind === 'blocked' ? 'only a person can help now' : 'nothing is left to do';
}

/** Where it came from is of use only where it was not foreseen. */
function wordsOf(error: unknown): string {
  if (isPlexSyncError(error)) return `The worker leaves: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Tells the supervisor that this worker gets something done. */
function touch(path: string): void {
  try {
    writeFileSync(path, '', { mode: 0o600 });
    utimesSync(path, new Date(), new Date());
  } catch {
    // A hint only.
  }
}
