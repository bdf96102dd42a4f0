// `plexsync watch` as a process, as a container beside Stash runs it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WatchProcess {
  readonly data: string;
  /** What it has said so far, on both streams. */
  readonly said: () => string;
  /** Its exit code, when it has ended. */
  ended(): Promise<number | null>;
  /** As `docker stop` does. */
  stop(): Promise<number | null>;
}

export interface WatchOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * @param program plex-sync.cjs of the finished plugin
 * @param root folder for data and settings
 */
export function startWatch(
  program: string,
  root: string,
  stashUrl: string,
  settings: Readonly<Record<string, unknown>>,
  { args = [], env = {} }: WatchOptions = {},
): WatchProcess {
  mkdirSync(root, { recursive: true });
  const [file, data] = [join(root, 'settings.json'), join(root, 'data')];
  writeFileSync(file, JSON.stringify(settings));
  const child: ChildProcess = spawn(
    process.execPath,
    [
      program,
      'watch',
      '--stash',
      stashUrl,
      '--settings',
      file,
      '--data',
      data,
      '--every',
      '5',
      ...args,
    ],
    { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout?.on('data', (some: Buffer) => (said += some.toString()));
  child.stderr?.on('data', (some: Buffer) => (said += some.toString()));
  const exit = once(child, 'exit');
  const ended = async (): Promise<number | null> => {
    await exit;
    return child.exitCode;
  };
  return {
    data,
    said: () => said,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      return await ended();
    },
  };
}
