// What a person has told PlexSync to do or not to do: pause, release its locks, and what was asked
// for once and waits for its second run.
import * as v from 'valibot';
import type { Database } from '../file/database.ts';
import { readState, type Singleton, writeState } from '../file/state.ts';

const pausedSchema = v.object({
  /** Unix ms. */
  since: v.number(),
  /**
   * PlexSync is being set up: Stash and Plex are read and compared as ever, and nothing is written but
   * the scene that the person tries; null until they do.
   */
  setup: v.exactOptional(
    v.object({
      trial: v.nullable(v.number()),
      /** A person had paused it before, then: it is paused again once the setup is over. Unix ms. */
      pausedSince: v.exactOptional(v.number()),
    }),
  ),
});
/** While it is there, nothing is pushed; what comes is taken in all the same. */
export const paused: Singleton<v.InferOutput<typeof pausedSchema>> = {
  name: 'paused',
  schema: pausedSchema,
};

/** In this order. */
export const releaseStages = ['scenes', 'left-items', 'poster', 'background'] as const;

const releaseSchema = v.object({
  /** Unix ms of the request. */
  since: v.number(),
  /** Items with something of PlexSync's when it began, pictures counted on their own. */
  total: v.number(),
  stage: v.picklist(releaseStages),
  /** What of the stage was looked at last. */
  after: v.array(v.string()),
  /** Of those `total`, how many were looked at. */
  looked: v.number(),
  /** Locks that are gone. */
  released: v.number(),
  /** Items at which it failed by their own fault. */
  failed: v.number(),
  /** Unix ms at which it was over; null while it is under way. */
  doneAt: v.nullable(v.number()),
});
/** The last release of PlexSync's locks, or the one under way. */
export const release: Singleton<v.InferOutput<typeof releaseSchema>> = {
  name: 'release-locks',
  schema: releaseSchema,
};
export type Release = v.InferOutput<typeof releaseSchema>;

const secondRunsSchema = v.record(
  v.string(),
  v.object({
    /** Arguments of the first run, as one text. */
    given: v.string(),
    /** Unix ms of it. */
    at: v.number(),
  }),
);
/** First runs from Stash's task list, by what was asked for. */
export const secondRuns: Singleton<v.InferOutput<typeof secondRunsSchema>> = {
  name: 'second-runs',
  schema: secondRunsSchema,
};

export function isPaused(db: Database): boolean {
  return readState(db, paused) !== null;
}

/** Nothing is pushed, not even a trial. */
export function isHeld(db: Database): boolean {
  return isPaused(db) && !isSettingUp(db);
}

/** Locks are released while PlexSync is paused only: a push would set them again. */
export function isReleasing(db: Database): boolean {
  return isPaused(db) && readState(db, release)?.doneAt === null;
}

/** Paused but for reading, and for one scene. A release of locks goes before it. */
export function isSettingUp(db: Database): boolean {
  return readState(db, paused)?.setup !== undefined && !isReleasing(db);
}

/**
 * The setup is over: a pause from before comes back. Where there was none, whoever calls this ends the pause.
 * @returns whether PlexSync stays paused, as a person told it
 */
export function endSetup(db: Database): boolean {
  const known = readState(db, paused);
  if (known === null) return false;
  // Paused while it was being set up.
  if (known.setup === undefined) return true;
  const since = known.setup.pausedSince;
  if (since === undefined) return false;
  writeState(db, paused, { since });
  return true;
}

/** The scene that is tried while PlexSync is being set up. */
export function trialScene(db: Database): number | null {
  return readState(db, paused)?.setup?.trial ?? null;
}

/** Paused, with nothing left that Plex is needed for. */
export function isAtRest(db: Database): boolean {
  return isHeld(db) && !isReleasing(db);
}
