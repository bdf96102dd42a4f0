// Finds path mappings from files known on both sides: which folder of Stash's is which of Plex's.
//
// A pair's longest common tail gives the most general rule that explains it ("label"). Folders of
// Stash's are looked at from their roots down: where all pairs below a folder have one label, that
// rule is proposed; where they have several, the folder is opened and its subfolders are looked at
// in the next pass over the files. All proposals are then tried together in both directions over
// all files, and one that contradicts any is taken apart in the same way. Only a folder that needs
// it is opened, so memory follows the disorder of a library, not its size, and has a cap.
import type { PathRule } from '../contract/pathRules.ts';
import {
  folderOf,
  isWithin,
  pathForms,
  type PathForms,
  pathKey,
  plexPathKey,
  stashPathKey,
  withoutCase,
} from './pathMapping.ts';

/** Raw paths of a Stash file and of the one Plex part of its name and byte size, if there is one. */
export interface FileEvidence {
  readonly stash: string;
  /** null where Plex has none or several. */
  readonly plex: string | null;
}

export interface RuleFigures {
  /** Files below its Stash folder that it maps to exactly where Plex has them. */
  readonly explains: number;
  /** Files that it maps elsewhere, or that are below its Plex folder and belong elsewhere in Stash. */
  readonly contradicts: number;
}

export interface FoundRule extends PathRule, RuleFigures {
  readonly use: 'used' | 'offered';
  /** One sentence for a person. */
  readonly why: string;
}

export interface HandRule extends RuleFigures {
  readonly rule: PathRule;
}

export interface UnexplainedFolder {
  readonly folder: string;
  readonly files: number;
  readonly inPlex: number;
}

export interface MappingReport {
  /** All Stash files looked at. */
  readonly files: number;
  /** Of these, with a counterpart. */
  readonly inPlex: number;
  /** Of `inPlex`, at the path that the rules in use give; where none fits, at the same path. */
  readonly explained: number;
  /** Most explaining first, at most 50. */
  readonly rules: readonly FoundRule[];
  /** What the rules given say of the files below their folders, in the order given. */
  readonly handRules: readonly HandRule[];
  /** Files in Plex elsewhere or not at all, by Stash folder, most first, at most 50 folders. */
  readonly unexplained: readonly UnexplainedFolder[];
}

const mostUsedRules = 40;
const mostOfferedRules = 10;
const mostFolders = 50;
/** Caps of what the search keeps; beyond them it forgets what has the fewest files. */
const mostNodes = 20_000;
const mostLabelsPerFolder = 4;
const mostUnexplainedLabels = 1_000;
const mostProposals = 2_000;
const mostOfferedMeasured = 30;
const mostElsewhere = 32;
const mostFolderCounts = 2_000;
/** Passes over all files that opening folders may take; a few more check and count. */
const mostSearchPasses = 14;
const mostClosingPasses = 4;
/** Files that a rule must explain to be used, where there are that many pairs. */
const enoughFiles = 3;
/** How many subfolders must agree before one rule speaks for all but the exceptions. */
const manySubfolders = 5;

interface Pair {
  readonly stash: PathForms;
  readonly plex: PathForms;
}

/** Hand rules first, then the found rules used, none at or below a hand rule's folder. */
export function rulesInUse(
  handRules: readonly PathRule[],
  found: readonly FoundRule[],
): readonly PathRule[] {
  const hands = handRules.map((rule) => pathKey(rule.stash));
  return [
    ...handRules,
    ...found
      .filter((rule) => rule.use === 'used')
      .filter((rule) => !hands.some((hand) => isWithin(pathKey(rule.stash), hand)))
      .map(({ stash, plex }) => ({ stash, plex })),
  ];
}

/**
 * The rules that the files prove, and those they only suggest. Hand rules are obeyed and tested.
 * @param files called once for each pass, with the same answer: 3 times where one rule does for all,
 *   seldom more than 12, never more than 40
 */
export function findMappings(
  files: () => Iterable<FileEvidence>,
  handRules: readonly PathRule[],
): MappingReport {
  const hands = handRules.map((rule) => tried(rule, true));
  const handFolders = indexOf(hands, (rule) => rule.stash);
  const belowHand = (stash: PathForms): boolean => decider(handFolders, stash.key) !== null;
  const search = newSearch(() => pairsOf(files()), belowHand);
  while (grow(search)) {
    // Each pass looks one folder deeper into what is not settled.
  }
  let proposals = proposalsOf(search, mostProposals);
  let verdict = verify(search.pairs, hands, proposals, belowHand);
  for (let closing = 0; ; ) {
    const bad = verdict.rules.filter(
      (rule) => contradicts(rule) > 0 || rule.explains < search.needed,
    );
    if (bad.length === 0 && verdict.rules.length <= mostUsedRules) break;
    if (bad.length === 0) {
      proposals = byExplains(verdict.rules)
        .slice(0, mostUsedRules)
        .map(({ rule }) => rule);
    } else if (search.passes < mostSearchPasses) {
      for (const rule of bad) search.forbidden.add(idOf(rule.rule));
      reopen(search);
      while (grow(search)) {
        // As above.
      }
      proposals = proposalsOf(search, mostProposals);
    } else {
      closing += 1;
      // What a rule leaves behind falls to the next shorter one: without those too, no figure of
      // the others changes.
      const rest = closing < mostClosingPasses ? withoutAndAbove(verdict.rules, bad) : [];
      proposals = byExplains(rest)
        .slice(0, mostUsedRules)
        .map(({ rule }) => rule);
    }
    verdict = verify(search.pairs, hands, proposals, belowHand);
  }
  return report(files, hands, verdict, search.needed, belowHand);
}

function* pairsOf(files: Iterable<FileEvidence>): Generator<Pair> {
  for (const { stash, plex } of files) {
    if (plex !== null) yield { stash: pathForms(stash), plex: pathForms(plex) };
  }
}

// --- What a pair says ---------------------------------------------------------------------------

/** The most general rule that explains a pair. */
interface Label {
  /** `same` for equal paths, '' where not even the names agree. */
  readonly id: string;
  /** Number of names at the end that both paths share. */
  readonly tail: number;
}

const same = '=';

function labelOf({ stash, plex }: Pair): Label {
  // Only a Windows Plex takes names of another case for the same.
  const one = plex.windows ? withoutCase(stash.cased) : stash.cased;
  const other = plex.windows ? plex.key : plex.cased;
  const oneRoot = rootLength(one);
  const otherRoot = rootLength(other);
  let tail = 0;
  let oneCut = one.length;
  let otherCut = other.length;
  for (let back = 1; ; back += 1) {
    const at = one.length - back;
    const otherAt = other.length - back;
    if (at < oneRoot || otherAt < otherRoot) break;
    const code = one.charCodeAt(at);
    if (code !== other.charCodeAt(otherAt)) break;
    if (code !== slash) continue;
    tail += 1;
    oneCut = at;
    otherCut = otherAt;
  }
  if (tail === 0) return { id: '', tail };
  if (stash.key === plex.key) return { id: same, tail };
  const from = one === stash.cased ? stash.key.slice(0, oneCut) : upFrom(stash.key, tail);
  return { id: `${from}\0${other.slice(0, otherCut)}`, tail };
}

const slash = 47;

/** Where the names begin: after nothing, a drive, or a server and share. */
function rootLength(key: string): number {
  if (!key.startsWith('/')) return key[1] === ':' ? 2 : key.length;
  if (!key.startsWith('//')) return 0;
  const share = key.indexOf('/', 2);
  const end = share === -1 ? -1 : key.indexOf('/', share + 1);
  return end === -1 ? key.length : end;
}

function upFrom(key: string, names: number): string {
  let end = key.length;
  for (let left = names; left > 0; left -= 1) end = key.lastIndexOf('/', end - 1);
  return key.slice(0, Math.max(0, end));
}

/** Number of names of a path below a folder that it is in. */
function namesBelow(key: string, folderKey: string): number {
  let names = 0;
  for (let at = folderKey === '/' ? 0 : folderKey.length; at < key.length; at += 1) {
    if (key.charCodeAt(at) === slash) names += 1;
  }
  return names;
}

function upBy(path: string, names: number): string {
  let folder = path;
  for (let left = names; left > 0; left -= 1) folder = folderOf(folder);
  return folder;
}

function ruleAt({ stash, plex }: Sample, names: number): PathRule {
  return { stash: upBy(stash, names), plex: upBy(plex, names) };
}

// --- Looking at folders -------------------------------------------------------------------------

/** The raw paths of one pair of a label: rules are spelled as they are. */
interface Sample {
  readonly stash: string;
  readonly plex: string;
  readonly tail: number;
}

interface Share {
  count: number;
  readonly sample: Sample;
}

function shareOf({ stash, plex }: Pair, tail: number): Share {
  return { count: 1, sample: { stash: stash.raw, plex: plex.raw, tail } };
}

interface Node {
  readonly key: string;
  readonly parent: Node | null;
  readonly children: Set<Node>;
  state: 'counting' | 'open' | 'closed';
  /** The pass that counts what lies directly in the folder and finds its subfolders. */
  openedFor: number;
  pairs: number;
  /** Of all pairs below the folder. */
  readonly labels: Map<string, Share>;
  /** Of those directly in it, known once it was opened. */
  readonly direct: Map<string, Share>;
  /** It has more labels than are kept: it is not of one. */
  crowded: boolean;
  /** Files in it or subfolders were forgotten: no rule for it is known to be right. */
  lost: boolean;
}

interface Search {
  readonly pairs: () => Iterable<Pair>;
  readonly belowHand: (stash: PathForms) => boolean;
  readonly nodes: Map<string, Node>;
  /** Rules that were proposed and refuted. */
  readonly forbidden: Set<string>;
  passes: number;
  /** Files that a rule must explain, known after the first pass. */
  needed: number;
}

function newSearch(pairs: Search['pairs'], belowHand: Search['belowHand']): Search {
  return { pairs, belowHand, nodes: new Map(), forbidden: new Set(), passes: 0, needed: 0 };
}

/** One pass over all pairs. Returns whether another one can settle more. */
function grow(search: Search): boolean {
  search.passes += 1;
  const { nodes, passes } = search;
  for (const pair of search.pairs()) {
    if (search.needed < enoughFiles && passes === 1) search.needed += 1;
    if (search.belowHand(pair.stash)) continue;
    const { key } = pair.stash;
    let end = rootLength(key);
    if (end === key.length) continue;
    let node: Node | null =
      nodes.get(key.slice(0, end) || '/') ??
      (passes === 1 ? newNode(search, key.slice(0, end) || '/', null) : null);
    while (node !== null && node.state === 'open') {
      end = key.indexOf('/', end + 1);
      if (end === -1) {
        if (node.openedFor === passes && !share(node.direct, pair)) node.lost = true;
        break;
      }
      const folder = key.slice(0, end);
      const child = nodes.get(folder);
      if (child === undefined && node.openedFor !== passes) break;
      node = child ?? newNode(search, folder, node);
    }
    if (node?.state !== 'counting') continue;
    node.pairs += 1;
    if (!share(node.labels, pair)) node.crowded = true;
  }
  for (const node of nodes.values()) if (node.state === 'counting') node.state = 'closed';
  return reopen(search);
}

/** Opens the folders that need it. Returns whether there are any and passes are left. */
function reopen(search: Search): boolean {
  if (search.passes >= mostSearchPasses) return false;
  let opened = false;
  for (const node of search.nodes.values()) {
    if (node.state !== 'closed' || node.pairs < enoughFiles || !isUnsettled(search, node)) continue;
    node.state = 'open';
    node.openedFor = search.passes + 1;
    opened = true;
  }
  return opened;
}

function isUnsettled(search: Search, node: Node): boolean {
  const only = onlyShare(node);
  if (only === null) return true;
  return only.id !== '' && search.forbidden.has(idOf(proposalAt(node, only.share).rule));
}

function onlyShare(node: Node): { readonly id: string; readonly share: Share } | null {
  if (node.crowded) return null;
  const [first, second] = node.labels;
  return first === undefined || second !== undefined ? null : { id: first[0], share: first[1] };
}

/** Counts a pair for its label. Returns whether there was room for it. */
function share(shares: Map<string, Share>, pair: Pair): boolean {
  const { id, tail } = labelOf(pair);
  const known = shares.get(id);
  if (known !== undefined) known.count += 1;
  else if (shares.size < mostLabelsPerFolder) shares.set(id, shareOf(pair, tail));
  else return false;
  return true;
}

function newNode(search: Search, key: string, parent: Node | null): Node | null {
  if (search.nodes.size >= mostNodes && !forgetSmallest(search.nodes)) {
    if (parent !== null) parent.lost = true;
    return null;
  }
  const node: Node = {
    key,
    parent,
    children: new Set(),
    state: 'counting',
    openedFor: 0,
    pairs: 0,
    labels: new Map(),
    direct: new Map(),
    crowded: false,
    lost: false,
  };
  search.nodes.set(key, node);
  parent?.children.add(node);
  return node;
}

/** Half of the folders being counted go, those of the fewest pairs. */
function forgetSmallest(nodes: Map<string, Node>): boolean {
  const counting = [...nodes.values()].filter((node) => node.state === 'counting');
  if (counting.length < mostNodes / 4) return false;
  counting.sort((one, other) => one.pairs - other.pairs);
  for (const node of counting.slice(0, counting.length / 2)) {
    nodes.delete(node.key);
    node.parent?.children.delete(node);
    if (node.parent !== null) node.parent.lost = true;
  }
  return true;
}

// --- Choosing rules -----------------------------------------------------------------------------

interface Proposal {
  readonly rule: PathRule;
  readonly pairs: number;
}

interface Choice {
  readonly proposals: readonly Proposal[];
  /** Whether they explain all pairs below the folder. */
  readonly whole: boolean;
}

function proposalsOf(search: Search, most: number): PathRule[] {
  const memo = new Map<Node, Map<string, Choice>>();
  return [...search.nodes.values()]
    .filter((node) => node.parent === null)
    .flatMap((node) => choose(search, memo, node, same).proposals)
    .toSorted((one, other) => other.pairs - one.pairs)
    .slice(0, most)
    .map(({ rule }) => rule);
}

function proposalAt(node: Node, { sample, count }: Share): Proposal {
  const names = Math.min(sample.tail, namesBelow(pathKey(sample.stash), node.key));
  return { rule: ruleAt(sample, names), pairs: count };
}

function idOf(rule: PathRule): string {
  return `${pathKey(rule.stash)}\0${pathKey(rule.plex)}`;
}

/** The rules for a folder whose files another rule above, of the label `inherited`, would map. */
function choose(
  search: Search,
  memo: Map<Node, Map<string, Choice>>,
  node: Node,
  inherited: string,
): Choice {
  const known = memo.get(node) ?? new Map<string, Choice>();
  memo.set(node, known);
  const before = known.get(inherited);
  if (before !== undefined) return before;
  const choice = chooseAnew(search, memo, node, inherited);
  known.set(inherited, choice);
  return choice;
}

function chooseAnew(
  search: Search,
  memo: Map<Node, Map<string, Choice>>,
  node: Node,
  inherited: string,
): Choice {
  const only = onlyShare(node);
  if (only !== null) {
    if (only.id === inherited) return { proposals: [], whole: true };
    const proposal = proposalAt(node, only.share);
    const enough = only.id !== '' && only.share.count >= search.needed;
    if (!enough) return { proposals: [], whole: false };
    if (!search.forbidden.has(idOf(proposal.rule))) return { proposals: [proposal], whole: true };
  }
  if (node.state !== 'open') return { proposals: [], whole: false };
  const below = (label: string): Choice => {
    const choices = [...node.children].map((child) => choose(search, memo, child, label));
    return {
      proposals: choices.flatMap(({ proposals }) => proposals),
      whole:
        !node.lost &&
        choices.every(({ whole }) => whole) &&
        [...node.direct.keys()].every((id) => id === label),
    };
  };
  const general = generalShare(node);
  if (general !== null && general.id !== inherited && general.id !== '') {
    const { sample } = general.share;
    const names = namesBelow(pathKey(sample.stash), node.key);
    const proposal = proposalAt(node, general.share);
    const enough = general.share.count >= search.needed && sample.tail >= names;
    if (enough && !search.forbidden.has(idOf(proposal.rule))) {
      const rest = below(general.id);
      if (rest.whole && rest.proposals.length <= mostUsedRules / 2) {
        return { proposals: [proposal, ...rest.proposals], whole: true };
      }
    }
  }
  return below(inherited);
}

/**
 * The label that could speak for a folder but for exceptions: the one of the files directly in it,
 * which no rule for a subfolder reaches, else that of most of many subfolders. Of few subfolders
 * none does: which of two a new third one follows is not known.
 */
function generalShare(node: Node): { readonly id: string; readonly share: Share } | null {
  const [direct, second] = node.direct;
  if (direct !== undefined) {
    return second === undefined ? { id: direct[0], share: direct[1] } : null;
  }
  const agreeing = new Map<string, { folders: number; share: Share }>();
  for (const child of node.children) {
    const only = onlyShare(child);
    if (only === null) continue;
    const known = agreeing.get(only.id);
    if (known === undefined) agreeing.set(only.id, { folders: 1, share: only.share });
    else known.folders += 1;
  }
  for (const [id, { folders, share: found }] of agreeing) {
    if (folders < manySubfolders || folders * 4 < node.children.size * 3) continue;
    return { id, share: { ...found, count: node.labels.get(id)?.count ?? found.count } };
  }
  return null;
}

// --- Trying rules together ----------------------------------------------------------------------

interface Tried {
  readonly rule: PathRule;
  readonly byHand: boolean;
  readonly stash: string;
  readonly plex: string;
  explains: number;
  /** Files that it maps elsewhere than Plex has them, and by which Plex folder has them. */
  elsewhere: number;
  readonly elsewhereBelow: Map<string, number>;
  /** Plex files below its Plex folder that belong elsewhere in Stash, and such a folder. */
  foreign: number;
  foreignBelow: string | null;
}

function tried(rule: PathRule, byHand: boolean): Tried {
  return {
    rule,
    byHand,
    stash: pathKey(rule.stash),
    plex: pathKey(rule.plex),
    explains: 0,
    elsewhere: 0,
    elsewhereBelow: new Map(),
    foreign: 0,
    foreignBelow: null,
  };
}

function contradicts(rule: Tried): number {
  return rule.elsewhere + rule.foreign;
}

function byExplains(rules: readonly Tried[]): Tried[] {
  return rules.toSorted((one, other) => other.explains - one.explains);
}

/** Rules by one of their folders, for finding the longest that fits without trying each. */
interface FolderIndex {
  readonly lengths: readonly number[];
  readonly rules: ReadonlyMap<string, Tried>;
}

function indexOf(rules: readonly Tried[], folder: (rule: Tried) => string): FolderIndex {
  const map = new Map<string, Tried>();
  for (const rule of rules) {
    const key = folder(rule) === '/' ? '' : folder(rule);
    if (!map.has(key)) map.set(key, rule);
  }
  const lengths = [...new Set([...map.keys()].map((key) => key.length))];
  return { lengths: lengths.toSorted((one, other) => other - one), rules: map };
}

/** The same decision as the mapping's own: the longest folder that fits, the first of two. */
function decider({ lengths, rules }: FolderIndex, key: string): Tried | null {
  for (const length of lengths) {
    if (length > key.length) continue;
    if (length < key.length && key.charCodeAt(length) !== slash) continue;
    if (length === 0 && key.charCodeAt(1) === slash) continue;
    const rule = rules.get(key.slice(0, length));
    if (rule !== undefined) return rule;
  }
  return null;
}

function leadsToPlex(rule: Tried, { stash, plex }: Pair): boolean {
  const rest = stash.cased.length === stash.key.length ? below(stash.cased, rule.stash) : null;
  if (rest !== null && isJoined(plex.key, rule.plex, rest)) return true;
  return plexPathKey(stash.raw, [rule.rule]) === plex.key;
}

function leadsToStash(rule: Tried, { stash, plex }: Pair): boolean {
  const rest = plex.cased.length === plex.key.length ? below(plex.cased, rule.plex) : null;
  if (rest !== null && isJoined(stash.key, rule.stash, rest)) return true;
  return sameInStash(stashPathKey(plex.raw, [rule.rule]), stash.key, plex.windows);
}

/** A Windows Plex may spell a name in another case than a Stash that tells case apart. */
function sameInStash(one: string, other: string, plexIsWindows: boolean): boolean {
  return one === other || (plexIsWindows && withoutCase(one) === withoutCase(other));
}

function below(path: string, folderKey: string): string {
  return path.slice(folderKey === '/' ? 0 : folderKey.length);
}

function isJoined(key: string, folderKey: string, rest: string): boolean {
  const folder = folderKey === '/' ? '' : folderKey;
  return key.length === folder.length + rest.length && key.startsWith(folder) && key.endsWith(rest);
}

interface Verdict {
  readonly rules: readonly Tried[];
  /** All pairs there are. */
  readonly pairs: number;
  /** Labels of what these rules leave unexplained; the rare ones may be missing. */
  readonly open: ReadonlyMap<string, Share>;
}

/** Counts, for hand rules and proposals used together, what each explains and contradicts. */
function verify(
  pairs: () => Iterable<Pair>,
  hands: readonly Tried[],
  proposals: readonly PathRule[],
  belowHand: (stash: PathForms) => boolean,
): Verdict {
  for (const hand of hands) resetFigures(hand);
  const rules = proposals.map((rule) => tried(rule, false));
  const byStash = indexOf([...hands, ...rules], (rule) => rule.stash);
  const byPlex = indexOf([...hands, ...rules], (rule) => rule.plex);
  const open = new Map<string, Share>();
  let count = 0;
  for (const pair of pairs()) {
    count += 1;
    const there = decider(byStash, pair.stash.key);
    const back = decider(byPlex, pair.plex.key);
    const right = judge(pair, there, back, tally);
    if (right || belowHand(pair.stash)) continue;
    const { id, tail } = labelOf(pair);
    const known = open.get(id);
    if (known !== undefined) known.count += 1;
    else if (id !== '') {
      if (open.size >= mostUnexplainedLabels) forgetRarest(open);
      open.set(id, shareOf(pair, tail));
    }
  }
  return { rules, pairs: count, open };
}

function resetFigures(rule: Tried): void {
  rule.explains = 0;
  rule.elsewhere = 0;
  rule.elsewhereBelow.clear();
  rule.foreign = 0;
  rule.foreignBelow = null;
}

function forgetRarest(labels: Map<string, Share>): void {
  const rarest = [...labels].toSorted(([, one], [, other]) => one.count - other.count);
  for (const [id] of rarest.slice(0, labels.size / 2)) labels.delete(id);
}

type Finding = 'explains' | 'elsewhere' | 'foreign';

function tally(rule: Tried, finding: Finding, pair: Pair): void {
  rule[finding] += 1;
  if (finding === 'elsewhere') {
    const names = namesBelow(pair.stash.key, rule.stash);
    const { tail } = labelOf(pair);
    const folder = upBy(pair.plex.raw, tail >= names ? names : Math.max(1, tail));
    const known = rule.elsewhereBelow.get(folder);
    if (known !== undefined || rule.elsewhereBelow.size < mostElsewhere) {
      rule.elsewhereBelow.set(folder, (known ?? 0) + 1);
    }
  } else if (finding === 'foreign' && rule.foreignBelow === null) {
    const names = namesBelow(pair.plex.key, rule.plex);
    rule.foreignBelow = upBy(pair.stash.raw, labelOf(pair).tail >= names ? names : 1);
  }
}

/**
 * Counts a pair for the rules that decide it, there and back, each file once against a rule.
 * Returns whether Plex has the file where it should be. Where a hand rule, which stays, leads back
 * to another file, the found rule that leads there is to blame too: both into one Plex folder.
 */
function judge(
  pair: Pair,
  there: Tried | null,
  back: Tried | null,
  note: (rule: Tried, finding: Finding, pair: Pair) => void,
): boolean {
  const right = there === null ? pair.stash.key === pair.plex.key : leadsToPlex(there, pair);
  if (there !== null) note(there, right ? 'explains' : 'elsewhere', pair);
  if (back === null || (back === there && !right) || leadsToStash(back, pair)) return right;
  note(back, 'foreign', pair);
  if (back.byHand && there !== null && !there.byHand && right) note(there, 'foreign', pair);
  return right;
}

/** The rules but the bad ones and any above those on either side. */
function withoutAndAbove(rules: readonly Tried[], bad: readonly Tried[]): Tried[] {
  const gone = new Set(bad);
  for (const leaving of gone) {
    for (const rule of rules) {
      if (isWithin(leaving.stash, rule.stash) || isWithin(leaving.plex, rule.plex)) gone.add(rule);
    }
  }
  return rules.filter((rule) => !gone.has(rule));
}

// --- Saying it ----------------------------------------------------------------------------------

function report(
  files: () => Iterable<FileEvidence>,
  hands: readonly Tried[],
  { rules: used, pairs, open }: Verdict,
  needed: number,
  belowHand: (stash: PathForms) => boolean,
): MappingReport {
  for (const rule of [...hands, ...used]) resetFigures(rule);
  const ordered = byExplains(used);
  const byStash = indexOf([...hands, ...ordered], (rule) => rule.stash);
  const byPlex = indexOf([...hands, ...ordered], (rule) => rule.plex);
  const offers = [...open.values()]
    .toSorted((one, other) => other.count - one.count)
    .slice(0, mostOfferedMeasured)
    .map(({ sample }) => tried(ruleAt(sample, sample.tail), false));
  const folders = newFolderCounts();
  let all = 0;
  let explained = 0;
  for (const file of files()) {
    all += 1;
    const { plex } = file;
    if (plex === null) {
      addFolder(folders, file.stash, false);
      continue;
    }
    const pair = { stash: pathForms(file.stash), plex: pathForms(plex) };
    const there = decider(byStash, pair.stash.key);
    const back = decider(byPlex, pair.plex.key);
    if (judge(pair, there, back, tally)) explained += 1;
    else addFolder(folders, file.stash, true);
    if (offers.length > 0 && !belowHand(pair.stash)) offer(offers, pair, there, back);
  }
  const offered = byExplains(offers)
    .filter((rule) => rule.explains >= needed || (rule.explains > 0 && contradicts(rule) === 0))
    .slice(0, mostOfferedRules);
  const asFound = (rule: Tried, use: FoundRule['use']): FoundRule => ({
    ...rule.rule,
    ...figuresOf(rule),
    use,
    why: use === 'used' ? whyUsed(rule) : whyOffered(rule, needed),
  });
  return {
    files: all,
    inPlex: pairs,
    explained,
    rules: [
      ...ordered.map((rule) => asFound(rule, 'used')),
      ...offered.map((rule) => asFound(rule, 'offered')),
    ].toSorted((one, other) => other.explains - one.explains),
    handRules: hands.map((hand) => ({ rule: hand.rule, ...figuresOf(hand) })),
    unexplained: foldersOf(folders),
  };
}

function figuresOf(rule: Tried): RuleFigures {
  return { explains: rule.explains, contradicts: contradicts(rule) };
}

/** What each offer would do if it joined the rules in use, or replaced one for the same folder. */
function offer(
  offers: readonly Tried[],
  pair: Pair,
  there: Tried | null,
  back: Tried | null,
): void {
  for (const rule of offers) {
    const leads =
      isWithin(pair.stash.key, rule.stash) &&
      (there === null || rule.stash.length >= there.stash.length);
    const leadsBack =
      isWithin(pair.plex.key, rule.plex) &&
      (back === null ||
        rule.plex.length > back.plex.length ||
        (rule.plex.length === back.plex.length && !back.byHand));
    if (!leads && !leadsBack) continue;
    judge(pair, leads ? rule : there, leadsBack ? rule : back, (of, finding) => {
      if (of === rule) tally(rule, finding, pair);
    });
  }
}

function whyUsed(rule: Tried): string {
  const files = rule.explains === 1 ? 'the one file' : `all ${number(rule.explains)} files`;
  return `${text(rule.rule)} fits ${files} that Plex has of ${rule.rule.stash} and contradicts none.`;
}

function whyOffered(rule: Tried, needed: number): string {
  const all = rule.explains + rule.elsewhere;
  const fits = `${text(rule.rule)} fits ${number(rule.explains)} of ${filesOf(all)}`;
  const against = contradicts(rule);
  if (against === 0) {
    const reason =
      rule.explains < needed
        ? `too few to be sure of it: it takes ${needed}`
        : 'but it could not be proven together with the other rules';
    return `${fits} and contradicts none, ${reason}.`;
  }
  const parts: string[] = [];
  const those = (count: number): string => {
    const only = count === against;
    if (count === 1) return only ? 'that one is' : 'one is';
    return `${only ? 'those' : number(count)} are`;
  };
  if (rule.elsewhere > 0) {
    const folders = [...rule.elsewhereBelow].toSorted(([, one], [, other]) => other - one);
    const named = folders.slice(0, 2).map(([folder]) => folder);
    const others = folders.length > named.length ? ' and elsewhere' : '';
    parts.push(`${those(rule.elsewhere)} below ${named.join(' and ')}${others}`);
  }
  if (rule.foreign > 0) {
    const truly = rule.foreignBelow === null ? 'elsewhere' : `below ${rule.foreignBelow}`;
    parts.push(`${those(rule.foreign)} below ${rule.rule.plex} in Plex too, but ${truly} in Stash`);
  }
  return `${fits} and contradicts ${number(against)}: ${parts.join('; ')}.`;
}

function text({ stash, plex }: PathRule): string {
  return `${stash} => ${plex}`;
}

function filesOf(count: number): string {
  return `${number(count)} ${count === 1 ? 'file' : 'files'}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

interface FolderCounts {
  counts: Map<string, { folder: string; files: number; inPlex: number }>;
  /** Folders deeper than this are counted in the one above at this depth. */
  depth: number;
}

function newFolderCounts(): FolderCounts {
  return { counts: new Map(), depth: Infinity };
}

function addFolder(all: FolderCounts, path: string, inPlex: boolean): void {
  addCounts(all, folderOf(path), 1, inPlex ? 1 : 0);
  while (all.counts.size > mostFolderCounts && all.depth > 0) rollUp(all);
}

function addCounts(all: FolderCounts, path: string, files: number, inPlex: number): void {
  const known = all.counts.get(path);
  if (known !== undefined && all.depth === Infinity) {
    known.files += files;
    known.inPlex += inPlex;
    return;
  }
  const folder = all.depth === Infinity ? path : upBy(path, depthOf(path) - all.depth);
  const there = all.counts.get(folder);
  if (there === undefined) all.counts.set(folder, { folder, files, inPlex });
  else {
    there.files += files;
    there.inPlex += inPlex;
  }
}

function rollUp(all: FolderCounts): void {
  const before = all.counts;
  const deepest = [...before.keys()].reduce((most, path) => Math.max(most, depthOf(path)), 0);
  all.depth = Math.max(0, deepest - 1);
  all.counts = new Map();
  for (const { folder, files, inPlex } of before.values()) addCounts(all, folder, files, inPlex);
}

function depthOf(path: string): number {
  const key = pathKey(path);
  return key === '/' ? 0 : namesBelow(key, key.slice(0, rootLength(key)) || '/');
}

/** Up to the folders above until few of them hold most of the files. */
function foldersOf(all: FolderCounts): UnexplainedFolder[] {
  for (;;) {
    const sorted = [...all.counts.values()].toSorted((one, other) => other.files - one.files);
    const shown = sorted.slice(0, mostFolders);
    const files = (folders: readonly UnexplainedFolder[]): number =>
      folders.reduce((sum, folder) => sum + folder.files, 0);
    if (files(shown) * 5 >= files(sorted) * 4 || all.depth === 0) return shown;
    rollUp(all);
  }
}
