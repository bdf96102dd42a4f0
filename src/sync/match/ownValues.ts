// What PlexSync is known to have put into an item, whichever scene it was for and whatever its
// rating key was then.
import { nothingBefore, nothingPushed, type PushedValues } from '../../domain/mirror/values.ts';
import { type PlexItem, scalarFields, tagFields } from '../../domain/base/plexItem.ts';
import type { Database } from '../../store/file/database.ts';
import { leftValues } from '../../store/match/leftItem.ts';
import { othersValues } from '../../store/match/itemOwner.ts';
import type { OwnValues } from '../../store/mirror/ownValues.ts';
import type { KnownScene } from '../base/job.ts';

export function ownValues(
  db: Database,
  { scene, state }: Pick<KnownScene, 'scene' | 'state'>,
  item: PlexItem,
): OwnValues {
  if (state?.ratingKey === item.ratingKey) return state;
  // The file changed hands: what stands there for another scene is PlexSync's all the same.
  const others = othersValues(db, item.ratingKey, scene.id) ?? leftValues(db, item.ratingKey);
  if (others !== null) return others;
  if (state === null)
    return { pushed: nothingPushed, intent: nothingPushed, before: nothingBefore };
  return {
    pushed: whereLocked(state.pushed, item),
    intent: whereLocked(state.intent, item),
    before: nothingBefore,
  };
}

/**
 * A new item of the same file may have kept values and locks from the old one, as when Plex splits
 * items: a locked value equal to ours is ours. What is not locked is the scanner's, as ever.
 */
function whereLocked(values: PushedValues, item: PlexItem): PushedValues {
  return {
    scalars: Object.fromEntries(
      scalarFields.flatMap((field) => {
        const value = values.scalars[field];
        return value === undefined || !item.locked.has(field) ? [] : [[field, value]];
      }),
    ),
    tags: Object.fromEntries(
      tagFields.flatMap((field) => {
        const list = values.tags[field];
        return list === undefined || !item.locked.has(field) ? [] : [[field, list]];
      }),
    ),
  };
}
