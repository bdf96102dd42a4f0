// How the arguments of an operation are read. They are as a person or a page gives them: ids as
// number or text.
import * as v from 'valibot';
import { PlexSyncError } from './errors.ts';

/** More digits than any id has, and few enough to be exact as a number. */
const digits = /^\d{1,15}$/;

export const id = (what: string): v.GenericSchema<unknown, number> =>
  v.pipe(
    v.unknown(),
    v.transform((given) => (typeof given === 'string' ? given.trim() : given)),
    v.transform((given) => (typeof given === 'string' && digits.test(given) ? +given : given)),
    v.number(`must be the number of ${what}`),
    v.safeInteger(`must be the number of ${what}`),
    v.minValue(1, `must be the number of ${what}, which is 1 or more`),
  );

/** A whole number within bounds, as number or text. */
export const place = (least: number, most: number): v.GenericSchema<unknown, number> => {
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

/** Yes or no, also as text: a manifest knows no other arguments. */
export const flag = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((given) => (given === 'true' ? true : given === 'false' ? false : given)),
    v.boolean('must be true or false'),
  ),
  false,
);

/** Some of a number of words: a list, or a text with commas. */
export function some<const Words extends readonly [string, ...string[]]>(
  words: Words,
): v.GenericSchema<unknown, Words[number][]> {
  const message = `must be of these, by comma: ${words.join(', ')}`;
  return v.pipe(texts(message), v.array(v.picklist(words, message)));
}

/** A list of texts, or one text with commas; none of them empty, and at least one. */
export function texts(message: string): v.GenericSchema<unknown, string[]> {
  return v.pipe(
    v.unknown(),
    v.transform((given) => (typeof given === 'string' ? given.split(',') : given)),
    v.array(v.pipe(v.string(message), v.trim(), v.nonEmpty(message)), message),
    v.minLength(1, message),
    v.maxLength(10_000, message),
  );
}

/** Part of what is looked for. */
export const search = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((given) => (typeof given === 'number' ? String(given) : (given ?? ''))),
    v.string('must be a number of a scene, or part of a title or path'),
    v.trim(),
    v.maxLength(500, 'must be no longer than 500 characters'),
    v.transform((given) => (given === '' ? null : given)),
  ),
  '',
);

export const scene = id('a scene in Stash');
export const item = id('an item in Plex');
export const noArguments = v.object({});
export const sceneArguments = v.object({ scene });
/** Lists are answered in pages. */
export const page = {
  offset: v.optional(place(0, 1_000_000_000), 0),
  limit: v.optional(place(1, 500), 50),
};

export type SceneArguments = v.InferOutput<typeof sceneArguments>;

/**
 * The arguments of an operation, checked. What the operation does not know is ignored, but by those
 * that destroy something: a misspelt word must not make it more than was meant.
 * @throws PlexSyncError `bad-arguments` with the field named
 */
export function readArguments<T>(
  schema: v.GenericSchema<unknown, T>,
  given: Readonly<Record<string, unknown>>,
): T {
  const parsed = v.safeParse(schema, given);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  // Of a list, the argument and not the place in it.
  const field = v.getDotPath(issue)?.split('.')[0] ?? 'arguments';
  const isMissing = !Object.hasOwn(given, field) && issue.input === undefined;
  const isUnknown = issue.type === 'strict_object' && issue.expected === 'never';
  const problem = isMissing ? 'is missing' : isUnknown ? 'is not known here' : issue.message;
  throw new PlexSyncError('bad-arguments', `The argument "${field}" ${problem}.`, { field });
}
