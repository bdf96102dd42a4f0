// Who may not use the data directory, and why: a container that runs as another user now, files that root
// has left there, a mount for reading only. SQLite and the system name neither owner nor user.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DataDirectory } from './dataDirectory.ts';

const { R_OK, W_OK, X_OK } = constants;

/** The first thing of it that this process may not use, as a sentence with the way out; null if it may. */
export function whyNotAllowed(directory: DataDirectory): string | null {
  const { path, spool, database, ...files } = directory;
  const looks = [
    // What is missing is made by who may write into the folder above.
    ...(existsSync(path) ? [] : [{ what: dirname(path), mode: W_OK | X_OK }]),
    { what: path, mode: R_OK | W_OK | X_OK },
    { what: spool, mode: R_OK | W_OK | X_OK },
    ...[database, `${database}-wal`, `${database}-shm`, `${database}.opening`]
      .concat(Object.values(files))
      .map((what) => ({ what, mode: R_OK | W_OK })),
  ];
  for (const { what, mode } of looks) {
    const code = refusal(what, mode);
    if (code === 'EROFS') {
      return `PlexSync cannot write to ${what}: it is mounted for reading only.`;
    }
    if (code !== null)
      return `PlexSync may not use ${what}: ${owners(what)} (${code}). ${wayOut(path)}`;
  }
  return null;
}

/** The code of what keeps this process from it; null if nothing does, or it is not there. */
function refusal(path: string, mode: number): string | null {
  try {
    accessSync(path, mode);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return ['EACCES', 'EPERM', 'EROFS'].includes(code) ? code : null;
  }
}

function owners(path: string): string {
  const user = process.getuid?.();
  const runs = user === undefined ? '' : `, and it runs as user ${user} here`;
  try {
    return `it belongs to user ${statSync(path).uid}${runs}`;
  } catch {
    return `a folder above it is closed${runs}`;
  }
}

function wayOut(path: string): string {
  const user = process.getuid?.() ?? 0;
  return user === 0
    ? `Let the user that Stash runs as own ${path} and all that is in it.`
    : `If Stash runs as that user as well: let it own ${path} and all that is in it (chown -R ${user} ${path}, as root).`;
}
