/** What a scanner or a person can say about an item, and how it changes the item's state. */
import { type ItemState, sortTitleOf, type TagKind, type TagLink, type TextField } from './item.ts';

/** Left out means untouched. */
export interface ItemContent {
  readonly title?: string;
  readonly titleSort?: string;
  readonly summary?: string;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
  readonly studio?: string;
  readonly genres?: readonly string[];
  readonly collections?: readonly string[];
  readonly labels?: readonly string[];
  readonly actors?: readonly string[];
  /** The complete list of locks. */
  readonly locked?: readonly string[];
}

const TEXTS = [
  ['title', 'title'],
  ['titleSort', 'titleSort'],
  ['summary', 'summary'],
  ['date', 'originallyAvailableAt'],
  ['studio', 'studio'],
] as const;
const TAGS = [
  ['genres', 'genre'],
  ['collections', 'collection'],
  ['labels', 'label'],
  ['actors', 'actor'],
] as const;

/** `link` turns a tag's name into an association. */
export function withContent(
  state: ItemState,
  content: ItemContent,
  link: (kind: TagKind, name: string) => TagLink,
): ItemState {
  const text: Partial<Record<TextField, string>> = { ...state.text };
  for (const [name, field] of TEXTS) {
    const value = content[name];
    if (value !== undefined) text[field] = value;
  }
  const tags: Partial<Record<TagKind, readonly TagLink[]>> = { ...state.tags };
  for (const [name, kind] of TAGS) {
    const names = content[name];
    if (names) tags[kind] = names.map((tag) => link(kind, tag));
  }
  const locked = [...(content.locked ?? state.locked)];
  return { ...state, text, tags, locked, sortTitle: sortTitleOf(text) };
}

/** The lock names of what the content sets. */
export function lockNames(content: ItemContent): string[] {
  return [...TEXTS, ...TAGS].flatMap(([name, field]) => (name in content ? [field] : []));
}
