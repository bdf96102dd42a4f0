// What the operations take and answer by which a person has scenes pushed: one, the changed ones, all,
// or what waits already.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { flag, place } from './arguments.ts';

/** Of a task that Stash put off: what it has done so far. */
export const processArguments = v.object({
  continued: v.optional(v.boolean('must be true or false'), false),
  done: v.optional(place(0, Number.MAX_SAFE_INTEGER), 0),
});

export const processAnswer = v.object({
  sentence: v.string(),
  /** Changes that still wait. */
  waiting: count,
});

/** `endSetup`: the page's setup, if one is under way, is over with it: both or none, whatever becomes of the page. */
export const syncAllArguments = v.object({ endSetup: flag });
export type SyncAllArguments = v.InferOutput<typeof syncAllArguments>;

const longestHours = 24 * 366 * 10;
const sinceMessage = `must be a number of hours (up to ${longestHours}), or a date or time such as 2026-11-21 or 2026-11-21T10:00`;
const hours = v.pipe(v.number(), v.gtValue(0), v.maxValue(longestHours));
/** Without an offset: by the clock of the machine that PlexSync runs on. */
const written = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Hours ago, or a moment in Unix ms. */
export type Since = { readonly hours: number } | { readonly at: number };

/** Hours, or a date or time, as a person types it. */
export const moment: v.GenericSchema<unknown, Since> = v.pipe(
  v.unknown(),
  v.transform((given) => (typeof given === 'string' ? given.trim() : given)),
  v.transform((given): Since | null => {
    const isNumber = typeof given === 'string' && /^\d+(\.\d+)?$/.test(given);
    const asHours = v.safeParse(hours, isNumber ? Number(given) : given);
    if (asHours.success) return { hours: asHours.output };
    if (typeof given !== 'string' || !written.test(given)) return null;
    const at = Date.parse(given.includes('T') ? given : `${given}T00:00`);
    return Number.isNaN(at) ? null : { at };
  }),
  v.custom<Since>((value) => value !== null, sinceMessage),
);

/** Without `since`: since the last sync of all or of changed scenes, or for 24 hours. */
export const syncChangedArguments = v.object({ since: v.optional(moment) });

export const sweepAnswer = v.object({
  sentence: v.string(),
  /** Scenes changed since then are pushed, Unix ms; null for all. */
  since: v.nullable(time),
});

export const syncAnswer = v.object({ scene: v.number(), sentence: v.string() });

export type ProcessArguments = v.InferOutput<typeof processArguments>;
export type ProcessAnswer = v.InferOutput<typeof processAnswer>;
export type SyncChangedArguments = v.InferOutput<typeof syncChangedArguments>;
export type SweepAnswer = v.InferOutput<typeof sweepAnswer>;
export type SyncAnswer = v.InferOutput<typeof syncAnswer>;
