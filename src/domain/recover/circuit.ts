// Whether Plex is used, and when it is asked again after a failure. What holds of each state, and what
// leads from one to another; anything that is not said here changes nothing.
//
// closed: Plex is used.
//   The server fails, as often in a row as the strategy says for such a failure → open, since the
//   first of them, no probe failed yet. Before that, and unless the server asked to be left alone →
//   closed, in doubt: Plex is used again after a second. It goes through → closed, in no doubt. The
//   token is refused → refused.
// open: Plex failed as a server. Nothing is written. At `probeAt` it is probed: `/identity`, which
//   needs no token, then an authenticated read. When the first probe is due the strategy says for such
//   a failure (5 s, if conservative); each that fails doubles the interval, up to the strategy's
//   longest (60 s), less a tenth at most by chance, and never less than the server asked for.
//   The probe fails → open, with its cause, since the same time. It is refused → refused. It goes
//   through → half-open.
// half-open: one job is tried, never the one that failed last unless there is no other.
//   A write goes through, or nothing is left to write (but pictures that wait longer than a minute for
//   a fault of their own) → closed. The server fails → open since the
//   same time; the trial counts as a failed probe, so the interval goes on where it was. The token is
//   refused → refused.
// refused: Plex answers and refuses the token. Nothing is sent until the settings change, or until
//   `retryAt`, a minute later, and then only by a worker that has another reason to live: Plex is
//   known to refuse good tokens while it cannot reach its own account service.
//   Refused again → refused, since the first time. A read is taken → refused, on trial: a guest's
//   token reads as well, so one job is tried as in half-open. A write goes through → closed; nothing
//   is left to write → closed, unless a trial has failed: then it is refused as before. The trial is
//   refused → refused, and each one in a row with the same settings doubles the minute, up to an
//   hour. The server fails → open, a new outage since now: until then Plex did answer.
//
// Only a server's failure is told to the circuit. That of an item (not found, bad request, invalid,
// or proven to be its own: `failure.ts`) never is, and Stash being away is not Plex's (`away.ts`).
// The state persists, so that a new worker probes at the stored time and not at once.
import type { ErrorCode } from '../../contract/errors.ts';
import type { RecoveryStrategy } from '../../contract/recoverySettings.ts';
import { longestServerWaitMs } from './backoff.ts';
import { type Course, courseOf } from './strategy.ts';

export interface OutageInfo {
  /** Unix milliseconds of the first failure. */
  readonly since: number;
  /** Of the latest failure. */
  readonly cause: string;
  /** The same as a code; left out where an earlier version wrote it. */
  readonly code?: ErrorCode | undefined;
  /** Probes and trials that failed so far. */
  readonly failedProbes: number;
  /** Queue key of the job that failed last. */
  readonly lastFailed: string | null;
}

/** The server failed, less often in a row than makes an outage. */
export interface Doubt {
  readonly failures: number;
  /** Unix ms of the first of them. */
  readonly since: number;
  /** Unix ms before which Plex is left alone. */
  readonly retryAt: number;
}

export type Circuit =
  | { readonly kind: 'closed'; readonly doubt?: Doubt | undefined }
  | ({ readonly kind: 'open'; readonly probeAt: number } & OutageInfo)
  | ({ readonly kind: 'half-open' } & OutageInfo)
  | {
      readonly kind: 'refused';
      readonly since: number;
      readonly retryAt: number;
      readonly settingsHash: string;
      /** A read was taken: the next write shows whether the token is. */
      readonly trial?: boolean | undefined;
      /** Trials in a row that were refused, with these settings. */
      readonly failedTrials?: number | undefined;
      /** The last of them was forbidden: the token is known and may not write. */
      readonly readOnly?: boolean | undefined;
    };
export type Refused = Extract<Circuit, { kind: 'refused' }>;

export const closed: Circuit = { kind: 'closed' };

/** How long Plex is left alone after a failure that makes no outage yet. */
export const doubtMs = 1_000;

/** Interval after `failedProbes` failed probes, in ms; a tenth of jitter keeps restarts apart. */
export function probeIntervalMs(
  { firstProbeMs, longestProbeMs }: Course,
  failedProbes: number,
  random: number,
): number {
  const interval = Math.min(longestProbeMs, firstProbeMs * 2 ** failedProbes);
  return Math.round(interval * (0.9 + 0.1 * random));
}

export interface ServerFailure {
  readonly cause: string;
  readonly code?: ErrorCode | undefined;
  /** Queue key of the job that met it, or null if none did. */
  readonly lastFailed: string | null;
  /** What the server asked for; a floor to the interval. */
  readonly waitMs: number;
}

/** Plex failed as a server: on a job, or on a read for the batch. */
export function serverFailed(
  circuit: Circuit,
  failure: ServerFailure,
  now: number,
  random: number,
  strategy: RecoveryStrategy,
): Circuit {
  const course = courseOf(strategy, failure.code);
  const outage = circuit.kind === 'half-open' || circuit.kind === 'open' ? circuit : null;
  const doubt = circuit.kind === 'closed' ? (circuit.doubt ?? null) : null;
  const failures = (doubt?.failures ?? 0) + 1;
  const since = outage?.since ?? doubt?.since ?? now;
  if (circuit.kind === 'closed' && failures < course.threshold && failure.waitMs === 0) {
    return { kind: 'closed', doubt: { failures, since, retryAt: now + doubtMs } };
  }
  const failedProbes = outage === null ? 0 : outage.failedProbes + 1;
  return {
    kind: 'open',
    since,
    cause: failure.cause,
    ...(failure.code === undefined ? {} : { code: failure.code }),
    failedProbes,
    lastFailed: failure.lastFailed ?? outage?.lastFailed ?? null,
    probeAt:
      now +
      Math.max(
        probeIntervalMs(course, failedProbes, random),
        Math.min(failure.waitMs, longestServerWaitMs),
      ),
  };
}

export function probeFailed(
  open: Extract<Circuit, { kind: 'open' }>,
  failure: Omit<ServerFailure, 'lastFailed'>,
  now: number,
  random: number,
  strategy: RecoveryStrategy,
): Circuit {
  return serverFailed(open, { ...failure, lastFailed: null }, now, random, strategy);
}

export function probeSucceeded(open: Extract<Circuit, { kind: 'open' }>): Circuit {
  const { kind: _, probeAt: __, ...outage } = open;
  return { ...outage, kind: 'half-open' };
}

export const tokenRetryMs = 60_000;
export const longestTokenRetryMs = 3_600_000;

/** @param status what Plex answered: 403 is a token that it knows */
export function tokenRefused(
  circuit: Circuit,
  now: number,
  settingsHash: string,
  status?: number,
): Refused {
  const since = circuit.kind === 'refused' ? circuit.since : now;
  const refused = { kind: 'refused', since, settingsHash } as const;
  if (circuit.kind !== 'refused' || circuit.trial !== true) {
    return { ...refused, retryAt: now + tokenRetryMs };
  }
  const failedTrials = (circuit.failedTrials ?? 0) + 1;
  const readOnly = status === 403;
  return { ...refused, retryAt: now + tokenRestMs(failedTrials), failedTrials, readOnly };
}

/** A read went through that needs a token. */
export function tokenRead({ failedTrials, readOnly, ...known }: Refused, hash: string): Refused {
  const refused = { ...known, settingsHash: hash, trial: true };
  if (known.settingsHash !== hash || failedTrials === undefined) return refused;
  return { ...refused, failedTrials, readOnly };
}

/** There was nothing to write, so that no trial came about. */
export function withoutTrial(refused: Refused, now: number): Circuit {
  const { trial: _, ...rest } = refused;
  if (rest.failedTrials === undefined) return closed;
  return { ...rest, retryAt: now + tokenRestMs(rest.failedTrials) };
}

/** Whether one job is to be tried, to see whether writes go through. */
export function isOnTrial(circuit: Circuit): boolean {
  return circuit.kind === 'half-open' || (circuit.kind === 'refused' && circuit.trial === true);
}

function tokenRestMs(failedTrials: number): number {
  return Math.min(longestTokenRetryMs, tokenRetryMs * 2 ** failedTrials);
}
