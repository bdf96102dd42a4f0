// What is to be told of a scene that Stash has no more, though PlexSync knows it: that it is gone, and,
// where its values are to be taken out of Plex, what of each field comes back.
import {
  type Field,
  fields,
  isTagField,
  type ItemEdit,
  type PlexItem,
} from '../domain/base/plexItem.ts';
import { withdrawEdit } from '../domain/mirror/withdraw.ts';
import type { GapValue } from '../domain/gaps/gap.ts';
import type { FoundGap } from '../store/mirror/gap.ts';
import type { LookedAt } from '../store/run/runPage.ts';
import { scenesWithPathsOf } from '../store/match/sceneFile.ts';
import type { SceneState } from '../store/mirror/sceneState.ts';
import type { DrainContext } from '../sync/base/context.ts';

/** @param item of the scene, as Plex has it; null where it has none or nobody asked */
export function judgeGone(
  { db, settings }: Pick<DrainContext, 'db' | 'settings'>,
  sceneId: number,
  state: SceneState,
  item: PlexItem | null,
): LookedAt {
  const { ratingKey } = state;
  // Where another scene has its file now, that one inherits the item as it is.
  const isWithdrawn = settings.withdrawWhenGone && scenesWithPathsOf(db, sceneId).length === 0;
  const edit =
    item === null || !isWithdrawn
      ? null
      : withdrawEdit(item, state.pushed, state.intent, state.before);
  const whole = { ...about, field: '', stash: null, plex: null, toCome: null };
  return {
    sceneId,
    ratingKey: ratingKey ?? '',
    gaps: [whole, ...(edit === null || item === null ? [] : withdrawals(edit, item))],
  };
}

const about = {
  kind: 'scene-gone',
  confidence: 'possibly',
  reason: 'Stash has the scene no more: it was deleted or merged.',
} as const;

function withdrawals(edit: ItemEdit, item: PlexItem): readonly FoundGap[] {
  return fields.flatMap((field): readonly FoundGap[] => {
    const toCome = valueAfter(field, edit, item);
    if (toCome === null) return [];
    const plex = isTagField(field) ? item.tags[field] : item.scalars[field];
    const reason = `${about.reason} What Plex had before comes back.`;
    return [{ ...about, field, stash: null, plex, toCome, reason }];
  });
}

function valueAfter(field: Field, edit: ItemEdit, item: PlexItem): GapValue | null {
  if (!isTagField(field)) return edit.scalars[field] ?? null;
  const going = new Set(edit.removeTags[field]);
  const list = edit.tags[field];
  if (list === undefined && going.size === 0) return null;
  return (list ?? item.tags[field]).filter((tag) => !going.has(tag));
}
