// What the status operation answers: everything a person or a monitor wants to know at a glance.
// It holds no secret.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { paceSchema } from './pace.ts';

const mark = v.nullable(v.object({ since: time, reason: v.string() }));

export const warningSchema = v.object({
  /** What it is about: a setting's name, or for instance `library "Videos"`. */
  about: v.string(),
  /** Whole sentences, with the way out. */
  message: v.string(),
});
export type Warning = v.InferOutput<typeof warningSchema>;

export const statusSchema = v.object({
  /** One sentence for a person: the state, and what happens next. */
  sentence: v.string(),
  queue: v.object({
    /** Events kept as files, not yet taken in. */
    spooled: count,
    pending: count,
    inFlight: count,
    /** Of pending: those that wait after a failed attempt. */
    retrying: count,
    /** Of pending: performers, studios, tags and groups whose scenes are still to be raised. */
    fanOuts: count,
    /** Scenes that a sync of all or of changed ones has still to look at, as far as is known. */
    toSync: count,
    oldestEventAt: v.nullable(time),
  }),
  deadLetters: v.object({ count, byCause: v.record(v.string(), count) }),
  scenes: v.object({
    matched: count,
    /** Scenes without a Plex item, by reason. */
    withoutItem: v.record(v.string(), count),
  }),
  plex: v.object({
    circuit: v.picklist(['closed', 'open', 'half-open', 'refused']),
    since: v.nullable(time),
    nextProbeAt: v.nullable(time),
    cause: v.nullable(v.string()),
  }),
  pace: paceSchema,
  workerAlive: v.boolean(),
  /** A person paused PlexSync: nothing is pushed until it is resumed. */
  paused: v.nullable(v.object({ since: time })),
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
  problems: v.array(v.object({ setting: v.string(), message: v.string() })),
  /** What a person should look at although it holds up nothing. */
  warnings: v.array(warningSchema),
  /** The data file was lost at that time; only a full sync finds what was waiting in it. */
  fullSyncNeeded: mark,
  /** Events may have been missed since that time. */
  missedSince: mark,
  lastPushAt: v.nullable(time),
  versions: v.object({
    plexSync: v.string(),
    node: v.string(),
    stash: v.nullable(v.string()),
    plex: v.nullable(v.string()),
  }),
});

export type Status = v.InferOutput<typeof statusSchema>;
