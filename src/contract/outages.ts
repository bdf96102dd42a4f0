// What the operations outages and recover-outage take and answer.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { id, some } from './arguments.ts';
import { transientCodes } from './causes.ts';
import { errorCodes } from './errors.ts';
import { moment, type Since } from './sync.ts';

const milliseconds = v.pipe(v.number(), v.minValue(0));
/** away: Plex failed as a server. token: it answers and refuses the token. */
const kind = v.picklist(['away', 'token']);
const code = v.nullable(v.picklist(errorCodes));

export const outagesArguments = v.object({});

export const outagesAnswer = v.object({
  sentence: v.string(),
  /** The one under way, as the circuit has it; null if Plex is well. */
  now: v.nullable(
    v.object({
      kind,
      since: time,
      code,
      cause: v.string(),
      /** When it is probed, or the token is tried again; null while a trial is under way. */
      nextTryAt: v.nullable(time),
      waiting: count,
      probes: count,
    }),
  ),
  /** Of those kept, the one under way among them. */
  longestMs: milliseconds,
  totalMs: milliseconds,
  /** How long those that ended lasted on average; null if none did. */
  meanMs: v.nullable(milliseconds),
  /** The share of the time since `since` in which there was none, 0 to 1; null if none is known. */
  availability: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** When the oldest of them began. */
  since: v.nullable(time),
  /** The newest first: the last 30 that ended, and the one under way. */
  outages: v.array(
    v.object({
      id: count,
      kind,
      beganAt: time,
      /** null while it lasts. */
      endedAt: v.nullable(time),
      durationMs: milliseconds,
      /** Of the first failure. */
      code,
      cause: v.string(),
      /** Changes, pictures and ratings that waited for its end. */
      jobs: count,
      probes: count,
      /** Dead letters that recover-outage would put back. */
      recoverable: count,
    }),
  ),
});

/** Without `outage`, `from` and `to`: what fell in any outage that is known. */
export const recoverArguments = v.pipe(
  v.strictObject({
    /** Number of one, as the list has it. */
    outage: v.optional(id('an outage')),
    /** What failed between the two, whether in an outage or not. */
    from: v.optional(moment),
    to: v.optional(moment),
    cause: v.optional(some(errorCodes), [...transientCodes]),
  }),
  v.forward(
    v.check(
      ({ outage, from, to }) => outage === undefined || (from === undefined && to === undefined),
      'must not be given together with from or to',
    ),
    ['outage'],
  ),
  v.forward(
    v.check(({ from, to }) => !isBackward(from, to), 'must not be later than to'),
    ['from'],
  ),
);

/** Of one given in hours and one as a date only the clock could tell. */
function isBackward(from: Since | undefined, to: Since | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  if ('at' in from) return 'at' in to && from.at > to.at;
  return 'hours' in to && from.hours < to.hours;
}

export const recoverAnswer = v.object({
  sentence: v.string(),
  /** Back in the queue. */
  recovered: count,
  /** Left alone: the scene is gone from Stash. */
  gone: count,
  /** Left alone: it waits in the queue already. */
  queued: count,
  /** Left alone: it was pushed after it failed. */
  succeeded: count,
});

export type OutagesArguments = v.InferOutput<typeof outagesArguments>;
export type OutagesAnswer = v.InferOutput<typeof outagesAnswer>;
export type RecoverArguments = v.InferOutput<typeof recoverArguments>;
export type RecoverAnswer = v.InferOutput<typeof recoverAnswer>;
