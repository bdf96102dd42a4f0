import { describe, expect, it } from 'vitest';
import { tagsAmong } from '../../src/domain/mirror/ownTags.ts';
import { releaseEdit } from '../../src/domain/mirror/release.ts';
import { withdrawEdit } from '../../src/domain/mirror/withdraw.ts';
import { itemOf, newWorld } from './plexModel.ts';

describe('two spellings of one tag in an item', () => {
  it.each([
    [['Noir', 'noir'], ['Noir'], ['Noir']],
    [['noir'], ['Noir'], ['noir']],
    [['NOIR', 'noir'], ['Noir'], []],
    [
      ['Noir', 'noir', 'Rain'],
      ['Noir', 'noir'],
      ['Noir', 'noir'],
    ],
    [['noir'], undefined, []],
  ])('of %j, known %j: ours are %j', (tags, known, ours) => {
    expect(tagsAmong(tags, known)).toEqual(ours);
  });

  const known = {
    pushed: { scalars: {}, tags: { genre: ['Noir'] } },
    intent: { scalars: {}, tags: { genre: ['Noir'] } },
    before: { scalars: {}, tags: { genre: [] }, locked: [] },
  };
  const withBoth = itemOf(newWorld({}, { genre: ['Noir', 'noir'] }, ['genre']));

  it('are one to take out and one to stay, with its lock, when the scene is withdrawn', () => {
    expect(withdrawEdit(withBoth, known.pushed, known.intent, known.before)).toEqual({
      scalars: {},
      tags: {},
      removeTags: { genre: ['Noir'] },
      locks: { genre: true },
    });
  });

  it('keep the lock, which guards the person’s, when the list is given back', () => {
    expect(releaseEdit(withBoth, known)).toBeNull();
    const ours = itemOf(newWorld({}, { genre: ['Noir'] }, ['genre']));
    expect(releaseEdit(ours, known)?.locks).toEqual({ genre: false });
  });
});
