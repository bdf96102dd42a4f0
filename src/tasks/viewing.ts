// Operation "viewing": what was watched, begun and rated on one side and carried to the other.
import {
  type ViewingAnswer,
  viewingArguments,
  type ViewingArguments,
} from '../contract/viewing.ts';
import { viewingChangeCount, viewingChanges } from '../store/mirror/viewingChange.ts';
import type { Operation } from './operation.ts';

export const viewing: Operation<ViewingArguments, ViewingAnswer> = {
  arguments: viewingArguments,
  perform: ({ db }, { scene, item, field, search, offset, limit }) => {
    const ratingKey = item === undefined ? undefined : String(item);
    const filter = { sceneId: scene, ratingKey, field, search };
    return {
      total: viewingChangeCount(db, filter),
      changes: viewingChanges(db, filter, offset, limit).map((change) => ({
        scene: change.sceneId,
        title: change.title,
        item: change.ratingKey,
        field: change.field,
        side: change.side,
        before: change.before,
        after: change.after,
        why: change.why,
        conflict: change.conflict,
        at: change.at,
      })),
    };
  },
};
