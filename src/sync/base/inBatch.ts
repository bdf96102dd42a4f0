// How many items of the batch under way are written: a batch takes seconds, on a slow Plex minutes,
// and its rows are finished together. Only for people who watch; nothing is decided by it.
import * as v from 'valibot';
import type { Database } from '../../store/file/database.ts';
import { readState, type Singleton, writeState } from '../../store/file/state.ts';
import type { Clock } from './clock.ts';

const written: Singleton<number> = { name: 'written', schema: v.number() };

/** Nobody looks more often. */
const restMs = 500;

export interface InBatch {
  begin(): void;
  add(items: number): void;
}

export function openInBatch(db: Database, clock: Clock): InBatch {
  let count = 0;
  let noted = 0;
  let notedAt = 0;
  const note = (): void => {
    noted = count;
    notedAt = clock.now();
    writeState(db, written, count);
  };
  return {
    begin: () => {
      count = 0;
      if (noted !== 0) note();
    },
    add: (items) => {
      count += items;
      if (clock.now() - notedAt >= restMs) note();
    },
  };
}

/** Of the rows in flight. One that died leaves a number behind, and no rows in flight. */
export function writtenOf(db: Database, inFlight: number): number {
  return inFlight === 0 ? 0 : Math.min(inFlight, readState(db, written) ?? 0);
}
