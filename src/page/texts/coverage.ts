// English texts of the tab Coverage.
import type { CoverageGroup } from '../../contract/coverageGroups.ts';
import type {
  Confidence,
  GapKind,
  GapState,
  RunOrigin,
  RunScopeName,
} from '../../contract/gaps.ts';
import { counted, number } from '../format/words.ts';

interface GroupText {
  readonly name: string;
  /** What it means, above its list. */
  readonly meaning: string;
}

const groups: Readonly<Record<CoverageGroup, GroupText>> = {
  'in-sync': {
    name: 'in sync',
    meaning:
      'They have an item in Plex, nothing waits, and nothing is known that differs. A comparison below finds what no save told.',
  },
  differs: {
    name: 'differ',
    meaning:
      'A comparison found something that differs and queued nothing for it. The differences are listed below.',
  },
  queued: { name: 'queued', meaning: 'A change, a picture or a rating waits to be pushed.' },
  failed: {
    name: 'failed',
    meaning: 'Given up after several tries. Problems says why, and what helps.',
  },
  waiting: {
    name: 'wait for Plex',
    meaning: 'Plex has not scanned their files yet. They are pushed once it has.',
  },
  outside: {
    name: 'outside',
    meaning: 'Their files lie in no folder of the Plex libraries that are kept in step.',
  },
  review: {
    name: 'unsure',
    meaning: 'More than one item could be theirs. Problems lets you choose.',
  },
  'no-file': { name: 'no file', meaning: 'Stash has no file of them, so Plex cannot have one.' },
  gated: { name: 'kept out', meaning: 'The settings keep them out of Plex.' },
  excluded: { name: 'excluded', meaning: 'You chose that they are never written to Plex.' },
  'only-in-plex': {
    name: 'only in Plex',
    meaning:
      'Items of the libraries that are not known to be a scene’s of Stash. Scenes count once they were looked at.',
  },
};

const kinds: Readonly<Record<GapKind, string>> = {
  empty: 'Empty in Plex',
  stale: 'Differs in Plex',
  missing: 'No item in Plex',
  'scene-gone': 'Gone from Stash',
  'item-gone': 'Item gone from Plex',
  moved: 'File moved',
  'no-scene': 'Only in Plex',
  edited: 'Yours in Plex, kept',
};

const states: Readonly<Record<GapState, string>> = {
  found: 'Found',
  queued: 'Queued',
  waiting: 'Waits for your word',
  told: 'Told only',
  ignored: 'Ignored',
};

const confidences: Readonly<Record<Confidence, string>> = {
  definitely: 'Definitely',
  possibly: 'Possibly',
};

const scopes: Readonly<Record<RunScopeName, string>> = {
  all: 'All scenes',
  '24h': 'Changed in the last 24 hours',
  '7days': 'Changed in the last 7 days',
  custom: 'Changed between two dates',
};

const origins: Readonly<Record<RunOrigin, string>> = {
  person: 'by hand',
  schedule: 'by itself',
  start: 'after a start of Stash',
  missed: 'after saves may have been missed',
};

export const coverageTexts = {
  groups,
  kinds,
  states,
  confidences,
  scopes,
  origins,
  groupsLabel: 'How scenes and items stand',
  howFar: 'Plex’s libraries were looked through',
  neverLooked:
    'Plex’s libraries were not looked through yet: what is only in Plex is not known, and scenes count once they were looked at.',
  nothingYet:
    'No scene was looked at yet. Once the setup is done and scenes were synced, their numbers stand here.',
  toProblems: 'Open Problems',
  toGaps: 'See the differences',
  close: 'Close the list',
  listSearch: 'Scene, title or path',
  scene: 'Scene',
  item: 'Item in Plex',
  itemNumber: (item: string) => `Item ${item}`,
  pushed: 'Last written',
  neverPushed: 'never',
  emptyGroup: 'None now.',
  emptySearch: 'None fits the search.',
  compare: {
    heading: 'Compare Stash with Plex',
    help: 'Finds what no save told: imports, auto-tag, merges, edits while PlexSync was off. What differs is queued; what a person changed in Plex is only told.',
    scope: 'Which scenes',
    from: 'Changed from',
    to: 'Changed before',
    library: 'Plex library',
    everyLibrary: 'All that are kept in step',
    kinds: 'Only differences of these kinds',
    withoutMissing: 'Leave out scenes without an item',
    dry: 'Dry run: only tell, queue nothing',
    begin: 'Compare',
    beginDry: 'Compare, queue nothing',
    ask: {
      /** @param scenes 0 = not known */
      title: (scenes: number) =>
        `Compare ${scenes === 0 ? 'the scenes that you chose' : `about ${counted(scenes, 'scene')}`}, and push what differs?`,
      text: (scenes: number) =>
        `${scenes === 0 ? 'How many they are shows while it runs. ' : ''}Whatever differs is put right in Plex at once, in the background and without a limit: each scene concerned is pushed as a whole. What you changed in Plex yourself stays. A dry run would tell first what that is.`,
      accept: 'Compare and push',
    },
    dates: 'Choose at least one of the two dates.',
    more: 'More choices',
    end: 'End it',
  },
  run: {
    underWay: (scenes: number) => `Comparing: ${counted(scenes, 'scene')} looked at so far`,
    ofAbout: (scenes: number, all: number) =>
      `Comparing: ${number(scenes)} of about ${counted(all, 'scene')} looked at`,
    found: (gaps: number) => `${counted(gaps, 'difference')} found.`,
    dry: 'Dry run: nothing is queued.',
    bar: 'How far the comparison is',
    begun: 'begun',
  },
  gaps: {
    heading: 'Differences',
    table: 'Differences by kind and field',
    list: 'Differences, one by one',
    none: 'No comparison has found a difference that is still open. After one, each stands here with both values.',
    noneFits: 'None fits this choice.',
    fresh: (count: number) => `${number(count)} more came: show`,
    kind: 'Kind',
    field: 'Field',
    state: 'State',
    confidence: 'Sure',
    any: 'any',
    count: 'Found',
    open: 'To decide',
    whole: 'the scene as a whole',
    stash: 'Stash has',
    plex: 'Plex has',
    toCome: 'After a push',
    nothing: 'nothing',
    why: 'Why',
    actions: 'What can be done',
    fix: 'Fix',
    fixTitle: 'Push this scene: its other differences go with it',
    ignore: 'Ignore',
    fixAll: (count: number) => `Fix ${number(count)}`,
    releaseAll: (count: number) => `Release all ${number(count)}`,
    waits: (count: number) =>
      `${counted(count, 'difference waits', 'differences wait')} for your word: a comparison by itself found more than the settings let it push.`,
    showAll: 'Show all',
    askTitle: (count: number) => `Push ${counted(count, 'difference')}?`,
    askText: (count: number, what: string) =>
      `${counted(count, 'difference')} (${what}) would be put right in Plex: each scene concerned is pushed as a whole, in the background. What you changed in Plex yourself stays.`,
    askAccept: (count: number) => `Push ${number(count)}`,
    example: (title: string, field: string, plex: string, then: string) =>
      `${title}: ${field} “${plex}” → “${then}”`,
    all: 'all that wait',
  },
  runs: {
    heading: 'Last comparisons',
    none: 'None was made yet.',
    /** @param origin "by itself" */
    next: (origin: string) => `The next one, ${origin}, is due`,
    noNext: (every: string) =>
      every === 'never'
        ? 'None is made by itself: Setup says how often, under “Reconcile”.'
        : 'When the next one is made by itself is not known yet.',
    when: 'Begun',
    scope: 'Which',
    scenes: 'Scenes',
    found: 'Found',
    queued: 'Queued',
    result: 'Result',
    dry: 'dry run',
    stopped: 'ended early',
    running: 'under way',
    requests: (stash: number, plex: number) =>
      `${counted(stash, 'request')} to Stash, ${number(plex)} to Plex`,
    between: (since: string, until: string) => `changed ${since} to ${until}`,
    sinceOnly: (since: string) => `changed since ${since}`,
    untilOnly: (until: string) => `changed before ${until}`,
    library: (name: string) => `library ${name}`,
  },
} as const;
