// English texts of the tab History.

export const historyTexts = {
  title: 'What PlexSync changed in Plex',
  hint: 'Scene, title, path or value',
  field: 'Field',
  allFields: 'All fields',
  scene: 'Scene',
  when: 'When',
  changes: 'Changed',
  /** @param item number in Plex */
  item: (item: string) => `Plex item ${item}`,
  onlyItem: (item: string) => `Only what was changed in Plex item ${item}.`,
  onlyScene: (scene: string) => `Only what was changed of ${scene}.`,
  showAll: 'Show everything',
  total: (changes: string) => `${changes}, the newest first. Kept for 90 days.`,
  fresh: (pushes: string) => `${pushes} newer: show`,
  empty:
    'Nothing was changed in Plex yet. Every field that PlexSync writes there stands here, with what was there before.',
  nothingFits: 'Nothing in the history fits that.',
  before: 'before',
  after: 'after',
  added: 'added',
  removed: 'removed',
  nothing: 'nothing',
  sameValue: 'the value stayed, the lock changed',
  stayed: (tags: string) => `${tags} stayed`,
  moreTags: (tags: string) => `and ${tags} more`,
  /** Before, then after. */
  locks: {
    open: { open: 'not locked', locked: 'locked now' },
    locked: { open: 'unlocked', locked: 'locked' },
  },
} as const;
