// What a row of the queue is called, and what it has to wait for. Pure.
import type { QueueAnswer } from '../../../contract/lists.ts';
import type { Status } from '../../../contract/status.ts';
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

/** Until when nothing is pushed, whatever time a row has; null while all is well, or nothing is known. */
export function heldUntil(status: Status | null): string | null {
  const { held } = queueTexts;
  if (status === null) return null;
  if (status.paused !== null) return held.paused;
  const { circuit } = status.plex;
  if (status.problems.length > 0 || circuit === 'refused') return held.settings;
  return circuit === 'closed' ? null : held.away;
}
