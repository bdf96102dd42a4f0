// The worker's life: it takes the lock, opens the data file, turns the engine while there is a
// reason to live, and leaves in the order that strands nothing.
//
// Leaving with 0: the lock is released first, then spool and queue are looked at once more, and the
// lock is taken back if anything there keeps a worker alive. A hook that drops a file after that
// look finds the supervisor still named and its file is seen by the supervisor, which removes its
// claim before it looks into the spool itself.
import { utimesSync, watch, writeFileSync } from 'node:fs';
import { lingerMs, reasonToStay } from '../domain/stay.ts';
import { type DataDirectory, makeDataDirectory } from '../store/dataDirectory.ts';
import { tryLock } from '../store/lock.ts';
import { type Database, isCorruptStore, openStore, replaceStore } from '../store/open.ts';
import { giveBackAll, nextDueAt } from '../store/queue.ts';
import { waitingScenes } from '../store/sceneState.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';
import { type Clock, systemClock } from './clock.ts';
import { openEngine, type Turn } from './engine.ts';
import { spoolNames } from './intake.ts';
import { type Log, openLog } from './log.ts';
import { programIdentity } from './program.ts';
import { claimForParent } from './supervisorFile.ts';

export const exitCodes = { done: 0, cannotTakeIn: 70, locked: 75, updated: 76 } as const;

export interface WorkerOptions {
  readonly dataDirectory: string;
  readonly version: string;
  /** File of the running program; a change of it ends the worker. */
  readonly programPath: string;
  readonly clock?: Clock;
  readonly lingerMs?: number;
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
  const directory = makeDataDirectory(options.dataDirectory);
  const clock = options.clock ?? systemClock;
  const log = openLog(directory.log, clock);
  const lock = tryLock(directory.lock);
  if (lock === null) return exitCodes.locked;
  let opened: ReturnType<typeof openStore>;
  try {
    opened = openStore(directory.database, clock.now());
  } catch (error) {
    log.write('error', 'store', error instanceof Error ? error.message : String(error));
    lock.release();
    return exitCodes.cannotTakeIn;
  }
  const { db, setAside } = opened;
  if (setAside !== null) tellOfLoss(db, log, setAside, clock.now());
  let held = lock;
  const life = openLife(options, directory, db, clock, log);
  try {
    while (true) {
      const code = await life.live();
      held.release();
      if (code !== exitCodes.done || !life.somethingCame()) return code;
      const again = tryLock(directory.lock);
      if (again === null) return exitCodes.done;
      held = again;
    }
  } catch (error) {
    log.write(
      'error',
      'worker',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    if (isCorruptStore(error)) replaceDamaged(db, directory, clock, log);
    held.release();
    return exitCodes.cannotTakeIn;
  } finally {
    await life.close();
    if (db.isOpen) db.close();
  }
}

interface Life {
  live(): Promise<number>;
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
  const engine = openEngine({ db, directory, clock, log, version: options.version });
  const alarm = openAlarm(directory.spool, options.stop);
  const startedAt = clock.now();
  let turnsEndedAs: Turn = { kind: 'worked' };

  const lastActivityAt = (): number => Math.max(startedAt, engine.newestEventAt() ?? 0);

  const reason = (): string | null =>
    turnsEndedAs.kind === 'disabled'
      ? null
      : reasonToStay({
          now: clock.now(),
          lastActivityAt: lastActivityAt(),
          lingerMs: options.lingerMs ?? lingerMs,
          hasWork: nextDueAt(db) !== null,
          blocked: turnsEndedAs.kind === 'blocked',
          outage: readState(db, state.circuit)?.kind === 'open',
          waitingSince: waitingScenes(db).newestSince,
        });

  return {
    live: async () => {
      giveBackAll(db);
      log.write('info', 'worker', 'The worker begins', { pid: process.pid });
      while (true) {
        if (options.stop.aborted) return leave('it was asked to');
        if (programIdentity(options.programPath) !== program) {
          writeState(db, state.missedSince, {
            since: lastActivityAt(),
            reason: 'PlexSync was updated; edits in between may have been missed',
          });
          log.write('info', 'worker', 'The worker leaves: PlexSync was updated');
          return exitCodes.updated;
        }
        if (options.supervisorPid() !== supervisor) {
          options.supervisorGone();
          return leave('its supervisor is gone');
        }
        if (supervisor !== null) claimForParent(directory.supervisor, supervisor);
        const finishedBefore = engine.rowsFinished();
        turnsEndedAs = await engine.turn();
        if (engine.rowsFinished() > finishedBefore) touch(directory.progress);
        if (turnsEndedAs.kind === 'worked') continue;
        if (reason() === null) return leave('nothing is left to do');
        await alarm.wait(clock, nap(turnsEndedAs));
      }
    },
    somethingCame: () =>
      !options.stop.aborted &&
      turnsEndedAs.kind !== 'disabled' &&
      (spoolNames(directory.spool).length > 0 || reason() !== null),
    close: async () => {
      alarm.close();
      await engine.close();
    },
  };

  function leave(why: string): number {
    log.write('info', 'worker', `The worker leaves: ${why}`);
    return exitCodes.done;
  }

  /** Milliseconds to the next look: watches are blind on many mounts, so there is always one. */
  function nap(turn: Turn): number {
    const now = clock.now();
    const poll = now - lastActivityAt() < lively.forMs ? lively.pollMs : quietPollMs;
    const until = turn.kind === 'idle' || turn.kind === 'blocked' ? turn.until : null;
    return until === null ? poll : Math.max(1, Math.min(poll, until - now));
  }
}

interface Alarm {
  /** Sleeps at most `ms`; ends early when a file comes into the spool or the worker is stopped. */
  wait(clock: Clock, ms: number): Promise<void>;
  close(): void;
}

function openAlarm(spool: string, stop: AbortSignal): Alarm {
  let rung = false;
  let sleeping: AbortController | null = null;
  const ring = (): void => {
    rung = true;
    sleeping?.abort();
  };
  stop.addEventListener('abort', ring);
  let watcher: ReturnType<typeof watch> | null = null;
  try {
    watcher = watch(spool, ring);
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watch on this file system: polling does.
  }
  return {
    wait: async (clock, ms) => {
      if (!rung) {
        sleeping = new AbortController();
        await clock.sleep(ms, sleeping.signal);
        sleeping = null;
      }
      rung = false;
    },
    close: () => {
      stop.removeEventListener('abort', ring);
      watcher?.close();
    },
  };
}

/** Damage deep in the file shows only when it is read: the next worker begins with a new one. */
function replaceDamaged(db: Database, directory: DataDirectory, clock: Clock, log: Log): void {
  db.close();
  const renewed = replaceStore(directory.database, clock.now());
  if (renewed.setAside !== null) tellOfLoss(renewed.db, log, renewed.setAside, clock.now());
  renewed.db.close();
}

function tellOfLoss(db: Database, log: Log, setAside: string, now: number): void {
  const reason = `the data file was damaged; it is kept as ${setAside}`;
  writeState(db, state.fullSyncNeeded, { since: now, reason });
  log.write('error', 'store', `A full sync is needed: ${reason}`);
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
