// What one pair of paths says of the mapping. Its longest common tail gives the widest rule that
// explains it; pairs with the same widest rule are evidence for the same mapping.
import type { PathRule } from '../../../contract/pathRules.ts';
import { pathKey, withoutCase } from '../pathMapping.ts';
import type { Pair } from './input.ts';
import { keyWithoutNames, rootLength, slash, withoutNames } from './names.ts';

export interface WidestRule {
  /** The same for pairs of one mapping; `samePath` for equal paths, `noRule` for unlike names. */
  readonly id: string;
  /** Number of names at the end that both paths share. */
  readonly tail: number;
}

export const samePath = '=';
export const noRule = '';

/** How many pairs at least have the same widest rule, and one of them: rules are spelled as it is. */
export interface Evidence {
  pairs: number;
  readonly stash: string;
  readonly plex: string;
  readonly tail: number;
}

export function widestRule({ stash, plex }: Pair): WidestRule {
  // Only a Windows Plex takes names of another case for the same.
  const one = plex.windows ? withoutCase(stash.cased) : stash.cased;
  const other = plex.windows ? plex.key : plex.cased;
  const tail = commonTail(one, other);
  if (tail === 0) return { id: noRule, tail };
  if (stash.key === plex.key) return { id: samePath, tail };
  return { id: `${keyWithoutNames(stash.key, tail)}\0${keyWithoutNames(other, tail)}`, tail };
}

/** Number of names that two keys share at their ends. */
function commonTail(one: string, other: string): number {
  const most = Math.min(one.length - rootLength(one), other.length - rootLength(other));
  let names = 0;
  for (let back = 1; back <= most; back += 1) {
    const code = one.charCodeAt(one.length - back);
    if (code !== other.charCodeAt(other.length - back)) break;
    if (code === slash) names += 1;
  }
  return names;
}

/**
 * Counts a pair with those of its widest rule. Of more rules than there is room for the frequent stay
 * (Misra and Gries): each that more than one of `room + 1` pairs has, counted too low by at most the
 * others' number divided by `room`.
 */
export function countEvidence(counts: Map<string, Evidence>, pair: Pair, room: number): void {
  const { id, tail } = widestRule(pair);
  const known = counts.get(id);
  if (known !== undefined) known.pairs += 1;
  else if (counts.size < room) {
    counts.set(id, { pairs: 1, stash: pair.stash.raw, plex: pair.plex.raw, tail });
  } else {
    for (const [other, evidence] of counts) {
      evidence.pairs -= 1;
      if (evidence.pairs === 0) counts.delete(other);
    }
  }
}

/** The rule that leaves so many names at the end of the paths as they are. */
export function ruleKeeping(names: number, { stash, plex }: Evidence): PathRule {
  return { stash: withoutNames(stash, names), plex: withoutNames(plex, names) };
}

/** The same for two spellings of a rule. */
export function ruleId(rule: PathRule): string {
  return `${pathKey(rule.stash)}\0${pathKey(rule.plex)}`;
}
