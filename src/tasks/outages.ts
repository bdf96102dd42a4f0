// "Outage summary": the outages of Plex that are known, what they come to, and the one under way. That
// there is one now is the circuit's to say; a row of the history that was not seen to end proves none.
import { transientCodes } from '../contract/causes.ts';
import {
  type OutagesAnswer,
  outagesArguments,
  type OutagesArguments,
} from '../contract/outages.ts';
import { closed } from '../domain/recover/circuit.ts';
import { refusalCause, tokenTryAt } from '../domain/recover/refusal.ts';
import { duration } from '../domain/base/durationWords.ts';
import { durationMs, type OutageFigures, outageFigures } from '../domain/words/outageReport.ts';
import { noWorker } from '../domain/words/statusSentence.ts';
import { waitingForPlex } from '../store/figures/backlog.ts';
import { isAtRest } from '../store/queue/control.ts';
import type { DataDirectory } from '../store/file/dataDirectory.ts';
import type { Database } from '../store/file/database.ts';
import { type Outage, outages as kept } from '../store/queue/outage.ts';
import { recoverableByOutage } from '../store/queue/recoverOutage.ts';
import * as state from '../store/file/state.ts';
import { readState } from '../store/file/state.ts';
import { workerLives } from '../sync/tell/status.ts';
import type { Operation } from './operation.ts';

export const outages: Operation<OutagesArguments, OutagesAnswer> = {
  arguments: outagesArguments,
  perform: ({ db, directory, now, caller, say }) => {
    const answer = readOutages(db, now, triedBy(db, directory));
    if (caller === 'task') for (const line of summaryLines(answer)) say(line);
    return answer;
  },
};

/** Whether the next try will be made at its time: else why not, in words. */
type TriedBy = 'worker' | { readonly nobody: string };

function triedBy(db: Database, directory: DataDirectory): TriedBy {
  if (isAtRest(db)) return { nobody: 'PlexSync is paused, so it is not tried' };
  return workerLives(db, directory) ? 'worker' : { nobody: noWorker };
}

function readOutages(db: Database, now: number, tried: TriedBy): OutagesAnswer {
  const circuit = readState(db, state.circuit) ?? closed;
  const known = kept(db).filter(({ endedAt }) => endedAt !== null || circuit.kind !== 'closed');
  const lasting = known.find(({ endedAt }) => endedAt === null);
  const underWay = ((): OutagesAnswer['now'] => {
    if (circuit.kind === 'closed') return null;
    const counts = { waiting: waitingForPlex(db), probes: lasting?.probes ?? 0 };
    const { since } = circuit;
    if (circuit.kind === 'refused') {
      const why = { code: 'plex-unauthorized', cause: refusalCause(circuit) } as const;
      return { kind: 'token', since, ...why, nextTryAt: tokenTryAt(circuit), ...counts };
    }
    const { cause, code = null } = circuit;
    const nextTryAt = circuit.kind === 'open' ? circuit.probeAt : null;
    return { kind: 'away', since, code, cause, nextTryAt, ...counts };
  })();
  const figures = outageFigures(known, now);
  const recoverable = recoverableByOutage(db, transientCodes);
  return {
    sentence: sentenceOf(known, underWay, figures, now, tried),
    now: underWay,
    ...figures,
    outages: known.map((outage) => ({
      ...outage,
      durationMs: durationMs(outage, now),
      recoverable: recoverable.get(outage.id) ?? 0,
    })),
  };
}

function sentenceOf(
  known: readonly Outage[],
  underWay: OutagesAnswer['now'],
  { longestMs, totalMs, meanMs, availability }: OutageFigures,
  now: number,
  tried: TriedBy,
): string {
  const present = underWay === null ? 'Plex is well.' : presentOf(underWay, now, tried);
  if (known.length === 0) return `${present} No outage is known.`;
  const parts = [
    `${known.length === 1 ? '1 outage is' : `${known.length} outages are`} known`,
    `the longest ${duration(longestMs)}`,
    `${duration(totalMs)} in all`,
    ...(meanMs === null ? [] : [`back after ${duration(meanMs)} on average`]),
    ...(availability === null ? [] : [`there ${(availability * 100).toFixed(1)} % of the time`]),
  ];
  return `${present} ${parts.join(', ')}.`;
}

function presentOf(
  { kind, since, cause, waiting, nextTryAt }: NonNullable<OutagesAnswer['now']>,
  now: number,
  tried: TriedBy,
): string {
  const lasts = duration(now - since);
  const what =
    kind === 'token'
      ? `Plex has refused the token for ${lasts}`
      : `Plex has been away for ${lasts} (${cause.replace(/\.$/, '')})`;
  const waits = `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for it`;
  if (kind === 'token') return `${what}; ${waits}.`;
  if (tried !== 'worker') return `${what}; ${waits}; ${tried.nobody}.`;
  const next =
    nextTryAt === null ? 'it is being tried now' : `next try in ${duration(nextTryAt - now)}`;
  return `${what}; ${waits}, ${next}.`;
}

/** For a log: the sentence and a line for each of the last ten. */
export function summaryLines(answer: OutagesAnswer): readonly string[] {
  return [
    answer.sentence,
    ...answer.outages.slice(0, 10).map((outage) => {
      const end = outage.endedAt === null ? 'now' : new Date(outage.endedAt).toISOString();
      const from = new Date(outage.beganAt).toISOString();
      return `${from} to ${end}: ${duration(outage.durationMs)}, ${outage.jobs} waited, ${outage.probes} probes; ${outage.cause}`;
    }),
  ];
}
