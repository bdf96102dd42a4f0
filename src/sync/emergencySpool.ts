// The folder `data` beside the launcher stands in for the data directory when a hook could not make
// out where that is. The worker started there learns it from the events and moves them over.
import { copyFileSync, existsSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpoolEvent } from '../capture/event.ts';
import { dataDirectory, makeDataDirectory } from '../store/dataDirectory.ts';
import { spoolNames } from './intake.ts';

/**
 * Moves what lies in the stand-in's spool to the true one, and answers the true data directory; the
 * stand-in itself if no event tells of another that exists.
 */
export function trueDataDirectory(standIn: string): string {
  const { spool } = dataDirectory(standIn);
  let found: string | null = null;
  for (const name of spoolNames(spool)) {
    const path = join(spool, name);
    const dir = dirNamedIn(path, name);
    if (dir === null || !existsSync(dir)) continue;
    found = join(dir, 'plex-sync');
    // Copied, then unlinked: the two may be on different file systems. An event that is taken twice
    // costs nothing, one that is lost costs everything.
    copyFileSync(path, join(makeDataDirectory(found).spool, name));
    unlinkSync(path);
  }
  return found ?? standIn;
}

/** Null as well for a file that cannot be read: the others are moved all the same. */
function dirNamedIn(path: string, name: string): string | null {
  try {
    return parseSpoolEvent(name, readFileSync(path, 'utf8')).connection?.dir ?? null;
  } catch {
    return null;
  }
}
