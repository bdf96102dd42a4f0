// What the status tells of the reconciliation, in lines for a person: the last run and the one under
// way, the next one, what waits for a word, and what may have been missed.
import type { ReconcileStatus, RunView } from '../contract/reconcile.ts';
import type { Status } from '../contract/status.ts';
import type { RunOrigin } from '../contract/gaps.ts';
import { duration } from '../domain/base/durationWords.ts';
import { looksForMissed } from '../domain/words/missedWords.ts';

export function reconcileLines({
  reconcile,
  missedSince,
}: Pick<Status, 'reconcile' | 'missedSince'>): readonly string[] {
  const { last, underWay, next, every, gapsWaiting } = reconcile;
  return [
    ...(last === null ? [] : [runLine(last)]),
    ...(underWay === null
      ? []
      : [
          `A reconciliation (${originWords[underWay.origin]}) is under way since ${moment(underWay.begunAt)}: ${underWay.scenes} scenes looked at so far.`,
        ]),
    ...(next === null
      ? []
      : [
          `The next reconciliation (${next.origin === 'schedule' ? every : originWords[next.origin]}) is due at ${moment(next.at)}.`,
        ]),
    ...(gapsWaiting === 0
      ? []
      : [`${gapsWaiting} gaps wait for your word: task Release gaps, or plexsync gaps.`]),
    ...(missedSince === null ? [] : [missedLine(missedSince, reconcile)]),
  ];
}

/** What it has found and queued, how long it took, and what it has asked of both servers. */
export function runLine(run: RunView): string {
  const { begunAt, durationMs, origin, state, stashRequests, plexRequests, summary } = run;
  const took = durationMs === null ? '' : ` in ${duration(durationMs)}`;
  const ended = state === 'stopped' ? ', ended before it was through' : '';
  return `Reconciliation of ${moment(begunAt)} (${originWords[origin]}${ended}), ${stashRequests} requests to Stash and ${plexRequests} to Plex${took}: ${summary}`;
}

export const originWords: Readonly<Record<RunOrigin, string>> = {
  person: 'asked for',
  schedule: 'by schedule',
  start: 'after a start of Stash',
  missed: 'to find what was missed',
};

function missedLine(
  { since, reason }: NonNullable<Status['missedSince']>,
  { underWay, next, catchesUp }: ReconcileStatus,
): string {
  const what = `Saves since ${moment(since)} may have been missed (${reason}).`;
  const scenes = 'The scenes changed since then';
  if (underWay !== null && looksForMissed(underWay, since)) {
    return `${what} ${scenes} are being compared.`;
  }
  if (!catchesUp || next === null) return `${what} The task Reconcile Library finds them.`;
  return `${what} ${scenes} are compared by themselves.`;
}

export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} (UTC)`;
}
