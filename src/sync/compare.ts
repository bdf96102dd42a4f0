// Compares an item read back with what was written into it.
import type { PushedValues, SceneDecision } from '../domain/diff.ts';
import {
  type Field,
  type ItemEdit,
  type PlexItem,
  scalarFields,
  type TagField,
  tagFields,
} from '../domain/plexItem.ts';
import { scalarKey, tagKey } from '../domain/text.ts';

/** Fields of the edit that the item does not show. Stale tags are not looked at: see `staleLeft`. */
export function unconfirmed(
  decision: Pick<SceneDecision, 'edit'>,
  item: PlexItem,
): readonly Field[] {
  const edit = decision.edit;
  if (edit === null) return [];
  const missing: Field[] = [];
  for (const field of scalarFields) {
    const wanted = edit.scalars[field];
    if (wanted !== undefined && scalarKey(wanted) !== scalarKey(item.scalars[field])) {
      missing.push(field);
    }
  }
  for (const field of tagFields) {
    const has = new Set(item.tags[field].map(tagKey));
    if (edit.tags[field]?.some((tag) => !has.has(tagKey(tag))) === true) missing.push(field);
  }
  return missing;
}

/** The edit that takes away the stale tags which are still there, or null if none is. */
export function staleLeft(
  decision: Pick<SceneDecision, 'edit' | 'stale'>,
  item: PlexItem,
): ItemEdit | null {
  const removeTags: Partial<Record<TagField, readonly string[]>> = {};
  const locks: Partial<Record<Field, boolean>> = {};
  for (const field of tagFields) {
    const stale = new Set((decision.stale[field] ?? []).map(tagKey));
    // As Plex spells them: a removal in another spelling might miss.
    const left = item.tags[field].filter((tag) => stale.has(tagKey(tag)));
    if (left.length > 0) {
      removeTags[field] = left;
      // A withdrawal gives the list back unlocked.
      locks[field] = decision.edit?.locks[field] ?? true;
    }
  }
  return Object.keys(removeTags).length === 0 ? null : { scalars: {}, tags: {}, removeTags, locks };
}

/** The same edit, one field at a time: the other way that is tried once. */
export function fieldByField(
  decision: Pick<SceneDecision, 'edit'>,
  fields: readonly Field[],
): readonly ItemEdit[] {
  const edit = decision.edit;
  if (edit === null) return [];
  const scalarEdits = scalarFields
    .filter((field) => fields.includes(field))
    .map((field) => ({
      ...emptyEdit,
      scalars: { [field]: edit.scalars[field] ?? '' },
      locks: { [field]: edit.locks[field] ?? true },
    }));
  const tagEdits = tagFields
    .filter((field) => fields.includes(field))
    .map((field) => ({
      ...emptyEdit,
      tags: { [field]: edit.tags[field] ?? [] },
      locks: { [field]: edit.locks[field] ?? true },
    }));
  return [...scalarEdits, ...tagEdits];
}

const emptyEdit: ItemEdit = { scalars: {}, tags: {}, removeTags: {}, locks: {} };

/** What is ours after a write of which `failed` did not take. */
export function pushedWithout(
  decision: SceneDecision,
  failed: readonly Field[],
  item: PlexItem,
): PushedValues {
  const scalars = { ...decision.pushedAfter.scalars };
  const tags = { ...decision.pushedAfter.tags };
  for (const field of scalarFields) {
    if (!failed.includes(field)) continue;
    const before = decision.pushedBefore.scalars[field];
    if (before === undefined) delete scalars[field];
    else scalars[field] = before;
  }
  for (const field of tagFields) {
    if (!failed.includes(field)) continue;
    const has = new Set(item.tags[field].map(tagKey));
    // What should have gone and is still there stays ours to take away.
    tags[field] = [...(tags[field] ?? []), ...(decision.stale[field] ?? [])].filter((tag) =>
      has.has(tagKey(tag)),
    );
  }
  return { scalars, tags };
}
