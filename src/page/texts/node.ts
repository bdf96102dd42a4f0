// English texts: there is no Node yet that PlexSync could run on.

export const nodeTexts = {
  fetching: {
    title: 'PlexSync is fetching Node',
    text: 'PlexSync runs on Node, and where Stash runs there is none that is new enough. So it fetches one, once. What you save meanwhile is kept and reaches Plex afterwards; this page goes on by itself.',
    begins: 'It begins now and takes a minute or so.',
    soFar: (mb: number, ofMb: number, time: string) => `${mb} of about ${ofMb} MB, after ${time}.`,
    label: 'Node that has come',
  },
  failed: {
    title: 'PlexSync could not fetch Node',
    again: (time: string) =>
      `It tries again in ${time}. What you save meanwhile is kept and reaches Plex afterwards.`,
  },
  none: {
    title: 'PlexSync needs Node',
    text: 'What you save meanwhile is kept and reaches Plex as soon as there is one.',
  },
  refused: (which: string) => `Found, but no use: ${which}.`,
  tryNow: 'Try now',
  /** By what the reason says. */
  helps: [
    [
      /proxy/i,
      'The proxy put right: HTTPS_PROXY, and PIP_CERT if it looks into https, in Stash’s environment.',
    ],
    [
      /No module named|pip|python/i,
      'Python 3 with pip (Alpine: apk add py3-pip; Debian: apt install python3-pip).',
    ],
    [
      /connection|index/i,
      'A way from Stash’s machine to pypi.org, or another index in PIP_INDEX_URL.',
    ],
    [
      /space left/i,
      'Room on the disk of Stash’s configuration: 300 MB for a while, half of that later.',
    ],
    [/noexec/i, 'A configuration folder on a disk from which programs may be run.'],
  ],
  else: 'What helps:',
  install:
    'Node 22.16 or later, installed where Stash runs (nodejs.org; in a container: in its image).',
  variable:
    'The path of a Node that is there already, in the variable PLEXSYNC_NODE of Stash’s environment.',
} as const satisfies Record<string, unknown>;
