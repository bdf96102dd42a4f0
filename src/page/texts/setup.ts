// English texts of the tab Setup: the steps of the first time, and the settings.
import { counted, number } from '../format/words.ts';

export const setupTexts = {
  heading: 'Set up PlexSync',
  /** Above the steps, before anything was saved and after. */
  intro:
    'Seven steps; each shows its result at once. Nothing is written to Plex before you click on it.',
  held: 'While you set it up, nothing is written to Plex but a scene that you try. Edits that you make in Stash meanwhile wait.',
  leave: 'Leave the setup',
  leaveHelp: 'From then on, what is saved in Stash is pushed, unless you have paused PlexSync.',
  change: 'Change',
  look: 'Look',
  next: 'Go on',
  done: 'done',
  steps: {
    plex: 'Where is Plex?',
    token: 'Its token',
    test: 'Does it answer?',
    libraries: 'Which libraries?',
    paths: 'Same files, other folders?',
    trial: 'Try one scene',
    first: 'The first full sync',
  },
  plex: {
    looking: 'Looking for Plex on this machine and in its network …',
    found: (count: number) => (count === 1 ? 'Found one:' : `Found ${number(count)} addresses:`),
    none: (asked: number) =>
      `No Plex was found at ${counted(asked, 'likely address', 'likely addresses')}. Type the address of the machine that Plex runs on.`,
    server: (name: string | null, version: string) =>
      name === null ? `Plex ${version}` : `“${name}”, Plex ${version}`,
    how: (how: string) => `found ${how}`,
    use: 'Use this one',
    type: 'Or type the address, as Stash’s machine reaches Plex:',
    example: 'http://192.168.1.10:32400',
    check: 'Use this address',
    again: 'Look again',
    tried: (url: string) => `Nothing answered as Plex at ${url}.`,
    anyway: 'Use it all the same',
    causes: {
      local:
        'The likeliest cause: if Stash runs in Docker, localhost is Stash’s own container. Use the address of the machine that Plex runs on, or the name of Plex’s container.',
      port: 'The likeliest cause: the port is missing. Plex listens at 32400, so the address ends in :32400 as a rule.',
      https:
        'The likeliest cause: Plex’s certificate is made for another name than this. Inside the house http:// will do.',
      other:
        'The likeliest cause: Plex is switched off, or Stash’s machine does not reach that address. Open it from that machine, with /identity behind it, to see.',
    },
    notAnAddress: 'An address begins with http:// or https://, e.g. http://192.168.1.10:32400',
  },
  token: {
    help: 'The token of the Plex server’s owner. In Plex Web open any item, Get Info, View XML: it stands at the end of the address of the page that opens, after X-Plex-Token=.',
    label: 'Token',
    save: 'Save and test',
    saved: 'A token is saved. It is not shown.',
    replace: 'A token is saved; paste another one to replace it',
    paste: 'Paste it here',
  },
  pin: {
    offer: 'No token at hand? Sign in with Plex',
    asking: 'Asking plex.tv …',
    none: 'This browser does not reach plex.tv, so signing in is not possible here. Paste the token.',
    explain:
      'plex.tv opens in another tab. Sign in there as the server’s owner; the token then comes here by itself.',
    open: 'Open plex.tv',
    waiting: 'Waiting for you to sign in …',
    over: 'That took too long. Try again, or paste the token.',
    got: 'Signed in. The token is saved.',
  },
  test: {
    testing: 'Asking Plex …',
    again: 'Test again',
    address: 'Change the address',
    token: 'Change the token',
  },
  libraries: {
    help: 'Tick those that are to be kept in step with Stash.',
    none: 'Plex has no library of type movie. Make one in Plex, of “Other Videos”, and come back.',
    notUsable: (type: string) => `of type ${type}: PlexSync works with libraries of type movie`,
    use: 'Use these',
    pick: 'Tick one at least.',
    all: 'Every library of type movie',
    kept: (names: string) => `Kept in step: ${names}`,
    again: 'Look again',
  },
  paths: {
    help: 'Stash and Plex may see the same files below different folders. PlexSync compares both sides and finds out.',
    counting: (left: number) =>
      left > 0
        ? `Comparing the files: ${counted(left, 'scene')} still to read …`
        : 'Comparing the files …',
    none: 'Stash has no files yet. PlexSync compares when there are some.',
    sentence: (explained: number, files: number) =>
      `${number(explained)} of ${counted(files, 'file')} of Stash’s lie where Plex has them.`,
    inPlex: (inPlex: number) => `Plex has ${counted(inPlex, 'file')} of that name and size in all.`,
    rules: 'Folders that were found',
    hand: 'Folders that you typed',
    rule: (stash: string, plex: string) => `${stash} → ${plex}`,
    explains: (files: number) => `explains ${counted(files, 'file')}`,
    contradicts: (files: number) => `${number(files)} speak against it`,
    offered: 'only offered: type it in the settings if you know it to be right',
    same: 'Both see the same folders: no mapping is needed.',
    left: 'Not explained',
    leftRow: (files: number, inPlex: number) =>
      `${counted(files, 'file')}, ${number(inPlex)} of them somewhere in Plex`,
    stash: 'In Stash',
    plex: 'In Plex',
  },
  trial: {
    help: 'Pick a scene: what would be written to Plex is shown first, and written only when you click.',
    search: 'Title or path',
    try: 'Show what would change',
    other: 'Another scene',
    skip: 'Go on without a trial',
    none: 'No scene fits.',
    noScenes: 'Stash has no scenes yet.',
    wouldMatch: (title: string, library: string | null) =>
      library === null
        ? `Its item in Plex: “${title}”`
        : `Its item in Plex: “${title}” in ${library}`,
    noItem: 'It has no item in Plex that is sure:',
    unknown: 'PlexSync is still looking through Plex’s libraries …',
    nothing: 'Plex has all of it already: nothing would be written.',
    rest: (same: number, kept: number) =>
      [
        ...(same > 0 ? [`${counted(same, 'field is', 'fields are')} the same or left alone`] : []),
        ...(kept > 0
          ? [
              `${counted(kept, 'value', 'values')} of yours in Plex ${kept === 1 ? 'is' : 'are'} kept`,
            ]
          : []),
      ].join(', '),
    field: 'Field',
    stash: 'Stash has',
    plex: 'Plex has now',
    before: 'Plex had',
    after: 'Plex has now',
    picture: 'the scene’s cover',
    write: (count: number) => `Write ${counted(count, 'field')} to Plex`,
    writing: 'Being written …',
    written: 'Written. Have a look at it in Plex.',
    failed: 'That did not work:',
    blocked: 'It must not be sent:',
    scene: (id: number) => `Scene ${id}`,
  },
  first: {
    help: 'A dry run counts what a full sync would do. Nothing is written by it.',
    counting: (scenes: number) => `Counting: ${counted(scenes, 'scene')} looked at so far …`,
    countAgain: 'Count again',
    looked: (scenes: number) => `${counted(scenes, 'scene')} looked at.`,
    replaces: (count: number) => `Replaces ${counted(count, 'title')} that the scanner made.`,
    fills: (count: number) => `Fills ${counted(count, 'field')} that Plex has empty.`,
    others: (count: number) => `Changes ${counted(count, 'other field', 'other fields')}.`,
    keeps: (count: number) => `Keeps ${counted(count, 'value')} of yours.`,
    pictures: (count: number) => `Compares ${counted(count, 'picture')}.`,
    missing: (count: number) =>
      `${counted(count, 'scene has', 'scenes have')} no item in Plex yet.`,
    nothing: 'Plex has all of it already: nothing would be written.',
    moment: 'a few seconds',
    time: (time: string) => `About ${time}; you can pause at any time.`,
    begin: (count: number) => `Sync all ${counted(count, 'scene')}`,
    later: 'Not now',
    laterHelp: 'What is saved in Stash from now on is pushed; the rest stays as it is.',
    stopped: 'The count was ended early.',
  },
  settings: {
    heading: 'Settings',
    again: 'Go through the setup again',
    againHelp: 'Nothing is written to Plex meanwhile, but a scene that you try.',
    saved: 'Saved.',
    notSaved: 'Not saved:',
    saving: 'Saving …',
    conflict: (value: string) => `Not saved: it was changed elsewhere meanwhile, to ${value}.`,
    keepMine: 'Save mine',
    takeTheirs: 'Take that',
    empty: 'nothing',
    on: 'on',
    off: 'off',
    groups: {
      connection: 'Plex',
      match: 'Which item is which scene’s',
      fields: 'What goes where',
      tags: 'Tags',
      texts: 'Texts and names',
      scenes: 'Which scenes',
      reconcile: 'Comparing by itself',
      viewing: 'Both ways',
      pace: 'Pace and outages',
      more: 'More',
    },
    saveToken: 'Save',
    replaceToken: 'Replace',
    policies: {
      table: 'What happens to which field of Plex',
      field: 'Field',
      policy: 'Policy',
      help: 'mirror: follows Stash, but for what you changed in Plex. fill: only where Plex has nothing. off: not touched.',
      mirror: 'mirror',
      fill: 'fill',
      off: 'off',
      unreadable: 'What was typed cannot be read; a choice here replaces it:',
    },
    /** Instead of a text, a choice: value and name. */
    choices: {
      tagsAs: [
        ['', 'genres (default)'],
        ['genre', 'genres'],
        ['label', 'labels'],
        ['off', 'nothing'],
      ],
      reconcileEvery: [
        ['', 'never (default)'],
        ['never', 'never'],
        ['hourly', 'hourly'],
        ['daily', 'daily'],
        ['weekly', 'weekly'],
      ],
      recoveryStrategy: [
        ['', 'conservative (default)'],
        ['conservative', 'conservative'],
        ['aggressive', 'aggressive'],
      ],
      viewingConflict: [
        ['', 'the later one (default)'],
        ['later', 'the later one'],
        ['plex', 'Plex'],
        ['stash', 'Stash'],
      ],
    },
  },
} as const;
