// What the operation mappings answers: which folder of Stash's is which of Plex's.
import * as v from 'valibot';
import { count, time } from './answers.ts';

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

export type MappingsAnswer = v.InferOutput<typeof mappingsAnswer>;
