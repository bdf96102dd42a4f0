// The folder `data` beside the launcher stands in for the data directory when a hook could not make
// out where that is. The worker learns it from the events, at its start and as long as it lives, and
// moves them over.
import { copyFileSync, existsSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpoolEvent } from '../capture/event.ts';
import { dataDirectory, makeDataDirectory } from '../store/dataDirectory.ts';
import { isBeingWritten, spoolNames } from './intake.ts';
import type { Log } from './log.ts';

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

/** Moves over what comes while a worker lives; a file that cannot be moved is told once. */
export function openStandIn(standIn: string | undefined, log: Log): () => void {
  if (standIn === undefined) return () => {};
  const told = new Set<string>();
  return () => {
    trueDataDirectory(standIn, (name, error) => {
      if (told.has(name)) return;
      told.add(name);
      const why = error instanceof Error ? error.message : String(error);
      log.write('error', 'spool-file', `A file of ${standIn} cannot be moved: ${why}`, {
        file: name,
      });
    });
  };
}

/** Null as well for a file that is not complete yet. */
function dirNamedIn(path: string, name: string): string | null {
  const content = readFileSync(path, 'utf8');
  if (isBeingWritten(name, content, statSync(path).mtimeMs, Date.now())) return null;
  return parseSpoolEvent(name, content).connection?.dir ?? null;
}
