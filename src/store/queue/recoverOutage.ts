// Dead letters of an outage: which of them can be tried again, and why the others are left alone.
import { among, both, countRows, type Filter } from '../file/filter.ts';
import type { Database } from '../file/database.ts';
import { type Pages, retryDeadLetters } from './queueActions.ts';
import { integer, rows } from '../file/sql.ts';

export type OutageWindow =
  /** In whose time it failed. */
  | { readonly kind: 'outage'; readonly id: number }
  | { readonly kind: 'any-outage' }
  /** Unix ms; it failed at some time between the two. */
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

/** @param causes error codes */
export function lettersOfOutage(window: OutageWindow, causes: readonly string[]): Filter {
  return both(windowFilter(window), among('error_code', causes));
}

function windowFilter(window: OutageWindow): Filter {
  switch (window.kind) {
    case 'outage':
      return { where: 'outage = ?', values: [window.id] };
    case 'any-outage':
      return { where: 'outage IS NOT NULL', values: [] };
    case 'between':
      return {
        where: 'last_error_at >= ? AND first_error_at <= ?',
        values: [window.from, window.to],
      };
  }
}

const ofScene = `entity = 'scene' AND EXISTS (
  SELECT 1 FROM scene_state AS known WHERE known.scene_id = dead_letter.entity_id AND`;
const isGone = `${ofScene} known.no_item_reason = 'gone')`;
const isQueued = 'EXISTS (SELECT 1 FROM queue WHERE queue.key = dead_letter.key)';
const hasSucceeded = `${ofScene} known.pushed_at > dead_letter.last_error_at)`;
const filter = (where: string): Filter => ({ where, values: [] });

export interface LeftAlone {
  readonly gone: number;
  readonly queued: number;
  readonly succeeded: number;
}

/** How many of them are left alone; each is counted once, for the first reason that holds. */
export function leftAlone(db: Database, letters: Filter): LeftAlone {
  const counted = (where: string): number =>
    countRows(db, 'dead_letter', both(letters, filter(where)));
  return {
    gone: counted(isGone),
    queued: counted(`NOT (${isGone}) AND ${isQueued}`),
    succeeded: counted(`NOT (${isGone}) AND NOT ${isQueued} AND ${hasSucceeded}`),
  };
}

function recoverable(letters: Filter): Filter {
  return both(letters, filter(`NOT (${isGone}) AND NOT ${isQueued} AND NOT (${hasSucceeded})`));
}

export function countRecoverable(db: Database, letters: Filter): number {
  return countRows(db, 'dead_letter', recoverable(letters));
}

/** The same for each outage of which any are left: by its number. */
export function recoverableByOutage(
  db: Database,
  causes: readonly string[],
): ReadonlyMap<number, number> {
  const { where, values } = recoverable(lettersOfOutage({ kind: 'any-outage' }, causes));
  const query = `SELECT outage, count(*) AS n FROM dead_letter WHERE ${where} GROUP BY outage`;
  const found = rows(db, query, ...values);
  return new Map(found.map((one) => [integer(one, 'outage'), integer(one, 'n')]));
}

/** Puts the others back into the queue, behind what a person edits, with all attempts before them. */
export function recover(db: Database, letters: Filter, now: number): Pages {
  return retryDeadLetters(db, recoverable(letters), now, 1);
}
