// A data file from before the counts: what is in it is counted when it is opened.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migration0006 } from '../../src/store/file/migrations/0006.ts';
import { migrations } from '../../src/store/file/migrations.ts';
import { lastOutcomeAt, outcomesEver } from '../../src/store/queue/outcome.ts';
import { queueCounts } from '../../src/store/queue/queueCounts.ts';
import { rowCounts } from '../../src/store/file/rowCount.ts';
import { newDirectory, newStore, plansOf, t0 } from './support.ts';

const rows = `
INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at, last_event_at, attempts,
    error_code, source, correlation, in_flight, priority) VALUES
  ('scene:1', 'scene', 1, 1, ${t0}, ${t0 - 9}, ${t0}, 0, NULL, 's', 'c', NULL, 0),
  ('scene:2', 'scene', 2, 1, ${t0}, ${t0}, ${t0}, 2, 'plex-reset', 's', 'c', NULL, 1),
  ('scene:3', 'scene', 3, 1, ${t0}, ${t0}, ${t0}, 0, NULL, 's', 'c', 1, 1),
  ('tag:4', 'tag', 4, 1, ${t0}, ${t0}, ${t0}, 0, NULL, 's', 'c', NULL, 0);
INSERT INTO dead_letter VALUES
  ('scene:8', 'scene', 8, 'plex-bad-request', 'why', NULL, 6, ${t0}, ${t0}, 'c8');
INSERT INTO scene_state (scene_id, rating_key, no_item_reason, pushed, intent, pushed_at) VALUES
  (1, '7', NULL, '{}', '{}', ${t0 - 3}), (2, '8', NULL, '{}', '{}', ${t0 - 5}),
  (3, NULL, 'waiting', '{}', '{}', NULL), (4, '9', 'gone', '{}', '{}', NULL);
`;

function oldFile(content: string): string {
  const path = join(newDirectory(), 'plex-sync.db');
  const before = migrations.slice(0, migrations.indexOf(migration0006));
  const old = new DatabaseSync(path);
  old.exec(`${before.join('\n')}${content} PRAGMA user_version = ${before.length}`);
  old.close();
  return path;
}

describe('a data file from before the counts', () => {
  it('has them, and knows when the last change was pushed', () => {
    const db = newStore(oldFile(rows));
    expect(queueCounts(db)).toEqual({
      pending: 3,
      inFlight: 1,
      retrying: 1,
      byCause: { 'plex-reset': 1 },
      fanOuts: 1,
      edits: 1,
      bulk: 0,
      oldestEventAt: t0 - 9,
    });
    expect(Object.fromEntries(rowCounts(db, 'dead_letter'))).toEqual({ 'plex-bad-request': 1 });
    expect(Object.fromEntries(rowCounts(db, 'scene_state'))).toEqual({
      matched: 2,
      waiting: 1,
      gone: 1,
    });
    expect(lastOutcomeAt(db, 'pushed')).toBe(t0 - 3);
    expect(outcomesEver(db).pushed).toBe(0);
  });

  it('that never pushed anything says so', () => {
    expect(lastOutcomeAt(newStore(oldFile('')), 'pushed')).toBeNull();
  });

  it('is counted without going through the rows', () => {
    const db = newStore();
    const plans = plansOf(db, () => queueCounts(db));
    expect(plans.filter((step) => step.startsWith('SCAN') && !step.includes('INDEX'))).toEqual([]);
  });
});
