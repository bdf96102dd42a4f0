// Where the data directory is: as told, or the folder plex-sync near the plugin's own.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PlexSyncError } from '../contract/errors.ts';
import { dataDirectory } from '../store/file/dataDirectory.ts';

const whatItIs = 'It is the folder plex-sync beside Stash’s config.yml';

/** `<configuration>/plugins/plex-sync` is two levels below; plugins may lie in folders of folders. */
const levels = { first: 2, last: 5 } as const;

/**
 * @param given of the option --data
 * @param variable value of PLEXSYNC_DATA
 * @param programFolder the plugin's
 * @throws PlexSyncError `bad-arguments` if there is none
 */
export function findData(
  given: string | undefined,
  variable: string | undefined,
  programFolder: string,
): string {
  const told = given ?? (variable === '' ? undefined : variable);
  if (told !== undefined) return checked(resolve(told));
  let folder = programFolder;
  for (let level = 1; level <= levels.last; level += 1) {
    folder = dirname(folder);
    const found = join(folder, 'plex-sync');
    if (level >= levels.first && isData(found)) return found;
  }
  throw new PlexSyncError(
    'bad-arguments',
    `PlexSync’s data directory was not found around ${programFolder}. ${whatItIs}: name it with --data <directory> or in the environment variable PLEXSYNC_DATA.`,
    { field: 'data' },
  );
}

/** A mistyped path must not become an empty data directory in which "nothing waits". */
function checked(path: string): string {
  if (isData(path)) return path;
  const below = join(path, 'plex-sync');
  const meant = isData(below) ? ` Did you mean ${below}?` : '';
  throw new PlexSyncError(
    'bad-arguments',
    `${path} is no data directory of PlexSync. ${whatItIs}.${meant}`,
    { field: 'data' },
  );
}

function isData(path: string): boolean {
  const { database, spool } = dataDirectory(path);
  return existsSync(database) || existsSync(spool);
}
