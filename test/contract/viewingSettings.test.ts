// What may be typed for what goes both ways, and what it means for the rating that goes one way.
import { describe, expect, test } from 'vitest';
import { checkSettings, type SettingsCheck } from '../../src/contract/settings.ts';

const set = { plexUrl: 'http://127.0.0.1:32400', plexToken: 'an-owners-token' };

function check(raw: Readonly<Record<string, unknown>>): SettingsCheck {
  return checkSettings({ ...set, ...raw });
}

describe('the settings of what goes both ways [1.2 SYNC-01]', () => {
  test('unset they are off, and nothing else is otherwise', () => {
    expect(check({})).toMatchObject({
      kind: 'valid',
      settings: {
        viewing: { fields: [], token: '', rule: 'later' },
        fields: { extras: { rating: 'mirror' } },
      },
    });
  });

  test('they are read in any case and order, each once', () => {
    const raw = {
      viewing: ' Rating; watched,watched ',
      viewingConflict: 'Plex',
      viewingToken: ' t ',
    };
    expect(check(raw)).toMatchObject({
      settings: { viewing: { fields: ['watched', 'rating'], token: 't', rule: 'plex' } },
    });
  });

  test.each([
    [{ viewing: 'wached' }, 'viewing', 'Did you mean watched?'],
    [{ viewing: 7 }, 'viewing', 'must be a text'],
    [{ viewingToken: 'two words' }, 'viewingToken', 'Paste it again'],
    [{ viewingConflict: 'furthest' }, 'viewingConflict', 'later, plex, stash'],
  ])('%j is told by its name, without what was typed as a token', (raw, setting, words) => {
    const result = check(raw);
    if (result.kind !== 'invalid') throw new Error('it was taken');
    expect(result.problems).toMatchObject([{ setting }]);
    expect(result.problems[0]?.message).toContain(words);
    expect(JSON.stringify(result.problems)).not.toContain('two words');
  });

  test.each([
    ['', 'off'],
    ['an-owners-token', 'off'],
    ['a-guests-token', 'mirror'],
  ])('a rating both ways for the token "%s": one way it is %s', (viewingToken, rating) => {
    expect(check({ viewing: 'rating', viewingToken })).toMatchObject({
      settings: { fields: { extras: { rating } } },
    });
  });
});
