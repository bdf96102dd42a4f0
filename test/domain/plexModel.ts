// A Plex item in memory, just enough to see what edits do to it: tags appended or replaced, told
// apart by case or not. And one sync of it, which can be made to die at each of its steps.
import type { DesiredItem } from '../../src/domain/mirror/desired.ts';
import { decide } from '../../src/domain/mirror/diff.ts';
import {
  type BeforeValues,
  nothingBefore,
  nothingPushed,
  type PushedValues,
} from '../../src/domain/mirror/values.ts';
import {
  type Field,
  type ItemEdit,
  type PlexItem,
  type ScalarField,
  scalarFields,
  type TagField,
  tagFields,
} from '../../src/domain/base/plexItem.ts';
import { rememberBefore } from '../../src/domain/mirror/withdraw.ts';

/** What a server does with a list of tags, and whether it tells "Blonde" from "blonde". */
export interface ServerMode {
  readonly tags: 'append' | 'replace';
  readonly caseSensitive: boolean;
}

export const serverModes: readonly ServerMode[] = (['append', 'replace'] as const).flatMap((tags) =>
  [false, true].map((caseSensitive) => ({ tags, caseSensitive })),
);

/** Where a worker dies. */
export const crashes = ['after-intent', 'after-put-1', 'after-put-2'] as const;
export type Crash = (typeof crashes)[number];

export interface World {
  scalars: Record<ScalarField, string>;
  tags: Record<TagField, readonly string[]>;
  locked: ReadonlySet<Field>;
  /** What PlexSync recorded. */
  pushed: PushedValues;
  intent: PushedValues;
  before: BeforeValues;
}

export const noScalars: World['scalars'] = {
  title: '',
  titleSort: '',
  summary: '',
  originallyAvailableAt: '',
  studio: '',
  contentRating: '',
};
export const noTags: World['tags'] = {
  genre: [],
  label: [],
  actor: [],
  director: [],
  collection: [],
};
export const mirrorAll: DesiredItem['rules'] = {
  title: 'mirror',
  titleSort: 'mirror',
  summary: 'mirror',
  originallyAvailableAt: 'mirror',
  studio: 'mirror',
  contentRating: 'mirror',
  genre: 'mirror',
  label: 'mirror',
  actor: 'mirror',
  director: 'mirror',
  collection: 'mirror',
};

export function newWorld(
  scalars: Partial<World['scalars']> = {},
  tags: Partial<World['tags']> = {},
  locked: readonly Field[] = [],
): World {
  return {
    scalars: { ...noScalars, ...scalars },
    tags: { ...noTags, ...tags },
    locked: new Set(locked),
    pushed: nothingPushed,
    intent: nothingPushed,
    before: nothingBefore,
  };
}

export function desired(
  scalars: Partial<World['scalars']> = {},
  tags: Partial<World['tags']> = {},
  rules: Partial<DesiredItem['rules']> = {},
): DesiredItem {
  const { scalars: allScalars, tags: allTags } = newWorld(scalars, tags);
  return { scalars: allScalars, tags: allTags, rules: { ...mirrorAll, ...rules }, cut: [] };
}

export function itemOf(world: World): PlexItem {
  const { scalars, tags, locked } = world;
  return { ratingKey: '7', sectionId: '1', scalars, tags, locked, parts: [], userRating: null };
}

export function applyEdit(world: World, edit: ItemEdit, mode: ServerMode): World {
  const same = (tag: string): string => (mode.caseSensitive ? tag : tag.toLowerCase());
  const tags = { ...world.tags };
  for (const field of tagFields) {
    const sent = edit.tags[field];
    if (sent !== undefined && sent.length > 0) {
      const has = mode.tags === 'append' ? tags[field] : [];
      const known = new Map([...has, ...sent].toReversed().map((tag) => [same(tag), tag]));
      tags[field] = [...known.values()].toReversed();
    }
    const gone = new Set((edit.removeTags[field] ?? []).map(same));
    tags[field] = tags[field].filter((tag) => !gone.has(same(tag)));
  }
  const locked = new Set(world.locked);
  for (const [field, lock] of lockEntries(edit)) {
    if (lock) locked.add(field);
    else locked.delete(field);
  }
  return { ...world, scalars: { ...world.scalars, ...edit.scalars }, tags, locked };
}

/**
 * One sync: intent recorded, PUT 1, removal of what should be gone and is still there, record.
 * @returns the world after it, and the edit that was decided
 */
export function sync(
  world: World,
  wanted: DesiredItem,
  mode: ServerMode,
  crash: Crash | null = null,
): { readonly world: World; readonly edit: ItemEdit | null } {
  const decision = decide(wanted, itemOf(world), world);
  const { edit, stale } = decision;
  const before = rememberBefore(world.before, decision, itemOf(world));
  let now: World = { ...world, pushed: decision.pushedBefore, intent: decision.intent, before };
  if (crash === 'after-intent') return { world: now, edit };
  if (edit !== null) {
    now = applyEdit(now, edit, mode);
    if (crash === 'after-put-1') return { world: now, edit };
    const removeTags: Partial<Record<TagField, readonly string[]>> = {};
    for (const field of tagFields) {
      const going = new Set((stale[field] ?? []).map((tag) => tag.toLowerCase()));
      const left = now.tags[field].filter((tag) => going.has(tag.toLowerCase()));
      if (left.length > 0) removeTags[field] = left;
    }
    now = applyEdit(now, { scalars: {}, tags: {}, removeTags, locks: {} }, mode);
  }
  if (crash !== null) return { world: now, edit };
  return { world: { ...now, pushed: decision.pushedAfter, intent: decision.pushedAfter }, edit };
}

/** A person types a value in Plex, which locks the field. */
export function personTypes(world: World, field: ScalarField, value: string): World {
  return {
    ...world,
    scalars: { ...world.scalars, [field]: value },
    locked: new Set([...world.locked, field]),
  };
}

/** A person changes a tag list in Plex, which locks it. */
export function personTags(world: World, field: TagField, tags: readonly string[]): World {
  return {
    ...world,
    tags: { ...world.tags, [field]: tags },
    locked: new Set([...world.locked, field]),
  };
}

/** Plex refreshes metadata: unlocked fields go back to what its agent or scanner found. */
export function plexRefreshes(world: World, found: Pick<World, 'scalars' | 'tags'>): World {
  const scalars = { ...world.scalars };
  for (const field of scalarFields) {
    if (!world.locked.has(field)) scalars[field] = found.scalars[field];
  }
  const tags = { ...world.tags };
  for (const field of tagFields) if (!world.locked.has(field)) tags[field] = found.tags[field];
  return { ...world, scalars, tags };
}

export function unlock(world: World, field: Field): World {
  return { ...world, locked: new Set([...world.locked].filter((locked) => locked !== field)) };
}

/** What a person looking at Plex sees, in a form that compares. */
export function visible(world: World): unknown {
  const sorted = (field: TagField): string[] =>
    world.tags[field].map((tag) => tag.toLowerCase()).toSorted();
  return {
    scalars: world.scalars,
    tags: tagFields.map(sorted),
    locked: [...world.locked].toSorted(),
  };
}

function lockEntries(edit: ItemEdit): readonly (readonly [Field, boolean])[] {
  const all: readonly Field[] = [...scalarFields, ...tagFields];
  return all.flatMap((field) => {
    const lock = edit.locks[field];
    return lock === undefined ? [] : [[field, lock] as const];
  });
}
