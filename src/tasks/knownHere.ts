// What is known of this installation and must not stand in a report: its machines, folders and user.
import { realpathSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Known } from '../domain/words/knownWords.ts';
import * as state from '../store/file/state.ts';
import { readState } from '../store/file/state.ts';
import type { TaskContext } from './context.ts';

/** @param plexUrl as it was typed, whatever that is; '' where it could not be asked for */
export function knownHere(
  { db, directory, programPath }: Pick<TaskContext, 'db' | 'directory' | 'programPath'>,
  plexUrl: string,
): Known {
  const stash = readState(db, state.connection);
  const lastUrl = readState(db, state.plexAddress) ?? '';
  const folders = [
    directory.path,
    dirname(directory.path),
    dirname(programPath),
    stash?.pluginDir ?? '',
    homedir(),
    tmpdir(),
    process.cwd(),
  ].filter((folder) => folder !== '');
  return {
    hosts: [hostname(), stash?.host ?? '', hostIn(plexUrl), hostIn(lastUrl)],
    folders: folders.flatMap((folder) => [folder, realPath(folder)]),
    names: userName(),
  };
}

/** Also of what is no address: "nas:32400". */
function hostIn(url: string): string {
  return /^\s*(?:[a-z]+:\/+)?(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#\s]*)/i.exec(url)?.[1] ?? '';
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function userName(): readonly string[] {
  try {
    return [userInfo().username];
  } catch {
    // A container's user need not have a name.
    return [];
  }
}
