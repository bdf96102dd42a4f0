// What the operation health answers: every step from Stash to Plex, what is wrong, and what to do.
import * as v from 'valibot';

const stepStates = ['ok', 'warn', 'fail', 'skipped'] as const;

const step = v.object({
  /** `stash`, `token`, …: does not change with the wording. */
  name: v.string(),
  state: v.picklist(stepStates),
  /** What was found, in a sentence or a few. */
  finding: v.string(),
  /** What a person can do about it; null where nothing has to be done. */
  wayOut: v.nullable(v.string()),
});

export const healthAnswer = v.object({
  /** Nothing failed. A warning may be there. */
  healthy: v.boolean(),
  sentence: v.string(),
  steps: v.array(step),
});

export type HealthStep = v.InferOutput<typeof step>;
export type HealthAnswer = v.InferOutput<typeof healthAnswer>;
