// The base and the history of what goes both ways, in the data file.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Note, unknown } from '../../src/domain/mirror/viewing.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { forgetAllViewing, keepViewing, viewingKnown } from '../../src/store/mirror/viewing.ts';
import {
  recordViewing,
  viewingChangeCount,
  viewingChanges,
  viewingCounts,
} from '../../src/store/mirror/viewingChange.ts';

let folder = '';
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plexsync-viewing-'));
  ({ db } = openStore(join(folder, 'plex-sync.db'), 0));
  db.exec("INSERT INTO scene_state (scene_id, pushed, intent) VALUES (1, '{}', '{}')");
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const note: Note = {
  field: 'rating',
  side: 'stash',
  before: '80',
  after: '20',
  why: 'conflict',
  conflict: { plex: '2', stash: '80', plexAt: 5, stashAt: null, rule: 'later', winner: 'plex' },
};

test('what is known of a scene is of one item, goes with the scene, and counts as unknown where it does not parse [1.2 SYNC-01]', () => {
  const known = { ...unknown, rating: { plex: 2, stash: null }, own: { plays: [5], mark: 7 } };
  keepViewing(db, 1, '100', known, false);
  expect(viewingKnown(db, 1, '100')).toEqual(known);
  expect(viewingKnown(db, 1, '101')).toBeNull();
  db.exec(`UPDATE viewing SET known = '{"watched":3}'`);
  expect(viewingKnown(db, 1, '100')).toBeNull();
  keepViewing(db, 1, '100', known, true);
  forgetAllViewing(db);
  expect(viewingKnown(db, 1, '100')).toBeNull();
  keepViewing(db, 1, '100', known, true);
  db.exec('DELETE FROM scene_state');
  expect(viewingKnown(db, 1, '100')).toBeNull();
});

test('the history is kept for its time and up to its number, the newest first, with what lost [1.2 SYNC-03]', () => {
  const place = { sceneId: 1, ratingKey: '100' };
  const limits = { ms: 1_000, rows: 3 };
  for (const at of [1, 2, 3, 4, 5]) recordViewing(db, place, [note], true, at, limits);
  expect(viewingChanges(db, {}, 0, 10).map(({ at }) => at)).toEqual([5, 4, 3]);
  expect(viewingChanges(db, { field: 'rating' }, 0, 1)).toMatchObject([note]);
  expect(viewingChangeCount(db, { sceneId: 2 })).toBe(0);
  expect(viewingCounts(db, 4)).toEqual({ toStash: 2, toPlex: 0, conflicts: 2 });
  recordViewing(db, place, [{ ...note, conflict: null, why: 'changed' }], true, 2_000, limits);
  expect(viewingChanges(db, {}, 0, 10).map(({ at }) => at)).toEqual([2_000]);
});
