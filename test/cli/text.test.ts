// Text from outside made fit for a terminal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, cut, cutPath, plain, screenOf, widthOf, wrapped } from '../../src/cli/text.ts';

describe('a text on a terminal', () => {
  it('takes two columns for each wide character and one for a letter with its accents', () => {
    expect([widthOf('abc'), widthOf('夜の列車'), widthOf('e\u0301'), widthOf('🚂')]).toEqual([
      3, 8, 1, 2,
    ]);
  });

  it('is cut with an ellipsis, a path before its end', () => {
    expect(cut('Night Train', 11)).toBe('Night Train');
    expect(cut('Night Train', 8)).toBe('Night T…');
    expect(cut('夜の列車', 6)).toBe('夜の…');
    expect(cutPath('/media/a/very/long/path/clip.mp4', 20)).toBe('/media…path/clip.mp4');
  });

  it('is never wider than its room, nor holds what a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const shown = plain(text);
        expect(shown).not.toMatch(/\p{Cc}/u);
        expect(widthOf(cut(shown, width))).toBeLessThanOrEqual(width);
        expect(widthOf(cutPath(shown, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('is cut nowhere but on a terminal whose width is known', () => {
    expect(screenOf(undefined, undefined)).toEqual({ width: null });
    expect(screenOf(120, '80')).toEqual({ width: 120 });
    expect(screenOf(undefined, '80')).toEqual({ width: 80 });
    expect(screenOf(undefined, 'wide')).toEqual({ width: null });
    expect(screenOf(0, undefined)).toEqual({ width: null });
  });

  it('is broken into lines between words', () => {
    const words = 'A push now would write: title, genre.';
    expect(wrapped(words, { width: 20 }, '  ')).toEqual([
      '  A push now would',
      '  write: title,',
      '  genre.',
    ]);
    expect(wrapped(words, { width: null }, '  ')).toEqual([`  ${words}`]);
    expect(wrapped('', { width: 20 })).toEqual(['']);
  });

  it('stands in columns of which only some give way, the widest first', () => {
    const rows = [
      ['1', 'a title that is long', '/a/path/that/is/long/clip.mp4', 'reason'],
      ['12', 'short', '/b.mp4', 'another'],
    ];
    const lines = columns(rows, { width: 50 }, { 1: 'end', 2: 'path' });
    expect(lines).toEqual([
      '1   a title that is …  /a/pa…ong/clip.mp4  reason',
      '12  short              /b.mp4              another',
    ]);
  });
});
