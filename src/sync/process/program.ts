// Tells whether the program on the disk is still the one that runs: Stash's package manager deletes
// the files of a plugin and then writes the new ones.
import { statSync } from 'node:fs';

/**
 * Something that changes with the file; 'missing' while it is gone. Not its number: file systems in user
 * space (Unraid's /mnt/user, mergerfs) give a file that nobody has open another one, now and then.
 */
export function programIdentity(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${Math.floor(mtimeMs / 1_000)}`;
  } catch {
    return 'missing';
  }
}
