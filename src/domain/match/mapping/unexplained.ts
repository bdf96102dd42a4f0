// Counts the files that no rule leads to, by Stash folder. Where the folders are too many to keep
// or to show, the deepest are counted in those above them.
import { folderOf } from '../pathMapping.ts';
import { depthOf, withoutNames } from './names.ts';

const mostShown = 50;
const mostKept = 2_000;

export interface UnexplainedFolder {
  readonly folder: string;
  readonly files: number;
  readonly inPlex: number;
}

export interface UnexplainedFolders {
  /** Counts a file, by its raw path in Stash. */
  add(path: string, inPlex: boolean): void;
  /** Most files first, at most 50, up to the folders above until these hold most of the files. */
  most(): readonly UnexplainedFolder[];
}

export function unexplainedFolders(): UnexplainedFolders {
  let folders = new Map<string, { folder: string; files: number; inPlex: number }>();
  /** Folders deeper than this are counted in the one above at this depth. */
  let depth = Infinity;
  const add = (path: string, files: number, inPlex: number): void => {
    const folder = depth === Infinity ? path : withoutNames(path, depthOf(path) - depth);
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, { folder, files, inPlex });
    else {
      known.files += files;
      known.inPlex += inPlex;
    }
  };
  const rollUp = (): void => {
    const before = folders;
    const deepest = [...before.keys()].reduce((most, path) => Math.max(most, depthOf(path)), 0);
    depth = Math.max(0, deepest - 1);
    folders = new Map();
    for (const { folder, files, inPlex } of before.values()) add(folder, files, inPlex);
  };
  return {
    add: (path, inPlex) => {
      add(folderOf(path), 1, inPlex ? 1 : 0);
      while (folders.size > mostKept && depth > 0) rollUp();
    },
    most: () => {
      for (;;) {
        const all = [...folders.values()].toSorted((one, other) => other.files - one.files);
        const shown = all.slice(0, mostShown);
        if (filesIn(shown) * 5 >= filesIn(all) * 4 || depth === 0) return shown;
        rollUp();
      }
    },
  };
}

function filesIn(folders: readonly UnexplainedFolder[]): number {
  return folders.reduce((sum, { files }) => sum + files, 0);
}
