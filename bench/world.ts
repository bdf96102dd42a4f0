// The built plugin in a simulated Stash, as it runs for a person: no pause shortened, real worker.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Installed, installPlugin } from '../test/helpers/installed.ts';
import { until } from '../test/helpers/wait.ts';
import { claimForParent } from '../src/sync/process/supervisorFile.ts';
import { findOnPath } from './processes.ts';

const patienceMs = 200;

export type Edit = { readonly id: number } & Readonly<Record<string, unknown>>;

/** Environment of the plugin's processes on top of this one's. */
export const pluginEnvironment = { PLEXSYNC_NODE: process.execPath, PLEXSYNC_PAUSE_MS: '1000' };

/** @param node what the supervisor takes for Node */
export async function installForBench(node = process.execPath): Promise<Installed> {
  const world = await installPlugin({ env: { ...pluginEnvironment, PLEXSYNC_NODE: node } });
  const interrupted = (): void => {
    void world.close().finally(() => process.exit(130));
  };
  // Else a worker would live on for ten minutes.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  return {
    ...world,
    close: async () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
      await world.close();
    },
  };
}

/** Scenes per request, as the edit page of a list of scenes sends them. */
const scenesPerSave = 50;

/** Saves them all, each with its own values and its own hook; answered when the hooks have ended. */
export async function saveScenes(world: Installed, edits: readonly Edit[]): Promise<void> {
  for (let begin = 0; begin < edits.length; begin += scenesPerSave) {
    const input = edits
      .slice(begin, begin + scenesPerSave)
      .map((edit) => ({ ...edit, id: String(edit.id) }));
    const { errors } = await world.stash.graphql(
      'mutation ($input: [SceneUpdateInput!]!) { scenesUpdate(input: $input) { id } }',
      { input },
    );
    if (errors.length > 0) throw new Error(JSON.stringify(errors[0]));
  }
}

/**
 * From now on hooks start nobody: this process is named as the supervisor. So a whole bulk edit
 * lies in the spool before a worker sees the first of it, and only the worker is measured.
 */
export function holdWorker(world: Installed): void {
  mkdirSync(join(world.data, 'spool'), { recursive: true, mode: 0o700 });
  claimForParent(join(world.data, 'supervisor'), process.pid);
}

/** Starts the worker in the one way in which it is ever started. @returns Unix ms before that */
export function wakeWorker(world: Installed): number {
  rmSync(join(world.data, 'supervisor'), { force: true });
  const at = Date.now();
  const launcher = join(world.pluginFolder, 'launch.sh');
  const { status } = spawnSync(findOnPath('sh'), [launcher, 'wake', world.data], {
    env: { ...process.env, ...pluginEnvironment },
    stdio: 'ignore',
  });
  if (status !== 0) throw new Error(`launch.sh wake: exit code ${String(status)}`);
  return at;
}

/** Ends worker and supervisor as they end by themselves, and waits for it. */
export async function stopWorker(world: Installed): Promise<void> {
  for (const pid of world.workers()) process.kill(pid, 'SIGTERM');
  await until(
    'worker and supervisor have left',
    () => world.workers().length + world.supervisors().length === 0,
  );
}

/** Waits until nothing lies in the spool or in the queue. */
export async function settled(world: Installed, limitMs = 120_000): Promise<void> {
  await patiently('spool and queue are empty', () => waiting(world) === 0, limitMs);
}

/** Like `until`, but asks seldom: every question takes time from those who are measured. */
export async function patiently(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
): Promise<void> {
  await until(
    what,
    async () => {
      if (await condition()) return true;
      await delay(patienceMs);
      return false;
    },
    limitMs,
  );
}

export function waiting(world: Installed): number {
  const { spooled, pending, inFlight } = world.status().queue;
  return spooled + pending + inFlight;
}
