// Which Plex item is a scene's.
import { describe, expect, it } from 'vitest';
import { type CandidatePart, holdsFile, matchParts } from '../../src/domain/match.ts';

const file = { plexPath: '/media/a.mp4', name: 'a.mp4', size: 100 };
const part = (ratingKey: string, by: CandidatePart['by'] = 'path'): CandidatePart => ({
  ratingKey,
  sectionId: '3',
  path: `/media/${ratingKey}.mp4`,
  by,
});

describe('[1.0 MATCH-01] the match of a scene', () => {
  it('is the item that has its path', () => {
    expect(matchParts([file], [part('7')])).toEqual({
      kind: 'item',
      ratingKey: '7',
      sectionId: '3',
      how: 'path',
    });
  });

  it('is the item that alone has its name and size, when none has its path', () => {
    expect(matchParts([file], [part('7', 'name-size')])).toMatchObject({
      ratingKey: '7',
      how: 'name-size',
    });
  });

  it('is by path where another item has a copy of the file', () => {
    expect(matchParts([file], [part('8', 'name-size'), part('7'), part('7', 'name-size')])).toEqual(
      { kind: 'item', ratingKey: '7', sectionId: '3', how: 'path' },
    );
  });

  it('is one item even if several of its parts fit', () => {
    expect(matchParts([file], [part('7'), part('7')])).toMatchObject({ ratingKey: '7' });
  });

  it('is none where several items fit equally well, so that none is written to', () => {
    for (const by of ['path', 'name-size'] as const) {
      expect(matchParts([file], [part('7', by), part('8', by)])).toEqual({
        kind: 'none',
        reason: 'ambiguous',
      });
    }
  });

  it('is none, with the reason, for a scene without a file and for a file Plex does not know', () => {
    expect(matchParts([], [part('7')])).toEqual({ kind: 'none', reason: 'no-file' });
    expect(matchParts([file], [])).toEqual({ kind: 'none', reason: 'not-in-plex' });
  });
});

describe('[1.0 MATCH-01] an item', () => {
  const item = (path: string, size: number | null): Parameters<typeof holdsFile>[0] => [
    { file: '/other/x.mp4', size: 1, durationMs: null },
    { file: path, size, durationMs: null },
  ];

  it('holds a file of the same path, in whatever spelling Plex has it', () => {
    expect(holdsFile(item('/media/a.mp4', null), [file])).toBe(true);
    expect(holdsFile(item('\\media\\a.mp4', 5), [file])).toBe(true);
  });

  it('holds a file of the same name and size elsewhere', () => {
    expect(holdsFile(item('D:\\moved\\A.MP4', 100), [file])).toBe(true);
    expect(holdsFile(item('/moved/a.mp4', 101), [file])).toBe(false);
    expect(holdsFile(item('/moved/a.mp4', null), [file])).toBe(false);
    expect(holdsFile(item('/media/b.mp4', 100), [file])).toBe(false);
  });

  it('holds any one of several files of the scene, and none of a scene without files', () => {
    const second = { plexPath: '/media/b.mp4', name: 'b.mp4', size: 5 };
    expect(holdsFile(item('/media/b.mp4', null), [file, second])).toBe(true);
    expect(holdsFile(item('/media/b.mp4', null), [])).toBe(false);
    expect(holdsFile([], [file])).toBe(false);
  });
});
