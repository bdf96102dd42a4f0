// Makes a file that only its owner can read, before SQLite would make it for everybody.
import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/**
 * Makes the file if it is missing, with mode 0600 in any case. A file that exists is not opened:
 * POSIX frees all locks that a process has on a file when it closes any descriptor of it
 * (sqlite.org/howtocorrupt.html, section 2.2), and this process may hold some.
 */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  if (statSync(path).isFile()) chmodSync(path, 0o600);
}
