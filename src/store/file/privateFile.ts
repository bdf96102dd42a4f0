// Makes a file that only its owner can read, before SQLite would make it for everybody.
import { chmodSync, chownSync, closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const ownerOnly = 0o600;

/**
 * Makes the file if it is missing, with mode 0600 in any case. A file that exists is not opened:
 * POSIX frees all locks that a process has on a file when it closes any descriptor of it
 * (sqlite.org/howtocorrupt.html, section 2.2), and this process may hold some.
 */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', ownerOnly));
    giveToOwner(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const found = statSync(path);
  if (!found.isFile() || (found.mode & 0o777) === ownerOnly) return;
  try {
    chmodSync(path, ownerOnly);
  } catch {
    // Another user's, or on a file system that knows no modes: whether it can be used shows in using it.
  }
}

/**
 * What root makes in the folder of another user becomes that user's: a person who calls PlexSync as root
 * must not take it away from the Stash that runs as somebody else.
 */
export function giveToOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  try {
    const { uid, gid } = statSync(dirname(path));
    if (uid !== 0) chownSync(path, uid, gid);
  } catch {
    // A file system without owners.
  }
}

/** Whether this process is root's and the folder another user's: what it starts would be root's as well. */
export function isRootElsewhere(folder: string): boolean {
  if (process.getuid?.() !== 0) return false;
  const found = statSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.uid !== 0;
}
