// What the operation "coverage" takes and answers: how every scene and every Plex item stands, each in
// exactly one group, as numbers and as the list behind each number.
import * as v from 'valibot';
import { count, time } from './answers.ts';
import { page, search } from './arguments.ts';
import { coverageGroups } from './coverageGroups.ts';

const groups = `must be one of ${coverageGroups.join(', ')}`;
export const coverageArguments = v.object({
  /** Whose list is wanted; without it only the numbers are answered. */
  group: v.optional(v.nullable(v.picklist(coverageGroups, groups)), null),
  search,
  ...page,
});

export const coverageAnswer = v.object({
  counts: v.object({
    'in-sync': count,
    differs: count,
    queued: count,
    failed: count,
    waiting: count,
    outside: count,
    review: count,
    'no-file': count,
    gated: count,
    excluded: count,
    'only-in-plex': count,
  }),
  /** Unix ms at which the libraries of Plex were looked through last; null if they never were. */
  indexedAt: v.nullable(time),
  /** How many of the group fit; 0 where no group was asked for. */
  total: count,
  /** By number of the scene; of `only-in-plex` by number of the item. */
  rows: v.array(
    v.object({
      /** Null: an item that no scene has. */
      scene: v.nullable(v.number()),
      /** Null: a scene without an item. */
      item: v.nullable(v.string()),
      /** The scene's, or the item's where there is none; '' if it has none. */
      title: v.string(),
      /** Of a file, as Stash sees it, or as Plex does where there is no scene. */
      path: v.string(),
      /** Unix ms at which something of it was written to Plex last; null if nothing was. */
      pushedAt: v.nullable(time),
    }),
  ),
});

export type CoverageArguments = v.InferOutput<typeof coverageArguments>;
export type CoverageAnswer = v.InferOutput<typeof coverageAnswer>;
