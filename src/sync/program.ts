// Tells whether the program on the disk is still the one that runs: Stash's package manager deletes
// the files of a plugin and then writes the new ones.
import { statSync } from 'node:fs';

/** Something that changes with the file; 'missing' while it is gone. */
export function programIdentity(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'missing';
  }
}
