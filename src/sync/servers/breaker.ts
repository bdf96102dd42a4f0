// The circuit as it persists: reads it, moves it, and logs each move with from, to and why.
import { isPlexSyncError, type PlexSyncError } from '../../contract/errors.ts';
import {
  type Circuit,
  closed,
  probeFailed,
  probeSucceeded,
  serverFailed,
  tokenRead,
  tokenRefused,
  withoutTrial,
} from '../../domain/recover/circuit.ts';
import { duration } from '../../domain/base/durationWords.ts';
import { readOnlyCause } from '../../domain/recover/refusal.ts';
import type { RecoveryStrategy } from '../../contract/recoverySettings.ts';
import { beginRamp } from '../../domain/recover/ramp.ts';
import { courseOf } from '../../domain/recover/strategy.ts';
import type { PlexClient } from '../../plex/client.ts';
import type { Database } from '../../store/file/database.ts';
import { type Beginning, followCircuit, noteProbe, outages } from '../../store/queue/outage.ts';
import { queueCounts } from '../../store/queue/queueCounts.ts';
import { transaction } from '../../store/file/sql.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';
import type { Clock } from '../base/clock.ts';
import { problemOf, reportProblems } from './configuration.ts';
import type { Stop } from '../base/job.ts';
import type { Log } from '../base/log.ts';
import type { OutageFile } from './outageFile.ts';
import { stopOf } from '../base/stop.ts';

export interface Breaker {
  circuit(): Circuit;
  /** What the settings say; conservative until then. */
  follow(strategy: RecoveryStrategy): void;
  /** Plex failed; `settingsHash` tells later whether a refused token was changed since. */
  stopped(stop: Stop, settingsHash: string): void;
  /** Nothing failed: failures before it were not in a row. */
  wentThrough(): void;
  close(why: string): void;
  /** On trial, and nothing is left to try it with. */
  nothingToTry(): void;
  /**
   * Asks whether a token that was refused is taken for reading now; then a write is on trial.
   * @throws PlexSyncError of Plex's
   */
  tryToken(plex: PlexClient, settingsHash: string): Promise<void>;
  /**
   * Asks Plex whether it is back: `/identity`, which needs no token, then an authenticated read.
   * @throws PlexSyncError `plex-unauthorized`
   */
  probe(plex: PlexClient, open: Extract<Circuit, { kind: 'open' }>): Promise<boolean>;
  /**
   * Writes `outage.json` if it is behind: a person or a clock that was put right moved the next try,
   * or a worker died between the data file and it.
   */
  keepFile(): void;
}

/**
 * @param isNoOutage what says nothing about the server: it is left to the next turn
 */
export function openBreaker(
  db: Database,
  clock: Clock,
  log: Log,
  file: OutageFile,
  isNoOutage: (error: PlexSyncError) => boolean = () => false,
): Breaker {
  let strategy: RecoveryStrategy = 'conservative';
  /** What `outage.json` has, as far as this process knows. */
  let written: string | null = null;
  const circuit = (): Circuit => readState(db, state.circuit) ?? closed;

  const keepFile = (): void => {
    const known = readState(db, state.circuit);
    const text = JSON.stringify(known);
    if (known === null || text === written) return;
    written = text;
    file.write(known, clock.now());
  };

  const move = (next: Circuit, why: string): void => {
    const now = clock.now();
    const from = circuit().kind;
    transaction(db, () => {
      writeState(db, state.circuit, next);
      followCircuit(db, next, beginningOf(next, why), now);
    });
    keepFile();
    if (from === next.kind) return;
    const level = next.kind === 'open' || next.kind === 'refused' ? 'warn' : 'info';
    const fields = { from, to: next.kind, why };
    log.write(level, 'circuit', `Plex: ${from} → ${next.kind}: ${why}`, fields);
  };

  // Looked at in any case: one that is damaged is told of before it is written anew.
  const kept = file.read(clock.now());
  if (kept !== null && readState(db, state.circuit) === null) {
    move(kept, 'as outage.json has it; the data file is a new one');
  }

  const close = (why: string): void => {
    const before = circuit();
    if (before.kind === 'closed') return;
    move(closed, why);
    const seconds = Math.max(0, Math.round((clock.now() - before.since) / 1000));
    const { pending, inFlight } = queueCounts(db);
    const waiting = pending + inFlight;
    const { jobs: waited = 0, probes = 0 } = outages(db)[0] ?? {};
    const what = before.kind === 'refused' ? 'Plex takes the token again' : 'Plex is back';
    const message = `${what} after ${duration(seconds * 1000)}; ${waited} ${waited === 1 ? 'change' : 'changes'} waited for it, ${waiting} more to go`;
    log.write('info', 'recovery', message, { seconds, waited, waiting, probes });
  };

  return {
    circuit,
    close,
    keepFile,
    follow: (wanted) => {
      strategy = wanted;
    },
    wentThrough: () => {
      const known = circuit();
      if (known.kind === 'closed' && known.doubt !== undefined) move(closed, 'it goes through');
    },
    nothingToTry: () => {
      const known = circuit();
      if (known.kind === 'half-open') close('Plex answers and nothing waits');
      if (known.kind !== 'refused' || known.trial !== true) return;
      const next = withoutTrial(known, clock.now());
      if (next.kind === 'closed') close('Plex takes the token and nothing waits');
      else move(next, 'nothing waits');
    },
    tryToken: async (plex, settingsHash) => {
      noteProbe(db);
      await plex.server();
      const known = circuit();
      if (known.kind !== 'refused') return;
      move(tokenRead(known, settingsHash), 'a read went through');
      log.write('debug', 'token', 'Plex takes the token for reading; a write is tried');
    },
    stopped: (stop, settingsHash) => {
      if (stop.kind === 'token') {
        const { status, message } = stop.error;
        const next = tokenRefused(circuit(), clock.now(), settingsHash, status);
        move(next, message);
        const problem = problemOf(stop.error);
        const known = next.readOnly === true ? { ...problem, message: readOnlyCause } : problem;
        reportProblems(db, log, [known]);
        return;
      }
      if (isNoOutage(stop.error)) return;
      const failure = {
        cause: stop.error.message,
        code: stop.error.code,
        lastFailed: stop.kind === 'server' ? stop.lastFailed : null,
        waitMs: waitMs(stop),
      };
      const next = serverFailed(circuit(), failure, clock.now(), clock.random(), strategy);
      move(next, failure.cause);
      if (next.kind !== 'closed') return;
      const { failures = 0 } = next.doubt ?? {};
      log.write('info', 'doubt', `Not an outage yet: ${failure.cause}`, { failures });
    },
    probe: async (plex, open) => {
      noteProbe(db);
      try {
        await plex.identity();
        await plex.server();
      } catch (error) {
        if (!isPlexSyncError(error) || error.code === 'plex-unauthorized') throw error;
        const { message: cause, code } = error;
        const failure = { cause, code, waitMs: waitMs(stopFromRead(error)) };
        // Before the trial: that is the first write of the ramp.
        writeState(db, state.ramp, beginRamp(clock.now(), courseOf(strategy, code).ramp));
        move(probeFailed(open, failure, clock.now(), clock.random(), strategy), failure.cause);
        return false;
      }
      move(probeSucceeded(open), 'Plex answers again');
      return true;
    },
  };
}

function beginningOf(circuit: Circuit, why: string): Beginning {
  const isAway = circuit.kind === 'open' || circuit.kind === 'half-open';
  if (isAway) return { code: circuit.code ?? null, cause: circuit.cause };
  return { code: circuit.kind === 'refused' ? 'plex-unauthorized' : null, cause: why };
}

/** How a failed read of Plex's, which no single item can be blamed for, ends the drain. */
export function stopFromRead(error: PlexSyncError): Stop {
  return stopOf(error, null);
}

/** How long Plex asked to be left alone: a 429 that names no time has one all the same. */
function waitMs(stop: Stop): number {
  return stop.kind === 'wait' ? stop.ms : (stop.error.retryAfterMs ?? 0);
}
