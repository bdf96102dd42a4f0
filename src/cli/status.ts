// `plexsync status`: the status operation for a terminal.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataDirectory as dataDirectoryOf, makeDataDirectory } from '../store/dataDirectory.ts';
import { openStore } from '../store/open.ts';
import { systemClock } from '../sync/clock.ts';
import { takeIn } from '../sync/intake.ts';
import { openLog } from '../sync/log.ts';
import { showStatus } from '../tasks/showStatus.ts';

export function printStatus(dataDirectory: string, version: string): number {
  const path = resolve(dataDirectory);
  // A mistyped path must not become an empty data directory in which "nothing waits".
  if (!existsSync(dataDirectoryOf(path).spool)) {
    process.stderr.write(
      `${path} is no data directory of PlexSync: it is the folder plex-sync beside Stash's config.yml.\n`,
    );
    return 1;
  }
  const directory = makeDataDirectory(path);
  const now = systemClock.now();
  const { db } = openStore(directory.database, now);
  try {
    takeIn(db, directory, openLog(directory.log, systemClock), now);
    const say = (line: string): void => {
      process.stderr.write(`${line}\n`);
    };
    const status = showStatus({ db, directory, version, now, say });
    process.stdout.write(`${JSON.stringify(status, null, 2)}\n`);
    return 0;
  } finally {
    db.close();
  }
}
