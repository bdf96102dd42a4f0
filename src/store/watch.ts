// How far `plexsync watch` has looked, and what a page of a look has found.
import * as v from 'valibot';
import { transaction } from './sql.ts';
import type { Database } from './open.ts';
import { raiseScene } from './queue.ts';
import { type Singleton, writeState } from './state.ts';
import { beginSweep } from './sweep.ts';

/** Unix ms by Stash's clock at which the last whole look at its scenes began. */
export const watchedTo: Singleton<number> = { name: 'watched-to', schema: v.number() };

/** Nothing is known yet: all scenes are looked at once, and from then on those changed since. */
export function beginWatching(db: Database, stashNow: number, now: number): void {
  transaction(db, () => {
    beginSweep(db, now, null);
    writeState(db, watchedTo, stashNow);
  });
}

/**
 * @param ids scenes that are to be compared
 * @param to as `watchedTo`, if the page was the last one of its look
 */
export function keepLook(
  db: Database,
  ids: readonly number[],
  to: number | null,
  now: number,
): void {
  transaction(db, () => {
    const correlation = `${now.toString(36)}-0-watch`;
    for (const id of ids) raiseScene(db, id, now, 'sync-changed', correlation);
    if (to !== null) writeState(db, watchedTo, to);
  });
}
