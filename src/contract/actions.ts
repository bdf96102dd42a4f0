// What is done to the queue and to the dead letters: arguments and answer of retry, remove, first,
// clear, purge, pause, resume and release-locks.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { flag, place, some, texts } from './arguments.ts';
import { errorCodes } from './errors.ts';

const keyForm = 'must be keys such as scene:12 or performer:5, or numbers of scenes, by comma';
const keyPattern = /^(?:(?:scene|performer|studio|tag|group):)?[1-9]\d{0,14}$/;

const keys = v.pipe(
  v.unknown(),
  v.transform((given) => (typeof given === 'number' ? String(given) : given)),
  v.transform((given) => (Array.isArray(given) ? given.map(asText) : given)),
  texts(keyForm),
  v.array(v.pipe(v.string(), v.regex(keyPattern, keyForm))),
  v.mapItems((key) => (key.includes(':') ? key : `scene:${key}`)),
);

function asText(given: unknown): unknown {
  return typeof given === 'number' ? String(given) : given;
}

/** In a terminal: what destroys something is done only with it. Others have asked already. */
const yes = flag;

/** Which rows: exactly one of the three. */
const selection = {
  keys: v.optional(keys),
  cause: v.optional(some(errorCodes)),
  all: flag,
};

const list = v.picklist(['queue', 'dead-letters'], 'must be queue or dead-letters');
const listOrExtras = v.picklist(
  ['queue', 'dead-letters', 'extras'],
  'must be queue, dead-letters or extras',
);

function selecting(
  of: v.GenericSchema<unknown, SelectionArguments['list']>,
): v.GenericSchema<unknown, SelectionArguments> {
  return v.pipe(
    v.strictObject({
      list: of,
      ...selection,
      yes,
    }),
    v.forward(
      v.check(
        (given) =>
          [given.keys !== undefined, given.cause !== undefined, given.all].filter(Boolean)
            .length === 1,
        'must be given, or cause, or all: one of the three',
      ),
      ['keys'],
    ),
  );
}

export interface SelectionArguments {
  /** `extras`: pictures and ratings that were given up. */
  readonly list: 'queue' | 'dead-letters' | 'extras';
  readonly keys?: readonly string[] | undefined;
  readonly cause?: readonly (typeof errorCodes)[number][] | undefined;
  readonly all: boolean;
  readonly yes: boolean;
}

export const retryArguments = selecting(v.optional(listOrExtras, 'dead-letters'));
/** What is removed has to be said. */
export const removeArguments = selecting(listOrExtras);
export const firstArguments = selecting(v.optional(list, 'queue'));
/** `setup`: only until PlexSync is set up. Stash and Plex are read meanwhile, and one scene may be tried. */
export const pauseArguments = v.object({ setup: flag });
/** `setup`: ends the setup alone; a pause of a person's goes on. */
export const resumeArguments = v.strictObject({ setup: flag });
export const clearArguments = v.strictObject({ yes });
export const purgeArguments = v.strictObject({
  cause: v.optional(some(errorCodes)),
  /** Only what failed last so many days ago, or earlier. */
  days: v.optional(place(1, 36_500)),
  yes,
});
export const releaseArguments = v.strictObject({ yes });

export const actionAnswer = v.object({
  /** False where it only says what would be done. */
  done: v.boolean(),
  /** How many it was done to, or would be. */
  count,
  /** From Stash's task list: until when a second run does it. */
  secondRunUntil: v.nullable(time),
  /** What was done, or would be, and how to have it done. */
  sentence: v.string(),
});

export type ActionAnswer = v.InferOutput<typeof actionAnswer>;
export type PauseArguments = v.InferOutput<typeof pauseArguments>;
export type ResumeArguments = v.InferOutput<typeof resumeArguments>;
export type ClearArguments = v.InferOutput<typeof clearArguments>;
export type PurgeArguments = v.InferOutput<typeof purgeArguments>;
export type ReleaseArguments = v.InferOutput<typeof releaseArguments>;
