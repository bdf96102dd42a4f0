// What a Plex server makes of the tags in an edit: adds them to those that the item has, or replaces
// them. Nobody has settled it (Kometa's batches rely on the first, python-plexapi PR #151 says the
// second), so it is learnt from the server itself, on a write that is right under both.
//
// A write tells if its list lacks a tag that the item has (the witness) and has one that the item
// lacks: afterwards the new one shows that the list was carried out, and the witness what became of
// the others. Both are found where no tag of a person's can be lost:
// - Tags of PlexSync's are to go anyway. The edit is the usual one, with the whole list: a person's
//   tags are in it, and the witnesses are missed by nobody.
// - Nothing is to go, and every tag of the kind in the item is PlexSync's own. Then the list names
//   the new ones alone; under "replace" PlexSync's own are gone until the whole list follows.
//
// Of a write to one item nothing follows for a write to many: that is learnt on its own, by an edit
// of new tags alone for two items in which every tag of the kind is PlexSync's own.
import { type ItemEdit, type PlexItem, type TagField, tagFields } from '../base/plexItem.ts';
import { tagsAmong } from './ownTags.ts';
import { tagKey } from '../base/text.ts';

export const tagModeNames = ['append', 'replace'] as const;
export type TagMode = (typeof tagModeNames)[number];

/** By kind of tag; a kind that is missing is not known, and must be right under both. */
export type TagModes = Readonly<Partial<Record<TagField, TagMode>>>;

/** By the shape of the request: nobody has shown that Plex treats many items as it treats one. */
export interface KnownModes {
  readonly one: TagModes;
  readonly many: TagModes;
}

/** A write that is decided, with what in the item is PlexSync's own as far as it is known. */
export interface Probable {
  readonly item: Pick<PlexItem, 'tags' | 'roleTexts'>;
  readonly decision: {
    readonly edit: ItemEdit | null;
    readonly stale: Readonly<Partial<Record<TagField, readonly string[]>>>;
    readonly pushedBefore: {
      readonly tags: Readonly<Partial<Record<TagField, readonly string[]>>>;
    };
  };
}

/** A write that tells how the server takes tags of this kind. */
export interface Probe {
  readonly field: TagField;
  readonly edit: ItemEdit;
  /** In the list, and not in the item yet. */
  readonly added: readonly string[];
  /** In the item, and not in the list. */
  readonly witnesses: readonly string[];
  /** Of the witnesses, those that are to stay: under "replace" they have to be put back. */
  readonly atStake: readonly string[];
}

/** The probe that the write of this item can be, or null where it would tell nothing or risk a tag. */
export function probeOf({ item, decision }: Probable, field: TagField): Probe | null {
  const { edit } = decision;
  const list = edit?.tags[field];
  if (edit === null || list === undefined) return null;
  const current = item.tags[field];
  const currentKeys = keys(current);
  const added = list.filter((tag) => !currentKeys.has(tagKey(tag)));
  if (added.length === 0) return null;
  const going = tagsAmong(current, decision.stale[field]);
  if (going.length > 0) return { field, edit, added, witnesses: going, atStake: [] };
  const own = tagsAmong(current, decision.pushedBefore.tags[field]);
  const listed = keys(list);
  const isSafe = own.length === current.length && current.every((tag) => listed.has(tagKey(tag)));
  if (!isSafe || hasRoles(item, field) || current.length === 0) return null;
  const probing = { ...edit, tags: { ...edit.tags, [field]: added } };
  return { field, edit: probing, added, witnesses: current, atStake: current };
}

/** Put back by the whole list, an actor would be without the role that a person typed. */
function hasRoles({ roleTexts }: Probable['item'], field: TagField): boolean {
  return field === 'actor' && Object.keys(roleTexts ?? {}).length > 0;
}

/**
 * The probe that an edit for several items is for this one of them, or null where it would tell
 * nothing or risk a tag: every tag of the kind in the item must be PlexSync's own. What is to go goes
 * afterwards, so that it can be a witness.
 * @param edit names what comes alone
 */
export function sharedProbeOf(
  { item, decision }: Probable,
  field: TagField,
  edit: ItemEdit,
): Probe | null {
  const added = edit.tags[field] ?? [];
  const current = item.tags[field];
  if (added.length === 0 || current.length === 0 || hasRoles(item, field)) return null;
  const going = new Set(tagsAmong(current, decision.stale[field]));
  const own = new Set(tagsAmong(current, decision.pushedBefore.tags[field]));
  const named = keys(added);
  const isSafe = current.every(
    (tag) => (own.has(tag) || going.has(tag)) && !named.has(tagKey(tag)),
  );
  if (!isSafe) return null;
  const { [field]: _, ...removeTags } = edit.removeTags;
  const atStake = current.filter((tag) => !going.has(tag));
  return { field, edit: { ...edit, removeTags }, added, witnesses: current, atStake };
}

/** What the item, read after the probe, tells; null if it is neither the one nor the other. */
export function readProbe(probe: Probe, now: Pick<PlexItem, 'tags'>): TagMode | null {
  const has = keys(now.tags[probe.field]);
  if (!probe.added.every((tag) => has.has(tagKey(tag)))) return null;
  const left = probe.witnesses.filter((tag) => has.has(tagKey(tag))).length;
  if (left === probe.witnesses.length) return 'append';
  return left === 0 ? 'replace' : null;
}

/**
 * Kinds of tags whose additions alone were sent, upon the knowledge that the server appends, and of
 * which the item now shows those additions and nothing else: the server replaces after all.
 */
export function replacedAfterAll(
  {
    item,
    decision,
  }: Pick<Probable, 'item'> & { readonly decision: Omit<Probable['decision'], 'pushedBefore'> },
  now: Pick<PlexItem, 'tags'>,
): readonly TagField[] {
  return tagFields.filter((field) => {
    const list = decision.edit?.tags[field] ?? [];
    const before = keys(item.tags[field]);
    const kept = list.filter((tag) => before.has(tagKey(tag)));
    const added = keys(list.filter((tag) => !before.has(tagKey(tag))));
    const has = now.tags[field].map(tagKey);
    const showsAdditionsAlone = has.length === added.size && has.every((key) => added.has(key));
    return kept.length > 0 && added.size > 0 && showsAdditionsAlone;
  });
}

function keys(tags: readonly string[] = []): ReadonlySet<string> {
  return new Set(tags.map(tagKey));
}
