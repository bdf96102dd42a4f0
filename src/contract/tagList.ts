// A list of Stash tags as a person types it: names or ids by comma, a name with a comma in quotes.

export interface TagList {
  /** As typed; a number may be an id or a name. Empty = no list. */
  readonly tags: readonly string[];
}

export interface TagListCheck {
  readonly list: TagList;
  readonly problems: readonly string[];
}

/** The tags in the order typed, each once. */
export function parseTagList(text: string): TagListCheck {
  const problems: string[] = [];
  const tags = new Map<string, string>();
  if (text.trim() === '') return { list: { tags: [] }, problems };
  // A quoted name, or what stands up to the next comma.
  for (const [, quoted, bare = ''] of text.matchAll(/\s*(?:"([^"]*)"\s*|([^,]*))(?:,|$)/g)) {
    const tag = (quoted ?? bare).trim();
    if (tag.includes('"')) {
      problems.push(`has a quotation mark without its counterpart at ${tag.slice(0, 60)}`);
    } else if (tag !== '') tags.set(keyOf(tag), tag);
  }
  if (tags.size === 0 && problems.length === 0) problems.push('names no tag between its commas.');
  return { list: { tags: [...tags.values()] }, problems };
}

/** Tags that stand in both lists, as typed in the first one. */
export function inBoth(one: TagList, other: TagList): readonly string[] {
  const keys = new Set(other.tags.map(keyOf));
  return one.tags.filter((tag) => keys.has(keyOf(tag)));
}

function keyOf(tag: string): string {
  return tag.normalize('NFC').toLowerCase();
}
