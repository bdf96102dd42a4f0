// The form of an operation that Stash, the page and the command line call alike.
import type * as v from 'valibot';
import { readArguments } from '../contract/arguments.ts';
import type { TaskContext } from './context.ts';

export interface Operation<Arguments, Answer> {
  readonly arguments: v.GenericSchema<unknown, Arguments>;
  /** @throws PlexSyncError when it is refused; nothing was changed then */
  readonly perform: (context: TaskContext, args: Arguments) => Answer | Promise<Answer>;
}

/** @returns the document for stdout */
export type Task = (
  context: TaskContext,
  args: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

/** An operation as a caller sees it that has arguments of any kind. */
export function unchecked<Arguments, Answer>(operation: Operation<Arguments, Answer>): Task {
  return async (context, given) =>
    await operation.perform(context, readArguments(operation.arguments, given));
}
