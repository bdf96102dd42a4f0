// How fast Plex is written to, as the status tells it.
import * as v from 'valibot';

export const paceSchema = v.object({
  /** Requests that change something in Plex, per second, as things are; null before the first. */
  writesPerSecond: v.nullable(v.number()),
  /** What the setting plexRequestsPerSecond allows; null: no ceiling. */
  ceilingPerSecond: v.nullable(v.number()),
  /**
   * full: as fast as Plex takes them. ceiling: as the setting allows. slow, errors: Plex gets
   * rests. recovery: it was away until lately, and is written to faster little by little.
   */
  why: v.picklist(['full', 'ceiling', 'slow', 'errors', 'recovery']),
  /** Milliseconds that a write takes now, and as a rule. */
  latencyMs: v.nullable(v.number()),
  usualMs: v.nullable(v.number()),
});

export type PaceAnswer = v.InferOutput<typeof paceSchema>;
