// "View queue status": what waits, what failed, and how Plex is.
import { noArguments } from '../contract/arguments.ts';
import { type Cause, causeOf, noItemCauses } from '../contract/causes.ts';
import type { Status } from '../contract/status.ts';
import { readStatus } from '../sync/status.ts';
import type { Operation } from './operation.ts';
import { paceLines } from './paceText.ts';

export const showStatus: Operation<object, Status> = {
  arguments: noArguments,
  perform: ({ db, directory, version, now, say }) => {
    const status = readStatus(db, directory, version, now);
    for (const line of statusLines(status)) say(line);
    return status;
  },
};

/** The status for a person: the one sentence first, then all that wants a look. */
export function statusLines(status: Status): readonly string[] {
  const { review = 0, ...others } = status.scenes.withoutItem;
  const { missedSince, queue } = status;
  const isDraining = queue.pending + queue.inFlight > 0;
  return [
    status.sentence,
    ...(isDraining ? paceLines(status.pace) : []),
    ...status.problems.map(({ setting, message }) => `${setting}: ${message}`),
    ...status.warnings.map(({ message }) => `Warning: ${message}`),
    ...Object.entries(status.deadLetters.byCause).map(
      ([code, count]) => `${count} failed (${code}): ${words(causeOf(code))}`,
    ),
    ...(review > 0
      ? [`${scenes(review)} ${review === 1 ? 'waits' : 'wait'} for your choice: plexsync review`]
      : []),
    ...Object.entries(others).map(([reason, count]) => withoutItem(reason, count)),
    ...(missedSince === null
      ? []
      : [`${new Date(missedSince.since).toISOString()}: ${missedSince.reason}`]),
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

function scenes(count: number): string {
  return count === 1 ? '1 scene' : `${count} scenes`;
}
