// Which folders Plex was asked to scan, so that it is asked once an hour at most.
import type { Database } from '../file/database.ts';
import { run } from '../file/sql.ts';

/**
 * Notes that Plex is asked to scan the folder now.
 * @returns whether it may be: false if it was asked within `everyMs`
 */
export function mayScanFolder(db: Database, folder: string, now: number, everyMs: number): boolean {
  run(db, 'DELETE FROM folder_scan WHERE asked_at <= ? OR asked_at > ?', now - everyMs, now);
  return (
    run(db, 'INSERT OR IGNORE INTO folder_scan (folder, asked_at) VALUES (?, ?)', folder, now) > 0
  );
}
