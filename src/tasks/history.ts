// "History": what PlexSync changed in Plex, field by field, with what was there before.
import {
  type HistoryAnswer,
  historyArguments,
  type HistoryArguments,
} from '../contract/history.ts';
import { changeCount, changes, type FieldValue } from '../store/mirror/change.ts';
import type { HistoryFilter } from '../store/mirror/historyPage.ts';
import type { Database } from '../store/file/database.ts';
import type { Operation } from './operation.ts';

export const history: Operation<HistoryArguments, HistoryAnswer> = {
  arguments: historyArguments,
  perform: ({ db }, { scene, item, field, search, offset, limit }) =>
    historyOf(
      db,
      { sceneId: scene, ratingKey: item === undefined ? undefined : String(item), field, search },
      offset,
      limit,
    ),
};

export function historyOf(
  db: Database,
  filter: HistoryFilter,
  offset: number,
  limit: number,
): HistoryAnswer {
  return {
    total: changeCount(db, filter),
    changes: changes(db, filter, offset, limit).map((change) => ({
      scene: change.sceneId,
      title: change.title,
      item: change.ratingKey,
      section: change.sectionId,
      field: change.field,
      before: plain(change.before),
      after: plain(change.after),
      lockedBefore: change.lockedBefore,
      lockedAfter: change.lockedAfter,
      run: change.run,
      at: change.at,
    })),
  };
}

function plain(value: FieldValue): string | string[] {
  return typeof value === 'string' ? value : [...value];
}
