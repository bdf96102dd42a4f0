// Every file of every scene that was read, as Stash sees it.
import { describe, expect, it } from 'vitest';
import type { SceneFile } from '../../src/domain/base/scene.ts';
import type { Database } from '../../src/store/file/database.ts';
import { putItem } from '../../src/store/match/plexPart.ts';
import {
  dropSceneFiles,
  putSceneFiles,
  sceneFileCount,
  sceneFiles,
  scenesWithFileLike,
  withCounterparts,
} from '../../src/store/match/sceneFile.ts';
import { listed, newStore, plansOf } from './support.ts';

const file = (path: string, size = 1, durationSeconds: number | null = null): SceneFile => ({
  path,
  size,
  durationSeconds,
});
const pathsOf = (db: Database, sceneId: number): string[] =>
  sceneFiles(db, sceneId)
    .map(({ path }) => path)
    .toSorted();

describe('[1.0 MATCH-01] the files of a scene', () => {
  it('are kept as Stash told them: path as spelled, bytes, length or none', () => {
    const db = newStore();
    const files = [file("C:\\Vidéos\\O'Neil.MP4", 9_007_199_254_740_991, 59.9994), file('/b', 0)];
    putSceneFiles(db, 12, files);
    expect(sceneFiles(db, 12)).toContainEqual({ ...files[0], durationSeconds: 59.999 });
    expect(sceneFiles(db, 12)).toContainEqual(files[1]);
    expect(sceneFiles(db, 13)).toEqual([]);
    expect(sceneFileCount(db)).toBe(2);
  });

  it('are those of the newest list, with what it says of each', () => {
    const db = newStore();
    putSceneFiles(db, 12, [file('/a', 1, 10), file('/b', 2), file('/c', 3)]);
    putSceneFiles(db, 13, [file('/a', 1, 10)]);
    putSceneFiles(db, 12, [file('/a', 5, null), file('/d', 4)]);
    expect(pathsOf(db, 12)).toEqual(['/a', '/d']);
    expect(sceneFiles(db, 12)).toContainEqual(file('/a', 5, null));
    expect(pathsOf(db, 13)).toEqual(['/a']);
    putSceneFiles(db, 12, []);
    expect(pathsOf(db, 12)).toEqual([]);
  });

  it('lose nothing by a list that is known to be incomplete, and learn from it', () => {
    const db = newStore();
    putSceneFiles(db, 12, [file('/a', 1), file('/b', 2)]);
    putSceneFiles(db, 12, [file('/b', 22), file('/c', 3)], false);
    expect(pathsOf(db, 12)).toEqual(['/a', '/b', '/c']);
    expect(sceneFiles(db, 12)).toContainEqual(file('/b', 22));
    putSceneFiles(db, 12, [], false);
    expect(pathsOf(db, 12)).toHaveLength(3);
  });

  it('go with the scene', () => {
    const db = newStore();
    putSceneFiles(db, 12, [file('/a')]);
    putSceneFiles(db, 13, [file('/a')]);
    dropSceneFiles(db, 12);
    expect([pathsOf(db, 12), pathsOf(db, 13)]).toEqual([[], ['/a']]);
    dropSceneFiles(db, 13);
    expect(sceneFileCount(db)).toBe(0);
  });

  it('tell which scenes have a file of a name and size, each once; of no known size, by the name', () => {
    const db = newStore();
    putSceneFiles(db, 1, [file('/x/Café.mp4', 5), file('/y/cafe\u0301.MP4', 5)]);
    putSceneFiles(db, 2, [file('D:\\z\\CAFÉ.mp4', 6)]);
    putSceneFiles(db, 3, [file('/x/other.mp4', 5)]);
    expect(scenesWithFileLike(db, 'café.mp4', 5, 10)).toEqual([1]);
    expect(scenesWithFileLike(db, 'café.mp4', null, 10)).toEqual([1, 2]);
    expect(scenesWithFileLike(db, 'café.mp4', 7, 10)).toEqual([]);
    expect(scenesWithFileLike(db, 'café.mp4', null, 1)).toHaveLength(1);
    const other = newStore();
    const plan = plansOf(other, () => scenesWithFileLike(other, 'a', 1, 1));
    expect(plan[0]).toMatch(/^SEARCH scene_file USING (COVERING )?INDEX scene_file_name/);
  });
});

describe('[1.0 MATCH-01] the counterpart of a file in Plex', () => {
  const put = (db: Database, ratingKey: string, path: string, size: number | null): void =>
    putItem(db, '3', listed({ ratingKey, parts: [{ file: path, size, durationMs: null }] }), 1);
  const pairs = (db: Database): Record<string, string | null> =>
    withCounterparts(db, (read) =>
      Object.fromEntries([...read()].map(({ stash, plex }) => [stash, plex])),
    );

  it('is the one part of its name and size; none where there is none, and none where there are two', () => {
    const db = newStore();
    putSceneFiles(db, 1, [file('/s/One.mp4', 1)]);
    putSceneFiles(db, 2, [file('/s/none.mp4', 2)]);
    putSceneFiles(db, 3, [file('/s/two.mp4', 3)]);
    putSceneFiles(db, 4, [file('/s/unknown.mp4', 4)]);
    put(db, '11', '/P/one.mp4', 1);
    put(db, '12', '/P/none.mp4', 22);
    put(db, '13', '/P/two.mp4', 3);
    put(db, '14', '/Q/two.mp4', 3);
    put(db, '15', '/P/unknown.mp4', null);
    expect(pairs(db)).toEqual({
      '/s/One.mp4': '/P/one.mp4',
      '/s/none.mp4': null,
      '/s/two.mp4': null,
      '/s/unknown.mp4': null,
    });
  });

  it('may be gone through as often as one likes, or left half way, and leaves nothing behind', () => {
    const db = newStore();
    putSceneFiles(db, 1, [file('/s/a.mp4'), file('/s/b.mp4')]);
    const seen = withCounterparts(db, (read) => {
      for (const _ of read()) break;
      return [[...read()].length, [...read()].length];
    });
    expect(seen).toEqual([2, 2]);
    expect(() =>
      withCounterparts(db, () => {
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(Object.keys(pairs(db))).toHaveLength(2);
    expect(db.prepare('SELECT name FROM temp.sqlite_schema').all()).toEqual([]);
  });
});
