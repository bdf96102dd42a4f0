// The moving averages as the data file keeps them: written with each batch, so that they outlive
// every process.
import * as v from 'valibot';
import { type Averages, coldStart } from '../../domain/base/average.ts';
import type { Database } from '../file/database.ts';
import { readState, type Singleton, writeState } from '../file/state.ts';

const average = v.object({ ms: v.number(), weight: v.number(), spread: v.number() });
const schema = v.object({
  push: average,
  unchanged: average,
  picture: average,
  pushShare: v.number(),
  sentShare: v.number(),
  measured: v.object({ push: v.number(), unchanged: v.number(), picture: v.number() }),
});
const averages: Singleton<Averages> = { name: 'averages', schema };

/** `coldStart` where nothing was measured yet. */
export function readAverages(db: Database): Averages {
  return readState(db, averages) ?? coldStart;
}

export function writeAverages(db: Database, value: Averages): void {
  writeState(db, averages, value);
}
