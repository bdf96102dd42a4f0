// The mark that events may have been missed since a time. It ends with a reconciliation alone.
import { rmSync, statSync } from 'node:fs';
import type { DataDirectory } from '../../store/file/dataDirectory.ts';
import type { Database } from '../../store/file/database.ts';
import { assertSameFile } from '../../store/file/sameFile.ts';
import { durableTransaction } from '../../store/file/sql.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';

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

/**
 * Takes over what hooks left while there was no Node, or the worker could not work: from the time of
 * that file on they kept no event, since the spool was full (plugin/launch.sh).
 */
export function takeMissed(db: Database, { missedSince }: DataDirectory, now: number): void {
  const since = statSync(missedSince, { throwIfNoEntry: false })?.mtimeMs;
  if (since === undefined) return;
  durableTransaction(db, () => {
    const reason =
      'there was no Node, or the worker could not work, and more changes came than PlexSync keeps then';
    noteMissed(db, Math.min(Math.floor(since), now), reason, now);
  });
  assertSameFile(db);
  rmSync(missedSince, { force: true });
}
