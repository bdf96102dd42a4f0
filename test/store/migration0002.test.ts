// A data file as PlexSync 0.1 leaves it, opened by this one: everything in it is kept, and what it
// could not do yet is done.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { nothingBefore } from '../../src/domain/mirror/values.ts';
import { deadLetters } from '../../src/store/queue/deadLetter.ts';
import { migration0001 } from '../../src/store/file/migrations/0001.ts';
import { migrations } from '../../src/store/file/migrations.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { pinNever, unpin } from '../../src/store/match/pin.ts';
import { partCount } from '../../src/store/match/plexPart.ts';
import { queueCounts } from '../../src/store/queue/queueCounts.ts';
import { claim, claimFanOut } from '../../src/store/queue/queueClaim.ts';
import { ownerOf } from '../../src/store/match/itemOwner.ts';
import { sceneCounts, newestWaitingSince } from '../../src/store/mirror/sceneLists.ts';
import { sceneState } from '../../src/store/mirror/sceneState.ts';
import {
  index,
  lastEventAt,
  readState,
  stableClientIdentifier,
} from '../../src/store/file/state.ts';
import { newDirectory, newStore, queueRowOf, t0 } from './support.ts';

const pushed = '{"scalars":{"title":"T"},"tags":{"genre":["A"]}}';
const intent = '{"scalars":{"title":"T2"},"tags":{}}';
const identifier = '6f1c3a52-7a39-4a0e-9d4b-0c1f5c1b7a11';

/** Scenes 1 to 3 have items, of which 2 and 3 the same; the others have none. */
const rows = `
INSERT INTO queue VALUES
  ('scene:1', 'scene', 1, 4, ${t0}, ${t0 - 9}, ${t0 - 1}, 2, 1, ${t0 - 5}, 'plex-reset', 'Scene.Update.Post', 'c1', NULL),
  ('scene:4', 'scene', 4, 2, ${t0 + 70_000}, ${t0 - 9}, ${t0 - 1}, 3, 0, ${t0 - 5}, 'plex-reset', 'Scene.Update.Post', 'c4', NULL),
  ('scene:9', 'scene', 9, 1, ${t0}, ${t0}, ${t0}, 0, 0, NULL, NULL, 'Scene.Create.Post', 'c9', 1),
  ('performer:5', 'performer', 5, 3, NULL, ${t0 - 9}, ${t0 - 2}, 0, 0, NULL, NULL, 'Performer.Update.Post', 'c5', NULL),
  ('tag:1', 'tag', 1, 1, NULL, ${t0}, ${t0}, 0, 0, NULL, NULL, 'Tag.Merge.Post', 'c6', NULL);
INSERT INTO dead_letter VALUES
  ('scene:8', 'scene', 8, 'plex-bad-request', 'why', 'title', 6, ${t0 - 9}, ${t0 - 1}, 'c8');
INSERT INTO scene_state VALUES
  (1, '7', '3', 'path', NULL, NULL, '${pushed}', '${intent}', ${t0 - 3}),
  (3, '8', '3', 'name-size', NULL, NULL, '${pushed}', '${pushed}', ${t0 - 1}),
  (2, '8', '3', 'path', NULL, NULL, '${pushed}', '${pushed}', ${t0 - 2}),
  (10, '8', '3', 'path', NULL, NULL, '${pushed}', '${pushed}', NULL),
  (4, NULL, NULL, NULL, 'not-in-plex', ${t0 - 4}, '{}', '{}', NULL),
  (5, '12', '3', NULL, 'not-in-plex', ${t0 - 5}, '${pushed}', '${pushed}', ${t0 - 6}),
  (6, NULL, NULL, NULL, 'ambiguous', NULL, '{}', '{}', NULL),
  (7, NULL, NULL, NULL, 'no-file', NULL, '{}', '{}', NULL);
INSERT INTO awaited_file VALUES (4, '/media/a.mp4', 'a.mp4', 1), (5, '/media/b.mp4', 'b.mp4', 2);
INSERT INTO plex_part VALUES ('7', '/media/x.mp4', '3', '/media/x.mp4', 'x.mp4', 5, 't', 1, 2, 3);
INSERT INTO state VALUES
  ('client-identifier', '"${identifier}"'),
  ('last-event-at', '${t0 - 1}'),
  ('index', '{"machineIdentifier":"m","sectionIds":["3"],"walk":3,"fullWalkAt":1,"refreshedAt":1,"watermarks":{}}');
`;

let db: Database;
let before: Database;

beforeEach(() => {
  const path = join(newDirectory(), 'plex-sync.db');
  const old = new DatabaseSync(path);
  old.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON');
  old.exec(`${migration0001}${rows} PRAGMA user_version = 1`);
  old.close();
  before = newStore();
  db = newStore(path);
});

describe('a data file of the first version', () => {
  it('is brought to the newest, sound, with foreign keys on, and opens again', () => {
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
    expect(db.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    const path = db.location() ?? '';
    const dump = queueRowOf(db, 'scene:4');
    db.close();
    const again = openStore(path, t0);
    expect(again.setAside).toBeNull();
    expect(queueRowOf(again.db, 'scene:4')).toEqual(dump);
    again.db.close();
  });

  it('has the very tables and indexes that a new file has', () => {
    const schema = (of: Database): unknown[] =>
      of
        .prepare(
          "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .all()
        .map((found) => ({ ...found }));
    const columns = (of: Database): unknown[] =>
      of
        .prepare(
          `SELECT t.name AS tbl, c.name, c.type, c."notnull", c.dflt_value FROM sqlite_schema t
           JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.name`,
        )
        .all()
        .map((found) => ({ ...found }));
    expect(schema(db)).toEqual(schema(before));
    expect(columns(db)).toEqual(columns(before));
  });

  it('loses no event: rows keep revision, attempts, due time and what is in flight', () => {
    expect(queueRowOf(db, 'scene:1')).toMatchObject({
      revision: 4,
      due_at: t0,
      attempts: 2,
      alone_failures: 1,
      first_error_at: t0 - 5,
      error_code: 'plex-reset',
      priority: 0,
      cursor: 0,
    });
    expect(queueRowOf(db, 'scene:9')).toMatchObject({ in_flight: 1, revision: 1 });
    expect(deadLetters(db, 10)).toMatchObject([{ key: 'scene:8', field: 'title', attempts: 6 }]);
  });

  it('[1.0 MATCH-02] makes due what was kept for performers, studios, tags and groups', () => {
    expect(queueCounts(db).fanOuts).toBe(2);
    expect(claimFanOut(db, t0)).toMatchObject({ key: 'performer:5', revision: 3, cursor: 0 });
    expect(claimFanOut(db, t0)).toMatchObject({ key: 'tag:1', cursor: 0 });
  });

  it('keeps each scene’s item and what was pushed there', () => {
    expect(sceneState(db, 1)).toEqual({
      ratingKey: '7',
      sectionId: '3',
      matchedBy: 'path',
      waitingSince: null,
      noItemReason: null,
      pushed: { scalars: { title: 'T' }, tags: { genre: ['A'] } },
      intent: { scalars: { title: 'T2' }, tags: {} },
      // Nobody knows any more what Plex had before.
      before: nothingBefore,
    });
    expect(sceneState(db, 5)).toMatchObject({
      ratingKey: '12',
      noItemReason: 'waiting',
      pushed: { scalars: { title: 'T' } },
    });
  });

  it('[1.0 MATCH-03] makes of two scenes with one item its owner and one for review', () => {
    expect(ownerOf(db, '8', 0)).toBe(2);
    for (const id of [3, 10]) {
      expect(sceneState(db, id)).toMatchObject({ ratingKey: '8', noItemReason: 'review' });
      expect(queueRowOf(db, `scene:${id}`)).toBeDefined();
    }
    expect(queueRowOf(db, 'scene:2')).toBeUndefined();
    expect(() =>
      db.exec('UPDATE scene_state SET no_item_reason = NULL WHERE scene_id = 3'),
    ).toThrow(/UNIQUE/);
  });

  it('matches every scene without an item anew: due now, but for one that backs off', () => {
    const due = claim(db, Date.now() + 1_000, 50).map((row) => row.key);
    expect(due.toSorted()).toEqual([
      'scene:1',
      'scene:10',
      'scene:3',
      'scene:4',
      'scene:5',
      'scene:6',
      'scene:7',
    ]);
    expect(queueRowOf(db, 'scene:4')).toMatchObject({
      revision: 3,
      due_at: t0 + 70_000,
      attempts: 3,
      correlation: 'c4',
    });
    expect(sceneCounts(db)).toEqual({
      matched: 2,
      byReason: { waiting: 2, review: 3, 'no-file': 1 },
    });
    expect(newestWaitingSince(db)).toBe(t0 - 4);
  });

  it('makes the index of Plex’s files anew, and stays the client that Plex knows', () => {
    expect(partCount(db)).toBe(0);
    expect(readState(db, index)).toBeNull();
    expect(readState(db, lastEventAt)).toBe(t0 - 1);
    expect(stableClientIdentifier(db)).toBe(identifier);
  });

  it('takes choices like a new one', () => {
    pinNever(db, 3, t0);
    expect(unpin(db, 3)).toBe(true);
  });
});

describe('a data file of the first version with nothing in it', () => {
  it('becomes an empty one of the newest', () => {
    const path = join(newDirectory(), 'plex-sync.db');
    const old = new DatabaseSync(path);
    old.exec(`${migration0001} PRAGMA user_version = 1`);
    old.close();
    const opened = newStore(path);
    expect(queueCounts(opened)).toMatchObject({ pending: 0, fanOuts: 0 });
  });
});
