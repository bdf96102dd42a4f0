// "View queue status": what waits, what failed, how Plex is, and how long it will take.
import { type Status, statusArguments, type StatusArguments } from '../contract/status.ts';
import { connection, readState } from '../store/file/state.ts';
import { spoolNames, type Stuck, takeIn } from '../sync/intake/intake.ts';
import { stashListens } from '../sync/process/stashListens.ts';
import { readStatus } from '../sync/tell/status.ts';
import { waitForStatus } from '../sync/process/watchStatus.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';
import { statusLines } from './statusLines.ts';

export const showStatus: Operation<StatusArguments, Status> = {
  arguments: statusArguments,
  perform: async (context, { after }) => {
    const { db, directory, version, now, caller, say } = context;
    if (after !== undefined) return await waitForAnother(context, after);
    const status = readStatus(db, directory, version, now);
    // A page asks often: what it is told is no line of Stash's log.
    if (caller === 'task') {
      for (const line of statusLines(status)) say(line);
    }
    return status;
  },
};

async function waitForAnother(context: TaskContext, after: string): Promise<Status> {
  const { db, directory, version, clock, log } = context;
  const stuck: Stuck = new Map();
  return await waitForStatus(
    {
      db,
      clock,
      read: () => {
        takeIn(db, directory, log, clock.now(), stuck);
        return readStatus(db, directory, version, clock.now());
      },
      spoolHolds: () => spoolNames(directory.spool).some((name) => !stuck.has(name)),
      isOver: async () => {
        const stash = readState(db, connection);
        return stash !== null && !(await stashListens(stash));
      },
    },
    after,
  );
}
