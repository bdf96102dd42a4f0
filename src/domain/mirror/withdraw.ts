// Taking PlexSync's values out of an item again, when its scene is gone and the person wants that:
// what Plex had before the first write comes back, what a person did since stays.
import type { SceneDecision } from './diff.ts';
import type { BeforeValues, PushedValues } from './values.ts';
import { sameScalar } from './diffScalar.ts';
import { keys } from './diffTags.ts';
import {
  type Field,
  isTagField,
  type ItemEdit,
  type PlexItem,
  type ScalarField,
  scalarFields,
  type TagField,
  tagFields,
} from '../base/plexItem.ts';
import { tagsAmong } from './ownTags.ts';
import { withRoleTexts } from './roleTexts.ts';
import { scalarKey, tagKey } from '../base/text.ts';

/**
 * The record, grown by what the decision is about to write over in fields that it does not have
 * yet, and without the fields that are forgotten; the very same if there is neither. To be recorded
 * together with the intent, ahead of the write: afterwards nobody can tell any more.
 *
 * A scalar that is ours already and locked (adopted so, or written before there was a record) is no
 * first write. One that is not locked is what Plex had by itself: PlexSync locks what it writes.
 * Of a list in which something is ours already, ours are remembered as they stand: nobody knows
 * whether Plex had them first, so they are not taken away by a later withdrawal.
 *
 * @param current the item that the decision was made on
 */
export function rememberBefore(
  recorded: BeforeValues,
  decision: SceneDecision,
  current: PlexItem,
): BeforeValues {
  const { edit, pushedBefore, intent, forgotten } = decision;
  const before = withoutFields(recorded, forgotten);
  if (edit === null) return before;
  const scalars: Partial<Record<ScalarField, string>> = {};
  const tags: Partial<Record<TagField, readonly string[]>> = {};
  const first: Field[] = [];
  for (const field of scalarFields) {
    if (edit.scalars[field] === undefined || before.scalars[field] !== undefined) continue;
    const isOurs = sameScalar(current.scalars[field], pushedBefore.scalars[field]);
    if (isOurs && current.locked.has(field)) continue;
    scalars[field] = current.scalars[field];
    first.push(field);
  }
  for (const field of tagFields) {
    if (edit.locks[field] !== true || before.tags[field] !== undefined) continue;
    // At first contact this is the whole list. Later it leaves out what a person added: that stays
    // without our help, and must not come back once the person has taken it away.
    const concerned = keys(intent.tags[field]);
    tags[field] = current.tags[field].filter((tag) => concerned.has(tagKey(tag)));
    first.push(field);
  }
  if (first.length === 0) return before;
  return {
    scalars: { ...before.scalars, ...scalars },
    tags: { ...before.tags, ...tags },
    locked: [...before.locked, ...first.filter((field) => current.locked.has(field))],
  };
}

function withoutFields(before: BeforeValues, forgotten: readonly Field[]): BeforeValues {
  const isThere = (field: Field): boolean =>
    before.locked.includes(field) ||
    (isTagField(field) ? before.tags[field] : before.scalars[field]) !== undefined;
  if (!forgotten.some(isThere)) return before;
  const scalars = { ...before.scalars };
  const tags = { ...before.tags };
  for (const field of forgotten) {
    if (isTagField(field)) delete tags[field];
    else delete scalars[field];
  }
  return { scalars, tags, locked: before.locked.filter((field) => !forgotten.includes(field)) };
}

/**
 * The edit that takes PlexSync's values out of an item, or null if there is nothing of ours. Right
 * whether the server appends tags or replaces them; once applied, the same call gives null.
 *
 * A field without a known `before` is left as it is, lock and all. The title is never emptied.
 * A lock of ours goes, unless it guards something that a person did to the list meanwhile.
 *
 * @param pushed what was recorded after the last confirmed write
 * @param intent what was about to be written when the worker last wrote
 */
export function withdrawEdit(
  current: PlexItem,
  pushed: PushedValues,
  intent: PushedValues,
  before: BeforeValues,
): ItemEdit | null {
  const scalars: Partial<Record<ScalarField, string>> = {};
  const tags: Partial<Record<TagField, readonly string[]>> = {};
  const removeTags: Partial<Record<TagField, readonly string[]>> = {};
  const locks: Partial<Record<Field, boolean>> = {};
  /** Every touched field says its lock: nobody has shown what a write without one does to it. */
  const touch = (field: Field, lockIsPersons: boolean, valueChanges: boolean): void => {
    const locked = current.locked.has(field);
    const stays = locked && (lockIsPersons || before.locked.includes(field));
    if (valueChanges || locked !== stays) locks[field] = stays;
  };

  for (const field of scalarFields) {
    const had = before.scalars[field];
    const has = current.scalars[field];
    const isOurs = sameScalar(has, pushed.scalars[field]) || sameScalar(has, intent.scalars[field]);
    if (had === undefined || !isOurs) continue;
    const mayGoBack = field !== 'title' || scalarKey(had) !== '';
    const goesBack = mayGoBack && !sameScalar(has, had);
    if (goesBack) scalars[field] = had;
    touch(field, false, goesBack);
  }
  for (const field of tagFields) {
    const had = before.tags[field];
    if (had === undefined) continue;
    if (pushed.tags[field] === undefined && intent.tags[field] === undefined) continue;
    const plan = withdrawTags(current.tags[field], had, pushed.tags[field], intent.tags[field]);
    // A removal needs no list; and an empty list could not be sent.
    if (plan.back.length > 0) tags[field] = plan.list;
    if (plan.going.length > 0) removeTags[field] = plan.going;
    touch(field, plan.lockIsPersons, plan.back.length > 0 || plan.going.length > 0);
  }
  if (Object.keys(locks).length === 0) return null;
  return withRoleTexts({ scalars, tags, removeTags, locks }, current);
}

interface TagsPlan {
  /** Ours, as Plex spells them. */
  readonly going: readonly string[];
  /** Of `before`, to be put back. */
  readonly back: readonly string[];
  /** All that is wanted: what Plex had first in its order, then a person's. */
  readonly list: readonly string[];
  /** A refresh of an unlocked list would undo a person's work. */
  readonly lockIsPersons: boolean;
}

function withdrawTags(
  current: readonly string[],
  had: readonly string[],
  pushed: readonly string[] | undefined,
  intent: readonly string[] | undefined,
): TagsPlan {
  const hadKeys = keys(had);
  const currentKeys = keys(current);
  const pushedKeys = keys(pushed);
  const ours = tagsAmong(current, [...(pushed ?? []), ...(intent ?? [])]);
  const going = ours.filter((tag) => !hadKeys.has(tagKey(tag)));
  // A tag of `before` among them: PlexSync had taken it away, so a person gave it to the item again.
  const persons = current.filter((tag) => !ours.includes(tag));
  const gone = had.filter((tag) => !currentKeys.has(tagKey(tag)));
  // PlexSync strikes a tag off its record as it takes it away: what is still in the record and not
  // in Plex was taken by a person.
  const back = gone.filter((tag) => !pushedKeys.has(tagKey(tag)));
  const restored = had
    .filter((tag) => !gone.includes(tag) || back.includes(tag))
    .flatMap((tag) => {
      const there = current.filter((other) => tagKey(other) === tagKey(tag));
      return there.length > 0 ? there : [tag];
    });
  return {
    going,
    back,
    list: [...new Set([...restored, ...persons])],
    lockIsPersons: persons.length > 0 || back.length < gone.length,
  };
}
