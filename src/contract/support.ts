// What the operation support answers: what an issue report needs, and nothing that tells of a library
// or lets anybody in.
import * as v from 'valibot';
import { count, sentenceAnswer, time } from './answers.ts';
import { errorCodes } from './errors.ts';

const logged = v.object({
  at: v.string(),
  level: v.string(),
  event: v.string(),
  code: v.nullable(v.string()),
  /** Left out where it could name a scene. */
  message: v.nullable(v.string()),
});

export const supportAnswer = v.object({
  ...sentenceAnswer.entries,
  /** The whole as Markdown, to be pasted into a report. */
  text: v.string(),
  machine: v.object({
    platform: v.string(),
    node: v.string(),
    /** Whether that Node is one that PlexSync fetched. */
    fetchedNode: v.boolean(),
    container: v.boolean(),
  }),
  /** By name; texts only as far as they tell nothing. Null where Stash could not be asked. */
  settings: v.nullable(v.record(v.string(), v.string())),
  settingsError: v.nullable(v.picklist(errorCodes)),
  /** The status as it is, its texts without names, paths and addresses. */
  status: v.unknown(),
  /** The newest dead letters. */
  deadLetters: v.array(
    v.object({
      code: v.string(),
      field: v.nullable(v.string()),
      attempts: count,
      at: time,
    }),
  ),
  /** The newest warnings and errors of plex-sync.log. */
  log: v.array(logged),
  /** The end of supervisor.log. */
  supervisor: v.array(v.string()),
});

export type SupportAnswer = v.InferOutput<typeof supportAnswer>;
