// The people of a scene as Plex gets them.
import { describe, expect, it } from 'vitest';
import { directorNames, performerNames } from '../../src/domain/mirror/people.ts';
import { performersNamed } from './sceneKit.ts';

describe('the performers of a scene', () => {
  it('keep their order and their bare names', () => {
    const performers = performersNamed('Cy Dorn|actor', 'Ann Bell|actress', 'Bo');
    expect(performerNames(performers, false)).toEqual(['Cy Dorn', 'Ann Bell', 'Bo']);
  });

  it('are told apart where two of a scene have one name', () => {
    const performers = performersNamed('Ann Bell|actress', 'ann bell ', 'Ann Bell|singer', 'Bo|x');
    expect(performerNames(performers, false)).toEqual([
      'Ann Bell (actress)',
      'ann bell',
      'Ann Bell (singer)',
      'Bo',
    ]);
  });

  it('carry it always if that is set, where there is something to carry', () => {
    expect(performerNames(performersNamed('Ann Bell|actress', 'Bo', 'Cy| '), true)).toEqual([
      'Ann Bell (actress)',
      'Bo',
      'Cy',
    ]);
  });
});

describe('the directors of a scene', () => {
  it.each<[string | null, readonly string[]]>([
    [null, []],
    [' ', []],
    ['Ann Bell', ['Ann Bell']],
    ['Ann Bell, Cy Dorn', ['Ann Bell', 'Cy Dorn']],
    ['Ann Bell; Cy', ['Ann Bell', 'Cy']],
    ['Ann Bell & Cy Dorn', ['Ann Bell', 'Cy Dorn']],
    ['Ann Bell and Cy Dorn', ['Ann Bell', 'Cy Dorn']],
    ['Ann Bell, Cy Dorn and Di Rector', ['Ann Bell', 'Cy Dorn', 'Di Rector']],
    ['Ann Bell, Cy Dorn, and Di Rector', ['Ann Bell', 'Cy Dorn', 'Di Rector']],
    // One person each.
    ['Bell, Ann', ['Bell, Ann']],
    ['Ann Bell, Jr.', ['Ann Bell, Jr.']],
    ['Andy Sand', ['Andy Sand']],
    ['R&B Films', ['R&B Films']],
    ['Bell, Ann; Dorn, Cy', ['Bell, Ann', 'Dorn, Cy']],
    ['; ,', []],
  ])('are parted with care: %j', (text, names) => {
    expect(directorNames(text)).toEqual(names);
  });
});
