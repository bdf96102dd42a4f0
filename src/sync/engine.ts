// One turn of the worker: take the spool in, make sure that both servers can be used, push a batch.
// It says when the next turn is due; who calls it, and for how long, is the worker's business.
import { isPlexSyncError } from '../contract/errors.ts';
import { type Circuit, isOnTrial } from '../domain/recover/circuit.ts';
import { earliest } from '../domain/base/earliest.ts';
import { isHeld } from '../store/queue/control.ts';
import type { DataDirectory } from '../store/file/dataDirectory.ts';
import type { Database } from '../store/file/database.ts';
import * as state from '../store/file/state.ts';
import { readState, type StoredConnection } from '../store/file/state.ts';
import { openAgenda } from './agenda.ts';
import { type Blocked, openBlockade } from './servers/blocked.ts';
import { openBreaker, stopFromRead } from './servers/breaker.ts';
import type { StashClient } from '../stash/client.ts';
import type { Clock } from './base/clock.ts';
import { noticeBasis } from './servers/basis.ts';
import { openStandIn } from './intake/emergencySpool.ts';
import { openOutageFile } from './servers/outageFile.ts';
import { openClockWatch } from './servers/clockWatch.ts';
import {
  clearProblems,
  problemOf,
  reportProblems,
  type SettingsRead,
  type readSettings,
} from './servers/configuration.ts';
import type { DrainContext } from './base/context.ts';
import { fanOut } from './intake/fanOut.ts';
import { spoolNames, type Stuck, takeIn } from './intake/intake.ts';
import { ensureIndex, isFullWalkDue, refreshIndex } from './match/libraryIndex.ts';
import type { Log } from './base/log.ts';
import { openPlexLink } from './servers/plexLink.ts';
import { openPushing } from './pushing.ts';
import { releaseLocks } from './write/releaseLocks.ts';
import { openSettingsWatch } from './servers/settingsWatch.ts';
import type { SideWork } from './sideWork.ts';
import { openStashLink } from './servers/stashLink.ts';
import { openTeller } from './tell/telling.ts';
import { tracedLog, type Tracing } from './base/tracing.ts';
import { openSurvey, rulesOf } from './match/survey.ts';
import { openSweeping } from './intake/sweeping.ts';

export interface EngineOptions {
  readonly db: Database;
  readonly directory: DataDirectory;
  /** The folder that stands in for it where a hook cannot make it out, if there is one. */
  readonly standIn?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** PlexSync's own. */
  readonly version: string;
  /** Called when items were written, in the middle of a batch. */
  readonly onWritten?: (items: number) => void;
  /** Done while no text is due and Plex is well. */
  readonly sideWork?: (db: Database) => SideWork;
  readonly tracing?: Tracing | undefined;
  /** Where the settings are, if not in Stash. */
  readonly readSettings?: typeof readSettings | undefined;
}

/** How a turn ended. */
export type Turn =
  /** Something was done; there may be more. */
  | { readonly kind: 'worked' }
  /** Nothing to do before `until` (Unix ms), or before an event comes if null. */
  | { readonly kind: 'idle'; readonly until: number | null }
  | Blocked
  | { readonly kind: 'disabled' };

export interface Engine {
  turn(): Promise<Turn>;
  /** Unix ms of the newest event taken in by this engine, or null. */
  newestEventAt(): number | null;
  rowsFinished(): number;
  /** Pictures and ratings. */
  extrasSent(): number;
  /** When the work beside the queue goes on or begins, Unix ms, or null. */
  sideWorkAt(): number | null;
  /** Whether the spool holds anything that can be taken in. */
  spoolWaits(): boolean;
  /** Before the end of a worker: Stash's log is told what waits for it. */
  lastWords(): Promise<void>;
  close(): Promise<void>;
}

export function openEngine(options: EngineOptions): Engine {
  const { db, directory, clock, tracing } = options;
  // Where the settings are not in Stash, PlexSync is no plugin of it, and Stash starts nothing for it.
  const teller = options.readSettings === undefined ? openTeller(db, clock, options.log) : null;
  const log = tracedLog(teller?.log ?? options.log, clock, tracing ?? null);
  const stashLink = openStashLink(db, clock, log, options.readSettings);
  const plexLink = openPlexLink(db, clock, log, options.version);
  // What is not found may be a library that was deleted: which there are is asked for first.
  const outageFile = openOutageFile(directory.outage, log);
  const breaker = openBreaker(db, clock, log, outageFile, (error) => {
    if (error.code !== 'plex-not-found' || plexLink.isFresh) return false;
    plexLink.forget();
    return true;
  });
  const pushing = openPushing(db, clock, breaker);
  const clockWatch = openClockWatch(db, clock, log);
  const settingsWatch = openSettingsWatch(db);
  /** The settings are to be read though there is nothing to do. */
  let looksNow = false;
  const stuck: Stuck = new Map();
  const bringOver = openStandIn(options.standIn, db, clock, log);
  let survey = openSurvey(db);
  let sweeping = openSweeping(db);
  const sideWork = options.sideWork?.(db) ?? null;
  const blockade = openBlockade(clock);
  const looksAt = (): number | null => earliest(survey.nextAt(), sweeping.nextAt());
  const agenda = openAgenda({
    db,
    clock,
    breaker,
    pushing,
    settingsWatch,
    sideWork,
    looksAt,
  });
  let wereInvalid = false;
  let newestEventAt: number | null = null;

  const turn = async (): Promise<Turn> => {
    if (clockWatch.wentBack()) forgetTimes();
    breaker.keepFile();
    bringOver();
    const taken = takeIn(db, directory, log, clock.now(), stuck);
    if (taken.newestAt !== null) {
      newestEventAt = Math.max(newestEventAt ?? 0, taken.newestAt);
      stashLink.eventCame();
      teller?.stashCame();
      clockWatch.keep();
      blockade.lookAgain();
    }
    if (settingsWatch.wereSaved()) {
      stashLink.forgetSettings();
      looksNow = true;
      blockade.lookAgain();
    }
    const now = clock.now();
    const connection = readState(db, state.connection);
    if (isHeld(db)) pushing.releaseSuspects();
    const wantedAt = notBefore(agenda.nextWorkAt(now), breaker.circuit());
    if (wantedAt === null || wantedAt > now) {
      if (connection !== null && (await rest(connection)) === 'disabled') {
        return { kind: 'disabled' };
      }
      return { kind: 'idle', until: notBefore(agenda.nextWorkAt(clock.now()), breaker.circuit()) };
    }
    const blocked = blockade.at(now);
    if (blocked !== null) return blocked;
    if (connection === null) return blockade.begin();
    if (stashLink.retryAt() > now) return { kind: 'idle', until: stashLink.retryAt() };
    try {
      const ended = await work(connection);
      if (ended.kind !== 'blocked') blockade.end();
      clockWatch.keep();
      return ended;
    } catch (error) {
      if (!isPlexSyncError(error)) throw error;
      if (error.code === 'config-invalid') {
        reportProblems(db, log, [problemOf(error)]);
        return blockade.begin();
      }
      if (!error.code.startsWith('stash-')) throw error;
      stashLink.failed(error);
      if (error.code === 'stash-unauthorized') return blockade.begin(stashLink.retryAt());
      blockade.end();
      return { kind: 'idle', until: stashLink.retryAt() };
    }
  };

  /** Saving settings fires no hook, nor does switching PlexSync off: Stash is asked now and then. */
  const rest = async (connection: StoredConnection): Promise<SettingsRead['kind'] | null> => {
    try {
      if (sideWork?.wantsLook(clock.now()) === true || looksNow) {
        looksNow = false;
        return (await readSettings(await stashLink.client(connection))).kind;
      }
      if (stashLink.sessionEndsSoon(connection)) await stashLink.keepSession(connection);
    } catch (error) {
      // A Stash that is away is no trouble while there is nothing to do.
      if (!isPlexSyncError(error)) throw error;
      log.write('debug', 'look', error.message, { code: error.code });
    }
    return null;
  };

  const readSettings = async (stash: StashClient): Promise<SettingsRead> => {
    const read = await stashLink.settings(stash);
    // What only using them can show is found out with the next work.
    if (read.kind === 'valid' && wereInvalid) clearProblems(db, log);
    wereInvalid = read.kind === 'invalid';
    settingsWatch.note(read);
    sideWork?.prepare(read, clock.now());
    return read;
  };

  /** The settings work. Of a token that was refused a write has to show it first. */
  const putRight = (): void => {
    if (breaker.circuit().kind !== 'refused') clearProblems(db, log);
  };

  /** What is known by its time is worth nothing once the clock was put back. */
  const forgetTimes = (): void => {
    stashLink.clockWentBack();
    plexLink.forget();
    survey = openSurvey(db);
    sweeping = openSweeping(db);
    sideWork?.clockWentBack();
    blockade.end();
    agenda.clockWentBack();
    if (newestEventAt !== null) newestEventAt = Math.min(newestEventAt, clock.now());
  };

  const work = async (connection: StoredConnection): Promise<Turn> => {
    const stash = await stashLink.client(connection);
    const read = await readSettings(stash);
    if (read.kind === 'disabled') return { kind: 'disabled' };
    if (read.kind === 'invalid') return blockade.begin();
    const { settings, hash } = read;
    breaker.follow(settings.recoveryStrategy);
    const circuit = breaker.circuit();
    const sameToken = circuit.kind === 'refused' && circuit.settingsHash === hash;
    const goesOn = sameToken && isOnTrial(circuit);
    if (sameToken && !goesOn && circuit.retryAt > clock.now()) return blockade.begin();
    const plex = await plexLink.client(settings, hash);
    const rules = rulesOf(db, settings);
    const { onWritten } = options;
    pushing.beginTurn();
    const servers = { stash, plex, viewer: plexLink.viewer() } as const;
    const context: DrainContext = {
      db,
      clock,
      log,
      settings,
      rules,
      ...servers,
      onWritten,
      tracing,
    };
    try {
      if (circuit.kind === 'open' && !(await breaker.probe(plex, circuit))) {
        return { kind: 'worked' };
      }
      if (circuit.kind === 'refused' && !goesOn) await breaker.tryToken(plex, hash);
      if (isFullWalkDue(context)) plexLink.forget();
      const met = await plexLink.meet(plex, settings);
      if (met.kind === 'wrong-libraries') {
        reportProblems(db, log, met.problems);
        return blockade.begin();
      }
      agenda.metPlex();
      putRight();
      if (isHeld(db)) {
        if (await releaseLocks(context)) breaker.close('locks were released');
        putRight();
        return { kind: 'worked' };
      }
      await ensureIndex(context, met.identity);
      const refresh = agenda.refreshAt(clock.now());
      if (refresh !== null && refresh <= clock.now()) await refreshIndex(context, met.identity);
      // Before the batch: what that leaves without an item was judged by the new ones already.
      await noticeBasis(context, met.identity);
      const pushed = await pushing.push(context, met.identity, hash);
      await pushing.send(context, hash, pushed);
      putRight();
      await fanOut(context);
      await sweeping.step(context);
      await survey.step(context);
      const isWell =
        !pushing.failed() && !pushing.hasSuspects() && breaker.circuit().kind === 'closed';
      const isItsTurn = pushed === 0 || sideWork?.hasWaited(clock.now()) === true;
      if (isWell && isItsTurn && !isHeld(db)) await sideWork?.step(context, met.identity);
      // What it has found may be what scenes without an item wait for.
      await noticeBasis({ ...context, rules: rulesOf(db, settings) }, met.identity);
      settingsWatch.worked(hash);
      if (isWell) breaker.wentThrough();
    } catch (error) {
      if (!isPlexSyncError(error) || !error.code.startsWith('plex-')) throw error;
      pushing.releaseSuspects();
      pushing.stopped(stopFromRead(error), hash);
    }
    // The failure may be that of a library which Plex has no more, or not yet.
    if (pushing.failed() || breaker.circuit().kind !== 'closed') plexLink.forget();
    const after = breaker.circuit();
    return after.kind === 'refused' && !isOnTrial(after) ? blockade.begin() : { kind: 'worked' };
  };

  return {
    turn: async () => {
      const ended = await turn();
      teller?.tick();
      return ended;
    },
    newestEventAt: () => newestEventAt,
    rowsFinished: () => pushing.rowsFinished(),
    extrasSent: () => pushing.extrasSent(),
    sideWorkAt: () => sideWork?.nextAt(clock.now()) ?? null,
    spoolWaits: () => {
      bringOver();
      return spoolNames(directory.spool).some((name) => !stuck.has(name));
    },
    lastWords: async () => {
      await teller?.last();
    },
    close: async () => {
      await teller?.close();
      await stashLink.close();
      await plexLink.close();
    },
  };
}

/** A Plex in doubt is left alone for a moment. */
function notBefore(wantedAt: number | null, circuit: Circuit): number | null {
  if (wantedAt === null || circuit.kind !== 'closed') return wantedAt;
  return Math.max(wantedAt, circuit.doubt?.retryAt ?? 0);
}
