// The folder `data` beside the launcher stands in for the data directory when a hook could not make
// out where that is. The worker learns it from the events, at its start and as long as it lives, and
// moves them over, with the marks of hooks that found nobody to take them in.
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpoolEvent } from '../../capture/event.ts';
import { dataDirectory, makeDataDirectory, noWorkerMark } from '../../store/file/dataDirectory.ts';
import type { Database } from '../../store/file/database.ts';
import type { Clock } from '../base/clock.ts';
import { isBeingWritten, spoolNames } from './intake.ts';
import type { Log } from '../base/log.ts';
import { takeMissed } from '../base/missed.ts';

/**
 * Moves what lies in the stand-in's spool to the true one, and answers the true data directory; the
 * stand-in itself if no event tells of another that exists.
 * @param cannot told of each file that cannot be moved
 */
export function trueDataDirectory(
  standIn: string,
  cannot: (name: string, error: unknown) => void = () => {},
): string {
  const { spool } = dataDirectory(standIn);
  let found: string | null = null;
  for (const name of spoolNames(spool)) {
    const path = join(spool, name);
    try {
      const dir = dirNamedIn(path, name);
      if (dir === null || !existsSync(dir)) continue;
      const directory = join(dir, 'plex-sync');
      // Copied, then unlinked: the two may be on different file systems. An event that is taken twice
      // costs nothing, one that is lost costs everything.
      copyFileSync(path, join(makeDataDirectory(directory).spool, name));
      found = directory;
      unlinkSync(path);
    } catch (error) {
      // The others are moved all the same.
      cannot(name, error);
    }
  }
  return found ?? standIn;
}

/**
 * Takes over what comes while a worker lives: events into the true spool; the mark since when none were
 * kept into its data file. A file for which that cannot be done is told once.
 * @throws whatever SQLite throws; PlexSyncError `store-failed` as `takeMissed` does
 */
export function openStandIn(
  standIn: string | undefined,
  db: Database,
  clock: Clock,
  log: Log,
): () => void {
  if (standIn === undefined) return () => {};
  const told = new Set<string>();
  const cannot = (name: string, error: unknown): void => {
    if (told.has(name)) return;
    told.add(name);
    const why = error instanceof Error ? error.message : String(error);
    const message = `A file of ${standIn} cannot be taken over: ${why}`;
    log.write('error', 'spool-file', message, { file: name });
  };
  const directory = dataDirectory(standIn);
  const marks: readonly (readonly [path: string, end: () => void])[] = [
    [directory.missedSince, () => takeMissed(db, directory, clock.now())],
    // As whoever takes the spool in does: events that hooks keep here are taken from now on.
    [noWorkerMark(directory), () => rmSync(noWorkerMark(directory), { force: true })],
  ];
  return () => {
    trueDataDirectory(standIn, cannot);
    for (const [path, end] of marks) {
      // One that stays must not be noted again and again, as if changes were still missing.
      if (told.has(path)) continue;
      try {
        end();
      } catch (error) {
        if (!isOfFileSystem(error)) throw error;
        cannot(path, error);
      }
    }
  };
}

function isOfFileSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Null as well for a file that is not complete yet. */
function dirNamedIn(path: string, name: string): string | null {
  const content = readFileSync(path, 'utf8');
  if (isBeingWritten(name, content, statSync(path).mtimeMs, Date.now())) return null;
  return parseSpoolEvent(name, content).connection?.dir ?? null;
}
