// What `bench reconcile` and the process that plays PlexSync in it tell each other.
import * as v from 'valibot';

export const reconcileTask = v.strictObject({
  /** Data directory of PlexSync. */
  directory: v.string(),
  plexUrl: v.string(),
  plexToken: v.string(),
  stashUrl: v.string(),
  /** Scenes from 1 to this one are pushed first, instead of a run; 0 = a run. */
  adoptUpTo: v.number(),
  /** A run that queues nothing. */
  dry: v.boolean(),
  /** By so much its clock is ahead, in ms. */
  ahead: v.number(),
});
export type ReconcileTask = v.InferOutput<typeof reconcileTask>;

export const reconcileOutcome = v.object({
  cpuMs: v.number(),
  wallMs: v.number(),
  /** MB (10⁶ bytes); null where there is no /proc. */
  peakMb: v.nullable(v.number()),
  /** By so much its clock is ahead in the end, in ms: nobody after it may find it put back. */
  ahead: v.number(),
  /** Rows of the queue in the end. */
  queued: v.number(),
  deadLetters: v.number(),
  /** Scenes with their item. */
  known: v.number(),
  run: v.nullable(
    v.object({
      state: v.string(),
      scenes: v.number(),
      unread: v.number(),
      stashRequests: v.number(),
      plexRequests: v.number(),
    }),
  ),
  /** Kind, field, and number of the scene, or title of the item where there is none. */
  gaps: v.array(v.string()),
});
export type ReconcileOutcome = v.InferOutput<typeof reconcileOutcome>;
