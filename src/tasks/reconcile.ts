// "Reconcile": begins a run, and lets one end. The run is the worker's; a task of Stash's follows it in
// the foreground, with the progress bar.
import { noArguments } from '../contract/arguments.ts';
import {
  type ReconcileAnswer,
  type ReconcileArguments,
  reconcileArguments,
} from '../contract/reconcile.ts';
import { PlexSyncError } from '../contract/errors.ts';
import { type GapKind, gapKinds } from '../contract/gaps.ts';
import { isSettingUp } from '../store/queue/control.ts';
import {
  beginRun,
  endRun,
  lastRuns,
  type Run,
  type RunScope,
  runUnderWay,
} from '../store/run/run.ts';
import { durableTransaction } from '../store/file/sql.ts';
import { runViewOf } from '../sync/tell/runView.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';
import { checkStash } from './health/stash.ts';
import { pausedNote } from './pausedNote.ts';
import { processHere } from './process.ts';
import { momentOf } from './sync.ts';

const hourMs = 3_600_000;
const hoursOf = { '24h': 24, '7days': 7 * 24 } as const;

export const reconcile: Operation<ReconcileArguments, ReconcileAnswer> = {
  arguments: reconcileArguments,
  perform: async (context, given) => {
    const { db, log, say, now } = context;
    const args = given.asSet ? await asSet(context) : given;
    // A person asked: no limit.
    const wanted = {
      origin: 'person',
      scope: scopeOf(args, now),
      dry: args.dry,
      limit: null,
    } as const;
    const begun = durableTransaction(db, () => beginRun(db, wanted, now));
    const run = begun ?? runUnderWay(db);
    // A dry run has nothing pushed anyway.
    const sentence = `${saidOf(begun)}${args.dry && isSettingUp(db) ? '' : pausedNote(db)}`;
    log.write('info', 'reconcile', sentence, run === null ? {} : { run: run.id });
    say(sentence);
    if (context.caller !== 'task') return { sentence, run: run === null ? null : runViewOf(run) };
    return await followed(context, run, sentence);
  },
};

/** @throws PlexSyncError if Stash does not answer, or the settings cannot be used */
async function asSet({ db }: TaskContext): Promise<ReconcileArguments> {
  const { settings, steps } = await checkStash(db);
  if (settings !== null) return settings.reconcile.asSet;
  const failed = steps.find(({ state }) => state === 'fail');
  const code = failed?.name === 'stash' ? 'stash-unreachable' : 'config-invalid';
  throw new PlexSyncError(code, `${failed?.finding ?? ''} ${failed?.wayOut ?? ''}`.trim());
}

/** @returns what has become of the run by the end of the task */
async function followed(
  context: TaskContext,
  begun: Run | null,
  sentence: string,
): Promise<ReconcileAnswer> {
  const processed = await processHere(context, 'Reconcile Library');
  const run = lastRuns(context.db, 30).find(({ id }) => id === begun?.id);
  if (run === undefined) return { sentence: processed.sentence, run: null };
  const view = runViewOf(run);
  if (run.state === 'running')
    return { sentence: `${sentence} It goes on in the background.`, run: view };
  context.say(view.summary);
  return { sentence: view.summary, run: view };
}

export const endReconcile: Operation<object, ReconcileAnswer> = {
  arguments: noArguments,
  perform: ({ db, log, say, now }) => {
    const run = runUnderWay(db);
    const isEnded =
      run !== null && durableTransaction(db, () => endRun(db, run.id, 'stopped', now));
    const sentence = isEnded
      ? 'The reconciliation was ended. What it has queued stays queued.'
      : 'No reconciliation is under way.';
    log.write('info', 'reconcile', sentence);
    say(sentence);
    const last = lastRuns(db, 1)[0];
    return { sentence, run: last === undefined ? null : runViewOf(last) };
  },
};

function saidOf(begun: Run | null): string {
  if (begun === null) return 'A reconciliation is under way already; no other was begun.';
  const { scope, dry } = begun;
  const { since, until, library } = scope;
  const moment = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const which = [
    since === null && until === null ? 'All scenes' : 'The scenes changed in Stash',
    ...(since === null ? [] : [`since ${moment(since)} (UTC)`]),
    ...(until === null ? [] : [`before ${moment(until)} (UTC)`]),
    ...(library === null ? [] : [`with an item in the library ${library}`]),
  ].join(' ');
  const then = dry ? 'nothing is queued, as asked' : 'what differs is queued';
  return `${which} are compared with Plex, page by page, while nothing else is pushed; ${then}.`;
}

/** @throws PlexSyncError `bad-arguments` where the dates are the wrong way round */
function scopeOf(args: ReconcileArguments, now: number): RunScope {
  const { scope, from, to, library } = args;
  const moment = (of: typeof from): number | null => (of === undefined ? null : momentOf(of, now));
  const bounds =
    scope === 'all' || scope === 'custom'
      ? { since: moment(from), until: moment(to) }
      : { since: now - hoursOf[scope] * hourMs, until: null };
  const { since, until } = bounds;
  if (since !== null && until !== null && until <= since) {
    const message = '"from" must lie before "to": no scene was changed in between.';
    throw new PlexSyncError('bad-arguments', message, { field: 'from' });
  }
  return { ...bounds, library, kinds: kindsOf(args) };
}

function kindsOf({ kinds, withoutMissing }: ReconcileArguments): GapKind[] | null {
  if (!withoutMissing) return kinds;
  return (kinds ?? gapKinds).filter((kind) => kind !== 'missing');
}
