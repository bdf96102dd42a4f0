// A data file from before there were lists, opened by this one: scenes can be found by their titles at
// once, as far as anything tells them.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migrations } from '../../src/store/file/migrations.ts';
import { rows } from '../../src/store/file/sql.ts';
import { newDirectory, newStore, t0 } from './support.ts';

it('titles are taken from what was pushed and what waits for a choice; a damaged record harms nothing', () => {
  const path = join(newDirectory(), 'plex-sync.db');
  const old = new DatabaseSync(path);
  old.exec(migrations.slice(0, 4).join('\n'));
  old.exec(`PRAGMA user_version = 4;
    INSERT INTO scene_state (scene_id, pushed, intent) VALUES
      (1, '{"scalars":{"title":"Pushed"},"tags":{}}', '{}'), (2, '{"scalars":{},"tags":{}}', '{}'),
      (3, '{"scal', '{}'), (4, '{"scalars":{"title":7}}', '{}'),
      (5, '{"scalars":{"title":"Pushed before"},"tags":{}}', '{}');
    INSERT INTO review VALUES (5, 'unsure', 'In Review', '/a', ${t0}), (6, 'unsure', '', '/b', ${t0});`);
  old.close();
  expect(rows(newStore(path), 'SELECT * FROM scene_title').map((row) => ({ ...row }))).toEqual([
    { scene_id: 1, title: 'Pushed', title_key: 'pushed' },
    { scene_id: 5, title: 'In Review', title_key: 'in review' },
  ]);
});
