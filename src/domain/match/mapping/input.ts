// What the search for path mappings is given: the files of Stash with their counterparts in Plex,
// read anew for each pass, and the rules set by hand.
import type { PathRule } from '../../../contract/pathRules.ts';
import { pathForms, type PathForms, pathKey } from '../pathMapping.ts';
import { indexByFolder, longestFit } from './folderIndex.ts';

/** Raw paths of a Stash file and of the one Plex part of its name and byte size, if there is one. */
export interface FileEvidence {
  readonly stash: string;
  /** null where Plex has none or several. */
  readonly plex: string | null;
}

/** One file where Stash sees it and where Plex does. */
export interface Pair {
  readonly stash: PathForms;
  readonly plex: PathForms;
}

export interface SearchInput {
  readonly files: () => Iterable<FileEvidence>;
  readonly handRules: readonly PathRule[];
  /** Whether a rule set by hand decides where the pair's Stash file is in Plex. */
  readonly isByHand: (pair: Pair) => boolean;
}

export function searchInput(
  files: () => Iterable<FileEvidence>,
  handRules: readonly PathRule[],
): SearchInput {
  const handFolders = indexByFolder(handRules, (rule) => pathKey(rule.stash));
  return { files, handRules, isByHand: ({ stash }) => longestFit(handFolders, stash.key) !== null };
}

/** null for a file without a counterpart. */
export function pairOf({ stash, plex }: FileEvidence): Pair | null {
  return plex === null ? null : { stash: pathForms(stash), plex: pathForms(plex) };
}

/** One pass over all pairs. */
export function* pairsOf({ files }: SearchInput): Generator<Pair> {
  for (const file of files()) {
    const pair = pairOf(file);
    if (pair !== null) yield pair;
  }
}
