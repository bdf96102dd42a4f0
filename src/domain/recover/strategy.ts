// What the setting `recoveryStrategy` means: for each kind of failure how many of them make an outage,
// how often Plex is probed, and how fast it is written to afterwards. `docs/settings.md` has the same
// as a table; a test holds it to this one.
import type { ErrorCode } from '../../contract/errors.ts';
import type { RecoveryStrategy } from '../../contract/recoverySettings.ts';

/**
 * unreachable: the connection is refused or lost. timeout: it takes a request and does not answer in
 * time. server-error: it answers 5xx, or nothing that could be Plex's.
 */
export type FailureKind = 'unreachable' | 'timeout' | 'server-error';

export interface RampCourse {
  /** Writes per second of its beginning; it never falls below. */
  readonly leastPerSecond: number;
  /** Writes per second that each write which goes through adds. */
  readonly step: number;
}

export interface Course {
  /** Failures of the server in a row that make an outage; none of them costs an item an attempt. */
  readonly threshold: number;
  readonly firstProbeMs: number;
  readonly longestProbeMs: number;
  readonly ramp: RampCourse;
}

const gentle = { leastPerSecond: 1, step: 0.1 } as const;
const careful = { threshold: 1, firstProbeMs: 5_000, longestProbeMs: 60_000 } as const;

export const courses: Readonly<Record<RecoveryStrategy, Readonly<Record<FailureKind, Course>>>> = {
  conservative: {
    unreachable: { ...careful, ramp: gentle },
    // It had more to do than it could: it gets its work back at half the speed.
    timeout: { ...careful, ramp: { leastPerSecond: 1, step: 0.05 } },
    'server-error': { ...careful, ramp: gentle },
  },
  aggressive: {
    unreachable: {
      threshold: 3,
      firstProbeMs: 2_000,
      longestProbeMs: 15_000,
      ramp: { leastPerSecond: 4, step: 0.5 },
    },
    // One is enough also here: each takes up Plex, and whatever waits, for a whole time limit.
    timeout: {
      threshold: 1,
      firstProbeMs: 5_000,
      longestProbeMs: 30_000,
      ramp: { leastPerSecond: 2, step: 0.2 },
    },
    'server-error': {
      threshold: 3,
      firstProbeMs: 2_000,
      longestProbeMs: 30_000,
      ramp: { leastPerSecond: 2, step: 0.2 },
    },
  },
};

/** @param code what the server failed with; undefined where an earlier version kept none */
export function courseOf(strategy: RecoveryStrategy, code: ErrorCode | undefined): Course {
  return courses[strategy][failureKindOf(code)];
}

export function failureKindOf(code: ErrorCode | undefined): FailureKind {
  switch (code) {
    case 'plex-unreachable':
    case 'plex-reset':
      return 'unreachable';
    case 'plex-connect-timeout':
    case 'plex-header-timeout':
    case 'plex-body-timeout':
      return 'timeout';
    default:
      return 'server-error';
  }
}
