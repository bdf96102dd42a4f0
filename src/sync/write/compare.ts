// Compares an item read back with what was written into it.
import type { SceneDecision } from '../../domain/mirror/diff.ts';
import type { PushedValues } from '../../domain/mirror/values.ts';
import {
  type Field,
  isTagField,
  type ItemEdit,
  type PlexItem,
  scalarFields,
  type TagField,
  tagFields,
} from '../../domain/base/plexItem.ts';
import { scalarKey, tagKey } from '../../domain/base/text.ts';

interface Written {
  /** As it was before the write. */
  readonly item: PlexItem;
  readonly decision: Pick<SceneDecision, 'edit' | 'stale'>;
}

/** Whether the item shows all of the write: what was to come is there, what was to go is not. */
export function isApplied({ item, decision }: Written, now: PlexItem): boolean {
  return unconfirmed(decision, now).length === 0 && staleLeft({ item, decision }, now) === null;
}

/** Fields of the edit that the item does not show. Stale tags are not looked at: see `staleLeft`. */
function unconfirmed({ edit }: Pick<SceneDecision, 'edit'>, item: PlexItem): readonly Field[] {
  if (edit === null) return [];
  const missing: Field[] = [];
  for (const field of scalarFields) {
    const wanted = edit.scalars[field];
    if (wanted !== undefined && scalarKey(wanted) !== scalarKey(item.scalars[field])) {
      missing.push(field);
    }
  }
  for (const field of tagFields) {
    const has = keys(item.tags[field]);
    if (edit.tags[field]?.some((tag) => !has.has(tagKey(tag))) === true) missing.push(field);
  }
  return missing;
}

export interface NotShown {
  /** Plex has what it had before the write, or what a refresh put there: the write did not take. */
  readonly missing: readonly Field[];
  /** Neither the old value nor ours, and locked: a person was there after the write. */
  readonly changed: readonly Field[];
}

/** The fields of the write that the item, read again after it, does not show. */
export function notShown(written: Written, now: PlexItem): NotShown {
  const missing: Field[] = [];
  const changed: Field[] = [];
  for (const field of unconfirmed(written.decision, now)) {
    // A field that the write unlocked has no lock to tell a person by; it is left alone as well.
    const unlocks = written.decision.edit?.locks[field] === false;
    const isThird = !sameValue(field, written.item, now) && (now.locked.has(field) || unlocks);
    (isThird ? changed : missing).push(field);
  }
  return { missing, changed };
}

function sameValue(field: Field, a: PlexItem, b: PlexItem): boolean {
  if (!isTagField(field)) {
    return scalarKey(a.scalars[field]) === scalarKey(b.scalars[field]);
  }
  const one = keys(a.tags[field]);
  const other = keys(b.tags[field]);
  return one.size === other.size && [...one].every((key) => other.has(key));
}

/** The edit that takes away the stale tags which are still there, or null if none is. */
export function staleLeft({ item: before, decision }: Written, now: PlexItem): ItemEdit | null {
  const removeTags: Partial<Record<TagField, readonly string[]>> = {};
  const locks: Partial<Record<Field, boolean>> = {};
  for (const field of tagFields) {
    const stale = decision.stale[field] ?? [];
    const staleKeys = keys(stale);
    // As Plex spells them: a removal in another spelling might miss. What stood there in another
    // spelling before the write is another tag.
    const others = new Set(before.tags[field].filter((tag) => !stale.includes(tag)));
    const left = now.tags[field].filter((tag) => staleKeys.has(tagKey(tag)) && !others.has(tag));
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
      ...(field === 'actor' && edit.roleTexts !== undefined ? { roleTexts: edit.roleTexts } : {}),
      locks: { [field]: edit.locks[field] ?? true },
    }));
  return [...scalarEdits, ...tagEdits];
}

const emptyEdit: ItemEdit = { scalars: {}, tags: {}, removeTags: {}, locks: {} };

/**
 * What is ours after a write of which `failed` did not take and `changed` is a person's meanwhile.
 * Tags of ours that the person took away stay on record as ours: so they are not put back.
 */
export function pushedWithout(
  decision: SceneDecision,
  { failed, changed }: { readonly failed: readonly Field[]; readonly changed: readonly Field[] },
  item: PlexItem,
): PushedValues {
  const scalars = { ...decision.pushedAfter.scalars };
  const tags = { ...decision.pushedAfter.tags };
  for (const field of scalarFields) {
    if (!failed.includes(field) && !changed.includes(field)) continue;
    const before = decision.pushedBefore.scalars[field];
    if (before === undefined) delete scalars[field];
    else scalars[field] = before;
  }
  for (const field of tagFields) {
    if (!failed.includes(field)) continue;
    const has = keys(item.tags[field]);
    // What should have gone and is still there stays ours to take away.
    tags[field] = [...(tags[field] ?? []), ...(decision.stale[field] ?? [])].filter((tag) =>
      has.has(tagKey(tag)),
    );
  }
  return { scalars, tags };
}

function keys(tags: readonly string[]): ReadonlySet<string> {
  return new Set(tags.map(tagKey));
}
