// The commands of the queue: what is in it, what was given up, what has no item, and what is done to
// them.
import { waitingReasons } from '../contract/causes.ts';
import { coverageGroups } from '../contract/coverageGroups.ts';
import {
  type Command,
  loaded,
  type Options,
  pageOptions,
  plain,
  searchOption,
  sentenceOf,
} from './command.ts';

const causeOption: Options = {
  cause: { value: 'codes', does: 'only what failed for these causes, by comma' },
};
const yesOption: Options = {
  yes: { value: null, does: 'do it; without this it only says how many it would be' },
};
const selection = (lists: string): Options => ({
  keys: { value: 'keys', does: 'these, by comma: 12 for scene 12, performer:5, …' },
  ...causeOption,
  all: { value: null, does: 'all of the list' },
  list: { value: 'list', does: lists },
});
const oneOfThree = 'One of --keys, --cause and --all says which.';
const codes = 'The codes stand in the lists and in docs/causes.md.';

export const queueCommands: readonly Command[] = [
  {
    ...plain,
    name: 'queue',
    options: { ...searchOption, ...causeOption, ...pageOptions },
    does: 'changes that wait to be pushed, the longest waiting first',
    more: [codes],
    load: async () => {
      const { queueLines } = await import('./listText.ts');
      return loaded((await import('../tasks/lists.ts')).queue, queueLines);
    },
  },
  {
    ...plain,
    name: 'dead-letters',
    options: { ...searchOption, ...causeOption, ...pageOptions },
    does: 'changes that were given up, the newest first, with the way out',
    more: [codes],
    load: async () => {
      const { deadLetterLines } = await import('./listText.ts');
      return loaded((await import('../tasks/lists.ts')).deadLetters, deadLetterLines);
    },
  },
  {
    ...plain,
    name: 'waiting',
    options: {
      ...searchOption,
      reason: { value: 'reasons', does: `only for these reasons: ${waitingReasons.join(', ')}` },
      ...pageOptions,
    },
    does: 'scenes without a Plex item, by reason, with the way out',
    load: async () => {
      const { waitingLines } = await import('./listText.ts');
      return loaded((await import('../tasks/lists.ts')).waiting, waitingLines);
    },
  },
  {
    ...plain,
    name: 'extras',
    options: {
      state: { value: 'state', does: 'given-up, as without it, or waiting' },
      ...searchOption,
      ...causeOption,
      ...pageOptions,
    },
    does: 'pictures and ratings that were given up, or that wait, with the way out',
    more: [codes],
    load: async () => {
      const { extraLines } = await import('./listText.ts');
      return loaded((await import('../tasks/lists.ts')).extras, extraLines);
    },
  },
  {
    ...plain,
    name: 'coverage',
    options: {
      group: { value: 'group', does: `list one of ${coverageGroups.join(', ')}` },
      ...searchOption,
      ...pageOptions,
    },
    does: 'how all scenes stand: in sync, waiting, failed, without an item, and what only Plex has',
    load: async () => {
      const { coverageLines } = await import('./coverageText.ts');
      return loaded((await import('../tasks/coverage.ts')).coverage, coverageLines);
    },
  },
  {
    ...plain,
    name: 'retry',
    options: selection('dead-letters unless given, queue, or extras'),
    does: 'tries again at once what was given up, or what waits for its next try',
    more: [oneOfThree],
    changes: true,
    load: async () => loaded((await import('../tasks/queueActions.ts')).retry, sentenceOf),
  },
  {
    ...plain,
    name: 'first',
    options: selection('queue unless given, or dead-letters'),
    does: 'pushes these changes before all others',
    more: [oneOfThree],
    changes: true,
    load: async () => loaded((await import('../tasks/queueActions.ts')).first, sentenceOf),
  },
  {
    ...plain,
    name: 'remove',
    options: { ...selection('queue, dead-letters or extras'), ...yesOption },
    does: 'takes changes out of the queue, or out of what was given up',
    more: [oneOfThree, '--list has to be given. With --keys it is done without --yes.'],
    changes: true,
    load: async () => loaded((await import('../tasks/queueActions.ts')).remove, sentenceOf),
  },
  {
    ...plain,
    name: 'clear',
    options: yesOption,
    does: 'empties the queue and ends a sync under way; what is being pushed finishes',
    more: ['What was cleared reaches Plex when its scene is saved or synced again.'],
    changes: true,
    load: async () => loaded((await import('../tasks/queueActions.ts')).clear, sentenceOf),
  },
  {
    ...plain,
    name: 'purge',
    options: {
      ...causeOption,
      days: { value: 'days', does: 'only what failed last so many days ago or earlier' },
      ...yesOption,
    },
    does: 'removes what was given up',
    more: [codes],
    load: async () => loaded((await import('../tasks/queueActions.ts')).purge, sentenceOf),
  },
  {
    ...plain,
    name: 'pause',
    options: {
      setup: {
        value: null,
        does: 'for a look before anything is written: only while you set it up',
      },
    },
    does: 'pushes nothing until it is resumed; changes are kept meanwhile',
    more: [
      'With --setup Stash and Plex are read and compared all the same, as "plexsync reconcile --dry"',
      'does, and "plexsync sync <scene>" writes that one scene. "plexsync resume" ends it.',
    ],
    load: async () => loaded((await import('../tasks/holding.ts')).pause, sentenceOf),
  },
  {
    ...plain,
    name: 'resume',
    options: { setup: { value: null, does: 'only that of the setup; one of yours goes on' } },
    does: 'ends a pause',
    changes: true,
    load: async () => loaded((await import('../tasks/holding.ts')).resume, sentenceOf),
  },
  {
    ...plain,
    name: 'release-locks',
    options: yesOption,
    does: 'unlocks in Plex what PlexSync locked, and pauses PlexSync',
    more: [
      'Values stay, and so do locks that PlexSync did not set. It is done in the background: status',
      'says how far it is. After "plexsync resume" a push locks again what it writes.',
    ],
    changes: true,
    load: async () => loaded((await import('../tasks/holding.ts')).releaseLocks, sentenceOf),
  },
];
