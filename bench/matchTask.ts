// What `bench match` and the process that plays PlexSync in it tell each other.
import * as v from 'valibot';

export const matchTask = v.strictObject({
  dataFile: v.string(),
  plexUrl: v.string(),
  plexToken: v.string(),
  stashUrl: v.string(),
  /** By so much its clock is ahead. */
  hoursLater: v.number(),
  /** Whether it looks for new items as the worker does while scenes wait. */
  refresh: v.boolean(),
  /** Scenes matched without being read again: those from 1 to this one. */
  matchAllUpTo: v.number(),
  /** Scenes that Stash told of. */
  events: v.array(v.number()),
  /** Scenes that waited and have an item by now. */
  late: v.array(v.number()),
});
export type MatchTask = v.InferOutput<typeof matchTask>;

const spent = v.object({ cpuMs: v.number(), wallMs: v.number() });
const counted = v.record(v.string(), v.number());

export const matchOutcome = v.object({
  ...spent.entries,
  /** MB (10⁶ bytes); null where there is no /proc. */
  peakMb: v.nullable(v.number()),
  phases: v.object({ connect: spent, index: spent, survey: spent, matching: spent }),
  rules: v.array(v.object({ stash: v.string(), plex: v.string() })),
  /** Files that the rules map to where Plex has them. */
  explained: v.number(),
  /** Scenes matched, each as often as it was. */
  scenes: v.number(),
  /** With the right item. */
  found: v.number(),
  /** With another one, or with one where none is right. */
  wrongItems: v.number(),
  /** Without the item that Plex has. */
  missed: v.number(),
  /** Rightly without an item, by the wrong reason. */
  wrongReasons: v.number(),
  byRung: counted,
  byReason: counted,
});
export type MatchOutcome = v.InferOutput<typeof matchOutcome>;

export function emptyOutcome(): MatchOutcome {
  const none = { cpuMs: 0, wallMs: 0 };
  return {
    ...none,
    peakMb: null,
    phases: { connect: none, index: none, survey: none, matching: none },
    rules: [],
    explained: 0,
    scenes: 0,
    found: 0,
    wrongItems: 0,
    missed: 0,
    wrongReasons: 0,
    byRung: {},
    byReason: {},
  };
}
