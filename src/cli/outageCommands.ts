// The commands about outages of Plex.
import { type Command, loaded, plain, sentenceOf } from './command.ts';

export const outageCommands: readonly Command[] = [
  {
    ...plain,
    name: 'outages',
    does: 'when Plex was away: the last 30 times, the longest, how long in all, and now',
    load: async () => {
      const { outageLines } = await import('./outageText.ts');
      return loaded((await import('../tasks/outages.ts')).outages, outageLines);
    },
  },
  {
    ...plain,
    name: 'recover-outage',
    options: {
      outage: { value: 'number', does: 'only of this one, as "plexsync outages" numbers them' },
      from: { value: 'time', does: 'what failed since: hours ago, or a date or time' },
      to: { value: 'time', does: 'and until then' },
      cause: { value: 'codes', does: 'only what failed for these causes, by comma' },
    },
    does: 'tries again what was given up in an outage',
    more: [
      'Without --outage, --from and --to: of all outages that are known. Without --cause: for causes',
      'that may be over by now, such as plex-unreachable. What is gone from Stash, in the queue',
      'already or pushed since is left alone.',
    ],
    changes: true,
    load: async () => loaded((await import('../tasks/recoverOutage.ts')).recoverOutage, sentenceOf),
  },
];
