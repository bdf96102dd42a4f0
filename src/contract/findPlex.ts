// What the operation find-plex takes and answers.
import * as v from 'valibot';
import { count } from './answers.ts';

const most = 50;
const message = `must be addresses such as http://192.168.1.10:32400, separated by commas, ${most} at most`;

function isAddress(text: unknown): text is string {
  return typeof text === 'string' && /^https?:\/\/[^@?#]+$/i.test(text) && URL.canParse(text);
}

const addresses = v.pipe(
  v.unknown(),
  v.transform((given) =>
    typeof given === 'string' ? given.split(',').map((one) => one.trim()) : given,
  ),
  v.custom<string[]>(
    (list) =>
      Array.isArray(list) && list.length > 0 && list.length <= most && list.every(isAddress),
    message,
  ),
  v.transform((list) => list.map((one) => one.replace(/\/+$/, ''))),
);

export const findPlexArguments = v.object({
  /** Asked instead of the likely ones, by comma or as a list; the network is not searched then. */
  addresses: v.optional(addresses),
});

export const findPlexAnswer = v.object({
  found: v.array(
    v.object({
      /** As it can be typed in the setting plexUrl. */
      url: v.string(),
      /** Where it was looked for, in words. */
      how: v.string(),
      machineIdentifier: v.string(),
      version: v.string(),
      /** As the server calls itself in its network; null where that is not known. */
      name: v.nullable(v.string()),
    }),
  ),
  /** Addresses that were asked. */
  asked: count,
  sentence: v.string(),
});

export type FindPlexArguments = v.InferOutput<typeof findPlexArguments>;
export type FindPlexAnswer = v.InferOutput<typeof findPlexAnswer>;
