// What docs/what-it-writes.md and docs/moving.md tell about values that are there already is what the
// code decides: each line of their tables is played through on an item in memory.
import { describe, expect, it } from 'vitest';
import type { ScalarField } from '../../src/domain/base/plexItem.ts';
import {
  desired,
  newWorld,
  serverModes,
  sync as syncOnce,
  type World,
} from '../domain/plexModel.ts';
import { rowsOf, sectionOf, textOf } from './support.ts';

const sync = (...given: Parameters<typeof syncOnce>): World => syncOnce(...given).world;

const fieldOf: Readonly<Record<string, ScalarField>> = {
  title: 'title',
  summary: 'summary',
  studio: 'studio',
  date: 'originallyAvailableAt',
  'content rating': 'contentRating',
};

/** "`Noir`, `Rain`, locked" */
function valuesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, value = '']) => value);
}

describe('the example of a first contact', () => {
  const section = sectionOf(textOf('docs/what-it-writes.md'), 'First contact');
  const rows = rowsOf(section, /^(title|summary|studio|date|genres|content rating)$/);

  it.each(serverModes)('ends as it is told, where Plex has tags $tags', (mode) => {
    expect(rows).toHaveLength(6);
    for (const [name = '', plex = '', stash = '', afterwards = ''] of rows) {
      const field = fieldOf[name];
      const locked = plex.endsWith('locked');
      const before =
        field === undefined
          ? newWorld({}, { genre: valuesIn(plex) }, locked ? ['genre'] : [])
          : newWorld({ [field]: valuesIn(plex)[0] ?? '' }, {}, locked ? [field] : []);
      const wanted =
        field === undefined
          ? desired({}, { genre: valuesIn(stash) })
          : desired({ [field]: valuesIn(stash)[0] ?? '' });
      const after = sync(before, wanted, mode);
      const has = field === undefined ? after.tags.genre : [after.scalars[field]];
      const end = [name, has, after.locked.has(field ?? 'genre')];
      expect(end).toEqual([name, valuesIn(afterwards), afterwards.endsWith('locked')]);
    }
  });
});

const page = textOf('docs/moving.md');
const answersOf = (heading: string): ReadonlyMap<string, string> =>
  new Map(rowsOf(sectionOf(page, heading), /./).map(([what = '', answer = '']) => [what, answer]));

describe.each(serverModes)('moving from another tool, where Plex has tags $tags', (mode) => {
  /** What becomes of title and genres that another tool left. */
  const met = (locked: boolean, title: string, genre: readonly string[]): World => {
    const before = newWorld({ title }, { genre }, locked ? ['title', 'genre'] : []);
    return sync(before, desired({ title: 'Stash' }, { genre: ['A', 'B'] }), mode);
  };

  it('what it left is met as the table tells', () => {
    const answers = answersOf('What becomes of their values');
    expect(answers.get('the same as Stash has, locked or not')).toMatch(/^it is adopted/);
    for (const locked of [true, false]) {
      const adopted = met(locked, 'Stash', ['A', 'B']);
      expect(adopted.locked.has('title')).toBe(locked);
      const followed = sync(adopted, desired({ title: 'New' }, { genre: ['B'] }), mode);
      expect([followed.scalars.title, followed.tags.genre]).toEqual(['New', ['B']]);
    }
    expect(answers.get('another value, not locked')).toBe("Stash's value replaces it");
    expect(met(false, 'theirs', []).scalars.title).toBe('Stash');
    expect(answers.get('another value, locked')).toMatch(/^it is kept as yours/);
    expect(met(true, 'theirs', ['X'])).toMatchObject({
      scalars: { title: 'theirs' },
      tags: { genre: ['X'] },
    });
    expect(answers.get('a value that Stash has nothing for')).toBe('it stays');
    const nothing = sync(newWorld({ studio: 'theirs' }), desired({ title: 'Stash' }), mode);
    expect(nothing.scalars.studio).toBe('theirs');
    expect(answers.get('genres or actors, not locked')).toMatch(/replace them$/);
    expect(met(false, '', ['X']).tags.genre).toEqual(['A', 'B']);
    expect(answers.get('labels or collections')).toMatch(/^they stay/);
    const labels = sync(newWorld({}, { label: ['X'] }), desired({}, { label: ['A'] }), mode);
    expect(labels.tags.label.toSorted()).toEqual(['A', 'X']);
  });

  it('while two write, the next push does as the table tells', () => {
    const answers = answersOf('While two of them write');
    const wanted = desired({ title: 'Stash' }, { genre: ['A', 'B'] });
    const written = sync(newWorld(), wanted, mode);
    const unlocked = new Set<never>();
    const played: readonly (readonly [string, string, World, readonly unknown[]])[] = [
      [
        'writes another value, and leaves the lock',
        'keeps that value as yours',
        { ...written, scalars: { ...written.scalars, title: 'theirs' } },
        ['theirs', ['A', 'B']],
      ],
      [
        'writes another value, and takes the lock away',
        "writes Stash's value, and locks it",
        { ...written, scalars: { ...written.scalars, title: 'theirs' }, locked: unlocked },
        ['Stash', ['A', 'B']],
      ],
      ['adds a tag', 'keeps it', withGenres(written, ['A', 'B', 'X']), ['Stash', ['A', 'B', 'X']]],
      [
        "takes a tag of PlexSync's away, and leaves the lock",
        'does not put it back',
        withGenres(written, ['A']),
        ['Stash', ['A']],
      ],
      [
        "takes a tag of PlexSync's away, and the lock with it",
        'puts it back',
        { ...withGenres(written, ['A']), locked: unlocked },
        ['Stash', ['A', 'B']],
      ],
      ['writes the value that Stash has', 'writes nothing', written, ['Stash', ['A', 'B']]],
    ];
    const told = [...answers].filter(([what]) => !/^(after PlexSync|-)/.test(what));
    expect(told).toEqual(played.map(([what, answer]) => [what, answer]));
    for (const [what, , before, end] of played) {
      const { scalars, tags, locked } = sync(before, wanted, mode);
      expect([what, [scalars.title, tags.genre.toSorted()]]).toEqual([what, end]);
      if (what.includes('takes the lock')) expect(locked.has('title')).toBe(true);
    }
  });
});

function withGenres(world: World, genre: readonly string[]): World {
  return { ...world, tags: { ...world.tags, genre } };
}
