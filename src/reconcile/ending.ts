// How a run ends: at its end, or before it, with why.
import { toPlexSyncError } from '../contract/errors.ts';
import { imageKinds } from '../domain/base/imageKind.ts';
import type { SceneTime } from '../domain/gaps/restored.ts';
import { runSummary } from '../domain/words/runSummary.ts';
import { gapName } from '../store/mirror/gap.ts';
import {
  endRun,
  isOfAll,
  noteStop,
  type Run,
  type RunPlace,
  runUnderWay,
} from '../store/run/run.ts';
import { overlapMs } from '../domain/gaps/catchUp.ts';
import type { Database } from '../store/file/database.ts';
import { readState } from '../store/file/state.ts';
import { keepPage } from '../store/run/runPage.ts';
import { stashNewest } from '../store/run/stashNewest.ts';
import { transaction } from '../store/file/sql.ts';
import type { DrainContext } from '../sync/base/context.ts';
import { noteMissed } from '../sync/base/missed.ts';
import { coverRestored, noteCovered } from './covered.ts';
import { giveUp } from './tried.ts';
import { isOfThePage } from './troubles.ts';

/** A person's pictures: what the worker saw when it looked at them, so no run finds it out. */
const knownBefore: ReadonlySet<string> = new Set(imageKinds.map((kind) => gapName('edited', kind)));

type Context = Pick<DrainContext, 'db' | 'clock' | 'log'>;

/** @throws PlexSyncError where Stash is away, for a run over all: nothing has changed then */
export async function finish(
  context: Context & Pick<DrainContext, 'stash'>,
  { id, scope, dry }: Run,
): Promise<void> {
  const { db, clock, log } = context;
  const isWhole = scope.since === null && !dry && isOfAll(scope);
  const newest = isWhole ? await newestNow(context) : [];
  // A run is over together with what it proves: nobody else would ever note it.
  const run = transaction(db, () => {
    const present = runUnderWay(db);
    if (present?.id !== id || !endRun(db, id, 'ended', clock.now())) return null;
    noteCovered(db, present, clock.now(), newest);
    return present;
  });
  if (run === null) return;
  const found = Object.entries(run.figures.found).reduce(
    (sum, [name, count]) => (knownBefore.has(name) ? sum : sum + count),
    0,
  );
  log.write('info', 'reconcile', runSummary(run), { run: id, origin: run.origin, found });
}

/** The scenes changed last; those known so far where Stash is there and cannot tell: all were compared. */
async function newestNow({
  db,
  log,
  stash,
}: Pick<DrainContext, 'db' | 'log' | 'stash'>): Promise<readonly SceneTime[]> {
  try {
    return (await stash.newestChanges([])).newest;
  } catch (error) {
    if (!isOfThePage(error)) throw error;
    const { message } = toPlexSyncError(error);
    log.write('warn', 'reconcile', `Stash could not tell its latest changes: ${message}`);
    return readState(db, stashNewest)?.scenes ?? [];
  }
}

/** @param why in words, which the summary of the run keeps */
export function stop({ db, clock, log }: Context, run: Run, why: string): void {
  const isEnded = transaction(db, () => {
    noteStop(db, run, why);
    if (!endRun(db, run.id, 'stopped', clock.now())) return false;
    leaveToNext(db, run, why);
    const { pushedSince } = run.scope;
    const isGivenUp = giveUp(db, run, why, clock.now());
    if (isGivenUp && pushedSince !== undefined) coverRestored(db, pushedSince);
    return true;
  });
  if (isEnded) {
    const { id, origin } = run;
    log.write('warn', 'reconcile', `The reconciliation was ended: ${why}.`, { run: id, origin });
  }
}

/**
 * What cannot be looked through beside the scenes is left out, and left to the next run: to come back to it
 * has a limit of time then, which a run that is ended has not.
 */
export function passOverAbsent({ db, clock, log }: Context, run: Run): void {
  const why = troubleAt(run.place);
  const next: RunPlace =
    run.place.phase === 'gone' ? { phase: 'shared' } : { phase: 'items', after: '' };
  const page = { looked: [], unread: 1, stashRequests: 0, plexRequests: 0, next };
  transaction(db, () => leaveToNext(db, run, why));
  const isKept = keepPage(db, run, page, clock.now());
  if (isKept) log.write('warn', 'reconcile', `The run goes on: ${why}`, { run: run.id });
}

/**
 * A start of Stash has been forgotten once its run began: what it leaves out is the next one's. No person
 * ends a run this way. Call within a transaction.
 */
export function leaveToNext(db: Database, { origin, scope, begunAt }: Run, why: string): void {
  if (origin !== 'start' || scope.since === null) return;
  noteMissed(db, scope.since + overlapMs, `a comparison had errors: ${why}`, begunAt);
}

/** What could not be done there. */
export function troubleAt(place: RunPlace): string {
  switch (place.phase) {
    case 'tidy':
      return 'what earlier runs had found could not be put away';
    case 'index':
      return 'Plex’s libraries could not be looked through';
    case 'scenes':
      return `the scenes after number ${place.after} could not be compared`;
    case 'shared':
      return 'performers, studios, tags and groups could not be listed';
    case 'gone':
      return `the scenes after number ${place.after} could not be looked for`;
    case 'items':
      return 'the run could not be brought to its end';
  }
}
