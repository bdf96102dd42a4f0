// What the operation metrics takes and answers.
import * as v from 'valibot';
import { sentenceAnswer } from './answers.ts';

export const metricsArguments = v.object({
  /** File to write instead, for a collector; in a terminal only. */
  out: v.optional(
    v.pipe(
      v.string('must be a file'),
      v.minLength(1, 'must be a file'),
      v.maxLength(4_096, 'must be a file'),
    ),
  ),
});
export type MetricsArguments = v.InferOutput<typeof metricsArguments>;

export const metricsAnswer = v.union([
  v.object({
    /** In the text format of Prometheus, version 0.0.4. */
    text: v.string(),
  }),
  v.object({ file: v.string(), ...sentenceAnswer.entries }),
]);
export type MetricsAnswer = v.InferOutput<typeof metricsAnswer>;
