// Finds and ends what the plugin started: its processes outlive the Stash that started them, which
// is right for a plugin and wrong for a demo.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const longestMs = 5_000;

/**
 * Kills every process that has `marker` in its command line or, where there is a /proc, in its
 * environment. Works without a turn of the event loop, so that it can be the last thing done.
 * @throws Error if some are there still after 5 seconds
 */
export function endProcesses(marker: string): void {
  const end = Date.now() + longestMs;
  let emptyLooks = 0;
  // Two looks, since one may miss a process that was being started by another.
  while (emptyLooks < 2) {
    const found = processesWith(marker);
    emptyLooks = found.length === 0 ? emptyLooks + 1 : 0;
    if (found.length > 0 && Date.now() > end) {
      throw new Error(`processes of the plugin do not end: ${found.join(', ')}`);
    }
    for (const pid of found) kill(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

function processesWith(marker: string): readonly number[] {
  const pids = process.platform === 'linux' ? fromProc(marker) : fromPs(marker);
  return pids.filter((pid) => pid !== process.pid);
}

/** Of processes that have ended, and of other people's, nothing can be read. */
function fromProc(marker: string): readonly number[] {
  const holds = (path: string): boolean => {
    try {
      return readFileSync(path).includes(marker);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => holds(`/proc/${pid}/environ`) || holds(`/proc/${pid}/cmdline`))
    .map(Number);
}

function fromPs(marker: string): readonly number[] {
  return execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(marker))
    .map((line) => Number.parseInt(line, 10));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
