// The command line of the installed plugin, called as a person calls it in a terminal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RealWorld } from './world.ts';

export interface Called {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `sh plexsync <args> --data <the world's>` */
export async function plexsync(world: RealWorld, ...args: readonly string[]): Promise<Called> {
  const script = join(world.stash.pluginsFolder, 'plex-sync', 'plexsync');
  const child = spawn('sh', [script, ...args, '--data', world.data], {
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, stdout, stderr };
}
