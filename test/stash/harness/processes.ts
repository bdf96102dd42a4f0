// Finds and ends the processes of one temporary directory: Stash, and whatever its plugins left in
// the background. Each of them names the directory in its arguments, and nobody else does.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { until } from '../../helpers/wait.ts';

export interface RunningProcess {
  readonly pid: number;
  /** Program and arguments, joined by blanks. */
  readonly command: string;
}

/** Living processes that name `directory` in their arguments; zombies have none and do not count. */
export function processesOf(directory: string): readonly RunningProcess[] {
  return allProcesses().filter(
    ({ pid, command }) => pid !== process.pid && command.includes(directory),
  );
}

/** Workers of PlexSync among them. */
export function workersOf(directory: string): readonly RunningProcess[] {
  return processesOf(directory).filter(({ command }) => command.includes('plex-sync.cjs worker'));
}

/** What lives on without Stash: supervisors and workers. */
export function backgroundOf(directory: string): readonly RunningProcess[] {
  return processesOf(directory).filter(({ command }) =>
    /plex-sync\.cjs worker|supervise\.sh/.test(command),
  );
}

/** Kills them at once; those that have gone meanwhile are no error. */
export function kill(processes: readonly RunningProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** Kills until none is left: a hook caught in the middle may start one more. */
export async function endProcessesOf(directory: string): Promise<void> {
  await until(`no process of ${directory} lives`, () => {
    const living = processesOf(directory);
    kill(living);
    return living.length === 0;
  });
}

/**
 * Ends what lives in the directory, and the directory, when this process exits: Ctrl-C runs no
 * teardown. @returns a function that calls it off
 */
export function sweepAtExit(directory: string): () => void {
  const sweep = (): void => {
    // A test's own process goes on for a moment, and may be about to start another Stash.
    for (let attempt = 0; attempt < 100; attempt += 1) {
      kill(processesOf(directory));
      if (processesOf(directory).length === 0 && removed(directory)) return;
      // Nothing can be awaited any more.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  };
  process.once('exit', sweep);
  return () => process.off('exit', sweep);
}

function removed(directory: string): boolean {
  try {
    rmSync(directory, { recursive: true, force: true });
    return true;
  } catch {
    return false; // something was being written there
  }
}

function allProcesses(): readonly RunningProcess[] {
  const pids = numericNames('/proc');
  return pids.length > 0 ? pids.flatMap(fromProc) : fromPs();
}

function numericNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function fromProc(pid: string): readonly RunningProcess[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return command === '' ? [] : [{ pid: Number(pid), command }];
  } catch {
    return []; // gone meanwhile
  }
}

/** For systems without /proc. */
function fromPs(): readonly RunningProcess[] {
  const listed = spawnSync('ps', ['-Awwo', 'pid=,args='], { encoding: 'utf8' }).stdout;
  return listed.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
  });
}
