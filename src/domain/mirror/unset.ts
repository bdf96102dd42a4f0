// Fields that nobody switched off, and that nothing is written to all the same: the setting that would
// give them something is empty, or gives it to another field.
import type { FieldSettings } from '../../contract/fieldSettings.ts';
import type { Field } from '../base/plexItem.ts';

/** @returns why, with the setting's name; null where the field gets something */
export function unsetBecause(field: Field, settings: FieldSettings): string | null {
  const { sortTitleTemplate, contentRating, tagsAs, studioCollections, groupCollections } =
    settings;
  switch (field) {
    case 'titleSort':
      return sortTitleTemplate === null ? 'Nothing is set: sortTitleTemplate is empty.' : null;
    case 'contentRating':
      return contentRating === '' ? 'Nothing is set: contentRating is empty.' : null;
    case 'genre':
    case 'label':
      if (tagsAs === field) return null;
      return tagsAs === 'off'
        ? 'Tags go nowhere: tagsAs is off.'
        : `Tags go into ${tagsAs}, as tagsAs says.`;
    case 'collection':
      return studioCollections || groupCollections
        ? null
        : 'Nothing is set: studioCollections and groupCollections are off.';
    default:
      return null;
  }
}
