// What a command of the command line is, and the parts that several are made of.
import type * as v from 'valibot';
import { readArguments } from '../contract/arguments.ts';
import type { PlexSyncError } from '../contract/errors.ts';
import type { TaskContext } from '../tasks/context.ts';
import type { Operation } from '../tasks/operation.ts';
import type { Screen } from './text.ts';

export type Options = Readonly<
  Record<string, { readonly value: string | null; readonly does: string }>
>;

export interface Command {
  readonly name: string;
  /** Names of what follows the command, all of them required. */
  readonly operands: readonly string[];
  /** Options of its own, with what the value is that follows; null for one that stands alone. */
  readonly options: Options;
  readonly does: string;
  /** Lines of its own help. */
  readonly more: readonly string[];
  /** Whether the worker has something to do afterwards. */
  readonly changes: boolean;
  readonly load: () => Promise<Loaded>;
  /** What there is to answer where the data file cannot be opened; left out: nothing. */
  readonly withoutStore?: (path: string, error: PlexSyncError) => Promise<Outcome>;
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
  /** 1 where the answer is that something is wrong; left out: 0. */
  readonly code?: number;
}

export const plain = { operands: [], options: {}, more: [], changes: false } as const;

export const searchOption: Options = {
  search: { value: 'text', does: 'only the scene of that number, or part of a title or path' },
};
export const pageOptions: Options = {
  limit: { value: 'number', does: 'how many to show, 50 unless given, 500 at most' },
  offset: { value: 'number', does: 'how many to leave out before the first shown' },
};

export function sentenceOf({ sentence }: { readonly sentence: string }): readonly string[] {
  return [sentence];
}

export function loaded<Arguments, Answer>(
  operation: Operation<Arguments, Answer>,
  text: (answer: Answer, screen: Screen) => readonly string[],
  code: (answer: Answer) => number = () => 0,
): Loaded {
  const schema: v.GenericSchema<unknown, Arguments> = operation.arguments;
  return {
    prepare: (given) => {
      const args = readArguments(schema, given);
      return async (context) => {
        const answer = await operation.perform(context, args);
        return { answer, text: (screen) => text(answer, screen), code: code(answer) };
      };
    },
  };
}
