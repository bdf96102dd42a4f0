// Peak resident memory of a process, as the kernel kept it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** MB (10⁶ bytes) at the highest so far; NaN where there is no /proc. */
export function peakMemoryMb(pid: number): number {
  try {
    return highWaterMb(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** The same of a Node that does nothing. */
export function idleNodePeakMb(): number {
  const script = "process.stdout.write(require('node:fs').readFileSync('/proc/self/status'))";
  try {
    return highWaterMb(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  } catch {
    return Number.NaN;
  }
}

function highWaterMb(status: string): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? Number.NaN : (Number(kib) * 1024) / 1e6;
}
