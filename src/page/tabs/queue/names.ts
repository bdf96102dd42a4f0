// What a row of the queue is called. Pure.
import type { QueueAnswer } from '../../../contract/lists.ts';
import { smallTexts } from '../../texts/small.ts';
import { queueTexts } from '../../texts/queue.ts';

export type QueueRow = QueueAnswer['rows'][number];

/** "Blue Harbour", "Scene 12", "Performer 5". */
export function queueName({ what, id, title }: Pick<QueueRow, 'what' | 'id' | 'title'>): string {
  if (title !== '') return title;
  return what === 'scene' ? smallTexts.untitled(id) : `${entityName(what)} ${id}`;
}

export function entityName(what: string): string {
  const names: Readonly<Record<string, string>> = queueTexts.entities;
  return names[what] ?? what;
}
