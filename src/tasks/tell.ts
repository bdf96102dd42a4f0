// "Tell": prints into Stash's log what the worker, to which Stash does not listen, has noted for it. The
// worker has Stash start it; each task prints the same at its end.
import { noArguments } from '../contract/arguments.ts';
import type { TellAnswer } from '../contract/tell.ts';
import { droppedText, tellingText } from '../domain/words/telling.ts';
import { extraCounts } from '../store/queue/extra.ts';
import { queueCounts } from '../store/queue/queueCounts.ts';
import { circuit, readState } from '../store/file/state.ts';
import { removeTold, tellingsWaiting } from '../store/figures/telling.ts';
import type { TaskContext } from './context.ts';
import type { Operation } from './operation.ts';

/** Stash reads what is printed beside the work: it is told once it had so long for it. */
const readingMs = 100;

export const tell: Operation<object, TellAnswer> = {
  arguments: noArguments,
  perform: async (context) => ({ told: await tellWaiting(context) }),
};

/** @returns how many lines were printed. Who dies meanwhile leaves them to the next one. */
export async function tellWaiting(
  context: Pick<TaskContext, 'db' | 'clock' | 'say'>,
): Promise<number> {
  const { db, clock, say } = context;
  const told = tellingsWaiting(db);
  if (told.waiting.length === 0) return 0;
  const { pending, inFlight } = queueCounts(db);
  const { kind } = readState(db, circuit) ?? { kind: 'closed' };
  const isPlexAway = kind === 'open' || kind === 'half-open';
  const facts = { waiting: pending + inFlight + extraCounts(db).waiting, isPlexAway };
  if (told.dropped > 0) say(droppedText(told.dropped), 'warn');
  for (const one of told.waiting) say(tellingText(one, facts, clock.now()), one.level);
  await clock.sleep(readingMs);
  removeTold(db, told);
  return told.waiting.length;
}
