// What the worker, or Node itself, writes to its error stream is a file of the data directory where a supervisor
// started it (plugin/supervise.sh). Each start empties it; this keeps it small during a long life.
import { fstatSync, ftruncateSync } from 'node:fs';

const mostBytes = 65_536;
const errorStream = 2;

/** Empties the error stream if it is a file of more than 64 KB; whoever writes on adds to what is left. */
export function cutErrors(): void {
  try {
    const stat = fstatSync(errorStream);
    if (stat.isFile() && stat.size > mostBytes) ftruncateSync(errorStream);
  } catch {
    // Closed: nothing grows.
  }
}

/** Looks once a minute, for as long as the process lives. */
export function keepErrorsSmall(everyMs = 60_000): void {
  setInterval(cutErrors, everyMs).unref();
}
