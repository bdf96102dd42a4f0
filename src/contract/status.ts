// What the status operation takes and answers: everything a person or a monitor wants to know at a
// glance. It holds no secret.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { flag } from './arguments.ts';
import { errorCodes } from './errors.ts';
import { paceSchema } from './pace.ts';
import { reconcileStatus } from './reconcile.ts';
import { viewingStatus } from './viewing.ts';

const mark = v.nullable(v.object({ since: time, reason: v.string() }));
const byName = v.record(v.string(), count);
const milliseconds = v.pipe(v.number(), v.minValue(0));

export const statusArguments = v.object({
  /** Revision of a status that the caller has: answered when it is another, or after 25 s. */
  after: v.optional(
    v.pipe(
      v.string('must be the revision of a status'),
      v.regex(/^[\w-]{1,64}$/, 'must be the revision of a status'),
    ),
  ),
  /** For the launcher, where it has no Node: it fetches one at once, also where that was put off after a failure. */
  fetchNode: flag,
});
export type StatusArguments = v.InferOutput<typeof statusArguments>;

const outcomes = {
  pushed: count,
  /** Plex had it all. */
  unchanged: count,
  /** Taken out of Plex, of scenes that are gone. */
  withdrawn: count,
  /** Scenes that ended without a Plex item. */
  withoutItem: count,
  /** Attempts that failed by the item's own fault. */
  failed: count,
  /** Of failed, those that were the last. */
  deadLettered: count,
  pictures: count,
};

const rate = v.object({
  ...outcomes,
  /** Of pushed, unchanged, withdrawn and failed, all but failed, 0 to 1; null if there were none. */
  successShare: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** Scenes that ended, pushed or not. */
  scenesPerMinute: v.pipe(v.number(), v.minValue(0)),
});

/** Moving average; `measured` is the number of scenes or pictures, 0 if it is the default still. */
const average = v.object({ ms: milliseconds, measured: count });

export const warningSchema = v.object({
  /** What it is about: a setting's name, or for instance `library "Videos"`. */
  about: v.string(),
  /** Whole sentences, with the way out. */
  message: v.string(),
});
export type Warning = v.InferOutput<typeof warningSchema>;

export const statusSchema = v.object({
  /** Changes when anything in here does, but for what changes with time alone. */
  revision: v.string(),
  /** One sentence for a person: the state, and what happens next. */
  sentence: v.string(),
  queue: v.object({
    /** Events kept as files, not yet taken in. */
    spooled: count,
    pending: count,
    inFlight: count,
    /** Of those in flight, how many were written and are to be confirmed. */
    written: count,
    /** Of pending: those that wait after a failed attempt; and the same by error code. */
    retrying: count,
    byCause: byName,
    /** Of pending: performers, studios, tags and groups whose scenes are still to be raised. */
    fanOuts: count,
    /** Scenes that a sync of all or of changed ones has still to look at, as far as is known. */
    toSync: count,
    oldestEventAt: v.nullable(time),
  }),
  deadLetters: v.object({ count, byCause: byName }),
  scenes: v.object({
    matched: count,
    /** Scenes without a Plex item, by reason. */
    withoutItem: byName,
  }),
  /** Pictures and ratings: still to be sent, and given up. */
  extras: v.object({ waiting: count, givenUp: count }),
  plex: v.object({
    circuit: v.picklist(['closed', 'open', 'half-open', 'refused']),
    since: v.nullable(time),
    /**
     * When it is probed; of a refused token, when it is tried again at the earliest. null while it is
     * well, or a trial is under way.
     */
    nextProbeAt: v.nullable(time),
    cause: v.nullable(v.string()),
    /** Error code of the cause; null also where it is not known. */
    code: v.nullable(v.picklist(errorCodes)),
    /** Changes, pictures and ratings that wait for the end of the outage under way; else 0. */
    waiting: count,
    /** Probes made in the outage under way. */
    probes: count,
    /** When Plex last answered as it should, as far as was kept; null if it never did. */
    answeredAt: v.nullable(time),
  }),
  /** Stash does not answer PlexSync; null while it does. */
  stashAway: v.nullable(
    v.object({ since: time, cause: v.string(), code: v.picklist(errorCodes), nextTryAt: time }),
  ),
  pace: paceSchema,
  workerAlive: v.boolean(),
  /** A person paused PlexSync: nothing is pushed until it is resumed. */
  paused: v.nullable(
    v.object({
      since: time,
      /** Only while it is set up: everything is read and compared, and one scene may be pushed. */
      setup: v.boolean(),
    }),
  ),
  /** The last release of PlexSync's locks in Plex, or the one under way; null if there was none. */
  release: v.nullable(
    v.object({
      since: time,
      /** Items and pictures to look at, and those looked at. */
      total: count,
      looked: count,
      /** Locks that are gone. */
      released: count,
      /** Items at which it failed. */
      failed: count,
      /** null while it is under way. */
      doneAt: v.nullable(time),
    }),
  ),
  /** The process that does the work. */
  worker: v.nullable(
    v.object({ kind: v.picklist(['worker', 'task']), pid: count, host: v.string(), since: time }),
  ),
  rates: v.object({
    hour: rate,
    day: rate,
    /** The day in 24 parts, the oldest first: when each began, and what came of the work in it. */
    hours: v.array(v.object({ at: time, pushed: count, unchanged: count, failed: count })),
  }),
  /** Since the data file was begun. */
  totals: v.object(outcomes),
  /** What one takes: a scene that is pushed, one that Plex has already, a picture. */
  averages: v.object({ push: average, unchanged: average, picture: average }),
  /** How long what waits will take, without what waits after a failure. */
  estimate: v.object({
    scenes: count,
    leastMs: milliseconds,
    mostMs: milliseconds,
    /** By averages that were measured, at least in part. */
    measured: v.boolean(),
    /** Renames and the like will add scenes to it, nobody knows how many. */
    more: v.boolean(),
    /** Pictures and ratings, which come after the scenes. */
    extras: v.object({ count, leastMs: milliseconds, mostMs: milliseconds }),
  }),
  problems: v.array(v.object({ setting: v.string(), message: v.string() })),
  /** What a person should look at although it holds up nothing. */
  warnings: v.array(warningSchema),
  /** Something was lost at that time; only a comparison of all scenes finds what waited in it. */
  fullSyncNeeded: mark,
  /** Events may have been missed since that time. */
  missedSince: mark,
  reconcile: reconcileStatus,
  /** What goes both ways. */
  viewing: viewingStatus,
  lastPushAt: v.nullable(time),
  /** Of the data file, with what SQLite keeps beside it. */
  dataFileBytes: count,
  versions: v.object({
    plexSync: v.string(),
    node: v.string(),
    stash: v.nullable(v.string()),
    plex: v.nullable(v.string()),
  }),
});

export type Status = v.InferOutput<typeof statusSchema>;
