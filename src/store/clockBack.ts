// The times in the data file after the clock was ahead and was put right: none of them may lie ahead
// of the clock, or what waits for it would wait for as long as the clock was wrong.
import type { Circuit } from '../domain/recover/circuit.ts';
import { putCatchUpRight } from './run/catchUp.ts';
import { paused } from './queue/control.ts';
import { putExtraTimesRight } from './queue/extra.ts';
import type { Database } from './file/database.ts';
import { putViewingChangesRight } from './mirror/viewingChange.ts';
import { putOutagesRight } from './queue/outage.ts';
import { putOutcomesRight } from './queue/outcome.ts';
import { reconciledTo } from './run/run.ts';
import { putStashTimesRight } from './run/stashNewest.ts';
import { run, transaction } from './file/sql.ts';
import * as state from './file/state.ts';
import { readState, writeState } from './file/state.ts';
import { putTellingsRight } from './figures/telling.ts';
import { putViewingRight } from './run/viewingPass.ts';

/**
 * The latest time that the data file tells of, Unix ms; 0 if it tells of none. Only of times that
 * were the past when they were written: a due time lies ahead by right.
 */
export function latestTimeSeen(db: Database): number {
  const index = readState(db, state.index);
  return Math.max(
    readState(db, state.clockSeenAt) ?? 0,
    readState(db, state.lastEventAt) ?? 0,
    index?.fullWalkAt ?? 0,
    index?.refreshedAt ?? 0,
  );
}

/**
 * Makes due what waits, and has the index and the survey looked at again; what they hold stays in
 * use meanwhile.
 * @param now Unix ms by the clock that was put right
 */
export function putTimesRight(db: Database, now: number): void {
  transaction(db, () => {
    run(
      db,
      `UPDATE queue SET due_at = min(due_at, ?1), first_event_at = min(first_event_at, ?1),
         last_event_at = min(last_event_at, ?1), first_error_at = min(first_error_at, ?1)`,
      now,
    );
    // Scenes changed from now on may seem to have been looked at: the next run looks at all.
    const reconciled = readState(db, reconciledTo);
    if ((reconciled?.at ?? 0) > now) writeState(db, reconciledTo, { at: null });
    run(db, 'UPDATE scene_state SET waiting_since = ?1 WHERE waiting_since > ?1', now);
    // Else "all" would leave them out: what failed after it was asked stays.
    run(
      db,
      `UPDATE dead_letter SET first_error_at = min(first_error_at, ?1),
         last_error_at = min(last_error_at, ?1)`,
      now,
    );
    putExtraTimesRight(db, now);
    putOutcomesRight(db, now);
    putOutagesRight(db, now);
    const circuit = readState(db, state.circuit);
    if (circuit !== null) writeState(db, state.circuit, circuitAt(circuit, now));
    const index = readState(db, state.index);
    if (index !== null) writeState(db, state.index, { ...index, fullWalkAt: 0, refreshedAt: 0 });
    // Not null: that would say that Stash's files are not known yet. Any walk is later than 0.
    const survey = readState(db, state.survey);
    if (survey !== null && survey.doneAt !== null) {
      writeState(db, state.survey, { ...survey, doneAt: 0 });
    }
    const sweptAt = readState(db, state.sweptAt);
    if (sweptAt !== null) writeState(db, state.sweptAt, Math.min(sweptAt, now));
    for (const mark of [state.sweepOfAll, state.sweepOfChanged]) {
      const sweep = readState(db, mark);
      if (sweep === null) continue;
      writeState(db, mark, { ...sweep, begunAt: Math.min(sweep.begunAt, now) });
    }
    const held = readState(db, paused);
    if (held !== null) writeState(db, paused, { ...held, since: Math.min(held.since, now) });
    const lost = readState(db, state.fullSyncNeeded);
    if (lost !== null) {
      writeState(db, state.fullSyncNeeded, { ...lost, since: Math.min(lost.since, now) });
    }
    const missed = readState(db, state.missedSince);
    if (missed !== null) {
      const [since, until] = [Math.min(missed.since, now), Math.min(missed.until, now)];
      const { triedAt } = missed;
      const tried = triedAt === undefined ? {} : { triedAt: Math.min(triedAt, now) };
      writeState(db, state.missedSince, { ...missed, since, until, ...tried });
    }
    putCatchUpRight(db, now);
    putStashTimesRight(db, now);
    putTellingsRight(db, now);
    putViewingRight(db, now);
    putViewingChangesRight(db, now);
    const lastEventAt = readState(db, state.lastEventAt);
    if (lastEventAt !== null) writeState(db, state.lastEventAt, Math.min(lastEventAt, now));
    writeState(db, state.clockSeenAt, now);
  });
}

function circuitAt(circuit: Circuit, now: number): Circuit {
  switch (circuit.kind) {
    case 'closed':
      return { kind: 'closed' };
    case 'half-open':
      return { ...circuit, since: Math.min(circuit.since, now) };
    case 'open':
      return { ...circuit, since: Math.min(circuit.since, now), probeAt: now };
    case 'refused':
      return { ...circuit, since: Math.min(circuit.since, now), retryAt: now };
  }
}
