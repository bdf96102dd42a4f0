// Proof that an edit names its items. Plex's section edit without `id` changes every item of the
// library, so the ids have a type of their own that only this file can make.
import { PlexSyncError } from '../contract/errors.ts';

declare const proven: unique symbol;

/** At least one rating key, each of them digits: what an edit call demands. */
export type NonEmptyKeys = readonly [string, ...string[]] & { readonly [proven]: true };

/** A Plex id is a positive decimal number; zero is nobody's and might be read as "no filter". */
const idPattern = /^[1-9][0-9]{0,18}$/;

/** Whether the text can stand in a request as the id of an item or a section. */
export function isPlexId(text: string): boolean {
  return idPattern.test(text);
}

/**
 * The keys without repetitions, proven fit for an edit.
 *
 * @throws PlexSyncError `internal`, field `ratingKey`: the list is empty or a key is not digits.
 *   Both are faults of the caller, since every key read from Plex was checked at that boundary.
 */
export function ratingKeys(list: readonly string[]): NonEmptyKeys {
  const keys = [...new Set(list)];
  if (!areProven(keys)) {
    const reason = keys.length === 0 ? 'no rating key' : 'a rating key that is not a number';
    throw new PlexSyncError('internal', `Refused to edit Plex with ${reason}.`, {
      field: 'ratingKey',
    });
  }
  return keys;
}

function areProven(
  keys: readonly string[],
): keys is readonly [string, ...string[]] & { readonly [proven]: true } {
  return keys.length > 0 && keys.every(isPlexId);
}
