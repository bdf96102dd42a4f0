// English texts of the overview.

export const overviewTexts = {
  progress: (done: string, total: string, rate: string, left: string) =>
    `${done} of ${total} done, ${rate}, about ${left} left.`,
  progressLabel: 'Progress',
  kinds: {
    good: 'Well',
    rest: 'At rest',
    working: 'At work',
    standing: 'Waiting',
    paused: 'Paused',
    away: 'Away',
    refused: 'Refused',
    wrong: 'Not set up',
    lost: 'Sync needed',
    unknown: 'Unknown',
  },
  pause: 'Pause',
  resume: 'Resume',
  tryNow: 'Try now',
  processNow: 'Push now',
  openSetup: 'Open Setup',
  syncAll: 'Sync all scenes',
  sync: 'Sync now',
  menu: {
    process: { name: 'Push now', help: 'What waits for a later try is tried at once.' },
    changed: {
      name: 'Sync changed scenes',
      help: 'Compares scenes changed in Stash since the last such sync, and pushes what differs.',
    },
    all: {
      name: 'Sync all scenes',
      help: 'Compares every scene with Plex, and pushes what differs.',
    },
    pause: { name: 'Pause', help: 'Nothing is pushed until you resume; changes are kept.' },
    resume: { name: 'Resume', help: 'Pushes go on where they ended.' },
  },
  askAll: {
    title: 'Sync all scenes?',
    text: (scenes: string) =>
      `Every scene of Stash is compared with Plex (${scenes} have an item there now), and what differs is pushed in the background. What people changed in Plex stays. You can pause it at any time.`,
    accept: 'Sync all scenes',
  },
  countsTitle: 'Scenes',
  counts: {
    'in-sync': 'in sync',
    queued: 'waiting to be pushed',
    differs: 'differ',
    waiting: 'waiting for Plex to scan',
    review: 'unsure',
    failed: 'failed',
    outside: 'outside Plex’s libraries',
    'no-file': 'without a file',
    gated: 'kept out by settings',
    excluded: 'kept out by you',
    'only-in-plex': 'items without a scene',
  },
  noCounts: 'PlexSync knows no scene yet. Save one in Stash, or sync all of them.',
  dayTitle: 'Last 24 hours',
  daySummary: (pushed: string, failed: string) => `${pushed}, ${failed} failed`,
  dayRates: (hour: string) => `${hour} in the last hour`,
  daySuccess: (percent: string) => `${percent} of all went well`,
  dayEmpty: 'Nothing was pushed in the last 24 hours.',
  /** Of one bar. */
  hour: (time: string, pushed: string, unchanged: string, failed: string) =>
    `${time}: ${pushed} pushed, ${unchanged} were right already, ${failed} failed`,
  newestTitle: 'Newest changes in Plex',
  newestEmpty: 'Nothing was changed in Plex yet. What PlexSync writes there stands here.',
  allHistory: 'All of the history',
  notices: 'What to look at',
  stash: 'Stash',
  missed: 'Changes may have been missed',
} as const;
