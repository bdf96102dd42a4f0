// Outages of Plex, some that ended and the one under way.
import type { ErrorCode } from '../../../../src/contract/errors.ts';
import { type Circuit, closed } from '../../../../src/domain/recover/circuit.ts';
import { followCircuit, noteProbe } from '../../../../src/store/queue/outage.ts';
import { run, transaction } from '../../../../src/store/file/sql.ts';
import { circuit, writeState } from '../../../../src/store/file/state.ts';
import type { PageWorld } from '../pageWorld.ts';

export interface SeededOutage {
  readonly kind?: 'away' | 'token';
  /** Unix ms. */
  readonly from: number;
  /** null: it lasts. */
  readonly to: number | null;
  readonly code?: ErrorCode;
  readonly cause?: string;
  readonly probes?: number;
  /** How many changes waited for its end. */
  readonly waited?: number;
}

/** In the order of time. */
export function addOutages(world: Pick<PageWorld, 'seed'>, outages: readonly SeededOutage[]): void {
  world.seed((db) => {
    const move = (next: Circuit, code: ErrorCode, cause: string, at: number): void =>
      transaction(db, () => {
        writeState(db, circuit, next);
        followCircuit(db, next, { code, cause }, at);
      });
    for (const { kind = 'away', from, to, probes = 3, waited = 0, ...why } of outages) {
      const { code = 'plex-unreachable', cause = 'connection refused' } = why;
      const begun: Circuit =
        kind === 'token'
          ? { kind: 'refused', since: from, retryAt: Date.now() + 60_000, settingsHash: '' }
          : {
              kind: 'open',
              since: from,
              cause,
              code,
              failedProbes: probes,
              lastFailed: null,
              probeAt: Date.now() + 3_600_000,
            };
      move(begun, code, cause, from);
      for (let made = 0; made < probes; made += 1) noteProbe(db);
      run(db, 'UPDATE outage SET jobs = max(jobs, ?) WHERE ended_at IS NULL', waited);
      if (to !== null) move(closed, code, cause, to);
    }
  });
}

const hourMs = 3_600_000;

/** A month with some of each kind. */
export function fillOutages(world: PageWorld): void {
  const now = Date.now();
  const ago = (hours: number): number => now - hours * hourMs;
  addOutages(world, [
    { from: ago(700), to: ago(688), waited: 214 },
    {
      from: ago(520),
      to: ago(519.8),
      code: 'plex-maintenance',
      cause: 'Plex is starting.',
      waited: 3,
    },
    {
      from: ago(518),
      to: ago(517.2),
      kind: 'token',
      code: 'plex-unauthorized',
      probes: 0,
      waited: 11,
    },
    {
      from: ago(330),
      to: ago(329.95),
      code: 'plex-header-timeout',
      cause: 'No answer for 30 s.',
      waited: 1,
    },
    {
      from: ago(200),
      to: ago(180),
      kind: 'token',
      code: 'plex-unauthorized',
      probes: 0,
      waited: 87,
    },
    { from: ago(90), to: ago(89.5), waited: 6 },
    {
      from: ago(26),
      to: ago(25),
      code: 'plex-maintenance',
      cause: 'Plex is starting.',
      waited: 19,
    },
  ]);
}
