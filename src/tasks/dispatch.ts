// The table of what Stash can ask for, by name: tasks from its task list and operations of the page.
import { PlexSyncError } from '../contract/errors.ts';
import { never, pin, unpin } from './choose.ts';
import type { TaskContext } from './context.ts';
import { history } from './history.ts';
import { mappings } from './mappings.ts';
import { unchecked } from './operation.ts';
import { review } from './review.ts';
import { showStatus } from './showStatus.ts';

/** @returns the document for stdout */
export type Task = (context: TaskContext, args: Readonly<Record<string, unknown>>) => unknown;

export const tasks: Readonly<Record<string, Task>> = {
  status: showStatus,
  pin: unchecked(pin),
  never: unchecked(never),
  unpin: unchecked(unpin),
  review: unchecked(review),
  mappings: unchecked(mappings),
  history: unchecked(history),
};

/** @throws PlexSyncError `bad-arguments` for a name that is not in the table */
export function findTask(name: unknown): Task {
  const task = typeof name === 'string' && Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task !== undefined) return task;
  throw new PlexSyncError(
    'bad-arguments',
    `There is no operation ${JSON.stringify(name ?? null)}. There are: ${Object.keys(tasks).join(', ')}.`,
    { field: 'name' },
  );
}
