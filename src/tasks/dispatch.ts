// The table of what Stash can ask for, by name: tasks from its task list and operations of the page.
// What one needs is loaded when it is called, so that each starts as fast as it can.
import { PlexSyncError } from '../contract/errors.ts';
import { type Task, unchecked } from './operation.ts';

const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  status: async () => unchecked((await import('./showStatus.ts')).showStatus),
  pin: async () => unchecked((await import('./choose.ts')).pin),
  never: async () => unchecked((await import('./choose.ts')).never),
  unpin: async () => unchecked((await import('./choose.ts')).unpin),
  review: async () => unchecked((await import('./review.ts')).review),
  mappings: async () => unchecked((await import('./mappings.ts')).mappings),
  metrics: async () => unchecked((await import('./metrics.ts')).metrics),
  history: async () => unchecked((await import('./history.ts')).history),
};

export const taskNames: readonly string[] = Object.keys(tasks);

/** @throws PlexSyncError `bad-arguments` for a name that is not in the table */
export async function findTask(name: unknown): Promise<Task> {
  const load = typeof name === 'string' && Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (load !== undefined) return await load();
  throw new PlexSyncError(
    'bad-arguments',
    `There is no operation ${JSON.stringify(name ?? null)}. There are: ${taskNames.join(', ')}.`,
    { field: 'name' },
  );
}
