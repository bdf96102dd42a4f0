// What goes both ways, as the status shows it, with the warning where it does not.
import type { Warning } from '../../contract/status.ts';
import type { ViewingStatus } from '../../contract/viewing.ts';
import type { Database } from '../../store/file/database.ts';
import { readState } from '../../store/file/state.ts';
import { viewingCounts } from '../../store/mirror/viewingChange.ts';
import { viewingPass } from '../../store/run/viewingPass.ts';

const dayMs = 86_400_000;

/** @param now Unix ms */
export function readViewing(db: Database, now: number): ViewingStatus {
  const pass = readState(db, viewingPass);
  if (pass === null || pass.fields.length === 0) return null;
  return {
    fields: pass.fields,
    lastAt: pass.endedAt,
    nextAt: pass.underWay === null ? pass.nextAt : null,
    ...viewingCounts(db, now - dayMs),
    problem: pass.problem,
  };
}

export function viewingWarnings(viewing: ViewingStatus): readonly Warning[] {
  const problem = viewing?.problem ?? null;
  if (problem === null) return [];
  const message =
    problem.code === 'plex-unauthorized'
      ? 'Plex refuses the token of the user whose viewing goes both ways. Type another one into viewingToken; everything else goes on.'
      : `What was watched could not be compared the last time: ${problem.message} It is tried again by itself.`;
  return [{ about: 'viewing', message }];
}
