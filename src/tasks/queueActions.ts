// What a person does to the queue and to the dead letters. Rows in flight are the worker's: they
// finish.
import { retryExtras } from '../store/queue/extraList.ts';
import type { Filter } from '../store/file/filter.ts';
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
} from '../store/queue/queueActions.ts';
import { endSweeps, scenesToRaiseOf } from '../store/queue/sweep.ts';
import { allPages } from './allPages.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';
import { pausedNote } from './pausedNote.ts';
import { mayDestroy } from './secondRun.ts';
import { changes, givenUpExtras, picturesAndRatings, selectable } from './selectable.ts';

type Selecting = Operation<SelectionArguments, ActionAnswer>;

export const retry: Selecting = {
  arguments: retryArguments,
  perform: async (context, args) => {
    const { db, now } = context;
    if (args.list === 'extras') return retriedExtras(context, args);
    const rowsOf = selectable[args.list];
    const filter = rowsOf.filter(args, now + 1);
    const isQueue = args.list === 'queue';
    // What a person picks by hand goes before what follows in bulk.
    const priority = args.keys === undefined ? 1 : 0;
    const pages = isQueue
      ? retryQueueRows(db, filter, now)
      : retryDeadLetters(db, filter, now, priority);
    const rows = await allPages(context, pages, rowsOf.count(db, filter));
    // Pictures and ratings go with the dead letters, but for those of some cause.
    const isWithExtras = !isQueue && args.cause === undefined;
    const extras = isWithExtras ? retryExtras(db, givenUpExtras(args, null), now) : 0;
    const nothing = isQueue
      ? 'Nothing of that waits for another try'
      : 'There is no such dead letter';
    const parts = [
      ...(rows > 0 ? [changes(rows)] : []),
      ...(extras > 0 ? [picturesAndRatings(extras)] : []),
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
    const rowsOf = selectable[args.list];
    const filter = rowsOf.filter(args, now + 1);
    const total = rowsOf.count(db, filter);
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
    const from = selectable[list];
    const permission = mayDestroy(context, {
      name: 'remove',
      args: { list, ...what },
      // Whoever names each of them means it.
      yes: yes || args.keys !== undefined,
      count: (before) => from.count(db, from.filter(args, before)),
      would: (count) => `${from.words(count)} would be removed ${from.place}.`,
    });
    if (permission.kind === 'asked') return permission.answer;
    const filter = from.filter(args, permission.before);
    const count = await allPages(context, from.remove(db, filter), from.count(db, filter));
    return told(context, 'remove', count, removed(count, from.words(count), from.place));
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
    return told(
      context,
      'clear',
      count,
      `${removed(count, changes(count), 'from the queue')}${rest}`,
    );
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

function retriedExtras(context: TaskContext, args: SelectionArguments): ActionAnswer {
  const { db, now } = context;
  const count = retryExtras(db, givenUpExtras(args, null), now);
  const words =
    count === 0
      ? 'No such picture or rating was given up'
      : `${picturesAndRatings(count)} ${count === 1 ? 'is' : 'are'} tried again at once`;
  return told(context, 'retry', count, words, pausedNote(db));
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

function removed(count: number, what: string, from: string): string {
  return count === 0 ? `Nothing was there to remove ${from}` : `Removed ${what} ${from}`;
}

function deadLetters(count: number): string {
  return count === 1 ? '1 dead letter' : `${count} dead letters`;
}
