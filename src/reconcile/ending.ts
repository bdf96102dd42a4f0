// How a run ends: at its end, or before it, with why.
import { imageKinds } from '../domain/image.ts';
import { runSummary } from '../domain/runSummary.ts';
import { gapName } from '../store/gap.ts';
import { endRun, isOfAll, noteStop, type Run, type RunPlace, runUnderWay } from '../store/run.ts';
import { transaction } from '../store/sql.ts';
import type { DrainContext } from '../sync/context.ts';
import { noteCovered } from './covered.ts';

/** A person's pictures: what the worker saw when it looked at them, so no run finds it out. */
const knownBefore: ReadonlySet<string> = new Set(imageKinds.map((kind) => gapName('edited', kind)));

type Context = Pick<DrainContext, 'db' | 'clock' | 'log'>;

/** @throws PlexSyncError of Stash's, for a run over all: nothing has changed then */
export async function finish(
  { db, clock, log, stash }: Context & Pick<DrainContext, 'stash'>,
  { id, scope, dry }: Run,
): Promise<void> {
  const isWhole = scope.since === null && !dry && isOfAll(scope);
  const newest = isWhole ? (await stash.newestChanges([])).newest : [];
  const run = runUnderWay(db);
  if (run?.id !== id || !endRun(db, id, 'ended', clock.now())) return;
  transaction(db, () => noteCovered(db, run, clock.now(), newest));
  const found = Object.entries(run.figures.found).reduce(
    (sum, [name, count]) => (knownBefore.has(name) ? sum : sum + count),
    0,
  );
  log.write('info', 'reconcile', runSummary(run), { run: id, origin: run.origin, found });
}

/** @param why in words, which the summary of the run keeps */
export function stop({ db, clock, log }: Context, run: Run, why: string): void {
  const isEnded = transaction(db, () => {
    noteStop(db, run, why);
    return endRun(db, run.id, 'stopped', clock.now());
  });
  if (isEnded) {
    const { id, origin } = run;
    log.write('warn', 'reconcile', `The reconciliation was ended: ${why}.`, { run: id, origin });
  }
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
      return 'the items without a scene could not be told';
  }
}
