// Asks before something is destroyed, in the way that the caller has: Stash's task list has no
// dialog, so there the first run only says what would go, and a second one within five minutes does
// it. A terminal is told what to add. The page has asked already.
import type { ActionAnswer } from '../contract/actions.ts';
import { secondRuns } from '../store/queue/control.ts';
import { transaction } from '../store/file/sql.ts';
import { readState, writeState } from '../store/file/state.ts';
import type { TaskContext } from './context.ts';

export const secondRunWithinMs = 300_000;

export interface Wanted {
  /** Of the operation. */
  readonly name: string;
  readonly args: object;
  /** In a terminal: it was said that it is meant. */
  readonly yes: boolean;
  /** How many it would be done to, of what came before that time (Unix ms). */
  readonly count: (before: number) => number;
  /** "12 changes would be removed from the queue." */
  readonly would: (count: number) => string;
}

export type Permission =
  /** What came at `before` (Unix ms) or later stays. */
  | { readonly kind: 'go'; readonly before: number }
  | { readonly kind: 'asked'; readonly answer: ActionAnswer };

/** Of a first run that is refused nothing but itself is noted. */
export function mayDestroy(context: TaskContext, wanted: Wanted): Permission {
  const { now, caller } = context;
  const before = now + 1;
  if (caller === 'operation' || (caller === 'terminal' && wanted.yes)) {
    return { kind: 'go', before };
  }
  if (caller === 'task') return secondRun(context, wanted);
  const count = wanted.count(before);
  const sentence = `${wanted.would(count)} Nothing was changed: add --yes to do it.`;
  return { kind: 'asked', answer: { done: false, count, secondRunUntil: null, sentence } };
}

function secondRun({ db, now, say, log }: TaskContext, wanted: Wanted): Permission {
  const given = JSON.stringify(wanted.args);
  const first = transaction(db, () => {
    const { [wanted.name]: known, ...others } = readState(db, secondRuns) ?? {};
    const isMeant =
      known !== undefined &&
      known.given === given &&
      now >= known.at &&
      now - known.at <= secondRunWithinMs;
    // Before it is done: should it be killed in the middle, it is asked for anew.
    const count = isMeant ? 0 : wanted.count(now);
    const asked = count === 0 ? {} : { [wanted.name]: { given, at: now } };
    writeState(db, secondRuns, { ...others, ...asked });
    return { before: isMeant ? known.at : now, count };
  });
  const { before, count } = first;
  // It is the second one, or there is nothing to ask about.
  if (count === 0) return { kind: 'go', before };
  const sentence = `${wanted.would(count)} Nothing was changed: run the task again within five minutes to do it.`;
  say(sentence);
  log.write('info', 'asked', sentence, { operation: wanted.name });
  const secondRunUntil = now + secondRunWithinMs;
  return { kind: 'asked', answer: { done: false, count, secondRunUntil, sentence } };
}
