// What the operations of the reconciliation take and answer: begin a run, list the gaps, say the word
// for those that wait, ignore one, end the run.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { flag, id, page, some } from './arguments.ts';
import { confidences, gapKinds, gapStates, intervals, runOrigins, runScopes } from './gaps.ts';
import { moment } from './sync.ts';

const library = v.pipe(
  v.unknown(),
  v.transform((given) => (typeof given === 'number' ? String(given) : given)),
  v.string('must be the name or number of a Plex library'),
  v.trim(),
  v.nonEmpty('must be the name or number of a Plex library'),
  v.maxLength(200, 'must be the name or number of a Plex library'),
);

export const reconcileArguments = v.pipe(
  v.object({
    scope: v.optional(v.picklist(runScopes, `must be one of ${runScopes.join(', ')}`), 'all'),
    /** Of the scope `custom`: changed from then on, and before then. */
    from: v.optional(moment),
    to: v.optional(moment),
    library: v.optional(v.nullable(library), null),
    /** Only gaps of these kinds. */
    kinds: v.optional(v.nullable(some(gapKinds)), null),
    /** Whether scenes without an item are left out. */
    withoutMissing: flag,
    /** Only looked for, nothing is queued. */
    dry: flag,
    /** By the setting reconcileAs; the others do not count then. */
    asSet: flag,
  }),
  v.forward(
    v.check(
      ({ scope, from, to }) => scope === 'custom' || (from === undefined && to === undefined),
      'must be custom where from or to are given',
    ),
    ['scope'],
  ),
  v.forward(
    v.check(
      ({ scope, from, to }) => scope !== 'custom' || from !== undefined || to !== undefined,
      'must be given, or to, or both: the scope is custom',
    ),
    ['from'],
  ),
);

const counts = v.record(v.string(), count);
export const runView = v.object({
  id: v.number(),
  origin: v.picklist(runOrigins),
  state: v.picklist(['running', 'ended', 'stopped']),
  dry: v.boolean(),
  /** Only scenes changed in Stash from then on, and before then, Unix ms. */
  since: v.nullable(time),
  until: v.nullable(time),
  library: v.nullable(v.string()),
  kinds: v.nullable(v.array(v.picklist(gapKinds))),
  /** Of a Stash that was restored: also scenes that were pushed since then, Unix ms. */
  pushedSince: v.exactOptional(time),
  begunAt: time,
  endedAt: v.nullable(time),
  /** Null while it is under way. */
  durationMs: v.nullable(v.pipe(v.number(), v.minValue(0))),
  scenes: count,
  /** Scenes that could not be judged. */
  unread: count,
  /** Of the run's own, without those of the index. */
  stashRequests: count,
  plexRequests: count,
  /** By `kind` or `kind:field`. */
  found: counts,
  queued: counts,
  /** Gaps that wait for a word. */
  waiting: count,
  /** Pictures whose cover may be another than the one in Plex: the worker looks at them. */
  covers: count,
  summary: v.string(),
});

/** Part of the status. */
export const reconcileStatus = v.object({
  /** As the settings say. */
  every: v.picklist(intervals),
  catchesUp: v.boolean(),
  /** The next run that begins by itself, and why; null = none. */
  next: v.nullable(v.object({ at: time, origin: v.picklist(runOrigins) })),
  underWay: v.nullable(runView),
  /** The last one that is over. */
  last: v.nullable(runView),
  /** Gaps that wait for a person's word. */
  gapsWaiting: count,
});
export type ReconcileStatus = v.InferOutput<typeof reconcileStatus>;

/** The last 30 runs, the newest first, and the next. */
export const runsAnswer = v.object({ sentence: v.string(), runs: v.array(runView) });
export type RunsAnswer = v.InferOutput<typeof runsAnswer>;

export const reconcileAnswer = v.object({ sentence: v.string(), run: v.nullable(runView) });

function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.optional(v.nullable(v.picklist(words, `must be one of ${words.join(', ')}`)), null);
}

const filter = {
  kind: oneOf(gapKinds),
  field: v.optional(v.nullable(v.string('must be the name of a field')), null),
  state: oneOf(gapStates),
  confidence: oneOf(confidences),
};
export const gapsArguments = v.object({ ...filter, ...page });

const value = v.nullable(v.union([v.string(), v.array(v.string())]));
export const gapsAnswer = v.object({
  /** Of all that fit. */
  total: count,
  /** Of all that are kept, by kind, field and what became of them. */
  counts: v.array(
    v.object({
      kind: v.picklist(gapKinds),
      field: v.string(),
      state: v.picklist(gapStates),
      count,
    }),
  ),
  /** The last 30, the newest first. */
  runs: v.array(runView),
  rows: v.array(
    v.object({
      id: v.number(),
      /** Null: an item without a scene. */
      scene: v.nullable(v.number()),
      title: v.string(),
      /** Null: a scene without an item. */
      item: v.nullable(v.string()),
      kind: v.picklist(gapKinds),
      /** '' = of the scene or item as a whole. */
      field: v.string(),
      confidence: v.picklist(confidences),
      stash: value,
      plex: value,
      /** The whole value after a push; null where a push leaves the value as it is. */
      toCome: value,
      reason: v.string(),
      state: v.picklist(gapStates),
      /** The run that found it last. */
      runId: v.number(),
      foundAt: time,
    }),
  ),
});

/**
 * Which of the gaps that were not queued are: one, those of a scene, of a kind, of a field. A misspelt
 * word must not make it more than was meant.
 */
export const releaseGapsArguments = v.pipe(
  v.strictObject({
    /** This one, whatever became of it. A scene is pushed as a whole: its other gaps go with it. */
    gap: v.optional(v.nullable(id('a gap')), null),
    kind: filter.kind,
    field: filter.field,
    scene: v.optional(v.nullable(id('a scene in Stash')), null),
    /** Also what a dry run has found. */
    dry: flag,
  }),
  v.forward(
    v.check(
      ({ gap, kind, field, scene }) =>
        gap === null || (kind === null && field === null && scene === null),
      'must stand alone: no kind, field or scene beside it',
    ),
    ['gap'],
  ),
);
export const ignoreGapArguments = v.object({ gap: id('a gap') });

export const gapActionAnswer = v.object({ sentence: v.string(), count });

export type ReconcileArguments = v.InferOutput<typeof reconcileArguments>;
export type RunView = v.InferOutput<typeof runView>;
export type ReconcileAnswer = v.InferOutput<typeof reconcileAnswer>;
export type GapsArguments = v.InferOutput<typeof gapsArguments>;
export type GapsAnswer = v.InferOutput<typeof gapsAnswer>;
export type ReleaseGapsArguments = v.InferOutput<typeof releaseGapsArguments>;
export type IgnoreGapArguments = v.InferOutput<typeof ignoreGapArguments>;
export type GapActionAnswer = v.InferOutput<typeof gapActionAnswer>;
