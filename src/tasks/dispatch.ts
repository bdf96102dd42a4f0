// The table of what Stash can ask for, by name: tasks from its task list and operations of the page.
import { PlexSyncError } from '../contract/errors.ts';
import type { DataDirectory } from '../store/dataDirectory.ts';
import type { Database } from '../store/open.ts';
import { showStatus } from './showStatus.ts';

export interface TaskContext {
  readonly db: Database;
  readonly directory: DataDirectory;
  readonly version: string;
  /** Unix ms. */
  readonly now: number;
  /** One line for a person: Stash's log, or the terminal. */
  readonly say: (line: string) => void;
}

/** @returns the document for stdout */
export type Task = (context: TaskContext, args: Readonly<Record<string, unknown>>) => unknown;

export const tasks: Readonly<Record<string, Task>> = { status: showStatus };

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
