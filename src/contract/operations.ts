// What the operations take and answer besides the status: choices, review, path mappings. Shared by
// the program and the page. Arguments are as a person or a page gives them: ids as number or text.
import * as v from 'valibot';
import { PlexSyncError } from './errors.ts';

/** More digits than any id has, and few enough to be exact as a number. */
const digits = /^\d{1,15}$/;

const id = (what: string): v.GenericSchema<unknown, number> =>
  v.pipe(
    v.unknown(),
    v.transform((given) => (typeof given === 'string' ? given.trim() : given)),
    v.transform((given) => (typeof given === 'string' && digits.test(given) ? +given : given)),
    v.number(`must be the number of ${what}`),
    v.safeInteger(`must be the number of ${what}`),
    v.minValue(1, `must be the number of ${what}, which is 1 or more`),
  );

const place = (least: number, most: number): v.GenericSchema<unknown, number> => {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.unknown(),
    v.transform((given) => (typeof given === 'string' && digits.test(given) ? +given : given)),
    v.number(message),
    v.integer(message),
    v.minValue(least, message),
    v.maxValue(most, message),
  );
};

const scene = id('a scene in Stash');

export const pinArguments = v.object({ scene, item: id('an item in Plex') });
export const sceneArguments = v.object({ scene });
/** Reviews are answered in pages: the longest waiting first. */
export const reviewArguments = v.object({
  offset: v.optional(place(0, 1_000_000_000), 0),
  limit: v.optional(place(1, 500), 50),
});
export const noArguments = v.object({});
/** What PlexSync changed in Plex, in pages, the newest first; of one scene, item or field, or all. */
export const historyArguments = v.object({
  scene: v.optional(scene),
  item: v.optional(id('an item in Plex')),
  /** By Plex's write name: `title`, `genre`, `actor`, … */
  field: v.optional(
    v.pipe(
      v.string('must be the name of a field, such as title'),
      v.regex(/^[a-zA-Z]{1,40}$/, 'must be the name of a field, such as title'),
    ),
  ),
  offset: v.optional(place(0, 1_000_000_000), 0),
  limit: v.optional(place(1, 500), 50),
});

export type PinArguments = v.InferOutput<typeof pinArguments>;
export type SceneArguments = v.InferOutput<typeof sceneArguments>;
export type ReviewArguments = v.InferOutput<typeof reviewArguments>;
export type HistoryArguments = v.InferOutput<typeof historyArguments>;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Unix milliseconds. */
const time = v.pipe(v.number(), v.integer());
/** As Plex writes it. */
const ratingKey = v.string();

export const pinAnswer = v.object({
  scene: v.number(),
  item: ratingKey,
  /** The item's, '' if it has none. */
  title: v.string(),
  /** Of the item, as Plex sees it; of several the first. */
  file: v.string(),
  /** For a person: what was done, and what comes of it. */
  sentence: v.string(),
});
export const choiceAnswer = v.object({ scene: v.number(), sentence: v.string() });

export const reviewAnswer = v.object({
  /** Of all scenes that wait for a choice, not of those answered. */
  total: count,
  reviews: v.array(
    v.object({
      scene: v.number(),
      /** Stable: `unsure`, `several-items`, `several-scenes`, `taken`, `pin-gone`. */
      reason: v.string(),
      /** The same for a person. */
      words: v.string(),
      /** The scene's, '' if it has none. */
      title: v.string(),
      /** Of its primary file, as Stash sees it. */
      path: v.string(),
      since: time,
      /** The surest first. */
      candidates: v.array(
        v.object({
          item: ratingKey,
          section: v.string(),
          title: v.string(),
          file: v.string(),
          /** 0 to 100. */
          score: v.number(),
          why: v.string(),
        }),
      ),
    }),
  ),
});

const rule = v.object({ stash: v.string(), plex: v.string() });
/** Files that a rule maps to where Plex has them, and files that speak against it. */
const figures = { explains: count, contradicts: count };

export const mappingsAnswer = v.object({
  /** null until PlexSync has compared the files of both sides. */
  found: v.nullable(
    v.object({
      at: time,
      report: v.object({
        /** Files of Stash's that were looked at; those that Plex has; those at their mapped path. */
        files: count,
        inPlex: count,
        explained: count,
        rules: v.array(
          v.object({
            ...rule.entries,
            ...figures,
            use: v.picklist(['used', 'offered']),
            why: v.string(),
          }),
        ),
        /** From the setting `pathMappings`, in the order written. */
        handRules: v.array(v.object({ rule, ...figures })),
        /** Files elsewhere in Plex or not at all, by folder in Stash, most first. */
        unexplained: v.array(v.object({ folder: v.string(), files: count, inPlex: count })),
      }),
    }),
  ),
  /** How far the reading of Stash's files is; null before it began. */
  survey: v.nullable(v.object({ doneAt: v.nullable(time), left: count })),
});

/** A text, or a list of tags as Plex spells them. */
const fieldValue = v.union([v.string(), v.array(v.string())]);

export const historyAnswer = v.object({
  /** Of all that were asked for, not of those answered. */
  total: count,
  changes: v.array(
    v.object({
      scene: v.number(),
      item: ratingKey,
      section: v.string(),
      field: v.string(),
      before: fieldValue,
      /** As Plex showed it when it was read back. */
      after: fieldValue,
      lockedBefore: v.boolean(),
      lockedAfter: v.boolean(),
      /** What the change came of: an edit and its change in Plex have the same in the log. */
      run: v.string(),
      at: time,
    }),
  ),
});

export type HistoryAnswer = v.InferOutput<typeof historyAnswer>;
export type PinAnswer = v.InferOutput<typeof pinAnswer>;
export type ChoiceAnswer = v.InferOutput<typeof choiceAnswer>;
export type ReviewAnswer = v.InferOutput<typeof reviewAnswer>;
export type MappingsAnswer = v.InferOutput<typeof mappingsAnswer>;

/**
 * The arguments of an operation, checked. What the operation does not know is ignored.
 * @throws PlexSyncError `bad-arguments` with the field named
 */
export function readArguments<T>(
  schema: v.GenericSchema<unknown, T>,
  given: Readonly<Record<string, unknown>>,
): T {
  const parsed = v.safeParse(schema, given);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? 'arguments';
  const isMissing = !Object.hasOwn(given, field);
  const problem = isMissing ? 'is missing' : issue.message;
  throw new PlexSyncError('bad-arguments', `The argument "${field}" ${problem}.`, { field });
}
