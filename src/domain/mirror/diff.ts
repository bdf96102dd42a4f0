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
//
// So it is by the rule `mirror`. By `fill` a field is written only where Plex has nothing and
// PlexSync put nothing there before. By `untouched` nothing is done, and what is ours stays known.
// By `off` the field is given back: its value stays, a lock of ours goes, and it is forgotten.
import type { DesiredItem } from './desired.ts';
import { decideScalar } from './diffScalar.ts';
import { decideTags, keys } from './diffTags.ts';
import {
  type Field,
  fields,
  isTagField,
  type ItemEdit,
  personalTagFields,
  type PlexItem,
  type ScalarField,
  scalarFields,
  type TagField,
  tagFields,
} from '../base/plexItem.ts';
import { isLockOurs, type Known } from './release.ts';
import { tagKey } from '../base/text.ts';
import { withRoleTexts } from './roleTexts.ts';
import { isFileName } from './title.ts';
import type { PushedValues } from './values.ts';

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
  /** Fields that are off and in which nothing of ours is left to give back. */
  readonly forgotten: readonly Field[];
}

/**
 * @param known what was recorded: `pushed` after the last confirmed write; `intent` what was about
 *   to be written when the worker last wrote, equal to `pushed` unless it died in between;
 *   `before` what Plex had before the first write
 */
export function decide(desired: DesiredItem, current: PlexItem, known: Known): SceneDecision {
  const { pushed } = known;
  const draft: Draft = {
    scalars: {},
    tags: {},
    stale: {},
    locks: {},
    before: { scalars: { ...pushed.scalars }, tags: { ...pushed.tags } },
    after: { scalars: { ...pushed.scalars }, tags: { ...pushed.tags } },
    releasing: { scalars: {}, tags: {} },
    kept: [],
    forgotten: [],
  };
  for (const field of scalarFields) {
    const rule = desired.rules[field];
    if (rule === 'off') giveBack(draft, field, current, known);
    else decideOnScalar(draft, field, rule, desired, current, known);
  }
  for (const field of tagFields) {
    const rule = desired.rules[field];
    if (rule === 'off') giveBack(draft, field, current, known);
    else decideOnTags(draft, field, rule, desired, current, known);
  }
  const { scalars, tags, stale, locks, before, after, releasing, kept, forgotten } = draft;
  const writes = fields.some((field) => locks[field] !== undefined);
  const written = withStale(after, stale);
  return {
    edit: writes ? withRoleTexts({ scalars, tags, removeTags: {}, locks }, current) : null,
    stale,
    pushedBefore: before,
    pushedAfter: after,
    // Until the lock is known to be gone, what it guards is known to be ours.
    intent: {
      scalars: { ...written.scalars, ...releasing.scalars },
      tags: { ...written.tags, ...releasing.tags },
    },
    kept,
    forgotten,
  };
}

interface Draft {
  readonly scalars: Partial<Record<ScalarField, string>>;
  readonly tags: Partial<Record<TagField, readonly string[]>>;
  readonly stale: Partial<Record<TagField, readonly string[]>>;
  readonly locks: Partial<Record<Field, boolean>>;
  readonly before: Values;
  readonly after: Values;
  /** What is still intended to be ours although it is about to be given back. */
  readonly releasing: Values;
  readonly kept: Field[];
  readonly forgotten: Field[];
}

interface Values {
  readonly scalars: Partial<Record<ScalarField, string>>;
  readonly tags: Partial<Record<TagField, readonly string[]>>;
}

function decideOnScalar(
  draft: Draft,
  field: ScalarField,
  rule: Parameters<typeof decideScalar>[1],
  desired: DesiredItem,
  item: PlexItem,
  { pushed, intent }: Known,
): void {
  const wanted = desired.scalars[field];
  const current = item.scalars[field];
  const verdict = decideScalar(
    {
      wanted,
      current,
      pushed: pushed.scalars[field],
      intent: intent.scalars[field],
      locked: item.locked.has(field),
      isEmpty: isEmptyIn(item, field),
      mayBeCleared: field !== 'title' && field !== 'titleSort',
    },
    rule,
  );
  if (verdict.kind === 'kept') draft.kept.push(field);
  if (verdict.ours !== undefined) {
    draft.before.scalars[field] = verdict.ours;
    draft.after.scalars[field] = verdict.ours;
  }
  if (verdict.kind === 'write') {
    draft.scalars[field] = wanted;
    draft.after.scalars[field] = wanted;
    draft.locks[field] = true;
  }
}

/** A name that Plex made by itself is nobody's: the file's for a title, the title to sort by. */
function isEmptyIn({ scalars, parts }: PlexItem, field: ScalarField): boolean {
  if (scalars[field].trim() === '') return true;
  if (field === 'titleSort') return scalars.titleSort === scalars.title;
  return (
    field === 'title' &&
    isFileName(
      scalars.title,
      parts.map(({ file }) => file),
    )
  );
}

function decideOnTags(
  draft: Draft,
  field: TagField,
  rule: Parameters<typeof decideTags>[1],
  desired: DesiredItem,
  item: PlexItem,
  known: Known,
): void {
  const wanted = desired.tags[field];
  const locked = item.locked.has(field);
  const isFirst = isFirstStill(field, item, known);
  // Where a list is locked on which a first write left no trace, it was not PlexSync who locked it,
  // and where Stash has nothing to say any more, there is nothing to finish: what the write would
  // have taken away is not PlexSync's.
  const isForgotten = isFirst && (locked || wanted.length === 0);
  const verdict = decideTags(
    {
      wanted,
      current: item.tags[field],
      pushed: known.pushed.tags[field],
      intent: isForgotten ? undefined : known.intent.tags[field],
      locked,
      othersArePersons: personalTagFields.has(field),
    },
    rule,
  );
  if (verdict.kind === 'kept') draft.kept.push(field);
  if (verdict.kind === 'kept' || verdict.kind === 'nothing') return;
  if (!isFirst || verdict.oursBefore.length > 0) draft.before.tags[field] = verdict.oursBefore;
  draft.after.tags[field] = verdict.oursAfter;
  if (verdict.kind === 'write') {
    // An empty list can't be sent as one: it is reached by removal alone.
    if (verdict.list.length > 0) draft.tags[field] = verdict.list;
    if (verdict.stale.length > 0) draft.stale[field] = verdict.stale;
    draft.locks[field] = true;
  }
}

/** Whether PlexSync never wrote to the list, as far as can be told: what it meant to add is not there. */
function isFirstStill(field: TagField, item: PlexItem, { pushed, intent, before }: Known): boolean {
  if (pushed.tags[field] !== undefined) return false;
  const meant = intent.tags[field];
  if (meant === undefined) return true;
  const hadKeys = keys(before.tags[field]);
  const currentKeys = keys(item.tags[field]);
  const additions = meant.map(tagKey).filter((key) => !hadKeys.has(key));
  return additions.length > 0 && additions.every((key) => !currentKeys.has(key));
}

/** The field is off. */
function giveBack(draft: Draft, field: Field, item: PlexItem, known: Known): void {
  if (isTagField(field)) delete draft.after.tags[field];
  else delete draft.after.scalars[field];
  if (!isLockOurs(field, item, known)) {
    if (isTagField(field)) delete draft.before.tags[field];
    else delete draft.before.scalars[field];
    draft.forgotten.push(field);
    return;
  }
  draft.locks[field] = false;
  if (isTagField(field)) {
    const meant = known.intent.tags[field];
    if (meant !== undefined) draft.releasing.tags[field] = meant;
  } else {
    const meant = known.intent.scalars[field];
    if (meant !== undefined) draft.releasing.scalars[field] = meant;
  }
}

function withStale(after: PushedValues, stale: SceneDecision['stale']): PushedValues {
  const tags = { ...after.tags };
  for (const field of tagFields) {
    const going = stale[field];
    if (going !== undefined) tags[field] = [...(tags[field] ?? []), ...going];
  }
  return { scalars: after.scalars, tags };
}
