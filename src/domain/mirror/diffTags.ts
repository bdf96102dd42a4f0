// The three-way decision about one list of tags of an item, tag by tag.
import type { FieldRule } from './desired.ts';
import { spelling, tagsAmong } from './ownTags.ts';
import { tagKey } from '../base/text.ts';

export interface TagsFacts {
  readonly wanted: readonly string[];
  readonly current: readonly string[];
  /** undefined = never pushed. */
  readonly pushed: readonly string[] | undefined;
  readonly intent: readonly string[] | undefined;
  readonly locked: boolean;
  /** Whether what stands in the list at first contact is a person's although nobody locked it. */
  readonly othersArePersons: boolean;
}

export type TagsVerdict =
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

/** What is to be done about a list by a rule that is not `off`. */
export function decideTags(facts: TagsFacts, rule: Exclude<FieldRule, 'off'>): TagsVerdict {
  const { current, pushed, intent } = facts;
  const isToFill = current.length === 0 && (pushed ?? []).length === 0;
  if (rule === 'mirror' || (rule === 'fill' && isToFill)) return mirrorTags(facts);
  if (pushed === undefined && intent === undefined)
    return rule === 'fill' ? adoptTags(facts) : { kind: 'nothing' };
  // Left as it is. What is ours stays known as ours, also where a person took it away.
  const currentKeys = keys(current);
  const ours = [
    ...tagsAmong(current, [...(pushed ?? []), ...(intent ?? [])]),
    ...(pushed ?? []).filter((tag) => !currentKeys.has(tagKey(tag))),
  ];
  return { kind: 'equal', oursBefore: ours, oursAfter: ours };
}

/** A list in Plex that nobody may write to: ours if it is what Stash wants, else a person's. */
function adoptTags({ wanted, current, locked }: TagsFacts): TagsVerdict {
  if (wanted.length === 0) return { kind: 'nothing' };
  const wantedKeys = keys(wanted);
  const isEqual =
    current.every((tag) => wantedKeys.has(tagKey(tag))) && keys(current).size === wantedKeys.size;
  if (isEqual) return { kind: 'equal', oursBefore: wanted, oursAfter: wanted };
  return { kind: locked ? 'kept' : 'nothing' };
}

function mirrorTags(facts: TagsFacts): TagsVerdict {
  const { wanted, current, pushed, intent, locked } = facts;
  const wantedKeys = keys(wanted);
  const currentKeys = keys(current);
  const missing = wanted.filter((tag) => !currentKeys.has(tagKey(tag)));
  const extra = current.filter((tag) => !wantedKeys.has(tagKey(tag)));
  // What is there already is sent as Plex spells it: a server that tells case apart would add a
  // second one, and no removal would ever name it. Where there are two already, both stay.
  const asInPlex = (tag: string): readonly string[] => {
    const there = current.filter((other) => tagKey(other) === tagKey(tag));
    return there.length > 0 ? there : [tag];
  };
  // So it is recorded, too: by its spelling ours is known from a person's beside it.
  const asShown = (tag: string): string => {
    const there = asInPlex(tag);
    return there.find((other) => spelling(other) === spelling(tag)) ?? there[0] ?? tag;
  };

  if (pushed === undefined && intent === undefined) {
    // Stash has nothing to say: what is there stays, and the first contact is still to come.
    if (wanted.length === 0) return { kind: 'nothing' };
    if (missing.length === 0 && extra.length === 0) {
      const ours = wanted.map(asShown);
      return { kind: 'equal', oursBefore: ours, oursAfter: ours };
    }
    if (locked) return { kind: 'kept' };
    if (!facts.othersArePersons) {
      const list = wanted.flatMap(asInPlex);
      return { kind: 'write', list, stale: extra, oursBefore: [], oursAfter: wanted };
    }
  }
  const pushedKeys = keys(pushed ?? []);
  const ownKeys = keys([...(pushed ?? []), ...(intent ?? [])]);
  // An unlocked list was put back by a refresh: what is missing from it was taken by no person.
  const takenByPerson = (tag: string): boolean => locked && pushedKeys.has(tagKey(tag));
  const add = missing.filter((tag) => !takenByPerson(tag));
  const own = new Set(tagsAmong(current, [...(pushed ?? []), ...(intent ?? [])]));
  const stale = extra.filter((tag) => own.has(tag));
  const staleTags = new Set(stale);
  // Stale ones stand in the intent alone: should the worker die with them removed, their absence
  // must not look like a person's doing when Stash has them again.
  const oursBefore = [
    ...current.filter((tag) => own.has(tag) && !staleTags.has(tag)),
    ...missing.filter(takenByPerson),
  ];
  // A tag that a person gave the item before Stash had it stays a person's.
  const oursAfter = wanted
    .filter((tag) => ownKeys.has(tagKey(tag)) || !currentKeys.has(tagKey(tag)))
    .map((tag) => current.find((other) => own.has(other) && tagKey(other) === tagKey(tag)) ?? tag);
  if (add.length === 0 && stale.length === 0) {
    return { kind: 'equal', oursBefore: oursAfter, oursAfter };
  }
  const present = wanted.filter((tag) => !missing.includes(tag) || add.includes(tag));
  const persons = extra.filter((tag) => !staleTags.has(tag));
  const list = [...present.flatMap(asInPlex), ...persons];
  // A write of a worker that was killed may still be on its way to Plex: what it adds is ours too.
  const late = (intent ?? []).filter(
    (tag) =>
      !wantedKeys.has(tagKey(tag)) && !currentKeys.has(tagKey(tag)) && !pushedKeys.has(tagKey(tag)),
  );
  return { kind: 'write', list, stale: [...stale, ...late], oursBefore, oursAfter };
}

/** The tags in the form in which two spellings of one are the same. */
export function keys(tags: readonly string[] = []): ReadonlySet<string> {
  return new Set(tags.map(tagKey));
}
