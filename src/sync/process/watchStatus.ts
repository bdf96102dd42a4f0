// Waits for another status than the caller has, so that a page is up to date without asking again
// and again. One process waits; it looks whether the data file was written (`PRAGMA data_version`,
// sqlite.org/pragma.html: another connection committed) and whether the spool holds anything, a few
// microseconds each, and makes up a status only then.
//
// Stash sets no limit to an operation and kills its process when the caller goes away. But a Stash
// that is to end waits for its open requests, and a container is killed after ten seconds: so it is
// looked whether Stash still takes connections, and answered at once if it does not
// (stashapp/stash `internal/api/server.go`: Shutdown closes the listener first).
import type { Status } from '../../contract/status.ts';
import { integer, row } from '../../store/file/sql.ts';
import type { Database } from '../../store/file/database.ts';
import type { Clock } from '../base/clock.ts';

export interface StatusWatch {
  readonly db: Database;
  readonly clock: Clock;
  /** Makes up a status, after taking the spool in. */
  readonly read: () => Status;
  readonly spoolHolds: () => boolean;
  /** Whether there is nobody to wait for any more. */
  readonly isOver: () => Promise<boolean>;
}

const longestMs = 25_000;
/** While much happens: more often than this a page need not know, nor a process be started for it. */
const atLeastMs = 2_000;
const lookEveryMs = 200;
const overEveryMs = 2_000;

/** The first status whose revision is another than `known`, or the last one after 25 s. */
export async function waitForStatus(watch: StatusWatch, known: string): Promise<Status> {
  const { db, clock, read, spoolHolds, isOver } = watch;
  const begunAt = clock.now();
  let seen = dataVersion(db);
  let status = read();
  let overLookAt = begunAt + overEveryMs;
  while (true) {
    const now = clock.now();
    const waited = now - begunAt;
    if (waited >= longestMs || waited < 0) return status;
    if (status.revision !== known && waited >= atLeastMs) return status;
    if (now >= overLookAt) {
      if (await isOver()) return status;
      overLookAt = now + overEveryMs;
    }
    await clock.sleep(lookEveryMs);
    const version = dataVersion(db);
    // What a status tells of besides, such as a worker that died, is seen at the end.
    if (version === seen && !spoolHolds() && clock.now() - begunAt < longestMs) continue;
    seen = version;
    status = read();
  }
}

function dataVersion(db: Database): number {
  const found = row(db, 'PRAGMA data_version');
  return found === undefined ? 0 : integer(found, 'data_version');
}
