// The pace as it persists: learns from every request of the worker's to Plex, and lets Plex rest
// after its writes. It outlives clients and workers.
import type { PaceAnswer } from '../contract/pace.ts';
import { ceilingRestMs, withEnd } from '../domain/ceiling.ts';
import {
  ceilingBinds,
  fullPace,
  isStrain,
  type Observation,
  observe,
  type Pace,
  restMs,
  writesPerSecond,
} from '../domain/pace.ts';
import type { Outcome, Pacer } from '../plex/gate.ts';
import type { Database } from '../store/open.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';
import type { Clock } from './clock.ts';

/** What only moves a little is kept this often; a change of the share at once. */
const keepEveryMs = 2_000;

export interface PersistentPacer extends Pacer {
  /** @param ceilingPerSecond writes per second that the settings allow; null: no ceiling */
  limitTo(ceilingPerSecond: number | null): void;
}

export function openPacer(db: Database, clock: Clock): PersistentPacer {
  const known = readState(db, state.pace);
  let pace: Pace = known?.pace ?? fullPace;
  let ceilingPerSecond = known?.ceilingPerSecond ?? null;
  let keptAt = clock.now();
  let ends: readonly number[] = [];

  const keep = (): void => {
    writeState(db, state.pace, { pace, ceilingPerSecond });
    keptAt = clock.now();
  };

  return {
    now: () => clock.now(),
    limitTo: (ceiling) => {
      if (ceiling === ceilingPerSecond) return;
      ceilingPerSecond = ceiling;
      keep();
    },
    sleep: (ms) => clock.sleep(ms),
    ended: (outcome) => {
      const { share, latencyMs } = pace;
      const isWrite = outcome.request.method !== 'GET';
      const seen = observationOf(outcome);
      if (seen !== null) pace = observe(pace, seen, clock.now());
      const isDue = Math.abs(clock.now() - keptAt) >= keepEveryMs;
      const isNews = pace.share !== share || (latencyMs === null && isWrite);
      if (isNews || (isWrite && isDue)) keep();
      if (!isWrite) return 0;
      const now = clock.now();
      ends = withEnd(ends, now, ceilingPerSecond);
      const ofCeiling = ceilingRestMs(ceilingPerSecond, outcome.ms, ends, now);
      return Math.ceil(Math.max(restMs(pace, outcome.ms), ofCeiling));
    },
  };
}

/** Reads differ too much in length to tell anything, and so do uploads; their failures do. */
function observationOf(outcome: Outcome): Observation | null {
  if (outcome.kind === 'failed') return isStrain(outcome.code) ? { kind: 'failed' } : null;
  const { method, body } = outcome.request;
  const tells = method === 'PUT' && body === undefined;
  return tells ? { kind: 'good', latencyMs: Math.max(0, outcome.ms) } : null;
}

/** For the status: the pace as it was kept last. */
export function readPace(db: Database): PaceAnswer {
  const { pace, ceilingPerSecond } = readState(db, state.pace) ?? {
    pace: fullPace,
    ceilingPerSecond: null,
  };
  return {
    writesPerSecond: writesPerSecond(pace, ceilingPerSecond),
    ceilingPerSecond,
    why: ceilingBinds(pace, ceilingPerSecond) ? 'ceiling' : pace.why,
    latencyMs: pace.latencyMs,
    usualMs: pace.usualMs,
  };
}
