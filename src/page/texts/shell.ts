// English texts around the tabs: the page's frame, the item in Stash's navigation, the links to it.

export const shellTexts = {
  name: 'PlexSync',
  overview: 'Overview',
  queue: 'Queue',
  problems: 'Problems',
  coverage: 'Coverage',
  outages: 'Outages',
  history: 'History',
  setup: 'Setup',
  open: 'Open PlexSync',
  openFromSettings: 'What waits, what failed, what differs, and the setup step by step.',
  needsAttention: 'needs attention',
  noPage: 'There is no such page of PlexSync.',
  toOverview: 'To the overview',
  token: 'Plex token',
  tokenSet: '•••••••• (saved)',
} as const;
