// The verdict of all pairs on proposed rules: tried together, and together with those set by hand,
// what does each explain, what contradicts it, and what is left?
import type { PathRule } from '../../../contract/pathRules.ts';
import { countEvidence, type Evidence } from './evidence.ts';
import { pairsOf, type SearchInput } from './input.ts';
import { decidingOf, judge, tally, type TriedRule, untried } from './trial.ts';

const mostUnexplained = 1_000;

export interface Verdict {
  readonly handRules: readonly TriedRule[];
  readonly proposals: readonly TriedRule[];
  /** All pairs there are, and those of them that Plex has where the rules put them. */
  readonly pairs: number;
  readonly explained: number;
  /** Of those unexplained and not below a hand rule's folder, by widest rule; rare ones may miss. */
  readonly unexplained: ReadonlyMap<string, Evidence>;
}

/** One pass over all pairs. */
export function verdictOn(input: SearchInput, proposed: readonly PathRule[]): Verdict {
  const handRules = input.handRules.map((rule) => untried(rule, true));
  const proposals = proposed.map((rule) => untried(rule, false));
  const deciding = decidingOf([...handRules, ...proposals]);
  const unexplained = new Map<string, Evidence>();
  let pairs = 0;
  let explained = 0;
  for (const pair of pairsOf(input)) {
    pairs += 1;
    if (judge(pair, deciding(pair), tally)) {
      explained += 1;
      continue;
    }
    if (input.isByHand(pair)) continue;
    countEvidence(unexplained, pair, mostUnexplained);
  }
  return { handRules, proposals, pairs, explained, unexplained };
}
