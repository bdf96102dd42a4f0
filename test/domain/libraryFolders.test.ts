// Whether a file lies in one of Plex's library folders.
import { describe, expect, it } from 'vitest';
import { folderHolding } from '../../src/domain/match/libraryFolders.ts';
import { pathKey } from '../../src/domain/match/pathMapping.ts';

const folders = ['/media/videos/', 'D:\\Clips', '\\\\NAS\\share\\Films'];

describe('[1.0 MATCH-01] the library folder of a file', () => {
  it.each([
    ['/media/videos/a.mp4', '/media/videos/'],
    ['/media/videos/deep/down/a.mp4', '/media/videos/'],
    ['/media//videos/a.mp4', '/media/videos/'],
    ['d:/clips/a.mp4', 'D:\\Clips'],
    ['\\\\?\\D:\\CLIPS\\a.mp4', 'D:\\Clips'],
    ['//nas/Share/films/a.mp4', '\\\\NAS\\share\\Films'],
    ['/media/videos2/a.mp4', null],
    ['/media/a.mp4', null],
    ['/MEDIA/videos/a.mp4', null],
    ['D:\\Clips2\\a.mp4', null],
    ['E:\\Clips\\a.mp4', null],
    ['', null],
  ])('of %j is %j', (path, folder) => {
    expect(folderHolding(pathKey(path), folders)).toBe(folder);
  });

  it('is none where there are no folders, and the first of two that hold it', () => {
    expect(folderHolding('/a/b/c.mp4', [])).toBeNull();
    expect(folderHolding('/a/b/c.mp4', ['/a', '/a/b'])).toBe('/a');
    expect(folderHolding('/a/b/c.mp4', ['/'])).toBe('/');
  });
});
