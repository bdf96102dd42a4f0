// English texts of the tab Outages.

export const outagesTexts = {
  present: 'Now',
  /** @param age "40 s" */
  well: (age: string) => `Plex is there: it answered ${age} ago.`,
  noneKnown: (age: string) =>
    `No outage is known. Plex answered ${age} ago; it is asked again with the next change.`,
  notAsked: 'No outage is under way. PlexSync has not asked Plex for anything yet.',
  /** @param length "14 minutes" @param cause without a full stop */
  away: (length: string, cause: string) => `Plex has been away for ${length} (${cause}).`,
  notReady: (length: string, cause: string) => `Plex has not been ready for ${length} (${cause}).`,
  refused: (length: string) => `Plex has refused the token for ${length}.`,
  refusedHelp: 'Nothing is pushed until it is renewed.',
  waiting: (count: string, isOne: boolean) =>
    isOne ? `${count} waits and loses nothing.` : `${count} wait and lose nothing.`,
  things: 'change, picture or rating',
  manyThings: 'changes, pictures or ratings',
  nothingWaits: 'Nothing waits for it.',
  next: (time: string) => `Next try in ${time}.`,
  trying: 'It is being tried now.',
  noWorker: 'The next save or task in Stash tries it, or you do now.',
  tries: (count: string) => `${count} so far.`,
  stashAway: (length: string, cause: string) =>
    `Stash has not answered PlexSync for ${length} (${cause}).`,
  tryNow: 'Try now',
  openSetup: 'Open Setup',
  report: 'What they come to',
  figures: {
    availability: 'Plex was there',
    total: 'away in all',
    longest: 'the longest',
    mean: 'back after, on average',
  },
  /** @param days "12 days" */
  since: (days: string) => `in the last ${days}`,
  timeline: 'The last 30 outages',
  /** For a screen reader: the bar has nothing that the table does not have. */
  strip: (outages: string) => `${outages} on a line of time; the table below has each of them.`,
  legend: { away: 'Plex away', token: 'token refused' },
  now: 'now',
  began: 'Began',
  lasted: 'Lasted',
  why: 'Why',
  waited: 'Waited',
  probes: 'Tries',
  actions: 'Actions',
  lasting: 'lasts',
  token: 'The token was refused.',
  recoverable: (letters: string) => `${letters} may work now`,
  recover: 'Try these again',
  emptyTitle: 'No outage is known.',
  empty:
    'When Plex is away, restarts or refuses the token, it stands here: since when, how long, what waited. Changes are kept meanwhile, and pushed when it is back.',
} as const;
