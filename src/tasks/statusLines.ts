// The status in lines for a person: Stash's log, or a terminal.
import { type Cause, causeOf, noItemCauses } from '../contract/causes.ts';
import type { Status } from '../contract/status.ts';
import { duration, durationRange } from '../domain/base/durationWords.ts';
import { paceLines } from './paceText.ts';
import { reconcileLines } from './reconcileLines.ts';
import { viewingLines } from './viewingLines.ts';

/** The one sentence first, then all that wants a look, then the figures. */
export function statusLines(status: Status): readonly string[] {
  const { queue } = status;
  const { review = 0, ...others } = status.scenes.withoutItem;
  return [
    status.sentence,
    ...(queue.pending + queue.inFlight > 0 ? paceLines(status.pace) : []),
    ...status.problems.map(({ setting, message }) => `${setting}: ${message}`),
    ...status.warnings.map(({ message }) => `Warning: ${message}`),
    ...Object.entries(status.deadLetters.byCause).map(
      ([code, count]) => `${count} failed (${code}): ${words(causeOf(code))}`,
    ),
    ...Object.entries(status.queue.byCause).map(
      ([code, count]) =>
        `${count} ${count === 1 ? 'waits' : 'wait'} to be tried again (${code}): ${causeOf(code).meaning}`,
    ),
    ...(review > 0
      ? [`${scenes(review)} ${review === 1 ? 'waits' : 'wait'} for your choice: plexsync review`]
      : []),
    ...Object.entries(others).map(([reason, count]) => withoutItem(reason, count)),
    ...reconcileLines(status),
    ...viewingLines(status.viewing),
    ...figures(status),
  ];
}

function withoutItem(reason: string, count: number): string {
  const causes: Readonly<Record<string, { readonly because: string; readonly wayOut: string }>> =
    noItemCauses;
  const cause = causes[reason];
  const line = `${reason}: ${scenes(count)} without a Plex item`;
  if (cause === undefined) return line;
  return `${line}, ${count === 1 ? '' : 'each '}because ${cause.because}. ${cause.wayOut}`;
}

function words({ meaning, wayOut }: Cause): string {
  return wayOut === '' ? meaning : `${meaning} ${wayOut}`;
}

function figures({ estimate, rates, averages, worker }: Status): readonly string[] {
  const { leastMs, mostMs, extras } = estimate;
  const basis = estimate.measured ? '' : '; nothing was measured yet';
  const time = `Time left: ${durationRange(leastMs, mostMs)}${estimate.more ? ' and more' : ''}${basis}`;
  return [
    ...(estimate.scenes > 0 ? [time] : []),
    ...(extras.count > 0
      ? [
          `Then ${extras.count} pictures and ratings: ${durationRange(extras.leastMs, extras.mostMs)}`,
        ]
      : []),
    ...rateLine('hour', rates.hour),
    ...rateLine('day', rates.day),
    ...(averages.push.measured > 0 ? [`A push takes ${shortly(averages.push.ms)}`] : []),
    ...(worker === null
      ? []
      : [
          `At work: ${worker.kind}, process ${worker.pid} on ${worker.host}, ${since(worker.since)}`,
        ]),
  ];
}

function rateLine(time: string, rate: Status['rates']['hour']): readonly string[] {
  const { pushed, unchanged, failed, successShare } = rate;
  if (successShare === null) return [];
  const good = `${(successShare * 100).toFixed(successShare === 1 ? 0 : 1)} % good`;
  return [`Last ${time}: ${pushed} pushed, ${unchanged} unchanged, ${failed} failed; ${good}`];
}

function shortly(ms: number): string {
  return ms < 2_000 ? `${Math.round(ms)} ms` : duration(ms);
}

function since(at: number): string {
  return `since ${new Date(at).toISOString()}`;
}

function scenes(count: number): string {
  return count === 1 ? '1 scene' : `${count} scenes`;
}
