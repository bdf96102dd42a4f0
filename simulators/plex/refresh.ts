/**
 * A refresh of an item's metadata: scanner and agent say again what they say, and only locks stop
 * them (python-plexapi #816: without the lock an edit is undone by the next refresh).
 */
import { type ItemState, TAG_KINDS, type TagKind, TEXT_FIELDS } from './item.ts';

/** What only people make: no scanner or agent of videos has an opinion on it [?]. */
const PERSONAL: readonly TagKind[] = ['label', 'collection'];

/**
 * The item with every field that is not locked as it was found. Ratings and pictures stay: whose
 * they are cannot be told from here [?].
 */
export function refreshed(state: ItemState, found: ItemState): ItemState {
  const text = { ...state.text };
  for (const field of TEXT_FIELDS) {
    if (state.locked.includes(field)) continue;
    const value = found.text[field];
    if (value === undefined) delete text[field];
    else text[field] = value;
  }
  const tags = { ...state.tags };
  for (const kind of TAG_KINDS) {
    if (!state.locked.includes(kind) && !PERSONAL.includes(kind))
      tags[kind] = found.tags[kind] ?? [];
  }
  // "'thumb' images for video items will be reset to a screengrab of the video after a refresh"
  // (OpenAPI operation libraryMetadataDeleteElement).
  return { ...state, text, tags, noPoster: false };
}
