// What came of the writes of a batch so far, and what it says about the items that failed.
import type { Stop, Suspect } from './job.ts';

/** So many suspects in a row, with every read good, and it is the server after all. */
const suspectsInARow = 12;

export interface Tally<Job> {
  /** At fault themselves: each costs its item an attempt, or is final. */
  readonly failed: Suspect[];
  /** At fault or not: no good write has come after them. */
  suspects: Suspect[];
  readonly vanished: Job[];
  /** The server failed at the write of these: of one, or of a group. */
  felled: readonly Suspect[];
  /** Keys of rows that were in a group which failed: each goes on its own. */
  readonly apart: Set<string>;
  /** `suspectsInARow` was reached. */
  tooMany: boolean;
  stop: Stop | null;
  /** A write went through since the server was last in doubt. */
  wrote: boolean;
}

/** @param wrote whether a write went through since the server was last in doubt */
export function openTally<Job>(wrote: boolean): Tally<Job> {
  return {
    failed: [],
    suspects: [],
    vanished: [],
    felled: [],
    apart: new Set(),
    tooMany: false,
    stop: null,
    wrote,
  };
}

/** A write went through: who failed before it, while every read was good, is at fault. */
export function noteGoodWrite(tally: Tally<unknown>): void {
  tally.failed.push(...tally.suspects);
  tally.suspects = [];
  tally.wrote = true;
}

/**
 * An item failed in a way that can be its own or the server's, and the read after it was good. One
 * that had failed when the server was last in doubt, and fails again although others were written
 * since, is at fault: the good write stands between its failures.
 */
export function noteSuspect(tally: Tally<unknown>, suspect: Suspect): void {
  if (tally.wrote && suspect.row.aloneFailures > 0) {
    tally.failed.push(suspect);
    return;
  }
  tally.suspects.push(suspect);
}

/** A write made its item a suspect: it may be one too many. */
export function noteSuspectWrite(tally: Tally<unknown>, suspect: Suspect): void {
  noteSuspect(tally, suspect);
  tally.tooMany = tally.suspects.length >= suspectsInARow;
}

/** No further write makes sense now. */
export function isOver({ stop, tooMany }: Tally<unknown>): boolean {
  return stop !== null || tooMany;
}
