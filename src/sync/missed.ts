// The mark that events may have been missed since a time. It ends with a reconciliation alone.
import type { Database } from '../store/open.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';

/**
 * Notes that events may have been missed from then on, Unix ms. The earliest time stays, with its
 * reason.
 * @param until up to which time, Unix ms: a run that began before it does not end the mark
 */
export function noteMissed(db: Database, since: number, reason: string, until = since): void {
  const known = readState(db, state.missedSince);
  const mark = known !== null && known.since <= since ? known : { since, reason };
  writeState(db, state.missedSince, { ...mark, until: Math.max(until, known?.until ?? until) });
}
