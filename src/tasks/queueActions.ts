// What a person does to the queue and to the dead letters. Rows in flight are the worker's: they
// finish.
import { retryGivenUp } from '../store/extra.ts';
import type { Filter } from '../store/filter.ts';
import {
  type ActionAnswer,
  clearArguments,
  type ClearArguments,
  firstArguments,
  purgeArguments,
  type PurgeArguments,
  removeArguments,
  retryArguments,
  type SelectionArguments,
} from '../contract/actions.ts';
import {
  countDeadLetters,
  countInFlight,
  countQueueRows,
  deadLettersBefore,
  putFirst,
  queueRowsBefore,
  removeDeadLetters,
  removeQueueRows,
  retryDeadLetters,
  retryQueueRows,
  type Which,
} from '../store/queueActions.ts';
import { endSweeps, scenesToRaiseOf } from '../store/sweep.ts';
import { allPages } from './allPages.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';
import { pausedNote } from './pausedNote.ts';
import { mayDestroy } from './secondRun.ts';

type Selecting = Operation<SelectionArguments, ActionAnswer>;

export const retry: Selecting = {
  arguments: retryArguments,
  perform: async (context, args) => {
    const { db, now } = context;
    const filter = filterOf(args, now + 1);
    const isQueue = args.list === 'queue';
    const total = countOf(context, args.list, filter);
    // What a person picks by hand goes before what follows in bulk.
    const priority = args.keys === undefined ? 1 : 0;
    const pages = isQueue
      ? retryQueueRows(db, filter, now)
      : retryDeadLetters(db, filter, now, priority);
    const rows = await allPages(context, pages, total);
    const extras = isQueue ? 0 : retryExtras(context, args);
    const nothing = isQueue
      ? 'Nothing of that waits for another try'
      : 'There is no such dead letter';
    const parts = [
      ...(rows > 0 ? [changes(rows)] : []),
      ...(extras > 0
        ? [extras === 1 ? '1 picture or rating' : `${extras} pictures or ratings`]
        : []),
    ];
    const count = rows + extras;
    const verb = count === 1 ? 'is' : 'are';
    const words = count === 0 ? nothing : `${parts.join(' and ')} ${verb} tried again at once`;
    return told(context, 'retry', count, words, pausedNote(db));
  },
};

export const first: Selecting = {
  arguments: firstArguments,
  perform: async (context, args) => {
    const { db, now } = context;
    const filter = filterOf(args, now + 1);
    const total = countOf(context, args.list, filter);
    const pages =
      args.list === 'queue' ? putFirst(db, filter, now) : retryDeadLetters(db, filter, now, 0);
    const count = await allPages(context, pages, total);
    const sentence =
      count === 0
        ? 'Nothing of that waits'
        : `${changes(count)} ${count === 1 ? 'goes' : 'go'} before all others`;
    return told(context, 'first', count, sentence, pausedNote(db));
  },
};

export const remove: Selecting = {
  arguments: removeArguments,
  perform: async (context, args) => {
    const { db } = context;
    const { yes, list, ...what } = args;
    const where = list === 'queue' ? 'from the queue' : 'from the dead letters';
    const permission = mayDestroy(context, {
      name: 'remove',
      args: { list, ...what },
      // Whoever names each of them means it.
      yes: yes || args.keys !== undefined,
      count: (before) => countOf(context, list, filterOf(args, before)),
      would: (count) => `${changes(count)} would be removed ${where}.`,
    });
    if (permission.kind === 'asked') return permission.answer;
    const filter = filterOf(args, permission.before);
    const total = countOf(context, list, filter);
    const pages = list === 'queue' ? removeQueueRows(db, filter) : removeDeadLetters(db, filter);
    const count = await allPages(context, pages, total);
    return told(context, 'remove', count, removed(count, where));
  },
};

export const clear: Operation<ClearArguments, ActionAnswer> = {
  arguments: clearArguments,
  perform: async (context, { yes }) => {
    const { db } = context;
    const permission = mayDestroy(context, {
      name: 'clear',
      args: {},
      yes,
      count: (before) =>
        countQueueRows(db, queueRowsBefore({ kind: 'all' }, before)) + scenesToRaiseOf(db, before),
      would: (count) =>
        `${changes(count)} would be removed from the queue and not reach Plex, until the scenes are saved or synced again.`,
    });
    if (permission.kind === 'asked') return permission.answer;
    // Before the rows: else it would go on raising more of them.
    const unraised = endSweeps(db, permission.before);
    const filter = queueRowsBefore({ kind: 'all' }, permission.before);
    const total = countQueueRows(db, filter);
    const count = unraised + (await allPages(context, removeQueueRows(db, filter), total));
    const inFlight = countInFlight(db);
    const rest =
      inFlight === 0
        ? ''
        : `; ${inFlight} that ${inFlight === 1 ? 'is' : 'are'} being pushed ${inFlight === 1 ? 'finishes' : 'finish'}`;
    return told(context, 'clear', count, `${removed(count, 'from the queue')}${rest}`);
  },
};

export const purge: Operation<PurgeArguments, ActionAnswer> = {
  arguments: purgeArguments,
  perform: async (context, { cause, days, yes }) => {
    const { db, now } = context;
    const which: Which = cause === undefined ? { kind: 'all' } : { kind: 'causes', causes: cause };
    const age = days === undefined ? 0 : days * 86_400_000;
    const filterBefore = (before: number): Filter =>
      deadLettersBefore(which, Math.min(before, age === 0 ? before : now - age + 1));
    const permission = mayDestroy(context, {
      name: 'purge',
      args: { cause, days },
      yes,
      count: (before) => countDeadLetters(db, filterBefore(before)),
      would: (count) => `${deadLetters(count)} would be removed.`,
    });
    if (permission.kind === 'asked') return permission.answer;
    const filter = filterBefore(permission.before);
    const total = countDeadLetters(db, filter);
    const count = await allPages(context, removeDeadLetters(db, filter), total);
    const sentence = count === 0 ? 'There is no such dead letter' : `Removed ${deadLetters(count)}`;
    return told(context, 'purge', count, sentence);
  },
};

/** Pictures and ratings that were given up go with the dead letters, but for those of some cause. */
function retryExtras({ db, now }: TaskContext, { keys, cause }: SelectionArguments): number {
  if (cause !== undefined) return 0;
  const scenes = keys?.flatMap((key) => /^scene:(\d+)$/.exec(key)?.[1] ?? []);
  return retryGivenUp(db, now, scenes?.map(Number) ?? null);
}

function filterOf({ list, keys, cause }: SelectionArguments, before: number): Filter {
  const which: Which =
    keys !== undefined
      ? { kind: 'keys', keys }
      : cause !== undefined
        ? { kind: 'causes', causes: cause }
        : { kind: 'all' };
  return list === 'queue' ? queueRowsBefore(which, before) : deadLettersBefore(which, before);
}

function countOf({ db }: TaskContext, list: SelectionArguments['list'], filter: Filter): number {
  return list === 'queue' ? countQueueRows(db, filter) : countDeadLetters(db, filter);
}

function told(
  context: TaskContext,
  operation: string,
  count: number,
  words: string,
  note = '',
): ActionAnswer {
  const sentence = `${words}.${note}`;
  context.log.write('info', 'operation', sentence, { operation, count });
  context.say(sentence);
  return { done: true, count, secondRunUntil: null, sentence };
}

function removed(count: number, where: string): string {
  return count === 0
    ? `Nothing was there to remove ${where}`
    : `Removed ${changes(count)} ${where}`;
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

function deadLetters(count: number): string {
  return count === 1 ? '1 dead letter' : `${count} dead letters`;
}
