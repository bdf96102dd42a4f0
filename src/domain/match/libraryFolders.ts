// Whether a path lies in one of Plex's library folders.
import { isWithin, pathKey } from './pathMapping.ts';

/**
 * @param path comparable path
 * @param folders as Plex spells them
 * @returns the first folder that holds the path, as given; null if none does
 */
export function folderHolding(path: string, folders: readonly string[]): string | null {
  return folders.find((folder) => isWithin(path, pathKey(folder))) ?? null;
}
