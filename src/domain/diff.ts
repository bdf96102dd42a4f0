// The three-way decision: what PlexSync last put into an item, what the item has, what the scene
// wants. It never takes away what a person put into Plex.
//
// A field is one of these:
// - equal: Plex has what Stash wants. It is adopted as pushed, without a write.
// - first contact (nothing pushed yet): a locked field is a person's and is kept; an unlocked one
//   is the scanner's and is replaced. Nothing is cleared.
// - ours (Plex still has what was pushed, or what was being pushed when the worker died): it
//   follows Stash, and is cleared if Stash has nothing any more.
// - changed in Plex since the push: a locked field was edited by a person and is kept; an unlocked
//   one was put back by a refresh of Plex's and is replaced.
// Tags are decided tag by tag: ours go when Stash has them no more, others stay; one of ours that
// a person took away from a locked list is not put back.
import type { DesiredItem } from './desired.ts';
import {
  type Field,
  fields,
  type ItemEdit,
  type PlexItem,
  type ScalarField,
  scalarFields,
  type TagField,
  tagFields,
} from './plexItem.ts';
import { scalarKey, tagKey } from './text.ts';

/** Values PlexSync knows to be its own work; a field that is missing was never pushed. */
export interface PushedValues {
  readonly scalars: Readonly<Partial<Record<ScalarField, string>>>;
  readonly tags: Readonly<Partial<Record<TagField, readonly string[]>>>;
}

export const nothingPushed: PushedValues = { scalars: {}, tags: {} };

export interface SceneDecision {
  /** null = nothing to write. Its tag lists are whole: right under append and under replace. */
  readonly edit: ItemEdit | null;
  /** Tags of ours to be gone after the edit; under append they need a removal of their own. */
  readonly stale: Readonly<Partial<Record<TagField, readonly string[]>>>;
  /**
   * What is known to be ours before the write and stays so: of the old record, what Plex confirmed
   * just now. Tags on their way out are in `intent` alone.
   */
  readonly pushedBefore: PushedValues;
  /** What will be ours once the write is confirmed. */
  readonly pushedAfter: PushedValues;
  /** `pushedAfter` and what is to go: all that the write may leave behind if it is interrupted. */
  readonly intent: PushedValues;
  /** Fields left to a person. */
  readonly kept: readonly Field[];
}

/**
 * @param pushed what was recorded after the last confirmed write
 * @param intent what was about to be written when the worker last wrote; equal to `pushed` unless
 *   it died in between
 */
export function decide(
  desired: DesiredItem,
  current: PlexItem,
  pushed: PushedValues,
  intent: PushedValues,
): SceneDecision {
  const scalars: Partial<Record<ScalarField, string>> = {};
  const tags: Partial<Record<TagField, readonly string[]>> = {};
  const stale: Partial<Record<TagField, readonly string[]>> = {};
  const locks: Partial<Record<Field, boolean>> = {};
  const before = { scalars: { ...pushed.scalars }, tags: { ...pushed.tags } };
  const after = { scalars: { ...pushed.scalars }, tags: { ...pushed.tags } };
  const kept: Field[] = [];

  for (const field of scalarFields) {
    const verdict = decideScalar(
      desired.scalars[field],
      current.scalars[field],
      pushed.scalars[field],
      intent.scalars[field],
      current.locked.has(field),
      field !== 'title',
    );
    if (verdict.kind === 'kept') kept.push(field);
    if (verdict.ours !== undefined) {
      before.scalars[field] = verdict.ours;
      after.scalars[field] = verdict.ours;
    }
    if (verdict.kind === 'write') {
      scalars[field] = desired.scalars[field];
      after.scalars[field] = desired.scalars[field];
      locks[field] = true;
    }
  }
  for (const field of tagFields) {
    const verdict = decideTags(
      desired.tags[field],
      current.tags[field],
      pushed.tags[field],
      intent.tags[field],
      current.locked.has(field),
    );
    if (verdict.kind === 'kept') kept.push(field);
    if (verdict.kind === 'kept' || verdict.kind === 'nothing') continue;
    before.tags[field] = verdict.oursBefore;
    after.tags[field] = verdict.oursAfter;
    if (verdict.kind === 'write') {
      // An empty list can't be sent as one: it is reached by removal alone.
      if (verdict.list.length > 0) tags[field] = verdict.list;
      if (verdict.stale.length > 0) stale[field] = verdict.stale;
      locks[field] = true;
    }
  }
  const edit: ItemEdit = { scalars, tags, removeTags: {}, locks };
  const writes = fields.some((field) => locks[field] !== undefined);
  return {
    edit: writes ? edit : null,
    stale,
    pushedBefore: before,
    pushedAfter: after,
    intent: withStale(after, stale),
    kept,
  };
}

function withStale(after: PushedValues, stale: SceneDecision['stale']): PushedValues {
  const tags = { ...after.tags };
  for (const field of tagFields) {
    const going = stale[field];
    if (going !== undefined) tags[field] = [...(tags[field] ?? []), ...going];
  }
  return { scalars: after.scalars, tags };
}

type ScalarVerdict = {
  readonly kind: 'equal' | 'kept' | 'write' | 'nothing';
  /** The present value of Plex where it is known to be ours. */
  readonly ours: string | undefined;
};

function decideScalar(
  wanted: string,
  current: string,
  pushed: string | undefined,
  intent: string | undefined,
  locked: boolean,
  mayBeCleared: boolean,
): ScalarVerdict {
  const same = (a: string, b: string | undefined): boolean =>
    b !== undefined && scalarKey(a) === scalarKey(b);
  if (same(current, wanted)) {
    // Nothing on both sides is no work of ours: a value typed later must count as first contact.
    const known = wanted !== '' || pushed !== undefined;
    return { kind: 'equal', ours: known ? wanted : undefined };
  }
  const isOurs = same(current, pushed) || same(current, intent);
  if (isOurs) {
    const write = wanted !== '' || mayBeCleared;
    return { kind: write ? 'write' : 'nothing', ours: current };
  }
  if (locked) return { kind: 'kept', ours: undefined };
  return { kind: wanted === '' ? 'nothing' : 'write', ours: undefined };
}

type TagsVerdict =
  | { readonly kind: 'kept' }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'equal';
      readonly oursBefore: readonly string[];
      readonly oursAfter: readonly string[];
    }
  | {
      readonly kind: 'write';
      readonly list: readonly string[];
      readonly stale: readonly string[];
      readonly oursBefore: readonly string[];
      readonly oursAfter: readonly string[];
    };

function decideTags(
  wanted: readonly string[],
  current: readonly string[],
  pushed: readonly string[] | undefined,
  intent: readonly string[] | undefined,
  locked: boolean,
): TagsVerdict {
  const wantedKeys = keys(wanted);
  const currentKeys = keys(current);
  const missing = wanted.filter((tag) => !currentKeys.has(tagKey(tag)));
  const extra = current.filter((tag) => !wantedKeys.has(tagKey(tag)));
  // What is there already is sent as Plex spells it: a server that tells case apart would add a
  // second one, and no removal would ever name it.
  const spelledInPlex = new Map(current.map((tag) => [tagKey(tag), tag]));
  const asInPlex = (tag: string): string => spelledInPlex.get(tagKey(tag)) ?? tag;

  if (pushed === undefined && intent === undefined) {
    // Stash has nothing to say: what is there stays, and the first contact is still to come.
    if (wanted.length === 0) return { kind: 'nothing' };
    if (missing.length === 0 && extra.length === 0) {
      return { kind: 'equal', oursBefore: wanted, oursAfter: wanted };
    }
    if (locked) return { kind: 'kept' };
    const list = wanted.map(asInPlex);
    return { kind: 'write', list, stale: extra, oursBefore: [], oursAfter: wanted };
  }
  const pushedKeys = keys(pushed ?? []);
  const ownKeys = keys([...(pushed ?? []), ...(intent ?? [])]);
  // An unlocked list was put back by a refresh: what is missing from it was taken by no person.
  const takenByPerson = (tag: string): boolean => locked && pushedKeys.has(tagKey(tag));
  const add = missing.filter((tag) => !takenByPerson(tag));
  const stale = extra.filter((tag) => ownKeys.has(tagKey(tag)));
  const staleKeys = keys(stale);
  // Stale ones stand in the intent alone: should the worker die with them removed, their absence
  // must not look like a person's doing when Stash has them again.
  const oursBefore = [
    ...current.filter((tag) => ownKeys.has(tagKey(tag)) && !staleKeys.has(tagKey(tag))),
    ...missing.filter(takenByPerson),
  ];
  // A tag that a person gave the item before Stash had it stays a person's.
  const oursAfter = wanted.filter(
    (tag) => ownKeys.has(tagKey(tag)) || !currentKeys.has(tagKey(tag)),
  );
  if (add.length === 0 && stale.length === 0) {
    return { kind: 'equal', oursBefore: oursAfter, oursAfter };
  }
  const present = wanted.filter((tag) => !missing.includes(tag) || add.includes(tag));
  const persons = extra.filter((tag) => !staleKeys.has(tagKey(tag)));
  const list = [...present.map(asInPlex), ...persons];
  // A write of a worker that was killed may still be on its way to Plex: what it adds is ours too.
  const late = (intent ?? []).filter(
    (tag) =>
      !wantedKeys.has(tagKey(tag)) && !currentKeys.has(tagKey(tag)) && !pushedKeys.has(tagKey(tag)),
  );
  return { kind: 'write', list, stale: [...stale, ...late], oursBefore, oursAfter };
}

function keys(tags: readonly string[]): ReadonlySet<string> {
  return new Set(tags.map(tagKey));
}
