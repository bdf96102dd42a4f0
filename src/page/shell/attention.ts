// What of a status is counted behind a tab's name, and whether a person should look: what the dot in
// Stash's navigation says. Pure.
import type { Status } from '../../contract/status.ts';

/** Changes that wait to be pushed. */
export function waiting({ queue }: Status): number {
  return queue.spooled + queue.pending + queue.inFlight;
}

/** What only a person can help: given up, or to be chosen. */
export function problems({ deadLetters, extras, scenes }: Status): number {
  return deadLetters.count + extras.givenUp + (scenes.withoutItem['review'] ?? 0);
}

export function needsAttention(status: Status): boolean {
  return (
    problems(status) > 0 ||
    status.reconcile.gapsWaiting > 0 ||
    status.problems.length > 0 ||
    status.plex.circuit === 'refused' ||
    status.fullSyncNeeded !== null
  );
}
