// Coverage for a terminal: the numbers, or the list behind one of them.
import { coverageGroups, type CoverageGroup } from '../contract/coverageGroups.ts';
import type { CoverageAnswer } from '../contract/coverage.ts';
import { clockTime, columns, grouped, plain, type Screen } from './text.ts';

const words: Readonly<Record<CoverageGroup, string>> = {
  'in-sync': 'in sync, as far as is known',
  differs: 'differ: found by a comparison, not queued',
  queued: 'wait to be pushed',
  failed: 'failed and were given up',
  waiting: 'are not in Plex yet',
  outside: 'lie outside the Plex libraries',
  review: 'wait for your choice',
  'no-file': 'have no file',
  gated: 'are kept out by the settings',
  excluded: 'are excluded by your choice',
  'only-in-plex': 'items of Plex that are no known scene’s',
};

export function coverageLines(answer: CoverageAnswer, screen: Screen): readonly string[] {
  const { counts, rows, total } = answer;
  const shown = coverageGroups.filter((group) => counts[group] > 0);
  const numbers = shown.map((group) => [grouped(counts[group]), group, words[group]]);
  const asOf = answer.indexedAt === null ? 'never' : clockTime(answer.indexedAt);
  return [
    ...(shown.length === 0 ? ['No scene is known yet.'] : columns(numbers, screen, { 2: 'end' })),
    `Plex was looked through last: ${asOf}.`,
    ...(rows.length === 0 ? [] : ['', ...listOf(rows, screen)]),
    ...(total > rows.length && rows.length > 0
      ? ['', `${grouped(total - rows.length)} more are not shown: see --limit and --offset.`]
      : []),
  ];
}

function listOf(rows: CoverageAnswer['rows'], screen: Screen): readonly string[] {
  const cells = rows.map((row) => [
    row.scene === null ? '' : String(row.scene),
    row.item ?? '',
    plain(row.title),
    plain(row.path),
    row.pushedAt === null ? '' : clockTime(row.pushedAt),
  ]);
  return columns([['scene', 'item', 'title', 'file', 'pushed'], ...cells], screen, { 3: 'path' });
}
