// "Recover Outage Jobs": what was given up in an outage is tried again. Run again, it finds nothing
// more to do.
import {
  type RecoverAnswer,
  recoverArguments,
  type RecoverArguments,
} from '../contract/outages.ts';
import type { Since } from '../contract/sync.ts';
import {
  countRecoverable,
  leftAlone,
  type LeftAlone,
  lettersOfOutage,
  type OutageWindow,
  recover,
} from '../store/queue/recoverOutage.ts';
import { allPages } from './allPages.ts';
import type { Operation } from './operation.ts';
import { pausedNote } from './pausedNote.ts';

export const recoverOutage: Operation<RecoverArguments, RecoverAnswer> = {
  arguments: recoverArguments,
  perform: async (context, args) => {
    const { db, now, log, say } = context;
    const letters = lettersOfOutage(windowOf(args, now), args.cause);
    // Before: what is put back waits in the queue afterwards.
    const left = leftAlone(db, letters);
    const total = countRecoverable(db, letters);
    const recovered = await allPages(context, recover(db, letters, now), total);
    const sentence = `${wordsFor(recovered, left)}${recovered > 0 ? pausedNote(db) : ''}`;
    log.write('info', 'operation', sentence, { operation: 'recover-outage', recovered, ...left });
    say(sentence);
    return { sentence, recovered, ...left };
  },
};

function windowOf({ outage, from, to }: RecoverArguments, now: number): OutageWindow {
  if (outage !== undefined) return { kind: 'outage', id: outage };
  if (from === undefined && to === undefined) return { kind: 'any-outage' };
  return {
    kind: 'between',
    from: from === undefined ? 0 : momentOf(from, now),
    to: to === undefined ? now : momentOf(to, now),
  };
}

function momentOf(given: Since, now: number): number {
  return 'at' in given ? given.at : now - given.hours * 3_600_000;
}

function wordsFor(recovered: number, { gone, queued, succeeded }: LeftAlone): string {
  const done =
    recovered === 0
      ? 'No dead letter of an outage is left to try again.'
      : `${recovered} dead ${recovered === 1 ? 'letter is' : 'letters are'} tried again.`;
  const reasons = [
    ...(gone > 0 ? [`${gone} gone from Stash`] : []),
    ...(queued > 0 ? [`${queued} in the queue already`] : []),
    ...(succeeded > 0 ? [`${succeeded} pushed since`] : []),
  ];
  return reasons.length === 0 ? done : `${done} Left alone: ${reasons.join(', ')}.`;
}
