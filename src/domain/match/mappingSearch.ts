// Finds path mappings from files known on both sides: which folder of Stash's is which of Plex's.
//
// Folders of Stash's are looked at from their roots down: where all pairs of paths below a folder
// are explained by one widest rule, it is proposed; where it takes several, the folder's subfolders
// are looked at. All proposals are then tried together in both directions over all files, and the
// folder of one that more than strays contradict is looked into in the same way.
import type { PathRule } from '../../contract/pathRules.ts';
import { ruleId } from './mapping/evidence.ts';
import { type FileEvidence, searchInput } from './mapping/input.ts';
import { mostUsedRules, proposalsOf } from './mapping/proposals.ts';
import { type FoundRule, type MappingReport, reportOf } from './mapping/report.ts';
import { grow, mayLookDeeper, newTree } from './mapping/tree.ts';
import { byExplains, isProven } from './mapping/trial.ts';
import { verdictOn } from './mapping/verdict.ts';
import { isWithin, pathKey } from './pathMapping.ts';

/** Hand rules first, then the found rules used, none at or below a hand rule's folder. */
export function rulesInUse(
  handRules: readonly PathRule[],
  found: readonly FoundRule[],
): readonly PathRule[] {
  const handFolders = handRules.map((rule) => pathKey(rule.stash));
  return [
    ...handRules,
    ...found
      .filter(({ use }) => use === 'used')
      .filter(({ stash }) => !handFolders.some((folder) => isWithin(pathKey(stash), folder)))
      .map(({ stash, plex }) => ({ stash, plex })),
  ];
}

/**
 * The rules that the files prove, and those they only suggest. Hand rules are obeyed and tested.
 * @param files called once for each pass, with the same answer: 3 times where one rule does for all,
 *   seldom more than 15
 */
export function findMappings(
  files: () => Iterable<FileEvidence>,
  handRules: readonly PathRule[],
): MappingReport {
  const input = searchInput(files, handRules);
  const tree = newTree(input);
  grow(tree);
  let verdict = verdictOn(input, proposalsOf(tree));
  for (;;) {
    const rules = verdict.proposals;
    const bad = rules.filter((rule) => !isProven(rule, tree.needed));
    if (bad.length === 0 && rules.length <= mostUsedRules) {
      return reportOf(input, verdict, tree.needed);
    }
    if (bad.length > 0 && mayLookDeeper(tree)) {
      for (const { rule } of bad) tree.refuted.add(ruleId(rule));
      grow(tree);
      verdict = verdictOn(input, proposalsOf(tree));
    } else {
      // Once more each time: what a bad rule leaves behind falls to the next shorter one.
      const rest = byExplains(rules.filter((rule) => !bad.includes(rule)));
      verdict = verdictOn(
        input,
        rest.slice(0, mostUsedRules).map(({ rule }) => rule),
      );
    }
  }
}
