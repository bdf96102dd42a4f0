// The tree of Stash's folders with the evidence below each. It starts with the roots. A folder
// whose pairs have several widest rules is opened: the next pass over the pairs looks at its
// subfolders. Only a folder that needs it is opened, so memory follows the disorder of a library,
// not its size, and has a cap: of too many new folders those of the fewest pairs are forgotten.
import type { PathRule } from '../../../contract/pathRules.ts';
import { pathKey } from '../pathMapping.ts';
import { countEvidence, type Evidence, noRule, ruleId, ruleKeeping } from './evidence.ts';
import { type Pair, pairsOf, type SearchInput } from './input.ts';
import { namesBelow, rootLength } from './names.ts';

/** With more, none is opened any more. */
const mostFolders = 10_000;
/** Of those that one pass finds. */
const mostCounting = 10_000;
const mostRulesPerFolder = 8;
/** Passes that opening folders may take. */
const mostPasses = 14;
/** Pairs that a rule must explain to be used, where there are that many. */
const enoughPairs = 3;

export interface Folder {
  readonly key: string;
  readonly parent: Folder | null;
  readonly subfolders: Set<Folder>;
  /** `counting` in the pass that found it; `open` once its subfolders are looked at instead. */
  state: 'counting' | 'closed' | 'open';
  /** The pass that counts what lies directly in the folder and finds its subfolders. */
  openedFor: number;
  pairs: number;
  /** By widest rule, of all pairs below the folder. */
  readonly evidence: Map<string, Evidence>;
  /** Of those directly in it, known once it was opened. */
  readonly direct: Map<string, Evidence>;
}

/** A widest rule that may speak for a folder. */
export interface Speaker {
  readonly id: string;
  readonly evidence: Evidence;
}

export interface Tree {
  readonly input: SearchInput;
  /** By key. */
  readonly folders: Map<string, Folder>;
  /** Those that this pass has found. */
  counting: Set<Folder>;
  /** Ids of rules that were proposed and contradicted. */
  readonly refuted: Set<string>;
  passes: number;
  /** Pairs that a rule must explain, known after the first pass. */
  needed: number;
}

export function newTree(input: SearchInput): Tree {
  return {
    input,
    folders: new Map(),
    counting: new Set(),
    refuted: new Set(),
    passes: 0,
    needed: 0,
  };
}

export function mayLookDeeper({ passes }: Tree): boolean {
  return passes < mostPasses;
}

/** Passes over the pairs, each one folder deeper into what is not settled, until all is. */
export function grow(tree: Tree): void {
  openUnsettled(tree);
  do {
    countPairs(tree);
  } while (openUnsettled(tree));
}

/** The one widest rule of all pairs below a folder, if they have one. */
export function onlyRule(folder: Folder): Speaker | null {
  const most = mostFrequent(folder.evidence);
  return most?.evidence.pairs === folder.pairs ? most : null;
}

/** Which of the widest rules counted most pairs have. */
export function mostFrequent(counts: ReadonlyMap<string, Evidence>): Speaker | null {
  let most: Speaker | null = null;
  for (const [id, evidence] of counts) {
    if (most === null || evidence.pairs > most.evidence.pairs) most = { id, evidence };
  }
  return most;
}

/** The rule for a folder that evidence from below it speaks for: it may be for one above. */
export function ruleFor(folder: Folder, evidence: Evidence): PathRule {
  const names = namesBelow(pathKey(evidence.stash), folder.key);
  return ruleKeeping(Math.min(evidence.tail, names), evidence);
}

/** Returns whether any folder needed it and passes are left. */
function openUnsettled(tree: Tree): boolean {
  if (!mayLookDeeper(tree) || tree.folders.size > mostFolders) return false;
  let opened = false;
  for (const folder of tree.folders.values()) {
    if (folder.state !== 'closed' || isSettled(tree, folder)) continue;
    folder.state = 'open';
    folder.openedFor = tree.passes + 1;
    opened = true;
  }
  return opened;
}

function isSettled({ refuted }: Tree, folder: Folder): boolean {
  if (folder.pairs < enoughPairs) return true;
  const only = onlyRule(folder);
  if (only === null) return false;
  return only.id === noRule || !refuted.has(ruleId(ruleFor(folder, only.evidence)));
}

function countPairs(tree: Tree): void {
  tree.passes += 1;
  for (const pair of pairsOf(tree.input)) {
    if (tree.passes === 1 && tree.needed < enoughPairs) tree.needed += 1;
    if (tree.input.isByHand(pair)) continue;
    const folder = unopenedAbove(tree, pair);
    if (folder?.state !== 'counting') continue;
    folder.pairs += 1;
    countEvidence(folder.evidence, pair, mostRulesPerFolder);
  }
  for (const folder of tree.counting) folder.state = 'closed';
  tree.counting = new Set();
}

/** The folder above a pair's Stash file that is not open; null if it is in an open one or forgotten. */
function unopenedAbove(tree: Tree, pair: Pair): Folder | null {
  const { key } = pair.stash;
  let end = rootLength(key);
  if (end === key.length) return null;
  const root = key.slice(0, end) || '/';
  let folder =
    tree.folders.get(root) ?? (tree.passes === 1 ? addFolder(tree, root, null) : undefined);
  while (folder?.state === 'open') {
    const isNew = folder.openedFor === tree.passes;
    end = key.indexOf('/', end + 1);
    if (end === -1) {
      if (isNew) countEvidence(folder.direct, pair, mostRulesPerFolder);
      return null;
    }
    const subfolder = key.slice(0, end);
    folder =
      tree.folders.get(subfolder) ?? (isNew ? addFolder(tree, subfolder, folder) : undefined);
  }
  return folder ?? null;
}

function addFolder(tree: Tree, key: string, parent: Folder | null): Folder {
  if (tree.counting.size >= mostCounting) forgetSmallest(tree);
  const folder: Folder = {
    key,
    parent,
    subfolders: new Set(),
    state: 'counting',
    openedFor: 0,
    pairs: 0,
    evidence: new Map(),
    direct: new Map(),
  };
  tree.folders.set(key, folder);
  tree.counting.add(folder);
  parent?.subfolders.add(folder);
  return folder;
}

/** Half of the folders that are being counted. */
function forgetSmallest({ folders, counting }: Tree): void {
  const bySize = [...counting].toSorted((one, other) => one.pairs - other.pairs);
  for (const folder of bySize.slice(0, bySize.length / 2)) {
    folders.delete(folder.key);
    counting.delete(folder);
    folder.parent?.subfolders.delete(folder);
  }
}
