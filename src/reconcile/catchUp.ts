// Catches up with what hooks may have missed: begins a run over the scenes changed since then, once an
// hour at most. Whether Stash's database is of an earlier time than before is asked first.
import { catchUpSince, overlapMs, restoredTo, witnessed } from '../domain/catchUp.ts';
import {
  catchUp,
  catchUpState,
  nextCatchUpAt,
  noteStashTimes,
  proofOfLife,
  stashNewest,
  wishOf,
} from '../store/catchUp.ts';
import type { Database } from '../store/open.ts';
import { beginRun, type RunScope, runUnderWay } from '../store/run.ts';
import { pushedScenes } from '../store/runScenes.ts';
import { transaction } from '../store/sql.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';
import type { SettingsRead } from '../sync/configuration.ts';
import type { DrainContext } from '../sync/context.ts';
import { noteMissed } from '../sync/missed.ts';

/** Written no more often than this: how long is known well enough. */
const proofEveryMs = 30_000;
/** Of a restored Stash so many are looked at without a word: 400 requests. */
const mostRestored = 10_000;

/** Keeps since when PlexSync is known to be switched on, and what was chosen. */
export function witness(db: Database, read: SettingsRead, now: number): void {
  transaction(db, () => {
    const known = readState(db, proofOfLife);
    if (read.kind === 'disabled') {
      const reason = 'PlexSync was switched off in Stash';
      noteMissed(db, Math.min(known?.at ?? now, now), reason, now);
      return;
    }
    if (read.kind === 'valid') choose(db, read.settings.reconcile.catchesUp);
    if (known !== null && now >= known.seenAt && now - known.seenAt < proofEveryMs) return;
    const { proof, missedSince } = witnessed(known, now);
    writeState(db, proofOfLife, proof);
    if (missedSince !== null) noteMissed(db, missedSince, 'PlexSync was not at work', now);
  });
}

function choose(db: Database, isOn: boolean): void {
  const known = catchUpState(db);
  // A start in the time in which it was switched off is none to make up for.
  const chosen = { ...known, isOn, startedAt: isOn ? known.startedAt : null };
  if (JSON.stringify(chosen) !== JSON.stringify(known)) writeState(db, catchUp, chosen);
}

/**
 * Begins the run that is due, if one is.
 * @throws PlexSyncError of Stash's
 */
export async function beginCatchUp(context: DrainContext): Promise<void> {
  const { db, clock, log, settings, stash } = context;
  if (!isDue(db, clock.now())) return;
  const newest = await stash.newestChangeOfScenes();
  const now = clock.now();
  transaction(db, () => {
    if (runUnderWay(db) !== null || !isDue(db, now)) return;
    const wish = wishOf(db);
    const restored = restoredTo(newest, readState(db, stashNewest));
    const since = catchUpSince(wish, now);
    const scope = restored === null ? scopeOf(since) : scopeOfRestored(context, since, restored);
    if (restored === null && newest !== null) noteStashTimes(db, [newest]);
    const origin = wish.startedAt === null ? 'missed' : 'start';
    const { limit } = settings.reconcile;
    const run = beginRun(db, { origin, scope, dry: false, limit }, now);
    writeState(db, catchUp, { ...catchUpState(db), startedAt: null, lastAt: now });
    const why = origin === 'start' ? 'Stash was started' : 'Hooks may have been missed';
    log.write(
      'info',
      'reconcile',
      `${why}: scenes changed since ${iso(scope.since)} are compared`,
      {
        run: run?.id ?? null,
      },
    );
  });
}

function isDue(db: Database, now: number): boolean {
  const at = nextCatchUpAt(db, now);
  return at !== null && at <= now;
}

function scopeOf(since: number): RunScope & { readonly since: number } {
  return { since, until: null, library: null, kinds: null };
}

/** What was pushed since then came from a Stash that is no more. */
function scopeOfRestored(
  { db, log, clock }: DrainContext,
  since: number,
  restored: number,
): ReturnType<typeof scopeOf> {
  const scope = scopeOf(Math.min(since, restored - overlapMs));
  const pushedSince = restored - overlapMs;
  const count = pushedScenes(db, pushedSince);
  const what = `Stash's database is of ${iso(restored)}: it was restored`;
  if (count <= mostRestored) {
    log.write('warn', 'stash-restored', `${what}, and ${count} scenes were pushed since`, {
      count,
    });
    return { ...scope, pushedSince };
  }
  const reason = `${what}, and more scenes were pushed since than are compared unasked`;
  writeState(db, state.fullSyncNeeded, { since: clock.now(), reason });
  writeState(db, stashNewest, restored);
  log.write('warn', 'stash-restored', reason, { count });
  return scope;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
