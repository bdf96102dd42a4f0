// Whether Plex is used, and when it is asked again after a failure.
//
// closed: Plex is used.
// open: Plex failed as a server. Nothing is written; `/identity` and then an authenticated read are
//   tried at `probeAt`, first after 5 s, doubling to 60 s. A probe that fails moves `probeAt`; one
//   that succeeds leads to half-open.
// half-open: one job is tried, never the one that failed last. It succeeds → closed. The server
//   fails again → open, the interval going on where it was.
// refused: Plex refuses the token. Nothing is sent until the settings change; the token itself is
//   tried again a minute later at the earliest, and only by a worker that has another reason to
//   live: Plex is known to refuse good tokens while it cannot reach its own account service.
// The state persists, so that a new worker probes at the stored time and not at once.
import { longestServerWaitMs } from './backoff.ts';

export interface OutageInfo {
  /** Unix milliseconds of the first failure. */
  readonly since: number;
  readonly cause: string;
  /** Probes that failed so far. */
  readonly failedProbes: number;
  /** Queue key of the job that failed last. */
  readonly lastFailed: string | null;
}

export type Circuit =
  | { readonly kind: 'closed' }
  | ({ readonly kind: 'open'; readonly probeAt: number } & OutageInfo)
  | ({ readonly kind: 'half-open' } & OutageInfo)
  | {
      readonly kind: 'refused';
      readonly since: number;
      readonly retryAt: number;
      readonly settingsHash: string;
    };

export const closed: Circuit = { kind: 'closed' };

export const firstProbeMs = 5_000;
export const longestProbeMs = 60_000;

/** Interval after `failedProbes` failed probes, in ms; a tenth of jitter keeps restarts apart. */
export function probeIntervalMs(failedProbes: number, random: number): number {
  const interval = Math.min(longestProbeMs, firstProbeMs * 2 ** failedProbes);
  return Math.round(interval * (0.9 + 0.1 * random));
}

export interface ServerFailure {
  readonly cause: string;
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
): Circuit {
  const outage = circuit.kind === 'half-open' || circuit.kind === 'open' ? circuit : null;
  const failedProbes = outage === null ? 0 : outage.failedProbes + 1;
  return {
    kind: 'open',
    since: outage?.since ?? now,
    cause: failure.cause,
    failedProbes,
    lastFailed: failure.lastFailed ?? outage?.lastFailed ?? null,
    probeAt:
      now +
      Math.max(
        probeIntervalMs(failedProbes, random),
        Math.min(failure.waitMs, longestServerWaitMs),
      ),
  };
}

export function probeFailed(
  open: Extract<Circuit, { kind: 'open' }>,
  failure: Omit<ServerFailure, 'lastFailed'>,
  now: number,
  random: number,
): Circuit {
  return serverFailed(open, { ...failure, lastFailed: null }, now, random);
}

export function probeSucceeded(open: Extract<Circuit, { kind: 'open' }>): Circuit {
  const { since, cause, failedProbes, lastFailed } = open;
  return { kind: 'half-open', since, cause, failedProbes, lastFailed };
}

export const tokenRetryMs = 60_000;

export function tokenRefused(circuit: Circuit, now: number, settingsHash: string): Circuit {
  const since = circuit.kind === 'refused' ? circuit.since : now;
  return { kind: 'refused', since, retryAt: now + tokenRetryMs, settingsHash };
}
