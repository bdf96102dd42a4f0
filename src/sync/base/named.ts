// How the log names the work on a row of the queue: by the id of the first event, and those of the
// others that came together with it. So from the id of any hook one finds what became of it.
import type { QueueRow } from '../../store/queue/queue.ts';
import type { LogFields } from './log.ts';

export function named({ correlation, key, also }: QueueRow): LogFields {
  return { cid: correlation, key, also: also ?? undefined };
}
