// A library whose whole life lies some hours back: Stash's times and what PlexSync remembers of them, as
// if nobody had come since. For Stash while it is stopped.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

const hourMs = 3_600_000;

/** @param directory Stash's; its database has its usual name */
export function moveStashBack(directory: string, hours: number): void {
  const db = new DatabaseSync(join(directory, 'stash.sqlite'));
  try {
    for (const table of ['scenes', 'performers', 'studios', 'tags', 'groups']) {
      const update = db.prepare(`UPDATE ${table} SET created_at = ?, updated_at = ? WHERE id = ?`);
      const found = db.prepare(`SELECT id, created_at, updated_at FROM ${table}`).all();
      for (const { id, created_at: created, updated_at: updated } of found) {
        update.run(earlier(String(created), hours), earlier(String(updated), hours), Number(id));
      }
    }
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** In Stash's own writing: with the offset that it had, in whole seconds. */
function earlier(text: string, hours: number): string {
  const offset = /(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1] ?? 'Z';
  const [, sign, h = '0', m = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(h) * 60 + Number(m)) * 60_000;
  const at = Date.parse(text) - hours * hourMs;
  return `${new Date(at + offsetMs).toISOString().slice(0, 19)}${offset}`;
}

/** Sets when a scene was changed last to so many hours before now. */
export function stampScene(directory: string, sceneId: string, hours: number): void {
  const db = new DatabaseSync(join(directory, 'stash.sqlite'));
  try {
    const time = `${new Date(Date.now() - hours * hourMs).toISOString().slice(0, 19)}Z`;
    db.prepare('UPDATE scenes SET updated_at = ? WHERE id = ?').run(time, Number(sceneId));
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** What PlexSync knows of pushes and of Stash's times, moved in the same way; its worker may live. */
export function movePlexSyncBack(data: string, hours: number): void {
  const ms = hours * hourMs;
  const db = new DatabaseSync(join(data, 'plex-sync.db'));
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    db.exec(`BEGIN IMMEDIATE;
      UPDATE scene_state SET pushed_at = pushed_at - ${ms};
      UPDATE change SET at = at - ${ms};
      UPDATE state SET value = json_object('scenes', (SELECT json_group_array(json_object(
          'id', json_extract(one.value, '$.id'), 'at', json_extract(one.value, '$.at') - ${ms}))
        FROM json_each(state.value, '$.scenes') AS one)) WHERE name = 'stash-newest';
      COMMIT`);
  } finally {
    db.close();
  }
}
