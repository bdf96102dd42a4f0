// Sweeps: all scenes, or those changed since a time, raised page by page. How far each is stands in
// the data file, so that whoever has the lock goes on with it after any death.
import type { Database } from '../file/database.ts';
import { raiseScene } from './queue.ts';
import * as state from '../file/state.ts';
import { clearState, readState, type SweepState, writeState } from '../file/state.ts';
import { transaction } from '../file/sql.ts';

export type SweepKind = 'all' | 'changed';

const singletons = { all: state.sweepOfAll, changed: state.sweepOfChanged } as const;

/** Begins a sweep, anew if one of its kind is under way. */
export function beginSweep(db: Database, now: number, since: number | null): void {
  const kind = since === null ? 'all' : 'changed';
  const before = readState(db, singletons[kind])?.since ?? since;
  const earliest = since === null || before === null ? null : Math.min(before, since);
  writeState(db, singletons[kind], { begunAt: now, since: earliest, afterId: 0, left: null });
}

/** The sweep to go on with, or null. */
export function sweepUnderWay(
  db: Database,
): { readonly kind: SweepKind; readonly sweep: SweepState } | null {
  for (const kind of ['all', 'changed'] as const) {
    const sweep = readState(db, singletons[kind]);
    if (sweep !== null) return { kind, sweep };
  }
  return null;
}

/** Scenes that sweeps have still to raise, as far as is known; null if none is under way. */
export function scenesToRaise(db: Database): number | null {
  const all = readState(db, state.sweepOfAll);
  const changed = readState(db, state.sweepOfChanged);
  if (all === null && changed === null) return null;
  return leftOf(all) + leftOf(changed);
}

/** Before the first page it is not known; something there is. */
function leftOf(sweep: SweepState | null): number {
  return sweep === null ? 0 : (sweep.left ?? 1);
}

/** Scenes that sweeps begun before a time (Unix ms) have still to raise, as far as is known. */
export function scenesToRaiseOf(db: Database, before: number): number {
  return sweepsBegunBefore(db, before).reduce((sum, { sweep }) => sum + leftOf(sweep), 0);
}

/** Ends the sweeps begun before a time (Unix ms). @returns how many scenes they had still to raise */
export function endSweeps(db: Database, before: number): number {
  return transaction(db, () => {
    const left = scenesToRaiseOf(db, before);
    for (const { kind } of sweepsBegunBefore(db, before)) clearState(db, singletons[kind]);
    return left;
  });
}

function sweepsBegunBefore(
  db: Database,
  before: number,
): readonly { readonly kind: SweepKind; readonly sweep: SweepState }[] {
  return (['all', 'changed'] as const).flatMap((kind) => {
    const sweep = readState(db, singletons[kind]);
    return sweep === null || sweep.begunAt >= before ? [] : [{ kind, sweep }];
  });
}

export interface SweptPage {
  readonly ids: readonly number[];
  /** Null: it was the last one. */
  readonly next: number | null;
  readonly left: number;
}

/**
 * Raises the scenes of a page that was asked for after `sweep.afterId`. A sweep that was begun anew
 * meanwhile stays as it is.
 */
export function advanceSweep(
  db: Database,
  kind: SweepKind,
  sweep: SweepState,
  page: SweptPage,
  now: number,
): void {
  transaction(db, () => {
    const correlation = `${sweep.begunAt.toString(36)}-0-sweep`;
    const present = readState(db, singletons[kind]);
    // A person ended it while the page was asked for.
    if (present === null) return;
    // Wanted since then: who clears what was wanted before a time clears these as well.
    const wantedAt = Math.min(now, sweep.begunAt);
    for (const id of page.ids) raiseScene(db, id, wantedAt, `sync-${kind}`, correlation);
    if (present.begunAt !== sweep.begunAt) return;
    if (page.next !== null) {
      writeState(db, singletons[kind], { ...sweep, afterId: page.next, left: page.left });
      return;
    }
    clearState(db, singletons[kind]);
    const before = readState(db, state.sweptAt);
    // Of a shorter time than has passed since the last one it leaves a gap, which the next one closes.
    const hasGap = sweep.since !== null && before !== null && sweep.since > before;
    if (!hasGap) writeState(db, state.sweptAt, sweep.begunAt);
    const lost = readState(db, state.fullSyncNeeded);
    if (kind === 'all' && lost !== null && lost.since <= sweep.begunAt) {
      clearState(db, state.fullSyncNeeded);
    }
  });
}
