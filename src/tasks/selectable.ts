// The lists of which a person picks something to act on: which rows are meant, how many, what they
// are called, and how they are removed.
import type { SelectionArguments } from '../contract/actions.ts';
import { countExtras, givenUp, removeExtras } from '../store/queue/extraList.ts';
import { among, both, everything, type Filter } from '../store/file/filter.ts';
import type { Database } from '../store/file/database.ts';
import {
  countDeadLetters,
  countQueueRows,
  deadLettersBefore,
  type Pages,
  queueRowsBefore,
  removeDeadLetters,
  removeQueueRows,
  type Which,
} from '../store/queue/queueActions.ts';

type Selection = Pick<SelectionArguments, 'keys' | 'cause'>;

export interface SelectableList {
  /** After "removed". */
  readonly place: string;
  /** "3 changes" */
  words(count: number): string;
  /** @param before Unix ms: what came or failed at that time or later stays */
  filter(selection: Selection, before: number): Filter;
  count(db: Database, filter: Filter): number;
  remove(db: Database, filter: Filter): Pages;
}

export const selectable: Readonly<Record<SelectionArguments['list'], SelectableList>> = {
  queue: {
    place: 'from the queue',
    words: changes,
    filter: (selection, before) => queueRowsBefore(whichOf(selection), before),
    count: countQueueRows,
    remove: removeQueueRows,
  },
  'dead-letters': {
    place: 'from the dead letters',
    words: changes,
    filter: (selection, before) => deadLettersBefore(whichOf(selection), before),
    count: countDeadLetters,
    remove: removeDeadLetters,
  },
  extras: {
    place: 'from what was given up',
    words: picturesAndRatings,
    // Those named are meant whenever they failed.
    filter: (selection, before) =>
      givenUpExtras(selection, selection.keys === undefined ? before : null),
    count: countExtras,
    *remove(db, filter) {
      yield removeExtras(db, filter);
    },
  },
};

/**
 * Pictures and ratings go by their scene.
 * @param before null = whenever they failed
 */
export function givenUpExtras({ keys, cause }: Selection, before: number | null): Filter {
  const scenes = keys?.flatMap((key) => /^scene:(\d+)$/.exec(key)?.[1] ?? []);
  return both(
    givenUp,
    scenes === undefined
      ? everything
      : {
          where: 'scene_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))',
          values: [JSON.stringify(scenes)],
        },
    cause === undefined ? everything : among('error_code', cause),
    before === null
      ? everything
      : { where: 'failed_at IS NULL OR failed_at < ?', values: [before] },
  );
}

function whichOf({ keys, cause }: Selection): Which {
  if (keys !== undefined) return { kind: 'keys', keys };
  return cause === undefined ? { kind: 'all' } : { kind: 'causes', causes: cause };
}

export function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

export function picturesAndRatings(count: number): string {
  return count === 1 ? '1 picture or rating' : `${count} pictures or ratings`;
}
