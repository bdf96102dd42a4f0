// The pace as it persists: learns from every request of the worker's to Plex, and lets Plex rest
// after its writes. It outlives clients and workers.
import type { PaceAnswer } from '../../contract/pace.ts';
import { ceilingRestMs, firstRestMs, withEnd } from '../../domain/recover/ceiling.ts';
import {
  ceilingBinds,
  fullPace,
  isStrain,
  type Observation,
  observe,
  type Pace,
  restMs,
  writesPerSecond,
} from '../../domain/recover/pace.ts';
import {
  type Ramp,
  rampAfterFailure,
  rampAfterWrite,
  rampAt,
  rampRestMs,
} from '../../domain/recover/ramp.ts';
import type { Outcome, Pacer } from '../../plex/gate.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { clearState, readState, writeState } from '../../store/file/state.ts';
import type { Clock } from '../base/clock.ts';

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
  const openedAt = clock.now();
  // The first write is kept at once: whoever comes next counts on it.
  let keptAt = Number.NEGATIVE_INFINITY;
  let ends: readonly number[] = [];
  let hasWritten = false;
  let wroteAt = known?.wroteAt ?? 0;
  /** Another process may have gone on writing after it kept that. */
  const othersWroteAt = wroteAt + keepEveryMs;

  const keep = (): void => {
    writeState(db, state.pace, { pace, ceilingPerSecond, wroteAt });
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
    beforeWrite: () =>
      hasWritten
        ? 0
        : firstRestMs(ceilingPerSecond, Math.min(othersWroteAt, openedAt), clock.now()),
    ended: (outcome) => {
      // Of the data file each time: it is the breaker that begins it.
      const ramp = rampAfter(rampAt(readState(db, state.ramp), clock.now()), outcome);
      const { share, latencyMs } = pace;
      const isWrite = outcome.request.method !== 'GET';
      const seen = observationOf(outcome);
      if (seen !== null) pace = observe(pace, seen, clock.now());
      const isDue = Math.abs(clock.now() - keptAt) >= keepEveryMs;
      const isNews = pace.share !== share || (latencyMs === null && isWrite);
      if (isWrite) wroteAt = clock.now();
      if (isNews || (isWrite && isDue)) keep();
      if (!isWrite) return 0;
      hasWritten = true;
      const now = clock.now();
      ends = withEnd(ends, now, ceilingPerSecond);
      const ofCeiling = ceilingRestMs(ceilingPerSecond, outcome.ms, ends, now);
      return Math.ceil(Math.max(restMs(pace, outcome.ms), ofCeiling, rampRestMs(ramp, outcome.ms)));
    },
  };

  function rampAfter(before: Ramp | null, outcome: Outcome): Ramp | null {
    if (before === null) return null;
    const seen = observationOf(outcome);
    if (seen === null) return before;
    const after =
      seen.kind === 'failed' ? rampAfterFailure(before) : rampAfterWrite(before, seen.latencyMs);
    if (after === null) clearState(db, state.ramp);
    else if (after.perSecond !== before.perSecond) writeState(db, state.ramp, after);
    return after;
  }
}

/** Reads differ too much in length to tell anything, and so do uploads; their failures do. */
function observationOf(outcome: Outcome): Observation | null {
  if (outcome.kind === 'failed') return isStrain(outcome.code) ? { kind: 'failed' } : null;
  const { method, body } = outcome.request;
  const tells = method === 'PUT' && body === undefined;
  return tells ? { kind: 'good', latencyMs: Math.max(0, outcome.ms) } : null;
}

/** For the status: the pace as it was kept last. */
export function readPace(db: Database, now: number): PaceAnswer {
  const { pace, ceilingPerSecond } = readState(db, state.pace) ?? {
    pace: fullPace,
    ceilingPerSecond: null,
  };
  const ramp = rampAt(readState(db, state.ramp), now);
  const own = writesPerSecond(pace, ceilingPerSecond);
  const recovers = ramp !== null && (own === null || ramp.perSecond < own);
  return {
    writesPerSecond: recovers ? ramp.perSecond : own,
    ceilingPerSecond,
    why: recovers ? 'recovery' : ceilingBinds(pace, ceilingPerSecond) ? 'ceiling' : pace.why,
    latencyMs: pace.latencyMs,
    usualMs: pace.usualMs,
  };
}
