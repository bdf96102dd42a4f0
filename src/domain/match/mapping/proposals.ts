// Chooses from the tree of folders which rules to propose: one for each folder whose pairs agree,
// one for a folder that but for exceptions or strays agrees, and none where the rule above does.
import type { PathRule } from '../../../contract/pathRules.ts';
import { noRule, ruleId, samePath } from './evidence.ts';
import { isTolerated } from './tolerance.ts';
import { type Folder, mostFrequent, onlyRule, ruleFor, type Speaker, type Tree } from './tree.ts';

export const mostUsedRules = 40;
const mostProposals = 2_000;
/** How many subfolders must agree before one rule speaks for all but the exceptions. */
const manySubfolders = 5;

interface Proposal {
  /** Of the widest rule that it is a part of. */
  readonly id: string;
  readonly rule: PathRule;
  readonly pairs: number;
}

interface Choice {
  readonly proposals: readonly Proposal[];
  /** Pairs below the folder that these and the rule above it explain, at least. */
  readonly explained: number;
}

/** The rules for a folder whose files another rule above, of the id `inherited`, would map. */
type Choose = (folder: Folder, inherited: string) => Choice;

/** Those of the most pairs first. */
export function proposalsOf(tree: Tree): PathRule[] {
  // A folder is asked about for each rule that may be above it, by each folder above it.
  const known = new Map<Folder, Map<string, Choice>>();
  const choose: Choose = (folder, inherited) => {
    const ofFolder = known.get(folder) ?? new Map<string, Choice>();
    known.set(folder, ofFolder);
    const choice = ofFolder.get(inherited) ?? choiceFor(tree, folder, inherited, choose);
    ofFolder.set(inherited, choice);
    return choice;
  };
  return [...tree.folders.values()]
    .filter((folder) => folder.parent === null)
    .flatMap((root) => choose(root, samePath).proposals)
    .toSorted(byPairs)
    .slice(0, mostProposals)
    .map(({ rule }) => rule);
}

function byPairs(one: Proposal, other: Proposal): number {
  return other.pairs - one.pairs;
}

function choiceFor(tree: Tree, folder: Folder, inherited: string, choose: Choose): Choice {
  const only = onlyRule(folder);
  if (only?.id === inherited) return { proposals: [], explained: folder.pairs };
  const proposal = only === null ? null : proposalFor(tree, folder, only);
  if (proposal !== null) return { proposals: [proposal], explained: folder.pairs };
  for (const speaker of speakersFor(folder)) {
    if (speaker.id === inherited) continue;
    const choice = withExceptions(tree, folder, speaker, choose);
    if (choice !== null) return choice;
  }
  return withoutShreds(folder, below(folder, inherited, choose));
}

function proposalFor(tree: Tree, folder: Folder, { id, evidence }: Speaker): Proposal | null {
  if (id === noRule || evidence.pairs < tree.needed) return null;
  const rule = ruleFor(folder, evidence);
  return tree.refuted.has(ruleId(rule)) ? null : { id, rule, pairs: evidence.pairs };
}

/** One rule for the folder and others for the exceptions, where together these explain it. */
function withExceptions(
  tree: Tree,
  folder: Folder,
  speaker: Speaker,
  choose: Choose,
): Choice | null {
  const proposal = proposalFor(tree, folder, speaker);
  if (proposal === null) return null;
  const { proposals, explained } = below(folder, speaker.id, choose);
  // Strays may contradict the exceptions as well; which rule how many, the trial of all shows.
  if (!isTolerated(folder.pairs - explained, explained)) return null;
  const pairs = explained - pairsIn(proposals);
  return { proposals: [{ ...proposal, pairs }, ...proposals], explained };
}

/** The rules for the subfolders of a folder that has none of its own. */
function below(folder: Folder, inherited: string, choose: Choose): Choice {
  const choices = [...folder.subfolders].map((subfolder) => choose(subfolder, inherited));
  const inSubfolders = choices.reduce((sum, { explained }) => sum + explained, 0);
  const direct = folder.direct.get(inherited)?.pairs ?? 0;
  return {
    proposals: choices.flatMap(({ proposals }) => proposals),
    // Of the subfolders some may be forgotten.
    explained: Math.max(inSubfolders + direct, folder.evidence.get(inherited)?.pairs ?? 0),
  };
}

/**
 * Of a rule that prevails, but that more than strays contradict, only shreds are left: the folders
 * that by chance have no strays. Where as many of them as may be used do not explain half as much as
 * the rule, it is left whole, for an offer.
 */
function withoutShreds(folder: Folder, choice: Choice): Choice {
  const { proposals, explained } = choice;
  const whole = mostFrequent(folder.evidence);
  if (whole === null || !prevails(whole.evidence.pairs, folder.pairs)) return choice;
  if (isTolerated(folder.pairs - explained, explained)) return choice;
  const shreds = proposals.filter(({ id }) => id === whole.id).toSorted(byPairs);
  if (pairsIn(shreds.slice(0, mostUsedRules)) * 2 >= whole.evidence.pairs) return choice;
  return {
    proposals: proposals.filter(({ id }) => id !== whole.id),
    explained: explained - pairsIn(shreds),
  };
}

function prevails(part: number, all: number): boolean {
  return part * 4 >= all * 3;
}

function pairsIn(proposals: readonly Proposal[]): number {
  return proposals.reduce((sum, { pairs }) => sum + pairs, 0);
}

/**
 * The rules that could speak for a folder but for exceptions, surest first: the one of all but
 * strays; the one of the files directly in it, which no rule for a subfolder reaches; the one of most
 * of many subfolders. Of few subfolders none does: which of two a new third one follows is not known.
 */
function speakersFor(folder: Folder): readonly Speaker[] {
  const most = mostFrequent(folder.evidence);
  const isOfNearlyAll =
    most !== null && isTolerated(folder.pairs - most.evidence.pairs, most.evidence.pairs);
  const all = [isOfNearlyAll ? most : null, mostFrequent(folder.direct), ofMostSubfolders(folder)];
  return all.filter((speaker) => speaker !== null);
}

function ofMostSubfolders({ subfolders, evidence }: Folder): Speaker | null {
  const most = mostFrequent(evidence);
  if (most === null || subfolders.size < manySubfolders) return null;
  const agreeing = [...subfolders].filter(
    (subfolder) => mostFrequent(subfolder.evidence)?.id === most.id,
  );
  return prevails(agreeing.length, subfolders.size) ? most : null;
}
