// What Plex should show for a scene.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desiredItem, maxEncodedBytes } from '../../src/domain/desired.ts';
import { scalarFields } from '../../src/domain/plexItem.ts';
import type { Scene } from '../../src/domain/scene.ts';
import { encodedBytes, tagKey } from '../../src/domain/text.ts';

const bare: Scene = {
  id: 1,
  title: null,
  details: null,
  date: null,
  updatedAt: '2025-01-01T00:00:00Z',
  studio: null,
  tags: [],
  performers: [],
  groups: [],
  urls: [],
  files: [],
};
const named = (...names: string[]): Scene['tags'] => names.map((name, id) => ({ id, name }));

describe('the item that a scene wants', () => {
  it('is empty for an empty scene', () => {
    expect(desiredItem(bare)).toEqual({
      scalars: { title: '', summary: '', originallyAvailableAt: '', studio: '' },
      tags: { genre: [], actor: [] },
      cut: [],
    });
  });

  it('has title, details, date, studio, tags as genres and performers as actors', () => {
    const scene = {
      ...bare,
      title: ' A title\nin two lines ',
      details: 'One.\r\nTwo.',
      date: '2020-07-31',
      studio: { id: 1, name: 'Studio' },
      tags: named('Outdoor', 'Blonde'),
      performers: named('Ann', 'Bob'),
    };
    expect(desiredItem(scene)).toEqual({
      scalars: {
        title: 'A title in two lines',
        summary: 'One.\nTwo.',
        originallyAvailableAt: '2020-07-31',
        studio: 'Studio',
      },
      tags: { genre: ['Outdoor', 'Blonde'], actor: ['Ann', 'Bob'] },
      cut: [],
    });
  });

  it('has the first day for a date of which only year or month are known', () => {
    expect(desiredItem({ ...bare, date: '2020' }).scalars.originallyAvailableAt).toBe('2020-01-01');
    expect(desiredItem({ ...bare, date: '2020-07' }).scalars.originallyAvailableAt).toBe(
      '2020-07-01',
    );
  });

  it('has each tag once, however it is spelled, and none without a name', () => {
    const tags = named('Blonde', 'blonde ', '', ' \u0000', 'Cafe\u0301', 'Café');
    expect(desiredItem({ ...bare, tags }).tags.genre).toEqual(['Blonde', 'Café']);
  });

  it('[1.0 VALID-02] names the fields that were cut to fit', () => {
    const long = 'word '.repeat(5_000);
    const wanted = desiredItem({
      ...bare,
      title: long,
      details: long,
      studio: { id: 1, name: 'fits' },
      tags: named('x'.repeat(5_000)),
    });
    expect(wanted.cut).toEqual(['title', 'summary']);
    expect(wanted.scalars.summary.endsWith('word…')).toBe(true);
    expect(encodedBytes(wanted.tags.genre[0] ?? '')).toBeLessThanOrEqual(600);
  });

  it('[1.0 VALID-02] keeps every field within its share of a request, whatever the scene holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.string({ unit: 'grapheme', maxLength: 50 }),
      fc.constant('😀'.repeat(2_000)),
    );
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.array(text, { maxLength: 4 }),
        (title, details, name, tags) => {
          const scene = { ...bare, title, details, studio: { id: 1, name }, tags: named(...tags) };
          const wanted = desiredItem(scene);
          for (const field of scalarFields) {
            expect(encodedBytes(wanted.scalars[field])).toBeLessThanOrEqual(maxEncodedBytes[field]);
          }
          const keys = wanted.tags.genre.map(tagKey);
          expect(new Set(keys).size).toBe(keys.length);
          expect(keys).not.toContain('');
          // The same scene gives the same wish: a second run has nothing to change.
          expect(desiredItem(scene)).toEqual(wanted);
        },
      ),
      { numRuns: 100, seed: 31 },
    );
  });
});
