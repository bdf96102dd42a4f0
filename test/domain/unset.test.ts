// A field that nobody switched off, and to which no setting gives anything, is told of with the setting.
import { expect, it } from 'vitest';
import { desiredItem } from '../../src/domain/mirror/desired.ts';
import { fields } from '../../src/domain/base/plexItem.ts';
import { unsetBecause } from '../../src/domain/mirror/unset.ts';
import { bareScene, fieldSettings } from './sceneKit.ts';

it.each([
  [
    {},
    {
      titleSort: 'Nothing is set: sortTitleTemplate is empty.',
      contentRating: 'Nothing is set: contentRating is empty.',
      label: 'Tags go into genre, as tagsAs says.',
      collection: 'Nothing is set: studioCollections and groupCollections are off.',
    },
  ],
  [
    {
      tagsAs: 'label',
      sortTitleTemplate: '{title}',
      contentRating: 'XXX',
      studioCollections: true,
    },
    { genre: 'Tags go into label, as tagsAs says.' },
  ],
  [
    { tagsAs: 'off', sortTitleTemplate: '{title}', contentRating: 'XXX', groupCollections: true },
    { genre: 'Tags go nowhere: tagsAs is off.', label: 'Tags go nowhere: tagsAs is off.' },
  ],
])('with %j', (raw, told) => {
  const settings = fieldSettings(raw);
  const unset = fields.flatMap((field) => {
    const because = unsetBecause(field, settings);
    return because === null ? [] : [[field, because] as const];
  });
  expect(Object.fromEntries(unset)).toEqual(told);
  const { rules } = desiredItem(bareScene, settings);
  expect(fields.filter((field) => rules[field] === 'off')).toEqual(unset.map(([field]) => field));
});
