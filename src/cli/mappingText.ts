// The path mappings for a terminal: what is in use, what is offered, what is left over.
import type { MappingsAnswer } from '../contract/mappings.ts';
import { clockTime, columns, grouped, plain, type Screen } from './text.ts';

type Report = NonNullable<MappingsAnswer['found']>['report'];

export function mappingLines({ found, survey }: MappingsAnswer, screen: Screen): readonly string[] {
  const progress = surveyLines(survey);
  if (found === null) {
    return ['No path mappings have been looked for yet.', ...progress];
  }
  const { report, at } = found;
  return [
    summary(report, at),
    ...progress,
    ...section('In use:', inUse(report)),
    ...section('Offered, not in use:', offered(report)),
    ...section('The rest by folder, as Stash sees it:', rest(report, screen)),
  ];
}

function surveyLines(survey: MappingsAnswer['survey']): readonly string[] {
  if (survey === null) return ['PlexSync has not begun to read which files Stash has.'];
  if (survey.doneAt !== null) return [];
  return [
    `PlexSync is still reading which files Stash has: ${grouped(survey.left)} scenes are left.`,
  ];
}

function summary({ files, inPlex, explained }: Report, at: number): string {
  const parts = [
    `Of ${counted(files)} in Stash, Plex has ${grouped(inPlex)}`,
    `${grouped(explained)} of them where these mappings put them`,
  ];
  return `${parts.join(', ')} (as of ${clockTime(at)}).`;
}

function inUse({ handRules, rules, files }: Report): readonly string[] {
  const used = rules.filter((rule) => rule.use === 'used');
  if (handRules.length === 0 && used.length === 0) {
    return ['  None: files are looked for in Plex under the path that they have in Stash.'];
  }
  return [
    ...handRules.map(({ rule, explains, contradicts }) =>
      line({ ...rule, explains, contradicts }, files, 'in use, from the setting pathMappings'),
    ),
    ...used.map((rule) => line(rule, files, 'in use, found by itself')),
  ];
}

function offered({ rules, files }: Report): readonly string[] {
  return rules
    .filter((rule) => rule.use === 'offered')
    .flatMap((rule) => {
      const { stash, plex, why } = rule;
      const typed = plain(`${stash}=>${plex}`);
      return [
        line(rule, files, 'offered'),
        `    ${plain(why)}`,
        `    To use it, add it to the setting pathMappings: ${typed}`,
      ];
    });
}

function line(
  rule: {
    readonly stash: string;
    readonly plex: string;
    readonly explains: number;
    readonly contradicts: number;
  },
  files: number,
  use: string,
): string {
  const against = rule.contradicts === 0 ? '' : ` and contradicts ${grouped(rule.contradicts)}`;
  const what = `explains ${grouped(rule.explains)} of ${counted(files)}${against}`;
  return `  ${plain(rule.stash)} => ${plain(rule.plex)} ${what} (${use})`;
}

function rest({ unexplained }: Report, screen: Screen): readonly string[] {
  const rows = unexplained.map(({ folder, files, inPlex }) => [
    '',
    plain(folder),
    counted(files),
    inPlex === 0 ? 'none of them in Plex' : `${grouped(inPlex)} of them elsewhere in Plex`,
  ]);
  return columns(rows, screen, { 1: 'path' });
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines];
}

function counted(files: number): string {
  return files === 1 ? '1 file' : `${grouped(files)} files`;
}
