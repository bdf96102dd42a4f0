// Real data files in a directory of their own, removed after each test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { ListedItem } from '../../src/domain/base/plexItem.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { type QueueEvent, queueKey, raise } from '../../src/store/queue/queue.ts';
import { row, type Row, rows, transaction } from '../../src/store/file/sql.ts';

export const t0 = 1_700_000_000_000;

const directories: string[] = [];
const databases: Database[] = [];

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'plexsync-store-'));
  directories.push(directory);
  return directory;
}

/** A data file, closed after the test. */
export function newStore(path = join(newDirectory(), 'plex-sync.db')): Database {
  const { db } = openStore(path, t0);
  databases.push(db);
  return db;
}

afterEach(() => {
  for (const db of databases.splice(0)) if (db.isOpen) db.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** An event of a scene, alone in its time unless told otherwise. */
export function raiseScene(
  db: Database,
  entityId: number,
  at = t0,
  more: Partial<QueueEvent> = {},
): string {
  const event: QueueEvent = {
    entity: 'scene',
    entityId,
    source: 'Scene.Update.Post',
    correlation: `c${entityId}`,
    at,
    previousAt: null,
    ...more,
  };
  transaction(db, () => raise(db, event));
  return queueKey(event.entity, entityId);
}

/** How SQLite goes about each statement that `work` makes; they must not have been made before. */
export function plansOf(db: Database, work: () => void): readonly string[] {
  const made: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = (text) => {
    made.push(text);
    return prepare(text);
  };
  try {
    work();
  } finally {
    db.prepare = prepare;
  }
  return made.flatMap((text) =>
    prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map((step) => String(step['detail'])),
  );
}

/** An item as a library's listing shows it. */
export function listed(item: Partial<ListedItem> & Pick<ListedItem, 'ratingKey'>): ListedItem {
  const nothing = { date: '', studio: '', durationMs: null, addedAt: 1, updatedAt: 2, parts: [] };
  return { title: 't', ...nothing, ...item };
}

export function queueRowOf(db: Database, key: string): Row | undefined {
  return row(db, 'SELECT * FROM queue WHERE key = ?', key);
}

export function allRows(
  db: Database,
  table: 'queue' | 'dead_letter' | 'plex_part' | 'scene_state' | 'review_candidate' | 'pin_file',
): Row[] {
  return rows(db, `SELECT * FROM ${table}`).map((found) => ({ ...found }));
}
