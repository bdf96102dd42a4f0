// What the lists take and answer: the queue, the dead letters, pictures and
// ratings, the scenes without an item.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { id, page, search, some } from './arguments.ts';
import { waitingReasons } from './causes.ts';
import { errorCodes } from './errors.ts';
import { extras } from './fieldPolicies.ts';

const byCause = {
  search,
  /** Error codes; without it rows of every cause, and of none. */
  cause: v.optional(v.nullable(some(errorCodes)), null),
  ...page,
};
export const queueArguments = v.object(byCause);
export const deadLettersArguments = v.object({
  ...byCause,
  /** Number of one: only what failed in its time. */
  outage: v.optional(id('an outage')),
});
export const extraStates = ['given-up', 'waiting'] as const;
export const extrasArguments = v.object({
  state: v.optional(v.picklist(extraStates, 'must be given-up or waiting'), 'given-up'),
  ...byCause,
});
export const waitingArguments = v.object({
  search,
  reason: v.optional(v.nullable(some(waitingReasons)), null),
  ...page,
});

const cause = v.object({
  /** Stable; an error code, or a reason. */
  code: v.string(),
  meaning: v.string(),
  wayOut: v.string(),
});

/** What a row is about. */
const thing = {
  /** `scene:12`, `performer:5`, `studio:3`, `tag:7`, `group:2`. */
  key: v.string(),
  what: v.string(),
  id: v.number(),
  /** A scene's as it was last read, '' if it has none. */
  title: v.string(),
  /** Of a scene's file, as Stash sees it. */
  path: v.string(),
};

export const queueAnswer = v.object({
  /** Of all that fit. */
  total: count,
  /** The longest waiting first. */
  rows: v.array(
    v.object({
      ...thing,
      since: time,
      /** When it is tried next; of one in flight, when it was due. */
      dueAt: v.nullable(time),
      /** Failed ones, by its own fault. */
      attempts: count,
      /** Of its last failed attempt; null if there was none. */
      cause: v.nullable(cause),
      /** `first`: an edit, a choice, or what was put first. `bulk`: what follows from others. */
      priority: v.picklist(['first', 'bulk']),
      /** Stash's event, or what else raised it: `index`, `fan-out`, `choice`, `retry`, … */
      source: v.string(),
      /** Being pushed now. */
      inFlight: v.boolean(),
    }),
  ),
});

export const deadLettersAnswer = v.object({
  total: count,
  /** The newest first. */
  rows: v.array(
    v.object({
      ...thing,
      cause,
      message: v.string(),
      field: v.nullable(v.string()),
      attempts: count,
      firstErrorAt: time,
      lastErrorAt: time,
      /** Number of the outage in whose time it failed; null for none. */
      outage: v.nullable(count),
    }),
  ),
});

export const extrasAnswer = v.object({
  total: count,
  /** Of all that were given up, by error code. */
  byCause: v.record(v.string(), count),
  /** By number of the scene. */
  rows: v.array(
    v.object({
      scene: v.number(),
      kind: v.picklist(extras),
      title: v.string(),
      path: v.string(),
      /** Null once it was given up. */
      dueAt: v.nullable(time),
      attempts: count,
      /** Of the last failure; null before the first. */
      cause: v.nullable(cause),
      message: v.nullable(v.string()),
      failedAt: v.nullable(time),
    }),
  ),
});

export const waitingAnswer = v.object({
  total: count,
  /** By reason, then by number. */
  rows: v.array(
    v.object({
      scene: v.number(),
      cause,
      /** Since when its file is awaited in Plex; null if it is not. */
      since: v.nullable(time),
      title: v.string(),
      path: v.string(),
    }),
  ),
});

export type ListArguments = v.InferOutput<typeof queueArguments>;
export type DeadLettersArguments = v.InferOutput<typeof deadLettersArguments>;
export type WaitingArguments = v.InferOutput<typeof waitingArguments>;
export type ExtrasArguments = v.InferOutput<typeof extrasArguments>;
export type ExtrasAnswer = v.InferOutput<typeof extrasAnswer>;
export type QueueAnswer = v.InferOutput<typeof queueAnswer>;
export type DeadLettersAnswer = v.InferOutput<typeof deadLettersAnswer>;
export type WaitingAnswer = v.InferOutput<typeof waitingAnswer>;
