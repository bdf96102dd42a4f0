// The local index of the files that Plex knows.
import { describe, expect, it } from 'vitest';
import { nameKey, plexPathKey } from '../../src/domain/pathMapping.ts';
import type { ListedItem, PlexPart } from '../../src/domain/plexItem.ts';
import type { SceneFileKeys } from '../../src/domain/match.ts';
import type { Database } from '../../src/store/open.ts';
import {
  candidates,
  dropItem,
  dropOtherSections,
  dropUnseen,
  itemsSeenIn,
  partCount,
  putItem,
} from '../../src/store/plexPart.ts';
import { newStore, plansOf } from './support.ts';

const part = (file: string, size: number | null = 100): PlexPart => ({
  file,
  size,
  durationMs: null,
});
const item = (ratingKey: string, ...parts: PlexPart[]): ListedItem => ({
  ratingKey,
  title: 't',
  addedAt: 1,
  updatedAt: 2,
  parts,
});
const keysOf = (path: string, size = 100): SceneFileKeys => ({
  plexPath: plexPathKey(path, []),
  name: nameKey(path),
  size,
});
const found = (db: Database, ...files: SceneFileKeys[]): string[] =>
  candidates(db, files).map(({ ratingKey, by }) => `${ratingKey} by ${by}`);

describe('the index of Plex’s files', () => {
  it('finds an item by its path in any spelling, and by name and size elsewhere', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('\\\\?\\D:\\media\\Cafe\u0301.mp4')), 1);
    putItem(db, '4', item('8', part('/other/CAFÉ.mp4', 100)), 1);
    expect(found(db, keysOf('D:/media/Café.mp4'))).toEqual([
      '7 by path',
      '7 by name-size',
      '8 by name-size',
    ]);
    expect(found(db, keysOf('D:/media/Café.mp4', 5))).toEqual(['7 by path']);
    expect(found(db, keysOf('D:/media/other.mp4'))).toEqual([]);
    expect(candidates(db, [keysOf('/other/CAFÉ.mp4', 1)])).toEqual([
      { ratingKey: '8', sectionId: '4', path: '/other/CAFÉ.mp4', by: 'path' },
    ]);
  });

  it('does not take a file of unknown size for one of the same size', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4', null)), 1);
    expect(found(db, keysOf('/elsewhere/a.mp4', 0))).toEqual([]);
    expect(found(db, keysOf('/media/a.mp4', 0))).toEqual(['7 by path']);
  });

  it('looks for every file of a scene', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4', 1)), 1);
    putItem(db, '3', item('8', part('/media/b.mp4', 2)), 1);
    expect(found(db, keysOf('/media/b.mp4', 9), keysOf('/media/a.mp4', 9))).toEqual([
      '8 by path',
      '7 by path',
    ]);
    expect(found(db)).toEqual([]);
  });

  it('has the same file of two items twice, so that a doubt is seen', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4')), 1);
    putItem(db, '3', item('8', part('/media/a.mp4')), 1);
    expect(found(db, keysOf('/media/a.mp4', 5))).toEqual(['7 by path', '8 by path']);
  });

  it('forgets the files that an item has no more when it is listed again', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4'), part('/media/b.mp4')), 1);
    putItem(db, '3', item('7', part('/media/b.mp4', 5), part('/media/c.mp4')), 2);
    expect(partCount(db)).toBe(2);
    expect(found(db, keysOf('/media/a.mp4'))).toEqual([]);
    expect(found(db, keysOf('/x/b.mp4', 5))).toEqual(['7 by name-size']);
    putItem(db, '3', item('7'), 3);
    expect(partCount(db)).toBe(0);
  });

  it('keeps one row for a file that is listed twice, and renews what is told of it', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4', null)), 1);
    putItem(db, '4', { ...item('7', part('/media//a.mp4', 9)), title: 'new', updatedAt: 77 }, 2);
    expect(
      db
        .prepare('SELECT * FROM plex_part')
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([
      {
        rating_key: '7',
        path_key: '/media/a.mp4',
        section_id: '4',
        path: '/media//a.mp4',
        name: 'a.mp4',
        size: 9,
        title: 'new',
        added_at: 1,
        updated_at: 77,
        walk: 2,
      },
    ]);
  });

  it('drops one item, what a walk did not see in its library, and unused libraries', () => {
    const db = newStore();
    for (const key of ['1', '2', '3']) putItem(db, '3', item(key, part(`/a/${key}.mp4`)), 1);
    putItem(db, '4', item('9', part('/b/9.mp4')), 1);
    dropItem(db, '1');
    expect(partCount(db)).toBe(3);

    putItem(db, '3', item('2', part('/a/2.mp4'), part('/a/2b.mp4')), 2);
    expect(itemsSeenIn(db, '3', 2)).toBe(1);
    expect(itemsSeenIn(db, '4', 2)).toBe(0);
    expect(dropUnseen(db, '3', 2)).toBe(1);
    // The other library was not walked.
    expect(partCount(db)).toBe(3);

    dropOtherSections(db, ['3']);
    expect(partCount(db)).toBe(2);
    dropOtherSections(db, []);
    expect(partCount(db)).toBe(0);
  });

  it('is searched, never scanned, for a file', () => {
    const db = newStore();
    const plan = plansOf(db, () => {
      candidates(db, [keysOf('/a/b.mp4')]);
      dropItem(db, '7');
    });
    expect(plan).toHaveLength(3);
    expect(plan[0]).toMatch(/^SEARCH plex_part USING INDEX plex_part_path/);
    expect(plan[1]).toMatch(/^SEARCH plex_part USING INDEX plex_part_name/);
    expect(plan[2]).toMatch(/^SEARCH plex_part USING PRIMARY KEY/);
  });
});
