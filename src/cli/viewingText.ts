// What went both ways, for a terminal: a line for each change.
import type { ViewingAnswer } from '../contract/viewing.ts';
import { valueText } from './historyText.ts';
import { clockTime, columns, grouped, plain, type Screen } from './text.ts';

type Change = ViewingAnswer['changes'][number];

export function viewingLines({ total, changes }: ViewingAnswer, screen: Screen): readonly string[] {
  if (total === 0) return ['Nothing went both ways yet.'];
  const cells = changes.map((change) => [
    clockTime(change.at),
    String(change.scene),
    plain(change.item),
    change.field,
    change.side === 'stash' ? 'Stash' : 'Plex',
    valueText(change.before),
    valueText(change.after),
    whyText(change),
  ]);
  const head = ['when', 'scene', 'item', 'field', 'in', 'before', 'after', 'why'];
  const more = total - changes.length;
  return [
    total === 1 ? '1 change.' : `${grouped(total)} changes, the newest first.`,
    ...columns([head, ...cells], screen, { 5: 'end', 6: 'end' }),
    ...(more > 0 ? ['', `${grouped(more)} more are not shown: see --limit and --offset.`] : []),
  ];
}

function whyText({ why, conflict }: Change): string {
  if (conflict === null) return why;
  const { plex, stash, rule } = conflict;
  return `both changed (${rule}): Plex ${valueText(plex)}, Stash ${valueText(stash)}`;
}
