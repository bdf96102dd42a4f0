// The commands of the command line, one entry each. What a command needs is loaded when it is called.
import { reviewReasons } from '../contract/causes.ts';
import { type Command, loaded, pageOptions, plain, searchOption, sentenceOf } from './command.ts';
import { outageCommands } from './outageCommands.ts';
import { pairCommands } from './pairCommands.ts';
import { queueCommands } from './queueCommands.ts';
import { reconcileCommands } from './reconcileCommands.ts';
import { sceneCommands } from './sceneCommands.ts';

export const commands: readonly Command[] = [
  {
    ...plain,
    name: 'status',
    does: 'what waits, what failed, how Plex is',
    load: async () => {
      const { showStatus } = await import('../tasks/showStatus.ts');
      const { statusLines } = await import('../tasks/statusLines.ts');
      return loaded(showStatus, statusLines);
    },
  },
  {
    ...plain,
    name: 'process',
    does: 'what waits for a later time is tried now',
    changes: true,
    load: async () => loaded((await import('../tasks/process.ts')).processQueue, sentenceOf),
  },
  {
    ...plain,
    name: 'sync',
    operands: ['scene'],
    does: 'pushes the scene now',
    more: ['scene: number of the scene in Stash; it stands in its address, after /scenes/.'],
    changes: true,
    load: async () => loaded((await import('../tasks/sync.ts')).syncScene, sentenceOf),
  },
  {
    ...plain,
    name: 'sync-all',
    does: 'compares all scenes of Stash with Plex, and pushes what differs',
    more: ['It goes on in the background; "plexsync status" tells how much is left.'],
    changes: true,
    load: async () => loaded((await import('../tasks/sync.ts')).syncAll, sentenceOf),
  },
  {
    ...plain,
    name: 'sync-changed',
    options: {
      since: { value: 'time', does: 'hours, or a date or time such as 2026-11-21T10:00' },
    },
    does: 'the same for scenes that were changed in Stash since a time',
    more: ['Without --since: since the last such sync, or for 24 hours.'],
    changes: true,
    load: async () => loaded((await import('../tasks/sync.ts')).syncChanged, sentenceOf),
  },
  {
    ...plain,
    name: 'review',
    options: {
      ...searchOption,
      reason: { value: 'reasons', does: `only for these reasons: ${reviewReasons.join(', ')}` },
      ...pageOptions,
    },
    does: 'scenes whose Plex item you have to choose, with what there is to choose from',
    more: [
      'The scene that waits longest comes first. The score says how sure a match is, 0 to 100.',
    ],
    load: async () => {
      const { review } = await import('../tasks/review.ts');
      const { reviewLines } = await import('./reviewText.ts');
      return loaded(review, reviewLines);
    },
  },
  {
    ...plain,
    name: 'pin',
    operands: ['scene', 'item'],
    does: 'this Plex item is the scene’s, whatever a match would say',
    more: [
      'scene: number of the scene in Stash; it stands in its address, after /scenes/.',
      'item: number of the item in Plex; it stands in its address, after metadata%2F.',
      'The choice holds until "plexsync unpin <scene>".',
    ],
    changes: true,
    load: async () => loaded((await import('../tasks/choose.ts')).pin, sentenceOf),
  },
  {
    ...plain,
    name: 'never',
    operands: ['scene'],
    does: 'the scene is never written to Plex',
    more: ['What PlexSync wrote until now stays in Plex. "plexsync unpin <scene>" takes it back.'],
    changes: true,
    load: async () => loaded((await import('../tasks/choose.ts')).never, sentenceOf),
  },
  {
    ...plain,
    name: 'unpin',
    operands: ['scene'],
    does: 'takes back a choice: the scene is matched by PlexSync again',
    changes: true,
    load: async () => loaded((await import('../tasks/choose.ts')).unpin, sentenceOf),
  },
  {
    ...plain,
    name: 'mappings',
    does: 'which folder of Stash’s is which of Plex’s: in use, offered, and what is left over',
    load: async () => {
      const { mappings } = await import('../tasks/mappings.ts');
      const { mappingLines } = await import('./mappingText.ts');
      return loaded(mappings, mappingLines);
    },
  },
  ...sceneCommands,
  ...queueCommands,
  ...outageCommands,
  ...reconcileCommands,
  {
    ...plain,
    name: 'metrics',
    options: {
      out: { value: 'file', does: 'file to write them to, whole or not at all' },
    },
    does: 'the status as metrics for Prometheus',
    more: [
      'For the node exporter give a file that ends in .prom in the folder of its textfile collector,',
      'and call it every minute or so, by cron or a timer.',
    ],
    load: async () => {
      const { metrics, metricsLines } = await import('../tasks/metrics.ts');
      return loaded(metrics, metricsLines);
    },
  },
  ...pairCommands,
];
