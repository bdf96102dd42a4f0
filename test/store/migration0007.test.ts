// A data file from before it was known who gave a rating: the history tells, as far as it goes.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { migration0007 } from '../../src/store/file/migrations/0007.ts';
import { migrations } from '../../src/store/file/migrations.ts';
import { rows } from '../../src/store/file/sql.ts';
import { newDirectory, newStore } from './support.ts';

it('a rating is PlexSync’s to take away only where the history has that it gave one', () => {
  const path = join(newDirectory(), 'plex-sync.db');
  const old = new DatabaseSync(path);
  const before = migrations.slice(0, migrations.indexOf(migration0007));
  old.exec(before.join('\n'));
  old.exec(`PRAGMA user_version = ${before.length};
    INSERT INTO scene_state (scene_id, rating_key, section_id, pushed, intent)
      VALUES (1, '7', '2', '{}', '{}');
    INSERT INTO rating (rating_key, scene_id, pushed) VALUES ('7', 1, 8), ('8', 2, 6);
    INSERT INTO change VALUES (1, 1, '7', '2', 'userRating', '""', '"8"', 0, 0, 'c', 1);`);
  old.close();
  const found = rows(newStore(path), 'SELECT rating_key, section_id, given FROM rating');
  expect(found.map((row) => ({ ...row }))).toEqual([
    { rating_key: '7', section_id: '2', given: 1 },
    { rating_key: '8', section_id: '', given: 0 },
  ]);
});
