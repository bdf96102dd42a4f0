// How much waits in the queue, by kind.
import type { Database } from '../file/database.ts';
import { rowCounts } from '../file/rowCount.ts';
import { integerOrNull, row } from '../file/sql.ts';

export interface QueueCounts {
  /** Rows with a due time that are not in flight. */
  readonly pending: number;
  readonly inFlight: number;
  /** Of pending, those that wait after a failed attempt; and the same by error code. */
  readonly retrying: number;
  readonly byCause: Readonly<Record<string, number>>;
  /** Of pending, performers, studios, tags and groups whose scenes are still to be raised. */
  readonly fanOuts: number;
  /** Of pending, scenes that did not fail: for an event or a choice, and in bulk. */
  readonly edits: number;
  readonly bulk: number;
  /** Unix ms of the oldest event not yet pushed. */
  readonly oldestEventAt: number | null;
}

export function queueCounts(db: Database): QueueCounts {
  const counts = { pending: 0, inFlight: 0, retrying: 0, fanOuts: 0, edits: 0, bulk: 0 };
  const byCause: Record<string, number> = {};
  for (const [kind, count] of rowCounts(db, 'queue')) {
    if (kind === 'in-flight') counts.inFlight += count;
    if (kind === 'in-flight' || kind === 'not-due') continue;
    const [entity, priority, cause = ''] = kind.split(':');
    counts.pending += count;
    if (entity === 'fan-out') counts.fanOuts += count;
    if (cause !== '') {
      counts.retrying += count;
      byCause[cause] = (byCause[cause] ?? 0) + count;
    } else if (entity === 'scene') counts[priority === '0' ? 'edits' : 'bulk'] += count;
  }
  const oldest = row(db, 'SELECT min(first_event_at) AS t FROM queue WHERE due_at IS NOT NULL');
  const oldestEventAt = oldest === undefined ? null : integerOrNull(oldest, 't');
  return { ...counts, byCause, oldestEventAt };
}
