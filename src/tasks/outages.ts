// "Outage summary": the outages of Plex that are known, what they come to, and the one under way. That
// there is one now is the circuit's to say; a row of the history that was not seen to end proves none.
import {
  type OutagesAnswer,
  outagesArguments,
  type OutagesArguments,
  transientCodes,
} from '../contract/outages.ts';
import { closed } from '../domain/circuit.ts';
import { duration } from '../domain/durationWords.ts';
import { durationMs, type OutageFigures, outageFigures } from '../domain/outageReport.ts';
import type { Database } from '../store/open.ts';
import { type Outage, outages as kept } from '../store/outage.ts';
import { recoverableByOutage } from '../store/recoverOutage.ts';
import * as state from '../store/state.ts';
import { readState } from '../store/state.ts';
import type { Operation } from './operation.ts';

export const outages: Operation<OutagesArguments, OutagesAnswer> = {
  arguments: outagesArguments,
  perform: ({ db, now, caller, say }) => {
    const answer = readOutages(db, now);
    if (caller === 'task') for (const line of summaryLines(answer)) say(line);
    return answer;
  },
};

export function readOutages(db: Database, now: number): OutagesAnswer {
  const circuit = readState(db, state.circuit) ?? closed;
  const known = kept(db).filter(({ endedAt }) => endedAt !== null || circuit.kind !== 'closed');
  const lasting = known.find(({ endedAt }) => endedAt === null);
  const underWay = ((): OutagesAnswer['now'] => {
    if (circuit.kind === 'closed') return null;
    const counts = { waiting: lasting?.jobs ?? 0, probes: lasting?.probes ?? 0 };
    const { since } = circuit;
    if (circuit.kind === 'refused') {
      const cause = 'Plex refuses the token.';
      const nextTryAt = circuit.retryAt;
      return { kind: 'token', since, code: 'plex-unauthorized', cause, nextTryAt, ...counts };
    }
    const { cause, code = null } = circuit;
    const nextTryAt = circuit.kind === 'open' ? circuit.probeAt : null;
    return { kind: 'away', since, code, cause, nextTryAt, ...counts };
  })();
  const figures = outageFigures(known, now);
  const recoverable = recoverableByOutage(db, transientCodes);
  return {
    sentence: sentenceOf(known, underWay, figures, now),
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
): string {
  const present =
    underWay === null
      ? 'Plex is well.'
      : `${underWay.kind === 'token' ? 'Plex has refused the token' : 'Plex has been away'} for ${duration(now - underWay.since)} (${underWay.cause.replace(/\.$/, '')}); ${underWay.waiting} ${underWay.waiting === 1 ? 'waits' : 'wait'} for it.`;
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
