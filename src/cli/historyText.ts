// What PlexSync changed in Plex, for a terminal: a line for each change.
import type { HistoryAnswer } from '../contract/history.ts';
import { clockTime, columns, grouped, plain, type Screen } from './text.ts';

type Change = HistoryAnswer['changes'][number];

export function historyLines({ total, changes }: HistoryAnswer, screen: Screen): readonly string[] {
  if (total === 0) return ['No change is known.'];
  const cells = changes.map((change) => [
    clockTime(change.at),
    String(change.scene),
    plain(change.item),
    ...changeCells(change),
  ]);
  const head = ['when', 'scene', 'item', 'field', 'before', 'after', 'lock'];
  const more = total - changes.length;
  return [
    total === 1 ? '1 change.' : `${grouped(total)} changes, the newest first.`,
    ...columns([head, ...cells], screen, { 4: 'end', 5: 'end' }),
    ...(more > 0 ? ['', `${grouped(more)} more are not shown: see --limit and --offset.`] : []),
  ];
}

export function changeCells(change: Change): readonly string[] {
  const { field, before, after, lockedBefore, lockedAfter } = change;
  const lock = lockedBefore === lockedAfter ? '' : lockedAfter ? 'set' : 'gone';
  return [plain(field), valueText(before), valueText(after), lock];
}

/** A value in one line; a mark for none. */
export function valueText(value: string | readonly string[]): string {
  const text = plain(typeof value === 'string' ? value : value.join(', '));
  return text === '' ? '-' : text;
}
