// The words of a reconciliation: what kinds of gaps there are, how sure one is, what became of it.

/**
 * `empty`: Plex has nothing in the field and Stash has something. `stale`: Plex has something else
 * than it should. `missing`: the scene has no item. `scene-gone`: Stash has the scene no more, and
 * PlexSync knows it. `item-gone`: Plex has its item no more. `moved`: its file lies elsewhere than
 * before. `no-scene`: an item that no scene has. `edited`: a person's, in Plex.
 */
export const gapKinds = [
  'empty',
  'stale',
  'missing',
  'scene-gone',
  'item-gone',
  'moved',
  'no-scene',
  'edited',
] as const;
export type GapKind = (typeof gapKinds)[number];

/**
 * `definitely`: Plex's field is empty and Stash's is not, or what Stash wants differs from what was
 * pushed last and Plex still has that. `possibly`: anything else.
 */
export const confidences = ['definitely', 'possibly'] as const;
export type Confidence = (typeof confidences)[number];

/**
 * `found`: by a dry run. `queued`: its scene was put into the queue. `waiting`: for a person's word.
 * `told`: nothing is to be done about it. `ignored`: a person does not want to see it any more.
 */
export const gapStates = ['found', 'queued', 'waiting', 'told', 'ignored'] as const;
export type GapState = (typeof gapStates)[number];

/** Who wanted a run. */
export const runOrigins = ['person', 'schedule', 'start', 'missed'] as const;
export type RunOrigin = (typeof runOrigins)[number];

/** How often it runs by itself. */
export const intervals = ['never', 'hourly', 'daily', 'weekly'] as const;
export type Interval = (typeof intervals)[number];

/** Which scenes: by when they were changed in Stash last. */
export const runScopes = ['all', '24h', '7days', 'custom'] as const;
export type RunScopeName = (typeof runScopes)[number];
