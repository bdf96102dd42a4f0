// Giving a field back to Plex and to the person: the value stays, the lock goes if PlexSync set it.
import { keys } from './diffTags.ts';
import { sameScalar } from './diffScalar.ts';
import type { BeforeValues, PushedValues } from './values.ts';
import {
  type Field,
  fields,
  isTagField,
  type ItemEdit,
  type PlexItem,
  type ScalarField,
  type TagField,
} from '../base/plexItem.ts';
import { tagsAmong } from './ownTags.ts';
import { tagKey } from '../base/text.ts';

/** What PlexSync knows of its own work in an item. */
export interface Known {
  readonly pushed: PushedValues;
  readonly intent: PushedValues;
  readonly before: BeforeValues;
}

/**
 * Whether the field is locked by PlexSync and guards nothing of a person's.
 *
 * That PlexSync set the lock is known where it knows what the field had before its first write and
 * that it was not locked then. A value that a person typed since, a tag that a person added or took
 * away from a list are guarded by the lock: those a refresh of Plex would undo.
 */
export function isLockOurs(field: Field, current: PlexItem, known: Known): boolean {
  if (!current.locked.has(field) || known.before.locked.includes(field)) return false;
  return isTagField(field) ? isListOurs(field, current, known) : isValueOurs(field, current, known);
}

function isValueOurs(field: ScalarField, current: PlexItem, { pushed, intent, before }: Known) {
  const value = current.scalars[field];
  if (before.scalars[field] === undefined) return false;
  return sameScalar(value, pushed.scalars[field]) || sameScalar(value, intent.scalars[field]);
}

function isListOurs(field: TagField, current: PlexItem, { pushed, intent, before }: Known) {
  const [was, meant] = [pushed.tags[field], intent.tags[field]];
  if (before.tags[field] === undefined || (was === undefined && meant === undefined)) return false;
  const list = current.tags[field];
  const currentKeys = keys(current.tags[field]);
  return (
    tagsAmong(list, [...(was ?? []), ...(meant ?? [])]).length === list.length &&
    (was ?? []).every((tag) => currentKeys.has(tagKey(tag)))
  );
}

/**
 * The edit that releases every lock that PlexSync set in an item, or null if there is none. Values
 * stay. Once applied, the same call gives null.
 */
export function releaseEdit(current: PlexItem, known: Known): ItemEdit | null {
  const ours = fields.filter((field) => isLockOurs(field, current, known));
  if (ours.length === 0) return null;
  const locks = Object.fromEntries(ours.map((field) => [field, false]));
  return { scalars: {}, tags: {}, removeTags: {}, locks };
}
