// The groups of which every scene and every Plex item is in exactly one.

/**
 * `in-sync`: it has an item, and nothing is known that differs. `differs`: a comparison found something
 * that was not queued. `queued`: a change waits. `failed`: it was given up. The six after them have no
 * item, for the reasons of the same name in `causes.ts`. `only-in-plex`: an item of the libraries that
 * no scene has.
 */
export const coverageGroups = [
  'in-sync',
  'differs',
  'queued',
  'failed',
  'waiting',
  'outside',
  'review',
  'no-file',
  'gated',
  'excluded',
  'only-in-plex',
] as const;
export type CoverageGroup = (typeof coverageGroups)[number];
