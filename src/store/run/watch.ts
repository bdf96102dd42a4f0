// How far `plexsync watch` has looked, and what a page of a look has found.
import * as v from 'valibot';
import { transaction } from '../file/sql.ts';
import type { Database } from '../file/database.ts';
import { raise } from '../queue/queue.ts';
import { type Singleton, writeState } from '../file/state.ts';
import { beginSweep } from '../queue/sweep.ts';

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
 * What a look finds goes as edits do, which a hook would have told of: before what waits in bulk.
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
    const found = { entity: 'scene', source: 'sync-changed', correlation, at: now } as const;
    for (const entityId of ids) raise(db, { ...found, entityId, previousAt: null });
    if (to !== null) writeState(db, watchedTo, to);
  });
}
