// Data files with many rows, made by SQL: a queue as a bulk edit and a rename leave it, and dead
// letters of a few causes.
import { openStore } from '../src/store/file/open.ts';
import type { Database } from '../src/store/file/database.ts';
import { run, transaction } from '../src/store/file/sql.ts';

/** Some days before whoever reads it. */
const t0 = Date.UTC(2026, 0, 2);
const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)';

/** Closes it: it is as a worker leaves it. */
export function makeBigQueue(path: string, rows: number, deadLetters: number): void {
  const { db } = openStore(path, t0);
  transaction(db, () => {
    run(
      db,
      `${numbers} INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at,
         last_event_at, attempts, error_code, source, correlation, priority)
       SELECT 'scene:' || i, 'scene', i, 1, ${t0} + i, ${t0} + i, ${t0} + i, i % 100 = 0,
         CASE WHEN i % 100 = 0 THEN 'plex-server-error' END, 'Scene.Update.Post',
         'mkw8qzr' || i || '-4711-1', i % 2 FROM n`,
      rows,
    );
    run(
      db,
      `${numbers} INSERT INTO dead_letter (key, entity, entity_id, error_code, message, attempts,
         first_error_at, last_error_at, correlation)
       SELECT 'scene:' || (i + ${rows}), 'scene', i + ${rows},
         CASE i % 3 WHEN 0 THEN 'plex-bad-request' WHEN 1 THEN 'plex-server-error'
           ELSE 'scene-invalid' END,
         'Plex answered with status 500 to the request', 6, ${t0} + i, ${t0} + i,
         'mkw8qzr' || i || '-4711-2' FROM n`,
      deadLetters,
    );
  });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

export function openBigQueue(path: string): Database {
  return openStore(path, t0).db;
}
