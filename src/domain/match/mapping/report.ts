// The report of a search for path mappings: the rules used and offered with their figures, and the
// folders that they leave unexplained.
import type { PathRule } from '../../../contract/pathRules.ts';
import { pairOf, type SearchInput } from './input.ts';
import { bestOffers, offersFor, tryOffers } from './offers.ts';
import { whyOffered, whyUsed } from './sentence.ts';
import { contradictions, decidingOf, isExplained, type TriedRule } from './trial.ts';
import { type UnexplainedFolder, unexplainedFolders } from './unexplained.ts';
import type { Verdict } from './verdict.ts';

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

/**
 * One more pass over all files.
 * @param verdict on the rules that are to be used
 * @param needed pairs that a rule must explain to be used
 */
export function reportOf(input: SearchInput, verdict: Verdict, needed: number): MappingReport {
  const { handRules, proposals: used } = verdict;
  const deciding = decidingOf([...handRules, ...used]);
  const offers = offersFor(verdict);
  const unexplained = unexplainedFolders();
  let files = 0;
  for (const file of input.files()) {
    files += 1;
    const pair = pairOf(file);
    if (pair === null) {
      unexplained.add(file.stash, false);
      continue;
    }
    const inUse = deciding(pair);
    if (!isExplained(pair, inUse)) unexplained.add(file.stash, true);
    if (offers.length > 0 && !input.isByHand(pair)) tryOffers(offers, pair, inUse);
  }
  return {
    files,
    inPlex: verdict.pairs,
    explained: verdict.explained,
    rules: [
      ...used.map((rule) => found(rule, 'used', whyUsed(rule))),
      ...bestOffers(offers, needed).map((rule) => found(rule, 'offered', whyOffered(rule, needed))),
    ].toSorted((one, other) => other.explains - one.explains),
    handRules: handRules.map((tried) => ({ rule: tried.rule, ...figuresOf(tried) })),
    unexplained: unexplained.most(),
  };
}

function found(tried: TriedRule, use: FoundRule['use'], why: string): FoundRule {
  return { ...tried.rule, ...figuresOf(tried), use, why };
}

function figuresOf(tried: TriedRule): RuleFigures {
  return { explains: tried.explains, contradicts: contradictions(tried) };
}
