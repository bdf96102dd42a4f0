// "Gaps": what the reconciliation has found, the word for what waits, and what a person does not want
// to be told any more.
import { noArguments } from '../contract/arguments.ts';
import { type GapKind, gapKinds, type GapState } from '../contract/gaps.ts';
import {
  type GapActionAnswer,
  type GapsAnswer,
  type GapsArguments,
  gapsArguments,
  ignoreGapArguments,
  type IgnoreGapArguments,
  releaseGapsArguments,
  type ReleaseGapsArguments,
  type RunsAnswer,
} from '../contract/reconcile.ts';
import { PlexSyncError } from '../contract/errors.ts';
import { type GapValue, isToClose } from '../domain/gaps/gap.ts';
import { rearmExtras } from '../store/queue/extra.ts';
import {
  fieldsWithGaps,
  gapById,
  gapCounts,
  gapPage,
  gapsIn,
  ignoreGap,
  markGaps,
  queueGap,
  scenesWithGaps,
  gapState,
} from '../store/mirror/gap.ts';
import type { Database } from '../store/file/database.ts';
import { raiseScene } from '../store/queue/queue.ts';
import { lastRuns } from '../store/run/run.ts';
import { sceneTitle } from '../store/mirror/sceneTitle.ts';
import { durableTransaction } from '../store/file/sql.ts';
import { readReconcile, runViewOf } from '../sync/tell/runView.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';
import { pausedNote } from './pausedNote.ts';
import { moment } from './reconcileLines.ts';

const runsShown = 30;

export const gaps: Operation<GapsArguments, GapsAnswer> = {
  arguments: gapsArguments,
  perform: ({ db }, { offset, limit, ...filter }) => ({
    total: gapsIn(db, filter),
    counts: [...gapCounts(db)],
    runs: lastRuns(db, runsShown).map(runViewOf),
    rows: gapPage(db, filter, offset, limit).map(({ sceneId, ratingKey, ...gap }) => ({
      ...gap,
      scene: sceneId === 0 ? null : sceneId,
      title: sceneId === 0 ? plain(gap.plex) : sceneTitle(db, sceneId),
      item: ratingKey === '' ? null : ratingKey,
      stash: open(gap.stash),
      plex: open(gap.plex),
      toCome: open(gap.toCome),
    })),
  }),
};

function plain(value: GapValue | null): string {
  return typeof value === 'string' ? value : '';
}

function open(value: GapValue | null): string | string[] | null {
  return value === null || typeof value === 'string' ? value : [...value];
}

export const runs: Operation<object, RunsAnswer> = {
  arguments: noArguments,
  perform: ({ db, now }) => {
    const { next, underWay } = readReconcile(db, now);
    const known = lastRuns(db, runsShown).map(runViewOf);
    const last = known.length === 0 ? 'No reconciliation was made yet.' : countOf(known.length);
    const present = underWay === null ? '' : ' One is under way.';
    const then = next === null ? '' : ` The next one by itself is due at ${moment(next.at)}.`;
    return { sentence: `${last}${present}${then}`, runs: known };
  },
};

function countOf(runs: number): string {
  return runs === 1 ? '1 reconciliation.' : `The last ${runs} reconciliations.`;
}

const scenesPerPage = 500;
const pauseMs = 10;
const closed: readonly GapKind[] = gapKinds.filter(isToClose);

export const releaseGaps: Operation<ReleaseGapsArguments, GapActionAnswer> = {
  arguments: releaseGapsArguments,
  perform: async (context, args) => {
    const { db, log, say } = context;
    if (args.gap !== null) return releaseOne(context, args.gap);
    let count = 0;
    for (const state of args.dry ? (['waiting', 'found'] as const) : (['waiting'] as const)) {
      count += await releaseAll(context, args, state);
    }
    const which = count === 1 ? '1 gap is' : `${count} gaps are`;
    const sentence = `${count === 0 ? 'No gap waits for a word' : `${which} queued`}.${pausedNote(db)}`;
    log.write('info', 'reconcile', sentence);
    say(sentence);
    return { sentence, count };
  },
};

/** The gap of a scene is closed by a push of the scene, which closes its others as well. */
function releaseOne({ db, log, say, now }: TaskContext, id: number): GapActionAnswer {
  const gap = gapById(db, id);
  if (gap === null) {
    throw new PlexSyncError('bad-arguments', `There is no gap ${id}.`, { field: 'gap' });
  }
  const answer = (count: number, what: string): GapActionAnswer => {
    const sentence = `${what}${pausedNote(db)}`;
    log.write('info', 'reconcile', sentence);
    say(sentence);
    return { sentence, count };
  };
  const { sceneId, kind } = gap;
  if (sceneId === 0 || !isToClose(kind)) {
    return answer(0, `Gap ${id} is only told: nothing that PlexSync writes would close it.`);
  }
  const correlation = `${now.toString(36)}-${process.pid}-gap`;
  const count = durableTransaction(db, () => {
    raiseScene(db, sceneId, now, 'reconcile', correlation, 0);
    rearmExtras(db, sceneId, [gap.field], now);
    for (const state of ['waiting', 'found'] as const) rearm(db, sceneId, state, now);
    const own = queueGap(db, id);
    const others = (['waiting', 'found'] as const).map((state) =>
      markGaps(db, sceneId, state, 'queued', closed),
    );
    return others.reduce((sum, marked) => sum + marked, own);
  });
  const others = count > 1 ? `, and with it ${count - 1} more of the scene` : '';
  return answer(count, `Gap ${id} is queued with its scene ${sceneId}${others}.`);
}

/** In pages, with a pause between two: the worker needs the data file as well. */
async function releaseAll(
  { db, now, clock }: TaskContext,
  { scene, ...of }: ReleaseGapsArguments,
  state: Extract<GapState, 'waiting' | 'found'>,
): Promise<number> {
  const filter = { kind: of.kind, field: of.field, state, confidence: null };
  const correlation = `${now.toString(36)}-${process.pid}-gaps`;
  let after = scene === null ? 0 : scene - 1;
  let count = 0;
  while (true) {
    const page = scenesWithGaps(db, filter, closed, after, scene === null ? scenesPerPage : 1);
    const scenes = scene === null ? page : page.filter((id) => id === scene);
    count += durableTransaction(db, () => releasePage(db, scenes, state, now, correlation));
    const last = scenes.at(-1);
    if (last === undefined || scene !== null || page.length < scenesPerPage) return count;
    after = last;
    await clock.sleep(pauseMs);
  }
}

function releasePage(
  db: Database,
  scenes: readonly number[],
  state: GapState,
  now: number,
  correlation: string,
): number {
  let count = 0;
  for (const id of scenes) {
    raiseScene(db, id, now, 'reconcile', correlation);
    rearm(db, id, state, now);
    count += markGaps(db, id, state, 'queued', closed);
  }
  return count;
}

/** What closes such gaps may have been given up, and is not tried again by a push of the text. */
function rearm(db: Database, sceneId: number, state: GapState, now: number): void {
  rearmExtras(db, sceneId, fieldsWithGaps(db, sceneId, state, closed), now);
}

export const ignoreOneGap: Operation<IgnoreGapArguments, GapActionAnswer> = {
  arguments: ignoreGapArguments,
  perform: ({ db, say }, { gap }) => {
    const state = gapState(db, gap);
    if (state === null || !durableTransaction(db, () => ignoreGap(db, gap))) {
      throw new PlexSyncError('bad-arguments', `There is no gap ${gap}.`, { field: 'gap' });
    }
    const rest =
      state === 'queued'
        ? '. Its scene is queued already: take it out of the queue if it is not to be pushed'
        : ', and nothing is queued for it';
    const sentence = `Gap ${gap} is not told any more${rest}.`;
    say(sentence);
    return { sentence, count: 1 };
  },
};
