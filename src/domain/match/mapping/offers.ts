// Rules that some files suggest but that are not used: too few files show them, or others
// contradict them. Each is tried as if it joined the rules in use.
import { isWithin } from '../pathMapping.ts';
import { noRule, ruleKeeping } from './evidence.ts';
import type { Pair } from './input.ts';
import {
  byExplains,
  contradictions,
  type Deciding,
  judge,
  tally,
  type TriedRule,
  untried,
} from './trial.ts';
import type { Verdict } from './verdict.ts';

const mostOffers = 10;
/** Each costs time for every pair. */
const mostTried = 30;

/** The widest rules of what the rules in use leave unexplained, not tried yet. */
export function offersFor({ unexplained }: Verdict): readonly TriedRule[] {
  return [...unexplained]
    .filter(([id]) => id !== noRule)
    .toSorted(([, one], [, other]) => other.pairs - one.pairs)
    .slice(0, mostTried)
    .map(([, evidence]) => untried(ruleKeeping(evidence.tail, evidence), false));
}

/** What each would do with a pair beside the rules in use, or in place of one for its folder. */
export function tryOffers(offers: readonly TriedRule[], pair: Pair, inUse: Deciding): void {
  const { there, back } = inUse;
  for (const offer of offers) {
    const leads =
      isWithin(pair.stash.key, offer.stashKey) &&
      (there === null || offer.stashKey.length >= there.stashKey.length);
    const leadsBack =
      isWithin(pair.plex.key, offer.plexKey) &&
      (back === null ||
        offer.plexKey.length > back.plexKey.length ||
        (offer.plexKey.length === back.plexKey.length && !back.byHand));
    if (!leads && !leadsBack) continue;
    const deciding = { there: leads ? offer : there, back: leadsBack ? offer : back };
    judge(pair, deciding, (rule, finding) => {
      if (rule === offer) tally(rule, finding, pair);
    });
  }
}

/** Those worth a look, most explaining first. */
export function bestOffers(tried: readonly TriedRule[], needed: number): readonly TriedRule[] {
  return byExplains(tried)
    .filter(
      (offer) => offer.explains >= needed || (offer.explains > 0 && contradictions(offer) === 0),
    )
    .slice(0, mostOffers);
}
