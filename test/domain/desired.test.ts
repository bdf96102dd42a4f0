// What Plex should show for a scene.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desiredItem, isBare, maxEncodedBytes } from '../../src/domain/mirror/desired.ts';
import { fields, scalarFields, tagFields } from '../../src/domain/base/plexItem.ts';
import type { Scene } from '../../src/domain/base/scene.ts';
import { encodedBytes, tagKey } from '../../src/domain/base/text.ts';
import { noScalars, noTags } from './plexModel.ts';
import {
  bareScene as bare,
  fieldSettings,
  fileAt,
  performersNamed,
  tagsNamed,
} from './sceneKit.ts';

const usual = fieldSettings();
const wanted = (scene: Partial<Scene>, raw: Readonly<Record<string, unknown>> = {}) =>
  desiredItem({ ...bare, ...scene }, fieldSettings(raw));
const studioOf = (name: string, parent: string | null = null): Scene['studio'] => ({
  id: 1,
  name,
  parent: parent === null ? null : { id: 2, name: parent },
});

describe('the item that a scene wants', () => {
  it('is empty for an empty scene', () => {
    expect(wanted({})).toMatchObject({ scalars: noScalars, tags: noTags, cut: [] });
  });

  it('has title, details, date, studio, director, tags as genres and performers as actors', () => {
    const scene = {
      title: ' A title\nin two lines ',
      details: 'One.\r\nTwo.',
      date: '2020-07-31',
      director: 'Di Rector',
      studio: studioOf('Studio', 'Above'),
      tags: tagsNamed('Outdoor', 'Blonde'),
      performers: performersNamed('Ann', 'Bob'),
      groups: [{ id: 1, name: 'Group' }],
    };
    expect(wanted(scene)).toMatchObject({
      scalars: {
        title: 'A title in two lines',
        titleSort: '',
        summary: 'One.\nTwo.',
        originallyAvailableAt: '2020-07-31',
        studio: 'Studio',
        contentRating: '',
      },
      tags: {
        genre: ['Outdoor', 'Blonde'],
        label: [],
        actor: ['Ann', 'Bob'],
        director: ['Di Rector'],
        collection: [],
      },
      cut: [],
    });
  });

  it('has the first day for a date of which only year or month are known', () => {
    expect(wanted({ date: '2020' }).scalars.originallyAvailableAt).toBe('2020-01-01');
    expect(wanted({ date: '2020-07' }).scalars.originallyAvailableAt).toBe('2020-07-01');
  });

  it("has the file's name where the scene has no title", () => {
    expect(wanted({ files: fileAt('/data/A night out.mp4') }).scalars.title).toBe('A night out');
    expect(wanted({ title: 'T', files: fileAt('/data/x.mp4') }).scalars.title).toBe('T');
  });

  it('has each tag once, however it is spelled, and none without a name', () => {
    const tags = tagsNamed('Blonde', 'blonde ', '', ' \u0000', 'Cafe\u0301', 'Café');
    expect(wanted({ tags }).tags.genre).toEqual(['Blonde', 'Café']);
  });

  it('is called by the template, in titles and in what they are sorted by', () => {
    const scene = {
      title: 'Night',
      code: 'N-1',
      date: '2020-07',
      studio: studioOf('Studio'),
      performers: performersNamed('Ann', 'Bob'),
    };
    const settings = {
      titleTemplate: '{studio}: {title} ({date}) with {performers}',
      sortTitleTemplate: '{code} {title}',
    };
    expect(wanted(scene, settings).scalars).toMatchObject({
      title: 'Studio: Night (2020-07) with Ann, Bob',
      titleSort: 'N-1 Night',
    });
    const without = { ...scene, code: null, date: null, studio: null };
    expect(wanted(without, settings).scalars).toMatchObject({
      title: 'Night with Ann, Bob',
      titleSort: 'Night',
    });
  });

  it('is called by its title where it has nothing that the template names', () => {
    expect(wanted({ title: 'Night' }, { titleTemplate: '[{code}]' }).scalars.title).toBe('Night');
  });

  it("has the parent's name for the studio if that is set, and its own where there is none", () => {
    const settings = { parentStudio: true, studioCollections: true, titleTemplate: '{studio}' };
    const child = wanted({ studio: studioOf('Child', 'Parent') }, settings);
    expect([child.scalars.studio, child.scalars.title, child.tags.collection]).toEqual([
      'Parent',
      'Parent',
      ['Parent'],
    ]);
    expect(wanted({ studio: studioOf('Alone') }, settings).scalars.studio).toBe('Alone');
  });

  it('has the same content rating as every other, once one is typed', () => {
    expect(wanted({}, { contentRating: 'XXX' })).toMatchObject({
      scalars: { contentRating: 'XXX' },
      rules: { contentRating: 'mirror' },
    });
  });

  it('has its tags as labels, or not at all, if that is set', () => {
    const tags = tagsNamed('a', 'b');
    expect(wanted({ tags }, { tagsAs: 'label' })).toMatchObject({
      tags: { genre: [], label: ['a', 'b'] },
      rules: { genre: 'off', label: 'mirror' },
    });
    expect(wanted({ tags }, { tagsAs: 'off' })).toMatchObject({
      tags: { genre: [], label: [] },
      rules: { genre: 'off', label: 'off' },
    });
  });

  it('has no more tags than the limit, the first ones of the scene', () => {
    const names = Array.from({ length: 40 }, (_, at) => `tag ${at}`);
    expect(wanted({ tags: tagsNamed(...names) }).tags.genre).toEqual(names.slice(0, 30));
    const few = wanted({ tags: tagsNamed('a', 'A', 'b', 'c') }, { tagLimit: 2 });
    expect(few.tags.genre).toEqual(['a', 'b']);
  });

  it('is in the collections of its studio and of its groups, where they are switched on', () => {
    const scene = {
      studio: studioOf('S'),
      groups: [
        { id: 1, name: 'G' },
        { id: 2, name: 'H' },
      ],
    };
    expect(wanted(scene).rules.collection).toBe('off');
    expect(wanted(scene, { studioCollections: true }).tags.collection).toEqual(['S']);
    expect(wanted(scene, { groupCollections: true }).tags.collection).toEqual(['G', 'H']);
    const both = wanted(scene, { studioCollections: true, groupCollections: true });
    expect(both.tags.collection).toEqual(['S', 'G', 'H']);
    expect(both.rules.collection).toBe('mirror');
  });

  it('[1.0 VALID-02] names the fields that were cut to fit', () => {
    const long = 'word '.repeat(5_000);
    const cut = wanted({
      title: long,
      details: long,
      studio: studioOf('fits'),
      tags: tagsNamed('x'.repeat(5_000)),
    });
    expect(cut.cut).toEqual(['title', 'summary']);
    expect(cut.scalars.summary.endsWith('word…')).toBe(true);
    expect(encodedBytes(cut.tags.genre[0] ?? '')).toBeLessThanOrEqual(600);
  });

  it('[1.0 VALID-02] keeps every field within its share of a request, whatever the scene holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.string({ unit: 'grapheme', maxLength: 50 }),
      fc.constant('😀'.repeat(2_000)),
    );
    const settings = fieldSettings({
      titleTemplate: '{studio} - {title} ({date}) [{performers}, {code}]',
      sortTitleTemplate: '{code} {title}',
      studioCollections: true,
      groupCollections: true,
      performerDisambiguation: true,
    });
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.array(text, { maxLength: 4 }),
        (title, details, name, names) => {
          const scene: Scene = {
            ...bare,
            title,
            code: name,
            details,
            director: name,
            studio: studioOf(name),
            tags: tagsNamed(...names),
            performers: names.map((one, id) => ({ id, name: one, disambiguation: name })),
            groups: tagsNamed(...names),
            files: fileAt(`/${name}.mp4`),
          };
          const item = desiredItem(scene, settings);
          for (const field of scalarFields) {
            expect(encodedBytes(item.scalars[field])).toBeLessThanOrEqual(maxEncodedBytes[field]);
          }
          for (const field of tagFields) {
            const keys = item.tags[field].map(tagKey);
            expect(new Set(keys).size).toBe(keys.length);
            expect(keys).not.toContain('');
          }
          // The same scene gives the same wish: a second run has nothing to change.
          expect(desiredItem(scene, settings)).toEqual(item);
        },
      ),
      { numRuns: 100, seed: 31 },
    );
  });
});

describe('the rule of each field', () => {
  const full = { title: 'T' };

  it('is mirror for what has no switch of its own, and off for what is not switched on', () => {
    const { rules } = wanted(full);
    const off = fields.filter((field) => rules[field] === 'off');
    expect(off.toSorted()).toEqual(['collection', 'contentRating', 'label', 'titleSort']);
    expect(fields.filter((field) => rules[field] === 'mirror')).toHaveLength(fields.length - 4);
  });

  it('is what the person set, but off where the field has nothing to take from', () => {
    const { rules } = wanted(full, { fields: 'all: fill, studio: off, tags: mirror' });
    expect(rules).toMatchObject({ title: 'fill', studio: 'off', genre: 'mirror', label: 'off' });
  });
});

describe('a scene in which nobody has entered anything', () => {
  const scanned = { ...bare, files: fileAt('/data/clip.mp4') };

  it('is one without title, details, date, studio, tags and performers', () => {
    expect(isBare(scanned)).toBe(true);
    expect(isBare({ ...scanned, title: ' ', details: '\n' })).toBe(true);
    for (const filled of [
      { title: 'T' },
      { details: 'D' },
      { date: '2020' },
      { studio: studioOf('S') },
      { tags: tagsNamed('t') },
      { performers: performersNamed('P') },
    ]) {
      expect(isBare({ ...scanned, ...filled })).toBe(false);
    }
  });

  it('leaves every field as it is in Plex, its name too', () => {
    const { rules } = desiredItem(scanned, usual);
    for (const field of fields) expect(['untouched', 'off']).toContain(rules[field]);
    expect(rules.title).toBe('untouched');
  });

  it('still has what is the same for all, and what it does have', () => {
    const { rules } = wanted(
      { ...scanned, director: 'Di Rector', groups: [{ id: 1, name: 'G' }] },
      { contentRating: 'XXX', groupCollections: true, studioCollections: true },
    );
    expect(rules).toMatchObject({
      contentRating: 'mirror',
      director: 'mirror',
      collection: 'untouched',
      genre: 'untouched',
    });
  });

  it('does not stop a field from being given back', () => {
    expect(wanted(scanned, { fields: 'all: off' }).rules.title).toBe('off');
  });
});
