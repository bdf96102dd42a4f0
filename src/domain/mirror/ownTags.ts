// Which tags of an item are PlexSync's own, by name. Two spellings of a name count as one tag, since
// Plex may change case and outer blanks; but a server that tells them apart can have both in one item,
// and then the one is PlexSync's and the other a person's.
import { tagKey } from '../base/text.ts';

/** The tags of the item that are among `names`. Where it has several spellings of one, exact ones. */
export function tagsAmong(
  tags: readonly string[],
  names: readonly string[] | undefined,
): readonly string[] {
  const known = new Set((names ?? []).map(tagKey));
  const exact = new Set((names ?? []).map(spelling));
  const times = new Map<string, number>();
  for (const tag of tags) times.set(tagKey(tag), (times.get(tagKey(tag)) ?? 0) + 1);
  return tags.filter((tag) => {
    const key = tagKey(tag);
    return known.has(key) && (times.get(key) === 1 || exact.has(spelling(tag)));
  });
}

/** The same name to a server that tells case apart. */
export function spelling(tag: string): string {
  return tag.normalize('NFC').trim();
}
