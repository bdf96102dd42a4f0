// What the operation history takes and answers.
import * as v from 'valibot';
import { count, ratingKey, time } from './answers.ts';
import { item, page, scene, search } from './arguments.ts';

/** What PlexSync changed in Plex, in pages, the newest first; of one scene, item or field, or all. */
export const historyArguments = v.object({
  scene: v.optional(scene),
  item: v.optional(item),
  /** By Plex's write name: `title`, `genre`, `actor`, … */
  field: v.optional(
    v.pipe(
      v.string('must be the name of a field, such as title'),
      v.regex(/^[a-zA-Z]{1,40}$/, 'must be the name of a field, such as title'),
    ),
  ),
  /** Part of the scene's title or file, of its values, or its number. */
  search,
  ...page,
});

/** A text, or a list of tags as Plex spells them. */
const fieldValue = v.union([v.string(), v.array(v.string())]);

export const historyAnswer = v.object({
  /** Of all that were asked for, not of those answered. */
  total: count,
  changes: v.array(
    v.object({
      scene: v.number(),
      /** The scene's as it was last read, '' if it has none. */
      title: v.string(),
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

export type HistoryArguments = v.InferOutput<typeof historyArguments>;
export type HistoryAnswer = v.InferOutput<typeof historyAnswer>;
