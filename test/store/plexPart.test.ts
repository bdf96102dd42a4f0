// The local index of the files that Plex knows.
import { describe, expect, it } from 'vitest';
import { nameKey, plexPathKey } from '../../src/domain/match/pathMapping.ts';
import type { ListedItem, PlexPart } from '../../src/domain/base/plexItem.ts';
import type { CandidatePart, SceneFileKeys } from '../../src/domain/match/match.ts';
import type { Database } from '../../src/store/file/database.ts';
import {
  hasUnanalysed,
  scenesAwaitingChanged,
  unanalysedAwaited,
} from '../../src/store/match/awaitedPart.ts';
import {
  furtherCandidates,
  hasOtherAt,
  partsLike,
  partsOfItem,
  type SceneText,
  sureCandidates,
} from '../../src/store/match/candidate.ts';
import {
  dropItem,
  dropOtherSections,
  dropUnseen,
  itemsSeenIn,
  partCount,
  putItem,
  putParts,
} from '../../src/store/match/plexPart.ts';
import { putSceneFiles } from '../../src/store/match/sceneFile.ts';
import { recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { listed, newStore, plansOf, t0 } from './support.ts';

const part = (
  file: string,
  size: number | null = 100,
  durationMs: number | null = null,
): PlexPart => ({
  file,
  size,
  durationMs,
});
const item = (ratingKey: string, ...parts: PlexPart[]): ListedItem => listed({ ratingKey, parts });
const keysOf = (path: string, size = 100, durationMs: number | null = null): SceneFileKeys => ({
  plexPath: plexPathKey(path, []),
  name: nameKey(path),
  size,
  durationMs,
});
const noText: SceneText = { titleKey: '', date: '', studioKey: '' };
const itemsOf = (parts: readonly CandidatePart[]): string[] =>
  parts.map((found) => found.ratingKey);
const sure = (db: Database, ...files: SceneFileKeys[]): string[] =>
  itemsOf(sureCandidates(db, files));
const further = (db: Database, file: SceneFileKeys, text = noText): string[] =>
  itemsOf(furtherCandidates(db, [file], text));
const changedIn = (db: Database, ratingKey: string): unknown =>
  db.prepare('SELECT max(changed) AS n FROM plex_part WHERE rating_key = ?').get(ratingKey)?.['n'];

/** A scene that waits for files of these names. */
function waits(
  db: Database,
  sceneId: number,
  ...files: readonly (readonly [string, number])[]
): void {
  recordNoItem(db, sceneId, 'waiting', true, t0);
  putSceneFiles(
    db,
    sceneId,
    files.map(([path, size]) => ({ path, size, durationSeconds: null })),
  );
}
/** Plex sees under /plex what Stash sees under /s. */
const awaited = (db: Database, walk: number): number[] =>
  [...scenesAwaitingChanged(db, walk, (path) => path.replace('/s/', '/plex/'))].toSorted(
    (a, b) => a - b,
  );

describe('[1.0 MATCH-01] the index of Plex’s files', () => {
  it('finds an item by its path in any spelling, and by name and size elsewhere', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('\\\\?\\D:\\media\\Cafe\u0301.mp4')), 1);
    putItem(db, '4', item('8', part('/other/CAFÉ.mp4', 100)), 1);
    expect(sure(db, keysOf('D:/media/Café.mp4'))).toEqual(['7', '7', '8']);
    expect(sure(db, keysOf('D:/media/Café.mp4', 5))).toEqual(['7']);
    expect(sure(db, keysOf('D:/media/other.mp4'))).toEqual([]);
    expect(sureCandidates(db, [keysOf('/other/CAFÉ.mp4', 1)])).toEqual([
      {
        ratingKey: '8',
        sectionId: '4',
        title: 't',
        path: '/other/CAFÉ.mp4',
        file: '/other/CAFÉ.mp4',
        name: 'café.mp4',
        size: 100,
        durationMs: null,
        sameText: false,
      },
    ]);
  });

  it('does not take a file of unknown size for one of the same size', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4', null)), 1);
    expect(sure(db, keysOf('/elsewhere/a.mp4', 0))).toEqual([]);
    expect(sure(db, keysOf('/media/a.mp4', 0))).toEqual(['7']);
  });

  it('looks for every file of a scene, the primary one first', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4', 1)), 1);
    putItem(db, '3', item('8', part('/media/b.mp4', 2)), 1);
    expect(sure(db, keysOf('/media/b.mp4', 9), keysOf('/media/a.mp4', 9))).toEqual(['8', '7']);
    expect(sure(db)).toEqual([]);
  });

  it('has the same file of two items twice, so that a doubt is seen', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4')), 1);
    putItem(db, '3', item('8', part('/media/a.mp4')), 1);
    expect(sure(db, keysOf('/media/a.mp4', 5))).toEqual(['7', '8']);
  });

  it('gives no more of a name and size that thousands share than prove the doubt', () => {
    const db = newStore();
    transaction(db, () => {
      for (let at = 0; at < 300; at += 1)
        putItem(db, '3', item(`${at}`, part(`/m/${at}/a.mp4`)), 1);
    });
    expect(sure(db, keysOf('/other/a.mp4'))).toHaveLength(50);
  });

  it('knows an item’s parts, and finds a file again by path, by name and size, by bytes', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/x/a.mp4', 5, 60_000), part('/x/b.mp4', 6)), 1);
    putItem(db, '3', item('8', part('/y/c.mp4', 5, 60_900)), 1);
    putItem(db, '3', item('9', part('/y/d.mp4', null)), 1);
    expect(partsOfItem(db, '7').map((found) => found.path)).toEqual(['/x/a.mp4', '/x/b.mp4']);
    expect(partsOfItem(db, '99')).toEqual([]);
    const like = (path: string, size: number | null, durationMs: number | null): string[] =>
      itemsOf(partsLike(db, { path, name: nameKey(path), size, durationMs })).toSorted();
    expect(like('/y/d.mp4', null, null)).toEqual(['9']);
    expect(like('/moved/b.mp4', 6, null)).toEqual(['7']);
    expect(like('/moved/new.mp4', 5, 60_400)).toEqual(['7', '8']);
    expect(like('/moved/new.mp4', 5, null)).toEqual([]);
    expect(like('/moved/d.mp4', null, null)).toEqual([]);
  });
});

describe('[1.0 MATCH-03] further candidates', () => {
  it('share name and length, or bytes under another name', () => {
    const db = newStore();
    putItem(db, '3', item('1', part('/x/a.mp4', null, 60_900)), 1);
    putItem(db, '3', item('2', part('/x/a.mp4', 7, 62_000)), 1);
    putItem(db, '3', item('3', part('/x/z.mp4', 100, 59_000)), 1);
    putItem(db, '3', item('4', part('/x/z.mp4', 100, null)), 1);
    expect(further(db, keysOf('/m/a.mp4', 100, 60_000))).toEqual(['1', '3']);
    // Without a length nothing of the kind is proven.
    expect(further(db, keysOf('/m/a.mp4', 100))).toEqual([]);
  });

  it('share the title, and the date or the studio', () => {
    const db = newStore();
    const put = (ratingKey: string, title: string, date: string, studio: string): void => {
      const parts = [part(`/x/${ratingKey}.mp4`, 1, 60_000)];
      putItem(db, '3', listed({ ratingKey, title, date, studio, parts }), 1);
    };
    put('1', 'My Title', '2020-01-02', 'Other');
    put('2', 'my title', '', 'STUDIO');
    put('3', 'My Title', '', '');
    put('4', 'Another', '2020-01-02', 'Studio');
    put('5', '', '2020-01-02', 'Studio');
    const text = { titleKey: 'my title', date: '2020-01-02', studioKey: 'studio' };
    const file = keysOf('/m/a.mp4', 100, 60_000);
    const found = furtherCandidates(db, [file], text);
    expect(itemsOf(found).toSorted()).toEqual(['1', '2']);
    expect(found.every((candidate) => candidate.sameText)).toBe(true);
    expect(further(db, file, { ...text, date: '', studioKey: '' })).toEqual([]);
    expect(further(db, file, { ...text, titleKey: '' })).toEqual([]);
  });
});

describe('what the index keeps', () => {
  it('forgets the files that an item has no more when it is listed again', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4'), part('/media/b.mp4')), 1);
    putItem(db, '3', item('7', part('/media/b.mp4', 5), part('/media/c.mp4')), 2);
    expect(partCount(db)).toBe(2);
    expect(sure(db, keysOf('/media/a.mp4'))).toEqual([]);
    expect(sure(db, keysOf('/x/b.mp4', 5))).toEqual(['7']);
    putItem(db, '3', item('7'), 3);
    expect(partCount(db)).toBe(0);
  });

  it('keeps one row for a file that is listed twice, and renews what is told of it', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/media/a.mp4', null)), 1);
    const again = listed({
      ratingKey: '7',
      title: 'New Title',
      date: '2020-01-02',
      studio: 'Ünique',
      durationMs: 61_000,
      updatedAt: 77,
      parts: [part('/media//a.mp4', 9, 0)],
    });
    putItem(db, '4', again, 2);
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
        // The part's own is not measured: the item's counts.
        duration_ms: 61_000,
        title: 'New Title',
        title_key: 'new title',
        date: '2020-01-02',
        studio_key: 'ünique',
        added_at: 1,
        updated_at: 77,
        walk: 2,
        changed: 2,
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
});

describe('a part that a walk finds', () => {
  it.each([
    ['the same as before', {}, '3', false],
    ['with another title', { title: 'Other' }, '3', false],
    ['with another date and studio', { date: '2020-01-01', studio: 'S' }, '3', false],
    ['updated, and nothing else', { updatedAt: 99, addedAt: 98 }, '3', false],
    ['spelled in another way', { parts: [part('/m//a.mp4', 5, 60_000)] }, '3', false],
    ['of another size', { parts: [part('/m/a.mp4', 6, 60_000)] }, '3', true],
    // A full read may have told it, and the listing does not.
    ['whose size a listing does not tell', { parts: [part('/m/a.mp4', null, 60_000)] }, '3', false],
    ['of another length', { parts: [part('/m/a.mp4', 5, 61_000)] }, '3', true],
    ['in another library', {}, '4', true],
    ['beside a new one', { parts: [part('/m/a.mp4', 5, 60_000), part('/m/b.mp4')] }, '3', true],
    ['moved', { parts: [part('/n/a.mp4', 5, 60_000)] }, '3', true],
  ] as const)(
    '%s counts as changed only if matching may turn out otherwise',
    (_, change, section, changes) => {
      const db = newStore();
      const before = item('7', part('/m/a.mp4', 5, 60_000));
      putItem(db, '3', before, 1);
      putItem(db, section, { ...before, ...change }, 2);
      expect(changedIn(db, '7')).toBe(changes ? 2 : 1);
    },
  );

  it('counts as changed once it is analysed, and as new under a new rating key', () => {
    const db = newStore();
    putItem(db, '3', item('7', part('/m/a.mp4', null, null)), 1);
    putItem(db, '3', item('7', part('/m/a.mp4', 5, null)), 2);
    expect(changedIn(db, '7')).toBe(2);
    putItem(db, '3', item('7', part('/m/a.mp4', 5, 60_000)), 3);
    expect(changedIn(db, '7')).toBe(3);
    putItem(db, '3', item('8', part('/m/a.mp4', 5, 60_000)), 4);
    expect([changedIn(db, '7'), changedIn(db, '8')]).toEqual([3, 4]);
  });
});

describe('a part that Plex has not looked into yet', () => {
  it('is known by its name, and asked for anew only where a scene waits for a file of that name', () => {
    const db = newStore();
    waits(db, 1, ['/s/A.mp4', 10]);
    waits(db, 2, ['/s/b.mp4', 10]);
    recordNoItem(db, 2, 'excluded', false, t0);
    putItem(db, '3', item('7', part('/m/a.mp4', null)), 1);
    putItem(db, '3', item('8', part('/m/b.mp4', null)), 1);
    putItem(db, '3', item('9', part('/m/a.mp4', 10)), 1);
    expect([hasUnanalysed(db, 'a.mp4'), hasUnanalysed(db, 'c.mp4')]).toEqual([true, false]);
    expect(unanalysedAwaited(db, 10)).toEqual(['7']);
    expect(unanalysedAwaited(db, 0)).toEqual([]);
  });

  it('has the size and length that a full read tells, and counts as changed then', () => {
    const db = newStore();
    waits(db, 1, ['/s/a.mp4', 10]);
    putItem(db, '3', item('7', part('/m/a.mp4', null), part('/m/b.mp4', 6, 7)), 1);
    putParts(db, '7', [part('/m/a.mp4', null, null)], 2);
    expect(changedIn(db, '7')).toBe(1);
    // What is known already, and a part that the index does not have, is not touched.
    putParts(db, '7', [part('/m//a.mp4', 10, 60_000), part('/m/b.mp4', 9), part('/m/c.mp4', 9)], 3);
    expect(partsOfItem(db, '7')).toMatchObject([
      { path: '/m/a.mp4', size: 10, durationMs: 60_000 },
      { path: '/m/b.mp4', size: 6, durationMs: 7 },
    ]);
    expect(awaited(db, 3)).toEqual([1]);
    expect(unanalysedAwaited(db, 10)).toEqual([]);
  });
});

describe('[1.4 GAP-03] the scenes that a walk has found something for', () => {
  it('are those without an item that have a file of the name and size of a new or changed part', () => {
    const db = newStore();
    waits(db, 1, ['/s/A.mp4', 10], ['/s/a2.mp4', 10]);
    waits(db, 2, ['/s/b.mp4', 20]);
    waits(db, 3, ['/s/c.mp4', 30]);
    putItem(db, '3', item('7', part('/m/a.mp4', 10), part('/m/A2.mp4', null)), 5);
    putItem(db, '3', item('8', part('/m/b.mp4', 999)), 5);
    putItem(db, '3', item('9', part('/m/c.mp4', 30)), 4);
    putItem(db, '3', item('9', part('/m/c.mp4', 30)), 5);
    expect(awaited(db, 5)).toEqual([1]);
    // Of an earlier walk that found something and was not finished, too.
    expect(awaited(db, 4)).toEqual([1, 3]);
    expect(awaited(db, 6)).toEqual([]);
  });

  it.each([
    ['waiting', true],
    ['outside', true],
    ['review', true],
    ['excluded', false],
    ['no-file', false],
    ['gone', false],
  ] as const)('are told of if their reason is %s: %s', (reason, isTold) => {
    const db = newStore();
    waits(db, 1, ['/s/a.mp4', 10]);
    recordNoItem(db, 1, reason, false, t0);
    putItem(db, '3', item('7', part('/m/a.mp4', 10)), 5);
    expect(awaited(db, 5)).toEqual(isTold ? [1] : []);
  });

  it('are those, too, at whose path a part of another size came to be', () => {
    const db = newStore();
    waits(db, 1, ['/s/a.mp4', 10]);
    waits(db, 2, ['/s/b/a.mp4', 10]);
    putItem(db, '3', item('7', part('/plex/a.mp4', 999)), 5);
    expect(awaited(db, 5)).toEqual([1]);
  });

  it('are found in a library in which all files have one name, each by a look of its own', () => {
    const db = newStore();
    transaction(db, () => {
      for (let id = 1; id <= 3_000; id += 1) {
        waits(db, id, [`/s/${id}/scene.mp4`, id]);
        putItem(db, '3', item(`${id}`, part(`/m/${id}/scene.mp4`, id * 2)), 1);
      }
    });
    // Sizes that both sides have: the even ones.
    expect(awaited(db, 1)).toHaveLength(1_500);
  });
});

describe('at 100,000 files', () => {
  it('everything that matching asks is answered by an index, none by a look at all of them', () => {
    const db = newStore();
    transaction(db, () => {
      for (let at = 0; at < 100_000; at += 1) {
        const parts = [part(`/media/${at % 100}/${at}.mp4`, at, at)];
        putItem(db, '3', listed({ ratingKey: `${at}`, title: `t ${at}`, parts }), 1);
      }
      for (let id = 1; id <= 1_000; id += 1) waits(db, id, [`/s/new ${id}.mp4`, id]);
      for (let at = 0; at < 50; at += 1) {
        putItem(db, '3', item(`n${at}`, part(`/media/New ${at + 1}.mp4`, at + 1)), 2);
      }
    });
    const file = keysOf('/a/b.mp4', 5, 60_000);
    const text = { titleKey: 't', date: '2020-01-02', studioKey: 's' };
    const plan = plansOf(db, () => {
      sureCandidates(db, [file]);
      furtherCandidates(db, [file], text);
      partsLike(db, { path: '/a', name: 'a', size: 5, durationMs: 7 });
      partsOfItem(db, '7');
      hasOtherAt(db, '/a', '7');
      hasUnanalysed(db, 'a');
      unanalysedAwaited(db, 5);
      dropItem(db, '7');
      scenesAwaitingChanged(db, 2, (path) => path);
    });
    expect(plan.filter((step) => /^SCAN (plex_part|p|f)\b/.test(step))).toEqual([]);
    const indexes = plan.flatMap((step) => / INDEX (\w+)/.exec(step)?.[1] ?? []);
    for (const wanted of ['path', 'name', 'size', 'title', 'changed']) {
      expect(indexes).toContain(`plex_part_${wanted}`);
    }
    expect(indexes).toContain('scene_file_name');
    expect(awaited(db, 2)).toHaveLength(50);
  });
});
