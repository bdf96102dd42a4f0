// What "plexsync viewing" and "plexsync status" print of what goes both ways.
import { expect, test } from 'vitest';
import { viewingLines } from '../../src/cli/viewingText.ts';
import { viewingLines as statusLines } from '../../src/tasks/viewingLines.ts';

const change = {
  scene: 12,
  title: 'Blue Harbour',
  item: '345',
  field: 'rating',
  side: 'stash',
  before: '80',
  after: '20',
  why: 'conflict',
  conflict: { plex: '2', stash: '80', plexAt: 5, stashAt: 4, rule: 'later', winner: 'plex' },
  at: 0,
} as const;

test('a line for each change, with both values where both had changed [1.2 SYNC-03]', () => {
  const kept = { ...change, field: 'watched', why: 'kept', conflict: null } as const;
  const lines = viewingLines({ total: 3, changes: [change, kept] }, { width: null });
  const text = lines.join('\n');
  expect(text).toContain('3 changes, the newest first.');
  expect(text).toMatch(/12 +345 +rating +Stash +80 +20 +both changed \(later\): Plex 2, Stash 80/);
  expect(text).toMatch(/watched +Stash +80 +20 +kept/);
  expect(text).toContain('1 more are not shown');
  expect(viewingLines({ total: 0, changes: [] }, { width: 80 })).toEqual([
    'Nothing went both ways yet.',
  ]);
});

test('nothing in the status while it is off, else when it was and will be [1.2 SYNC-01]', () => {
  expect(statusLines(null)).toEqual([]);
  const on = { toStash: 2, toPlex: 1, conflicts: 0, problem: null, nextAt: null } as const;
  const [line = ''] = statusLines({ fields: ['watched', 'rating'], lastAt: 0, ...on });
  expect(line).toContain('Both ways (watched, rating): compared last at 1970-01-01T00:00:00.000Z');
  expect(line).toContain('under way. In the last day 2 to Stash, 1 to Plex');
});
