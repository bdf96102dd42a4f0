// The mark that events may have been missed since a time. It ends with a reconciliation alone.
import type { Database } from '../store/open.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';

/** Notes that events may have been missed since then, Unix ms. The earliest time stays. */
export function noteMissed(db: Database, since: number, reason: string): void {
  const known = readState(db, state.missedSince);
  if (known !== null && known.since <= since) return;
  writeState(db, state.missedSince, { since, reason });
}
