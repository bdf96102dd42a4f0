// Counts and cuts the names of a path, for rules that are told by how many of a path's names they
// leave as they are. "Key" is the comparable form of a path that pathMapping.ts makes.
import { folderOf, pathKey } from '../pathMapping.ts';

/** The code of "/", which is between the names of a key. */
export const slash = 47;

/** Where the names of a key begin: after nothing, a drive, or a server and share. */
export function rootLength(key: string): number {
  if (!key.startsWith('/')) return key[1] === ':' ? 2 : key.length;
  if (!key.startsWith('//')) return 0;
  const share = key.indexOf('/', 2);
  const end = share === -1 ? -1 : key.indexOf('/', share + 1);
  return end === -1 ? key.length : end;
}

/** Number of names of a key below a folder that it is in. */
export function namesBelow(key: string, folderKey: string): number {
  let names = 0;
  for (let at = folderKey === '/' ? 0 : folderKey.length; at < key.length; at += 1) {
    if (key.charCodeAt(at) === slash) names += 1;
  }
  return names;
}

/** Number of names of a path below its root. */
export function depthOf(path: string): number {
  const key = pathKey(path);
  return key === '/' ? 0 : namesBelow(key, key.slice(0, rootLength(key)) || '/');
}

/** A path without its last names, spelled as it is. It stops at the root. */
export function withoutNames(path: string, names: number): string {
  let folder = path;
  for (let left = names; left > 0; left -= 1) folder = folderOf(folder);
  return folder;
}

/** A key without its last names; '' for the root "/". */
export function keyWithoutNames(key: string, names: number): string {
  let end = key.length;
  for (let left = names; left > 0; left -= 1) end = key.lastIndexOf('/', end - 1);
  return key.slice(0, Math.max(0, end));
}
