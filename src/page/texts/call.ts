// English texts: what went wrong when PlexSync was asked, and how long it takes.

export const callTexts = {
  stash: {
    words: 'Stash does not answer.',
    wayOut: 'See that it runs and that this browser reaches it.',
  },
  login: {
    words: 'Stash wants you to log in again.',
    wayOut: 'Reload the page and log in.',
  },
  refused: { words: 'PlexSync refused.', wayOut: '' },
  nothing: {
    words: 'PlexSync gave no answer: it was ended in the middle.',
    wayOut: 'Stash ends it when it is updated or switched off. Try again in a moment.',
  },
  strange: {
    words: 'PlexSync answered something that this page does not know.',
    wayOut: 'It was updated while the page was open, most likely: reload the page.',
  },
} as const;

export const waitTexts = {
  quiet: 'Loading',
  slow: 'PlexSync is still at work on this. A large library or a slow disk may be why.',
  tryAgain: 'Try again',
  reload: 'Reload the page',
  /** @param age "2 minutes" */
  old: (age: string) => `What you see is ${age} old.`,
} as const;
