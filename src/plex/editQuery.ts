// Turns an edit into the request targets of Plex's section edit form,
// `PUT /library/sections/{id}/all?type=1&id=…` (OpenAPI operation librarySectionPutAll). Pure.
import { PlexSyncError } from '../contract/errors.ts';
import type { Field, ItemEdit } from '../domain/base/plexItem.ts';
import { scalarFields, tagFields } from '../domain/base/plexItem.ts';
import { escapeValue } from './escape.ts';
import { isPlexId, type NonEmptyKeys, ratingKeys } from './ratingKeys.ts';

/**
 * Where Plex refuses a request line as too long is not documented; clients report 414 from a few
 * hundred ids on, and proxies commonly stop at 8 KB. Targets are ASCII, so characters are bytes.
 */
export const maxTargetBytes = 6_000;

/** Arguments that belong together, as they stand in the target, each led by `&`. */
type Unit = string;

/** Units that must go out one after the other, each in a target of its own. */
type Chain = readonly Unit[];

/**
 * Request targets (path and query) that carry the edit, to be sent in this order; none if the edit
 * names nothing. A field's value and its lock travel together.
 *
 * Additions and removals never share a target, since nobody has shown in which order Plex applies
 * them within one request: additions come first, then removals, as Kometa's `edit_tags` does.
 *
 * A tag list too long for one target is split over several, each numbered from 0 and each with all
 * of `standing`. That is right only on a server that appends tags; on one that replaces them
 * `standing` and the last part alone remain. Blank tag names are left out: an empty removal list has
 * no known meaning.
 *
 * A target is at most `maxTargetBytes` long unless one single value is longer than that.
 *
 * @throws PlexSyncError `internal`: a section id or rating key that is not a number;
 *   `plex-bad-request`: so much of a list is standing that nothing else fits beside it.
 */
export function encodeEdit(
  sectionId: string,
  keys: NonEmptyKeys,
  edit: ItemEdit,
): readonly string[] {
  if (!isPlexId(sectionId)) {
    throw new PlexSyncError('internal', 'Refused to edit a Plex section whose id is no number.', {
      field: 'sectionId',
    });
  }
  // The type already proves the keys; a cast somewhere would cost a whole library, so look again.
  const ids = ratingKeys(keys).join(',');
  // The id stands in front: a target that something on the way cuts short still names its items.
  const base = `/library/sections/${sectionId}/all?type=1&id=${escapeValue(ids)}`;
  const room = maxTargetBytes - base.length;
  return [...pack(base, additions(edit, room)), ...pack(base, removals(edit, room))];
}

function additions(edit: ItemEdit, room: number): readonly Chain[] {
  const chains: Chain[] = [];
  // Chains first, so that what fits anywhere can fill the gaps they leave.
  for (const field of tagFields) {
    const names = present(edit.tags[field]);
    const lock = lockOf(edit, field);
    if (names.length > 0) {
      const standing = present(edit.standing?.[field]).filter((name) => names.includes(name));
      const encode: EncodeName = (name, at) => tagArgument(edit, field, at, name);
      chains.push(splitBeside(standing, names, room, lock, encode, field));
    } else if (lock !== '' && present(edit.removeTags[field]).length === 0) {
      chains.push([lock]);
    }
  }
  for (const field of scalarFields) {
    const value = edit.scalars[field];
    const unit =
      lockOf(edit, field) + (value === undefined ? '' : `&${field}.value=${escapeValue(value)}`);
    if (unit !== '') chains.push([unit]);
  }
  return chains;
}

/** A removal list: names encoded, joined by commas and encoded again, so that commas survive. */
function removals(edit: ItemEdit, room: number): readonly Chain[] {
  const chains: Chain[] = [];
  for (const field of tagFields) {
    const names = present(edit.removeTags[field]);
    if (names.length === 0) continue;
    const head = `${lockOf(edit, field)}&${field}${escapeValue('[]')}.tag.tag-=`;
    const comma = escapeValue(',');
    chains.push(
      split(names, room, head, (name, at) => (at === 0 ? '' : comma) + escapeTwice(name)),
    );
  }
  return chains;
}

function lockOf(edit: ItemEdit, field: Field): string {
  const lock = edit.locks[field];
  return lock === undefined ? '' : `&${field}.locked=${lock ? '1' : '0'}`;
}

/** A role belongs to the association, not to the person: `tagging.text` (OpenAPI, same operation). */
function tagArgument(edit: ItemEdit, field: Field, index: number, name: string): string {
  const head = `&${field}${escapeValue(`[${index}]`)}`;
  const tag = `${head}.tag.tag=${escapeValue(name)}`;
  const roles = field === 'actor' ? new Map(Object.entries(edit.roleTexts ?? {})) : null;
  const role = roles?.get(name);
  return role === undefined ? tag : `${tag}${head}.tagging.text=${escapeValue(role)}`;
}

function present(names: readonly string[] | undefined): readonly string[] {
  return (names ?? []).filter((name) => name !== '');
}

type EncodeName = (name: string, index: number) => string;

/** All of the names in one unit, or in several that begin with the standing ones. */
function splitBeside(
  standing: readonly string[],
  names: readonly string[],
  room: number,
  head: string,
  encode: EncodeName,
  field: Field,
): Chain {
  const whole = split(names, room, head, encode);
  if (whole.length === 1 || standing.length === 0) return whole;
  const lead = standing.reduce((unit, name, at) => unit + encode(name, at), head);
  const others = names.filter((name) => !standing.includes(name));
  const chain = split(others, room, lead, (name, at) => encode(name, standing.length + at));
  if (chain.every((unit) => unit.length <= room)) return chain;
  const message = `The item has so many of ${field} by a person's hand that nothing can be added safely.`;
  throw new PlexSyncError('plex-bad-request', message, { field });
}

/** The names in as few units as their order allows, each led by `head`, no longer than `room`. */
function split(names: readonly string[], room: number, head: string, encode: EncodeName): Chain {
  const units: Unit[] = [];
  let unit = head;
  let index = 0;
  for (const name of names) {
    if (index > 0 && unit.length + encode(name, index).length > room) {
      units.push(unit);
      unit = head;
      index = 0;
    }
    unit += encode(name, index);
    index += 1;
  }
  return [...units, unit];
}

/** First fit: every unit goes into the first target that has room and comes after its chain's last. */
function pack(base: string, chains: readonly Chain[]): readonly string[] {
  const targets: string[] = [];
  for (const chain of chains) {
    let from = 0;
    for (const unit of chain) {
      let at = from;
      while (at < targets.length && (targets[at] ?? '').length + unit.length > maxTargetBytes) at++;
      targets[at] = (targets[at] ?? base) + unit;
      from = at + 1;
    }
  }
  return targets;
}

/** The inner round leaves `/` as it is: so does python-plexapi, whose form real servers accept. */
function escapeTwice(name: string): string {
  return escapeValue(escapeValue(name).replaceAll('%2F', '/'));
}
