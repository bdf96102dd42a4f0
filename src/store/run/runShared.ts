// One step of a run that raises what scenes share, or that gives up a part of its work for a person's
// word: with the place to go on from, in one transaction.
import type { Entity } from '../queue/entity.ts';
import type { Database } from '../file/database.ts';
import { raise } from '../queue/queue.ts';
import { keepPlace, type Run, type RunPlace, runUnderWay } from './run.ts';
import { transaction } from '../file/sql.ts';
import { fullSyncNeeded, writeState } from '../file/state.ts';

export interface SharedOne {
  readonly entity: Entity;
  readonly id: number;
}

export interface RaisedPage {
  readonly raised: readonly SharedOne[];
  readonly stashRequests: number;
  readonly next: RunPlace;
  /** Why only a comparison of all scenes will do; null = it is not needed for this. */
  readonly fullSyncNeeded: string | null;
}

/**
 * @param run as it was when the page was asked for
 * @returns false if it was ended meanwhile, or somebody else was here: nothing is kept then
 */
export function keepRaised(db: Database, run: Run, page: RaisedPage, now: number): boolean {
  return transaction(db, () => {
    const present = runUnderWay(db);
    if (present?.id !== run.id) return false;
    if (JSON.stringify(present.place) !== JSON.stringify(run.place)) return false;
    const correlation = correlationOf(run);
    for (const { entity, id: entityId } of page.raised) {
      raise(db, { entity, entityId, source: 'reconcile', correlation, at: now, previousAt: null });
    }
    const reason = page.fullSyncNeeded;
    if (reason !== null) writeState(db, fullSyncNeeded, { since: now, reason });
    const { figures } = present;
    const stashRequests = figures.stashRequests + page.stashRequests;
    keepPlace(db, run.id, page.next, { ...figures, stashRequests });
    return true;
  });
}

/** As the pushes that come of a run are named in the history. */
function correlationOf({ begunAt, id }: Run): string {
  return `${begunAt.toString(36)}-${id}-reconcile`;
}
