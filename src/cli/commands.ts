// The commands of the command line, one entry each. What a command needs is loaded when it is called.
import type * as v from 'valibot';
import { readArguments } from '../contract/arguments.ts';
import type { TaskContext } from '../tasks/context.ts';
import type { Operation } from '../tasks/operation.ts';
import type { Screen } from './text.ts';

export interface Command {
  readonly name: string;
  /** Names of what follows the command, all of them required. */
  readonly operands: readonly string[];
  /** Options of its own that take a value, with what it is. */
  readonly options: Readonly<Record<string, { readonly value: string; readonly does: string }>>;
  readonly does: string;
  /** Lines of its own help. */
  readonly more: readonly string[];
  /** Whether the worker has something to do afterwards. */
  readonly changes: boolean;
  readonly load: () => Promise<Loaded>;
}

/** The command's code. */
export interface Loaded {
  /**
   * Checks operands and options, by name.
   * @throws PlexSyncError `bad-arguments`
   */
  prepare(given: Readonly<Record<string, unknown>>): (context: TaskContext) => Promise<Outcome>;
}

export interface Outcome {
  /** The operation's JSON document. */
  readonly answer: unknown;
  readonly text: (screen: Screen) => readonly string[];
}

const plain = { operands: [], options: {}, more: [], changes: false } as const;

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
    name: 'review',
    options: {
      limit: { value: 'number', does: 'how many scenes to show, 50 unless given, 500 at most' },
      offset: { value: 'number', does: 'how many scenes to leave out before the first shown' },
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
];

function sentenceOf({ sentence }: { readonly sentence: string }): readonly string[] {
  return [sentence];
}

function loaded<Arguments, Answer>(
  operation: Operation<Arguments, Answer>,
  text: (answer: Answer, screen: Screen) => readonly string[],
): Loaded {
  const schema: v.GenericSchema<unknown, Arguments> = operation.arguments;
  return {
    prepare: (given) => {
      const args = readArguments(schema, given);
      return async (context) => {
        const answer = await operation.perform(context, args);
        return { answer, text: (screen) => text(answer, screen) };
      };
    },
  };
}
