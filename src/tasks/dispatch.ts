// The table of what Stash can ask for, by name: tasks from its task list and operations of the page.
// What one needs is loaded when it is called, so that each starts as fast as it can.
import { PlexSyncError } from '../contract/errors.ts';
import { type Task, unchecked } from './operation.ts';

const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  status: async () => unchecked((await import('./showStatus.ts')).showStatus),
  process: async () => unchecked((await import('./process.ts')).processQueue),
  sync: async () => unchecked((await import('./sync.ts')).syncScene),
  'sync-all': async () => unchecked((await import('./sync.ts')).syncAll),
  'sync-changed': async () => unchecked((await import('./sync.ts')).syncChanged),
  reconcile: async () => unchecked((await import('./reconcile.ts')).reconcile),
  'end-reconcile': async () => unchecked((await import('./reconcile.ts')).endReconcile),
  runs: async () => unchecked((await import('./gaps.ts')).runs),
  gaps: async () => unchecked((await import('./gaps.ts')).gaps),
  'release-gaps': async () => unchecked((await import('./gaps.ts')).releaseGaps),
  'ignore-gap': async () => unchecked((await import('./gaps.ts')).ignoreOneGap),
  pin: async () => unchecked((await import('./choose.ts')).pin),
  never: async () => unchecked((await import('./choose.ts')).never),
  unpin: async () => unchecked((await import('./choose.ts')).unpin),
  scene: async () => unchecked((await import('./sceneView/view.ts')).sceneView),
  review: async () => unchecked((await import('./review.ts')).review),
  mappings: async () => unchecked((await import('./mappings.ts')).mappings),
  queue: async () => unchecked((await import('./lists.ts')).queue),
  'dead-letters': async () => unchecked((await import('./lists.ts')).deadLetters),
  waiting: async () => unchecked((await import('./lists.ts')).waiting),
  extras: async () => unchecked((await import('./lists.ts')).extras),
  coverage: async () => unchecked((await import('./coverage.ts')).coverage),
  retry: async () => unchecked((await import('./queueActions.ts')).retry),
  remove: async () => unchecked((await import('./queueActions.ts')).remove),
  first: async () => unchecked((await import('./queueActions.ts')).first),
  clear: async () => unchecked((await import('./queueActions.ts')).clear),
  purge: async () => unchecked((await import('./queueActions.ts')).purge),
  pause: async () => unchecked((await import('./holding.ts')).pause),
  resume: async () => unchecked((await import('./holding.ts')).resume),
  'release-locks': async () => unchecked((await import('./holding.ts')).releaseLocks),
  outages: async () => unchecked((await import('./outages.ts')).outages),
  'recover-outage': async () => unchecked((await import('./recoverOutage.ts')).recoverOutage),
  metrics: async () => unchecked((await import('./metrics.ts')).metrics),
  health: async () => unchecked((await import('./health/health.ts')).health),
  'find-plex': async () => unchecked((await import('./findPlex.ts')).findPlex),
  libraries: async () => unchecked((await import('./libraries.ts')).libraries),
  support: async () => unchecked((await import('./support.ts')).support),
  'check-settings': async () => unchecked((await import('./checkSettings.ts')).checkChange),
  tell: async () => unchecked((await import('./tell.ts')).tell),
  'settings-saved': async () => unchecked((await import('./settingsSaved.ts')).settingsSaved),
  history: async () => unchecked((await import('./history.ts')).history),
  viewing: async () => unchecked((await import('./viewing.ts')).viewing),
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
