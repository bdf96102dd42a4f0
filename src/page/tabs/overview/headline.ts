// What stands on top: the state as one sentence, and what helps. Pure.
import type { Status } from '../../../contract/status.ts';
import { duration } from '../../../domain/base/durationWords.ts';
import { rateOf, type RunProgress } from '../../../domain/words/runProgress.ts';
import { statusSentence } from '../../../domain/words/statusSentence.ts';
import { number, rate } from '../../format/words.ts';
import { overviewTexts } from '../../texts/overview.ts';
import { waiting } from '../../shell/attention.ts';

/**
 * `good`: in sync, proven a short time ago. `rest`: nothing waits, and that is all that can be said.
 * `working`: changes are pushed. `standing`: they wait, and nobody pushes them. `away`: Plex or Stash
 * does not answer. `setup`: paused until that is finished. `refused`: the token. `wrong`: a setting. `lost`: only a full sync helps.
 */
export type HeadlineKind =
  | 'good'
  | 'rest'
  | 'working'
  | 'standing'
  | 'paused'
  | 'setup'
  | 'away'
  | 'refused'
  | 'wrong'
  | 'lost';

export interface Headline {
  readonly kind: HeadlineKind;
  readonly sentence: string;
}

/** An older answer of Plex's proves nothing about now. */
export const provenMs = 15 * 60_000;

/** @param now Unix ms; @param run null where nothing is under way */
export function headline(status: Status, run: RunProgress | null, now: number): Headline {
  const kind = kindOf(status, now);
  const progress = kind === 'working' && run !== null ? progressOf(run, now) : null;
  return { kind, sentence: progress ?? statusSentence(status, now) };
}

function kindOf(status: Status, now: number): HeadlineKind {
  const { plex, paused, problems, fullSyncNeeded, stashAway, workerAlive } = status;
  if (paused !== null) return paused.setup ? 'setup' : 'paused';
  if (plex.circuit === 'refused') return 'refused';
  if (problems.length > 0) return 'wrong';
  if (plex.circuit !== 'closed') return 'away';
  if (left(status) > 0) {
    if (stashAway !== null) return 'away';
    return workerAlive ? 'working' : 'standing';
  }
  if (fullSyncNeeded !== null) return 'lost';
  const isProven = plex.answeredAt !== null && now - plex.answeredAt < provenMs;
  return isProven && isClean(status) ? 'good' : 'rest';
}

function isClean({
  deadLetters,
  extras,
  scenes,
  missedSince,
  stashAway,
  reconcile,
}: Status): boolean {
  const people = deadLetters.count + extras.givenUp + (scenes.withoutItem['review'] ?? 0);
  return people + reconcile.gapsWaiting === 0 && missedSince === null && stashAway === null;
}

/** Changes, scenes of a sync, pictures and ratings. What is written and not confirmed yet is done. */
export function left(status: Status): number {
  const { toSync, written } = status.queue;
  return waiting(status) + toSync + status.extras.waiting - written;
}

/** The same things that are done, since the data file was begun. */
export function ended({ totals, queue }: Status): number {
  const { pushed, unchanged, withdrawn, withoutItem, deadLettered, pictures } = totals;
  return pushed + unchanged + withdrawn + withoutItem + deadLettered + pictures + queue.written;
}

/** null until there is something to say. */
function progressOf(run: RunProgress, now: number): string | null {
  const perSecond = rateOf(run, now);
  if (perSecond === null) return null;
  return overviewTexts.progress(
    number(run.done),
    number(run.done + run.left),
    rate(perSecond * 60),
    duration((run.left / perSecond) * 1_000),
  );
}
