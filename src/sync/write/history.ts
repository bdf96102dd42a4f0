// What a confirmed write changed, field by field, for the history.
import {
  fields,
  type Field,
  type PlexItem,
  scalarFields,
  tagFields,
} from '../../domain/base/plexItem.ts';
import { scalarKey } from '../../domain/base/text.ts';
import type { Change, FieldValue } from '../../store/mirror/change.ts';
import type { Confirmation } from './confirm.ts';
import type { PlannedJob, PlannedWrite } from '../base/job.ts';

/**
 * One change per field that the write named and that shows it: not those that did not take, not those
 * that a person changed meanwhile, not those that are as they were, lock and all.
 * @param at Unix ms
 */
export function changesOf(
  { job, item, failed, changed }: Confirmation<PlannedWrite>,
  at: number,
): readonly Change[] {
  const { edit, stale } = job.decision;
  if (edit === null) return [];
  const named = new Set<string>([
    ...Object.keys(edit.scalars),
    ...Object.keys(edit.tags),
    ...Object.keys(edit.removeTags),
    ...Object.keys(edit.locks),
    ...Object.keys(stale),
  ]);
  return fields.flatMap((field): readonly Change[] => {
    if (!named.has(field) || failed.includes(field) || changed.includes(field)) return [];
    const before = valueOf(job.item, field);
    const after = valueOf(item, field);
    const lockedBefore = job.item.locked.has(field);
    const lockedAfter = item.locked.has(field);
    if (isSame(before, after) && lockedBefore === lockedAfter) return [];
    return [
      {
        sceneId: job.row.entityId,
        ratingKey: item.ratingKey,
        sectionId: item.sectionId,
        field,
        before,
        after,
        lockedBefore,
        lockedAfter,
        run: job.row.correlation,
        at,
      },
    ];
  });
}

/**
 * Texts that Plex has from a write which the worker did not live to confirm: the intent names them,
 * and the record of what was pushed does not yet. What was there before is known from what was
 * recorded ahead of that write. Tags of such a write are not told, since what a list was before
 * cannot be put together again for certain.
 * @param at Unix ms
 */
export function interruptedChanges(
  { job, item }: Confirmation<PlannedJob>,
  at: number,
): readonly Change[] {
  const { pushed, intent, before } = job.values;
  return scalarFields.flatMap((field): readonly Change[] => {
    const intended = intent.scalars[field];
    const last = pushed.scalars[field];
    const had = last ?? before.scalars[field];
    const has = job.item.scalars[field];
    if (intended === undefined || had === undefined) return [];
    const isOurs = scalarKey(has) === scalarKey(intended);
    if (!isOurs || scalarKey(has) === scalarKey(had)) return [];
    return [
      {
        sceneId: job.row.entityId,
        ratingKey: item.ratingKey,
        sectionId: item.sectionId,
        field,
        before: had,
        after: has,
        lockedBefore: last !== undefined || before.locked.includes(field),
        lockedAfter: job.item.locked.has(field),
        run: job.row.correlation,
        at,
      },
    ];
  });
}

function valueOf(item: PlexItem, field: Field): FieldValue {
  for (const tagField of tagFields) if (tagField === field) return item.tags[tagField];
  const scalars: Readonly<Partial<Record<Field, string>>> = item.scalars;
  return scalars[field] ?? '';
}

function isSame(before: FieldValue, after: FieldValue): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}
