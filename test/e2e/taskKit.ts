// Tasks as a person starts them from Stash's list, and what is seen of them.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Installed, killQuietly } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';

export interface StartedTask {
  readonly jobId: number;
  /** Distinct values of Stash's progress bar, in the order in which they were seen. */
  readonly bar: readonly number[];
  /** Resolves with the job's status in the end. */
  ended(limitMs?: number): Promise<string>;
  stop(): Promise<void>;
}

export async function startTask(world: Installed, name = 'Process queue'): Promise<StartedTask> {
  const { data } = await world.stash.graphql(
    'mutation ($name: String!) { runPluginTask(plugin_id: "plex-sync", task_name: $name) }',
    { name },
  );
  const jobId = Number(data?.['runPluginTask']);
  const bar: number[] = [];
  const look = (): string => {
    const job = world.stash.jobs.find(jobId);
    const progress = job?.progress ?? 0;
    if (progress !== (bar.at(-1) ?? 0)) bar.push(progress);
    return job?.status ?? 'FORGOTTEN';
  };
  // From the beginning, whatever the test looks at first; it ends with the job, at the latest.
  const watching = setInterval(() => {
    if (look() === 'FORGOTTEN') clearInterval(watching);
  }, 50);
  watching.unref();
  return {
    jobId,
    bar,
    ended: async (limitMs = 60_000) => {
      const isOver = (): boolean => !['READY', 'RUNNING', 'STOPPING'].includes(look());
      await until(`the task ${name} has ended`, isOver, limitMs);
      clearInterval(watching);
      return look();
    },
    stop: async () => {
      await world.stash.graphql('mutation ($id: ID!) { stopJob(job_id: $id) }', {
        id: String(jobId),
      });
    },
  };
}

/** The command lines' pids of tasks that live. */
export function tasksOf(world: Installed): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const words = readFileSync(join('/proc', name, 'cmdline'), 'utf8').split('\0');
        const isOurs = words.some((word) => word.startsWith(world.pluginFolder));
        return isOurs && words.includes('task') && words.some((w) => w.endsWith('plex-sync.cjs'))
          ? [Number(name)]
          : [];
      } catch {
        return [];
      }
    });
}

/** Pids of workers: `workers()` of the world counts tasks and operations, too. */
export function backgroundWorkers(world: Installed): readonly number[] {
  const tasks = tasksOf(world);
  return world.workers().filter((pid) => !tasks.includes(pid));
}

export function logLines(world: Installed): readonly string[] {
  return world.stash.log.map(({ text }) => text);
}

export async function saveAll(
  world: Installed,
  pairs: readonly Pair[],
  title: string,
): Promise<void> {
  for (const { sceneId } of pairs) await world.save(sceneId, { title: `${title} ${sceneId}` });
}

export function arrived(world: Installed, pairs: readonly Pair[], title: string): number {
  return pairs.filter(
    ({ sceneId, ratingKey }) => world.plex.library.item(ratingKey)?.title === `${title} ${sceneId}`,
  ).length;
}

/** Raises scenes in Stash with no hook, and their rows as a sync would find them. */
export function changeQuietly(world: Installed, pairs: readonly Pair[], title: string): void {
  for (const { sceneId } of pairs) {
    world.stash.store.changeScene(sceneId, { title: `${title} ${sceneId}` }, { touch: true });
  }
}

/** Each process writes one item after the other, so two at a time would be two processes. */
export function overlappingWrites(world: Installed): readonly string[] {
  const writes = world.plex.accessLog
    .filter(({ method }) => method === 'PUT')
    .toSorted((a, b) => a.at - b.at);
  // Times are rounded to milliseconds, and a killed process's connection ends a moment after it.
  const toleranceMs = 20;
  return writes.flatMap((write, index) => {
    const before = writes[index - 1];
    if (before === undefined || write.at >= before.at + before.durationMs - toleranceMs) return [];
    return [`${before.target.slice(0, 80)} and ${write.target.slice(0, 80)}`];
  });
}

/** A task as another Stash on the same configuration would start it. */
export function otherTask(
  world: Installed,
  name: string,
): { readonly child: ChildProcess; readonly stderr: () => string; readonly ended: Promise<void> } {
  const program = join(world.pluginFolder, 'plex-sync.cjs');
  const child = spawn(process.execPath, [program, 'task', name], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const envelope = {
    server_connection: {
      Scheme: 'http',
      Host: '127.0.0.1',
      Port: world.stash.port,
      SessionCookie: null,
      Dir: world.stash.directory,
      PluginDir: world.pluginFolder,
    },
    args: {},
  };
  child.stdin?.end(JSON.stringify(envelope));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return { child, stderr: () => text, ended };
}

export function killAll(pids: readonly number[]): void {
  for (const pid of pids) killQuietly(pid);
}
