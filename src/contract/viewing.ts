// What the status tells of what goes both ways, and what the operation viewing takes and answers.
import * as v from 'valibot';
import { count, ratingKey, time } from './answers.ts';
import { item, page, scene, search } from './arguments.ts';
import { errorCodes } from './errors.ts';
import { viewingFields, viewingRules } from './viewingSettings.ts';

/** null: it is off. */
export const viewingStatus = v.nullable(
  v.object({
    fields: v.array(v.picklist(viewingFields)),
    /** When the last pass ended; null = none has yet. */
    lastAt: v.nullable(time),
    /** When the next one begins; null while one is under way. */
    nextAt: v.nullable(time),
    /** In the last 24 hours: changes carried to either side, and those where both had changed. */
    toStash: count,
    toPlex: count,
    conflicts: count,
    /** Why the last pass did not come to its end. */
    problem: v.nullable(
      v.object({ code: v.picklist(errorCodes), message: v.string(), since: time }),
    ),
  }),
);
export type ViewingStatus = v.InferOutput<typeof viewingStatus>;

/** What went both ways, in pages, the newest first; of one scene, item or field, or all. */
export const viewingArguments = v.object({
  scene: v.optional(scene),
  item: v.optional(item),
  field: v.optional(v.picklist(viewingFields, `must be one of ${viewingFields.join(', ')}`)),
  /** Part of the scene's title or file, or its number. */
  search,
  ...page,
});

const side = v.picklist(['stash', 'plex']);

export const viewingAnswer = v.object({
  /** Of all that were asked for, not of those answered. */
  total: count,
  changes: v.array(
    v.object({
      scene: v.number(),
      /** The scene's as it was last read, '' if it has none. */
      title: v.string(),
      item: ratingKey,
      field: v.picklist(viewingFields),
      /** Which one was written, or would have been. */
      side,
      /** Times of plays, "watched", seconds, or a rating as that side has it; '' = none. */
      before: v.string(),
      after: v.string(),
      /** `kept`: a person's, which PlexSync does not take back, though the other side is otherwise. */
      why: v.picklist(['changed', 'first', 'conflict', 'kept']),
      /** Where both had changed: both values, and whose counted. */
      conflict: v.nullable(
        v.object({
          plex: v.string(),
          stash: v.string(),
          plexAt: v.nullable(time),
          stashAt: v.nullable(time),
          rule: v.picklist(viewingRules),
          winner: side,
        }),
      ),
      at: time,
    }),
  ),
});

export type ViewingArguments = v.InferOutput<typeof viewingArguments>;
export type ViewingAnswer = v.InferOutput<typeof viewingAnswer>;
