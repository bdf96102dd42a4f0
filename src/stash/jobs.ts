// Stash's job queue: one job at a time, of whatever kind (stashapp/stash `pkg/job/manager.go`). Who
// works long asks who waits, and goes to the end of the line.
import { jobsDocument, runTaskDocument } from './documents.ts';
import type { Query } from './query.ts';
import { jobsSchema, taskSchema } from './schemas.ts';

export interface StashJob {
  readonly id: string;
  /** For instance `Scanning...`, or `Running plugin task: <name>`. */
  readonly description: string;
}

export interface TaskCall {
  readonly plugin: string;
  /** As the manifest names it. */
  readonly task: string;
  /** What the queue shows. */
  readonly description: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** @throws PlexSyncError those of the query. */
export async function waitingJobs(query: Query): Promise<readonly StashJob[]> {
  const { jobQueue } = await query(jobsDocument, {}, jobsSchema);
  return (jobQueue ?? [])
    .filter(({ status }) => status === 'READY')
    .map(({ id, description }) => ({ id, description }));
}

/** @throws PlexSyncError those of the query. */
export async function queueTask(query: Query, call: TaskCall): Promise<string> {
  const { runPluginTask } = await query(runTaskDocument, { ...call }, taskSchema);
  return runPluginTask;
}
