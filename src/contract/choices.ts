// A person's choices about one scene: what the operations pin, never and unpin take and answer.
import * as v from 'valibot';
import { ratingKey } from './answers.ts';
import { item, scene } from './arguments.ts';

export const pinArguments = v.object({ scene, item });

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

export type PinArguments = v.InferOutput<typeof pinArguments>;
export type PinAnswer = v.InferOutput<typeof pinAnswer>;
export type ChoiceAnswer = v.InferOutput<typeof choiceAnswer>;
