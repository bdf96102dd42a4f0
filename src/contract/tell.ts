// Printing into Stash's log what the worker has noted for it: the answer.
import * as v from 'valibot';
import { count } from './answers.ts';

export const tellAnswer = v.object({
  /** Lines that were printed. */
  told: count,
});
export type TellAnswer = v.InferOutput<typeof tellAnswer>;
