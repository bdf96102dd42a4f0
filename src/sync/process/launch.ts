// What plugin/launch.sh does, for Windows: the hook keeps its event and sees that a worker lives. There
// is no supervisor there. The file `supervisor` names the worker itself, and a worker that died is
// started again by the next hook, task or operation.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keepEvent, keptBytes } from '../../capture/keep.ts';
import { type Read, readFirst } from '../../capture/stdin.ts';
import { makeDataDirectory } from '../../store/file/dataDirectory.ts';
import { callerOf } from './stashLife.ts';
import { claimOf, isLiving } from './supervisorFile.ts';

/** @returns the exit code; 0 only if the event is kept */
export function captureHook(
  programPath: string,
  read?: Read,
  platform: NodeJS.Platform = process.platform,
): number {
  const afterwards = (dataDirectory: string): void => {
    try {
      wakeWorker(programPath, dataDirectory);
    } catch {
      // The event is kept: what stood in the way may be gone with the next one.
    }
  };
  return capture(programPath, { read, platform, afterwards });
}

/**
 * With a Node on which no worker can run: the event is there when one comes.
 * @param reason in a sentence, for whoever looks why nothing is pushed
 * @returns as `captureHook`
 */
export function keepAlone(programPath: string, reason: string, read?: Read): number {
  const afterwards = (dataDirectory: string): void => {
    writeFileSync(noRuntime(dataDirectory), `${reason}\n`, { mode: 0o600 });
    say('w', `The change is kept, and nothing is pushed: ${reason}`);
  };
  return capture(programPath, { read, platform: process.platform, afterwards });
}

interface Capture {
  readonly read: Read | undefined;
  readonly platform: NodeJS.Platform;
  readonly afterwards: (dataDirectory: string) => void;
}

function capture(programPath: string, { read, platform, afterwards }: Capture): number {
  const pluginFolder = dirname(programPath);
  try {
    const parent = callerOf(process.ppid, platform);
    const writer = { parent, pid: process.pid, pluginFolder };
    const { dataDirectory } = keepEvent(readFirst(keptBytes, read), writer);
    // Only now, the file being complete: a worker that leaves gives up its claim and then looks for files.
    afterwards(dataDirectory);
    return 0;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    say('e', `PlexSync could not keep a change: ${problem}. The next reconciliation will find it.`);
    return 1;
  }
}

/** By Stash's log prefix: 0x01, the level, 0x02 (stashapp/stash pkg/logger/plugin.go). */
function say(level: 'w' | 'e', message: string): void {
  process.stderr.write(`\u0001${level}\u0002${message.replace(/\n/g, ' ')}\n`);
}

/** Says why no worker can be started, as plugin/supervise.sh does. */
function noRuntime(dataDirectory: string): string {
  return join(dataDirectory, 'no-runtime');
}

/** Starts a worker unless one lives. The lock sends a second one home. */
export function wakeWorker(programPath: string, dataDirectory: string): void {
  const { supervisor } = makeDataDirectory(dataDirectory);
  if (namesOneLiving(supervisor)) return;
  rmSync(noRuntime(dataDirectory), { force: true });
  const args = ['--disable-warning=ExperimentalWarning', programPath, 'worker', dataDirectory];
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: 'ignore',
    // Else a console would open on the person's screen.
    windowsHide: true,
    cwd: dataDirectory,
  });
  child.on('error', () => {});
  child.unref();
  const line = child.pid === undefined ? null : claimOf(child.pid);
  if (line !== null) writeFileSync(supervisor, line, { mode: 0o600 });
}

function namesOneLiving(path: string): boolean {
  try {
    return isLiving(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
}

/** Of `sh.cmd <launch.sh> [hook | task <name>]`: what is wanted. */
export function wanted(
  args: readonly string[],
): { readonly kind: 'hook' | 'operation' } | { readonly kind: 'task'; readonly name: string } {
  const [, way, name = ''] = args;
  if (way === 'hook') return { kind: 'hook' };
  return way === 'task' ? { kind: 'task', name } : { kind: 'operation' };
}
