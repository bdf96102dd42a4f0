// What Stash's log is still to be told. Few lines, in one row of `state`: they outlive the worker, and
// whoever prints them takes away what it has printed.
import * as v from 'valibot';
import {
  type Telling,
  tellingEvents,
  tellingsAt,
  type Tellings,
  withoutTold,
  withTelling,
} from '../../domain/words/telling.ts';
import type { Database } from '../file/database.ts';
import { transaction } from '../file/sql.ts';
import { clearState, readState, type Singleton, writeState } from '../file/state.ts';

const schema = v.object({
  waiting: v.array(
    v.object({
      at: v.number(),
      level: v.picklist(['info', 'warn', 'error']),
      event: v.picklist(tellingEvents),
      message: v.string(),
      count: v.number(),
    }),
  ),
  dropped: v.number(),
});
const tellings: Singleton<Tellings> = { name: 'tellings', schema };
const none: Tellings = { waiting: [], dropped: 0 };

export function tellingsWaiting(db: Database): Tellings {
  return readState(db, tellings) ?? none;
}

/** Call outside of a transaction. */
export function addTellings(db: Database, added: readonly Telling[]): void {
  transaction(db, () => writeState(db, tellings, added.reduce(withTelling, tellingsWaiting(db))));
}

/** The clock was ahead and was put right. @param now Unix ms */
export function putTellingsRight(db: Database, now: number): void {
  const known = readState(db, tellings);
  if (known !== null) writeState(db, tellings, tellingsAt(known, now));
}

/** Call outside of a transaction. @param told as they were when they were printed */
export function removeTold(db: Database, told: Tellings): void {
  transaction(db, () => {
    const left = withoutTold(tellingsWaiting(db), told);
    if (left.waiting.length === 0 && left.dropped === 0) clearState(db, tellings);
    else writeState(db, tellings, left);
  });
}
