// Tries a rule on pairs, from Stash to Plex and back, and counts what it explains and what
// contradicts it.
import type { PathRule } from '../../../contract/pathRules.ts';
import { pathKey, plexPathKey, stashPathKey, withoutCase } from '../pathMapping.ts';
import { widestRule } from './evidence.ts';
import { indexByFolder, longestFit } from './folderIndex.ts';
import type { Pair } from './input.ts';
import { namesBelow, withoutNames } from './names.ts';
import { isTolerated } from './tolerance.ts';

const mostElsewhere = 32;

export interface TriedRule {
  readonly rule: PathRule;
  readonly byHand: boolean;
  readonly stashKey: string;
  readonly plexKey: string;
  explains: number;
  /** Files that it maps elsewhere than Plex has them, and by which Plex folder has them. */
  elsewhere: number;
  readonly elsewhereBelow: Map<string, number>;
  /** Plex files below its Plex folder that belong elsewhere in Stash, and such a folder. */
  foreign: number;
  foreignBelow: string | null;
}

/** The rules that decide where a pair should be in Plex, and from there where in Stash. */
export interface Deciding {
  readonly there: TriedRule | null;
  readonly back: TriedRule | null;
}

export function untried(rule: PathRule, byHand: boolean): TriedRule {
  return {
    rule,
    byHand,
    stashKey: pathKey(rule.stash),
    plexKey: pathKey(rule.plex),
    explains: 0,
    elsewhere: 0,
    elsewhereBelow: new Map(),
    foreign: 0,
    foreignBelow: null,
  };
}

export function contradictions(rule: TriedRule): number {
  return rule.elsewhere + rule.foreign;
}

export function isProven(rule: TriedRule, needed: number): boolean {
  return rule.explains >= needed && isTolerated(contradictions(rule), rule.explains);
}

export function byExplains(rules: readonly TriedRule[]): TriedRule[] {
  return rules.toSorted((one, other) => other.explains - one.explains);
}

/** For rules used together; the same decision as the mapping's own. */
export function decidingOf(rules: readonly TriedRule[]): (pair: Pair) => Deciding {
  const byStash = indexByFolder(rules, (rule) => rule.stashKey);
  const byPlex = indexByFolder(rules, (rule) => rule.plexKey);
  return ({ stash, plex }) => ({
    there: longestFit(byStash, stash.key),
    back: longestFit(byPlex, plex.key),
  });
}

/** Whether Plex has the file where it should be. */
export function isExplained(pair: Pair, { there }: Deciding): boolean {
  return there === null ? pair.stash.key === pair.plex.key : leadsToPlex(there, pair);
}

export type Finding = 'explains' | 'elsewhere' | 'foreign';

/**
 * What a pair says of the rules that decide it, there and back, each file once against a rule.
 * Where a hand rule, which stays, leads back to another file, the found rule that leads there is to
 * blame too: both lead into one Plex folder.
 * @returns whether Plex has the file where it should be
 */
export function judge(
  pair: Pair,
  deciding: Deciding,
  note: (rule: TriedRule, finding: Finding, pair: Pair) => void,
): boolean {
  const { there, back } = deciding;
  const explained = isExplained(pair, deciding);
  if (there !== null) note(there, explained ? 'explains' : 'elsewhere', pair);
  if (back === null || (back === there && !explained) || leadsToStash(back, pair)) return explained;
  note(back, 'foreign', pair);
  if (back.byHand && there !== null && !there.byHand && explained) note(there, 'foreign', pair);
  return explained;
}

export function tally(rule: TriedRule, finding: Finding, pair: Pair): void {
  rule[finding] += 1;
  if (finding === 'elsewhere') {
    const names = namesBelow(pair.stash.key, rule.stashKey);
    const folder = withoutShared(pair.plex.raw, pair, names);
    const known = rule.elsewhereBelow.get(folder);
    if (known !== undefined || rule.elsewhereBelow.size < mostElsewhere) {
      rule.elsewhereBelow.set(folder, (known ?? 0) + 1);
    }
  } else if (finding === 'foreign' && rule.foreignBelow === null) {
    const names = namesBelow(pair.plex.key, rule.plexKey);
    rule.foreignBelow = withoutShared(pair.stash.raw, pair, names);
  }
}

/** The folder above the names that both paths share, of these at most so many. */
function withoutShared(path: string, pair: Pair, names: number): string {
  return withoutNames(path, Math.max(1, Math.min(names, widestRule(pair).tail)));
}

// The mapping itself is asked only where keys put together do not show that a rule is right: it
// takes several times as long.

function leadsToPlex({ rule, stashKey, plexKey }: TriedRule, { stash, plex }: Pair): boolean {
  const rest = stash.cased.length === stash.key.length ? below(stash.cased, stashKey) : null;
  if (rest !== null && isJoined(plex.key, plexKey, rest)) return true;
  return plexPathKey(stash.raw, [rule]) === plex.key;
}

function leadsToStash({ rule, stashKey, plexKey }: TriedRule, { stash, plex }: Pair): boolean {
  const rest = plex.cased.length === plex.key.length ? below(plex.cased, plexKey) : null;
  if (rest !== null && isJoined(stash.key, stashKey, rest)) return true;
  const key = stashPathKey(plex.raw, [rule]);
  // A Windows Plex may spell a name in another case than a Stash that tells case apart.
  return key === stash.key || (plex.windows && withoutCase(key) === withoutCase(stash.key));
}

function below(path: string, folderKey: string): string {
  return path.slice(folderKey === '/' ? 0 : folderKey.length);
}

function isJoined(key: string, folderKey: string, rest: string): boolean {
  const folder = folderKey === '/' ? '' : folderKey;
  return key.length === folder.length + rest.length && key.startsWith(folder) && key.endsWith(rest);
}
