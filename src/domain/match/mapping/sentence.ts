// Says in one sentence, for a person, why a found rule is used or only offered.
import type { PathRule } from '../../../contract/pathRules.ts';
import { percent } from './tolerance.ts';
import { contradictions, type TriedRule } from './trial.ts';

export function whyUsed(tried: TriedRule): string {
  const { rule, explains } = tried;
  const strays = contradictions(tried);
  if (strays > 0) {
    const share = percent(strays, explains);
    const said = share === 0 ? 'less than 1 %' : `${share} %`;
    return `${text(rule)} fits ${grouped(explains)} files and does not fit ${grouped(strays)} (${said}): strays, found by name and size.`;
  }
  const files = explains === 1 ? 'the one file' : `all ${grouped(explains)} files`;
  return `${text(rule)} fits ${files} that Plex has of ${rule.stash} and contradicts none.`;
}

/** @param needed files that a rule must explain to be used */
export function whyOffered(tried: TriedRule, needed: number): string {
  const { rule, explains, elsewhere, foreign } = tried;
  const all = explains + elsewhere;
  const fits = `${text(rule)} fits ${grouped(explains)} of ${grouped(all)} ${all === 1 ? 'file' : 'files'}`;
  const against = contradictions(tried);
  if (against === 0) {
    const reason =
      explains < needed
        ? `too few to be sure of it: it takes ${needed}`
        : 'but it could not be proven together with the other rules';
    return `${fits} and contradicts none, ${reason}.`;
  }
  const parts: string[] = [];
  if (elsewhere > 0) {
    parts.push(`${those(elsewhere, against)} below ${elsewhereText(tried.elsewhereBelow)}`);
  }
  if (foreign > 0) {
    const truly = tried.foreignBelow === null ? 'elsewhere' : `below ${tried.foreignBelow}`;
    parts.push(`${those(foreign, against)} below ${rule.plex} in Plex too, but ${truly} in Stash`);
  }
  return `${fits} and contradicts ${grouped(against)}: ${parts.join('; ')}.`;
}

function those(count: number, all: number): string {
  if (count === 1) return all === 1 ? 'that one is' : 'one is';
  return `${count === all ? 'those' : grouped(count)} are`;
}

function elsewhereText(filesByFolder: ReadonlyMap<string, number>): string {
  const folders = [...filesByFolder].toSorted(([, one], [, other]) => other - one);
  const named = folders.slice(0, 2).map(([folder]) => folder);
  return `${named.join(' and ')}${folders.length > named.length ? ' and elsewhere' : ''}`;
}

function text({ stash, plex }: PathRule): string {
  return `${stash} => ${plex}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
