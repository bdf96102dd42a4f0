// The file by which a task asks the worker for its lock, in the form of the supervisor's: it names
// who asks. A request only, the lock is the truth; one whose process is gone asks for nothing.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { claimOf, isLiving } from './supervisorFile.ts';

/** The line of the living process that asks, or null. */
export function askerOf(path: string): string | null {
  const line = read(path);
  return line !== null && isLiving(line) ? line : null;
}

/**
 * Asks in the name of this process.
 * @returns false if another one asks already, or the request cannot be written
 */
export function ask(path: string): boolean {
  const line = claimOf(process.pid);
  if (line === null) return false;
  const before = read(path);
  if (before === line) return true;
  if (before !== null && isLiving(before)) return false;
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, line, { mode: 0o600 });
    // Should two replace a dead one's at the same time, the lock goes to one of them.
    if (before === null) linkSync(temporary, path);
    else renameSync(temporary, path);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Takes this process's request back. */
export function askNoMore(path: string): void {
  if (read(path) !== claimOf(process.pid)) return;
  rmSync(path, { force: true });
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
