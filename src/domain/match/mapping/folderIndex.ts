// Finds, of many folders, the longest that a path is in without trying each: that is the one whose
// rule decides.
import { isWithin } from '../pathMapping.ts';

export interface FolderIndex<T> {
  /** Of the folders, longest first. */
  readonly lengths: readonly number[];
  /** By the folder's key without the separator at its end, which only the root "/" has. */
  readonly items: ReadonlyMap<string, { readonly folder: string; readonly item: T }>;
}

/** Of two items for one folder the first is kept, as pathMapping.ts decides. */
export function indexByFolder<T>(
  items: readonly T[],
  folderKey: (item: T) => string,
): FolderIndex<T> {
  const byFolder = new Map<string, { readonly folder: string; readonly item: T }>();
  for (const item of items) {
    const folder = folderKey(item);
    const key = folder === '/' ? '' : folder;
    if (!byFolder.has(key)) byFolder.set(key, { folder, item });
  }
  const lengths = [...new Set([...byFolder.keys()].map((key) => key.length))];
  return { lengths: lengths.toSorted((one, other) => other - one), items: byFolder };
}

/** The item of the longest folder that a key is in, or is. */
export function longestFit<T>({ lengths, items }: FolderIndex<T>, key: string): T | null {
  for (const length of lengths) {
    const found = items.get(key.slice(0, length));
    if (found !== undefined && isWithin(key, found.folder)) return found.item;
  }
  return null;
}
