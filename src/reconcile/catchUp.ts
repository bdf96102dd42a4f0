// Catches up with what hooks may have missed: begins a run over the scenes changed since then, once an
// hour at most. Whether Stash's database is of an earlier time than before is asked first.
import { toPlexSyncError } from '../contract/errors.ts';
import { catchUpSince, overlapMs, witnessed } from '../domain/gaps/catchUp.ts';
import {
  type Restored,
  restoredTo,
  type SceneTime,
  unknownScene,
} from '../domain/gaps/restored.ts';
import { catchUp, catchUpState, nextCatchUpAt, proofOfLife, wishOf } from '../store/run/catchUp.ts';
import type { Database } from '../store/file/database.ts';
import { beginRun, type RunScope, runUnderWay } from '../store/run/run.ts';
import { pushedScenes } from '../store/run/runScenes.ts';
import { transaction } from '../store/file/sql.ts';
import { isSignOpen, keepNewest, stashNewest } from '../store/run/stashNewest.ts';
import * as state from '../store/file/state.ts';
import { readState, writeState } from '../store/file/state.ts';
import type { SettingsRead } from '../sync/servers/configuration.ts';
import type { DrainContext } from '../sync/base/context.ts';
import { noteMissed } from '../sync/base/missed.ts';
import { isOfThePage } from './troubles.ts';

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
  const { db, clock, log, settings } = context;
  if (!isDue(db, clock.now())) return;
  const seen = await compareIfItTells(context);
  const now = clock.now();
  transaction(db, () => {
    if (runUnderWay(db) !== null || !isDue(db, now)) return;
    const wish = wishOf(db);
    const since = catchUpSince(wish, now);
    const base = { since, until: null, library: null, kinds: null, absent: true };
    const scope = { ...base, ...pushedSince(context, seen, now) };
    const origin = wish.startedAt === null ? 'missed' : 'start';
    const { limit } = settings.reconcile;
    const run = beginRun(db, { origin, scope, dry: false, limit }, now);
    writeState(db, catchUp, { ...catchUpState(db), startedAt: null, lastAt: now });
    const why = origin === 'start' ? 'Stash was started' : 'Hooks may have been missed';
    log.write('info', 'reconcile', `${why}: scenes changed since ${iso(since)} are compared`, {
      run: run?.id ?? null,
    });
  });
}

function isDue(db: Database, now: number): boolean {
  const at = nextCatchUpAt(db, now);
  return at !== null && at <= now;
}

interface Seen {
  readonly newest: readonly SceneTime[];
  /** Null: nothing tells that the database was put back. */
  readonly restored: Restored | null;
}

/** @throws PlexSyncError of Stash's */
async function compareWithStash({ db, stash }: DrainContext): Promise<Seen> {
  const known = readState(db, stashNewest);
  const scenes = known?.scenes ?? [];
  const ids = scenes.flatMap(({ id }) => (id === unknownScene ? [] : [id]));
  const answer = await stash.newestChanges(ids);
  const found = restoredTo(answer, scenes, known?.sign ?? null);
  // The run over what was pushed since then may have been ended, by a person or by errors.
  const before = known?.restoredTo;
  const restored =
    before === undefined ? found : { to: Math.min(before, found?.to ?? before), isProven: true };
  return { newest: answer.newest, restored };
}

/** What was changed is compared whatever Stash tells of that; it is asked again the next time. */
async function compareIfItTells(context: DrainContext): Promise<Seen> {
  try {
    return await compareWithStash(context);
  } catch (error) {
    if (!isOfThePage(error)) throw error;
    const { message } = toPlexSyncError(error);
    const words = `Whether Stash's database was restored could not be asked: ${message}`;
    context.log.write('warn', 'reconcile', words);
    const known = readState(context.db, stashNewest);
    const to = known?.restoredTo;
    if (known === null || to === undefined) return { newest: [], restored: null };
    return { newest: known.scenes, restored: { to, isProven: true } };
  }
}

/**
 * Follows up a scene that was read with an older time than before.
 * @throws PlexSyncError of Stash's
 */
export async function followSign(context: DrainContext): Promise<void> {
  const { db, clock, log } = context;
  if (!isSignOpen(db)) return;
  const { newest, restored } = await compareWithStash(context);
  transaction(db, () => {
    if (!isSignOpen(db)) return;
    const now = clock.now();
    if (restored === null) {
      // A Stash without a scene says nothing.
      const scenes = newest.length > 0 ? newest : (readState(db, stashNewest)?.scenes ?? []);
      keepNewest(db, scenes, now);
      return;
    }
    if (catchUpState(db).isOn) noteMissed(db, now, "Stash's database was restored", now);
    else {
      // No run will look at what was pushed since: once it is told, it is known.
      const reason = `Stash's database was restored to what it was at ${iso(restored.to)}`;
      writeState(db, state.fullSyncNeeded, { since: now, reason });
      keepNewest(db, newest, now);
    }
    const message = "A scene is older in Stash than it was before: Stash's database was restored";
    log.write('warn', 'stash-restored', message, {});
  });
}

/** What was pushed since then came from a Stash that is no more. Call within a transaction. */
function pushedSince(
  { db, log }: DrainContext,
  { newest, restored }: Seen,
  now: number,
): Pick<RunScope, 'pushedSince'> {
  // A Stash without a scene says nothing; what is known stays.
  if (restored === null) {
    if (newest.length > 0) keepNewest(db, newest, now);
    return {};
  }
  const { to, isProven } = restored;
  const from = to - overlapMs;
  const count = pushedScenes(db, from);
  const what = isProven
    ? `Stash's database is of ${iso(to)}: it was restored`
    : `Stash's database may be of ${iso(to)}: none of the scenes changed last is there any more`;
  if (count > mostRestored) {
    const reason = `${what}, and more scenes were pushed since than are compared unasked`;
    writeState(db, state.fullSyncNeeded, { since: now, reason });
    keepNewest(db, newest, now);
    log.write('warn', 'stash-restored', reason, { count });
    return {};
  }
  log.write('warn', 'stash-restored', `${what}, and ${count} scenes were pushed since`, { count });
  keepNewest(db, newest, now, to);
  noteMissed(db, now, "Stash's database was restored", now);
  return { pushedSince: from };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
