// A damaged data file is kept beside the new one, for whoever wants to save something from it. No more
// than two are: a disk that fails again and again must not fill itself with copies.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { endings } from './sameFile.ts';

const kept = 2;

/**
 * @param now Unix ms, for its name
 * @returns where the file is now
 */
export function moveAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const aside = `${path}.corrupt-${stamp}`;
  for (const ending of endings) {
    if (existsSync(path + ending)) renameSync(path + ending, aside + ending);
  }
  dropOldest(path, basename(aside));
  return aside;
}

/** By name, which has the time; but the one just made stays, whatever the clock says. */
function dropOldest(path: string, newest: string): void {
  const folder = dirname(path);
  const begin = `${basename(path)}.corrupt-`;
  const names = readdirSync(folder).filter((name) => name.startsWith(begin));
  const stems = new Set(names.map((name) => name.replace(/-(?:wal|shm)$/, '')));
  stems.delete(newest);
  for (const stem of [...stems]
    .toSorted()
    .reverse()
    .slice(kept - 1)) {
    for (const ending of endings) removeQuietly(join(folder, stem + ending));
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Another time.
  }
}
