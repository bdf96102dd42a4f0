// One turn of the worker: take the spool in, make sure that both servers can be used, push a batch.
// It says when the next turn is due; who calls it, and for how long, is the worker's business.
import { isPlexSyncError } from '../contract/errors.ts';
import { nextRefreshAt } from '../domain/stay.ts';
import type { DataDirectory } from '../store/dataDirectory.ts';
import type { Database } from '../store/open.ts';
import { claim, giveBack, nextDueAt } from '../store/queue.ts';
import { waitingScenes } from '../store/sceneState.ts';
import * as state from '../store/state.ts';
import { readState, type StoredConnection } from '../store/state.ts';
import { openBreaker, stopFromRead } from './breaker.ts';
import type { Clock } from './clock.ts';
import { noticeBasis } from './basis.ts';
import { clearProblems, reportProblems } from './configuration.ts';
import type { DrainContext } from './context.ts';
import { drainBatch, settleAlone } from './drain.ts';
import { fanOut } from './fanOut.ts';
import { takeIn } from './intake.ts';
import type { Suspect } from './job.ts';
import { ensureIndex, type PlexIdentity, refreshIndex } from './libraryIndex.ts';
import type { Log } from './log.ts';
import { openPlexLink } from './plexLink.ts';
import { openStashLink, settingsFreshMs } from './stashLink.ts';
import { openSurvey, rulesOf } from './survey.ts';

export interface EngineOptions {
  readonly db: Database;
  readonly directory: DataDirectory;
  readonly clock: Clock;
  readonly log: Log;
  /** PlexSync's own. */
  readonly version: string;
}

/** How a turn ended. */
export type Turn =
  /** Something was done; there may be more. */
  | { readonly kind: 'worked' }
  /** Nothing to do before `until` (Unix ms), or before an event comes if null. */
  | { readonly kind: 'idle'; readonly until: number | null }
  /** Nothing can be pushed until a person acts. Looked at again at `until`. */
  | { readonly kind: 'blocked'; readonly until: number }
  | { readonly kind: 'disabled' };

export interface Engine {
  turn(): Promise<Turn>;
  /** Unix ms of the newest event taken in by this engine, or null. */
  newestEventAt(): number | null;
  rowsFinished(): number;
  close(): Promise<void>;
}

const batchSize = 50;

export function openEngine(options: EngineOptions): Engine {
  const { db, directory, clock, log } = options;
  const breaker = openBreaker(db, clock, log);
  const stashLink = openStashLink(db, clock, log);
  const plexLink = openPlexLink(db, log, options.version);
  const survey = openSurvey(db);
  let suspects: readonly Suspect[] = [];
  let newestEventAt: number | null = null;
  let rowsFinished = 0;

  const turn = async (): Promise<Turn> => {
    const taken = takeIn(db, directory, log, clock.now());
    if (taken.newestAt !== null) {
      newestEventAt = Math.max(newestEventAt ?? 0, taken.newestAt);
      stashLink.eventCame();
    }
    const now = clock.now();
    const wantedAt = nextWorkAt(now);
    if (wantedAt === null || wantedAt > now) return { kind: 'idle', until: wantedAt };
    const connection = readState(db, state.connection);
    if (connection === null) return blocked();
    if (stashLink.retryAt() > now) return { kind: 'idle', until: stashLink.retryAt() };
    try {
      return await work(connection);
    } catch (error) {
      if (!isPlexSyncError(error) || !error.code.startsWith('stash-')) throw error;
      stashLink.failed(error);
      const kind = error.code === 'stash-unauthorized' ? 'blocked' : 'idle';
      return { kind, until: stashLink.retryAt() };
    }
  };

  /** When there is something to do for which the servers are needed: Unix ms, or null. */
  const nextWorkAt = (now: number): number | null => {
    const circuit = breaker.circuit();
    // An outage is probed whether rows are due or not: it ends by itself.
    if (circuit.kind === 'open') return circuit.probeAt;
    if (suspects.length > 0) return now;
    return earliest(earliest(nextDueAt(db), refreshAt(now)), survey.nextAt());
  };

  const refreshAt = (now: number): number | null => {
    const index = readState(db, state.index);
    if (index === null) return null;
    return nextRefreshAt(now, index.refreshedAt, waitingScenes(db).newestSince);
  };

  const work = async (connection: StoredConnection): Promise<Turn> => {
    const stash = await stashLink.client(connection);
    const read = await stashLink.settings(stash);
    if (read.kind === 'disabled') return { kind: 'disabled' };
    if (read.kind === 'invalid') return blocked();
    const { settings, hash } = read;
    const circuit = breaker.circuit();
    const sameToken = circuit.kind === 'refused' && circuit.settingsHash === hash;
    if (sameToken && circuit.retryAt > clock.now()) return blocked();
    const plex = await plexLink.client(settings, hash);
    const rules = rulesOf(db, settings);
    const context: DrainContext = { db, clock, log, settings, rules, stash, plex };
    try {
      if (circuit.kind === 'open' && !(await breaker.probe(plex, circuit))) {
        return { kind: 'worked' };
      }
      if (circuit.kind === 'refused') {
        await plex.server();
        breaker.close('Plex takes the token');
      }
      const met = await plexLink.meet(plex, settings);
      if (met.kind === 'wrong-libraries') {
        reportProblems(db, log, met.problems);
        return blocked();
      }
      clearProblems(db, log);
      await ensureIndex(context, met.identity);
      const refresh = refreshAt(clock.now());
      if (refresh !== null && refresh <= clock.now()) await refreshIndex(context, met.identity);
      noticeBasis(context, met.identity);
      await push(context, met.identity, hash);
      await fanOut(context);
      await survey.step(context);
    } catch (error) {
      if (!isPlexSyncError(error) || !error.code.startsWith('plex-')) throw error;
      releaseSuspects();
      breaker.stopped(stopFromRead(error), hash);
    }
    return { kind: 'worked' };
  };

  /** The server failed before another write could tell about them: that costs them nothing. */
  const releaseSuspects = (): void => {
    for (const { row } of suspects) giveBack(db, row.key);
    suspects = [];
  };

  const push = async (context: DrainContext, plex: PlexIdentity, hash: string): Promise<void> => {
    const circuit = breaker.circuit();
    const trial = circuit.kind === 'half-open';
    let rows = claim(db, clock.now(), trial ? 1 : batchSize, trial ? circuit.lastFailed : null);
    // The job that failed last is tried only where there is no other.
    if (trial && rows.length === 0 && suspects.length === 0) rows = claim(db, clock.now(), 1);
    if (rows.length === 0) {
      const stop = settleAlone(context, suspects);
      suspects = [];
      if (stop !== null) breaker.stopped(stop, hash);
      else if (trial) breaker.close('Plex answers and nothing waits');
      return;
    }
    const outcome = await drainBatch(context, plex, rows, suspects);
    suspects = outcome.suspects;
    rowsFinished += outcome.finished;
    if (outcome.stop !== null) breaker.stopped(outcome.stop, hash);
    else if (trial && outcome.wrote) breaker.close('a trial write went through');
    else if (trial && suspects.length === 0 && nextDueAt(db) === null) {
      breaker.close('Plex answers and nothing waits');
    }
  };

  const blocked = (): Turn => ({ kind: 'blocked', until: clock.now() + settingsFreshMs });

  return {
    turn,
    newestEventAt: () => newestEventAt,
    rowsFinished: () => rowsFinished,
    close: async () => {
      await stashLink.close();
      await plexLink.close();
    },
  };
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
