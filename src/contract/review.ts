// What the operation review takes and answers: scenes whose item a person has to choose.
import * as v from 'valibot';
import { count, ratingKey, time } from './answers.ts';
import { page, search, some } from './arguments.ts';
import { reviewReasons } from './causes.ts';

/** The longest waiting first. */
export const reviewArguments = v.object({
  search,
  reason: v.optional(v.nullable(some(reviewReasons)), null),
  ...page,
});

/** What files are compared by; null where it is not known. */
const fileFacts = {
  /** Bytes. */
  size: v.nullable(count),
  durationMs: v.nullable(count),
};

export const reviewAnswer = v.object({
  /** Of all scenes that wait for a choice and fit, not of those answered. */
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
      ...fileFacts,
      since: time,
      /** The surest first. */
      candidates: v.array(
        v.object({
          item: ratingKey,
          section: v.string(),
          title: v.string(),
          /** As Plex spells it. */
          file: v.string(),
          ...fileFacts,
          /** 0 to 100. */
          score: v.number(),
          why: v.string(),
        }),
      ),
    }),
  ),
});

export type ReviewArguments = v.InferOutput<typeof reviewArguments>;
export type ReviewAnswer = v.InferOutput<typeof reviewAnswer>;
