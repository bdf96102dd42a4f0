// The one sentence on top of every status: never a good word that is not proven.
import type { Status } from '../contract/status.ts';

type Facts = Omit<Status, 'sentence'>;

/** @param now Unix ms */
export function statusSentence(facts: Facts, now: number): string {
  const { queue, plex, deadLetters } = facts;
  const waiting = queue.spooled + queue.pending + queue.inFlight;
  const changes = `${waiting} ${waiting === 1 ? 'change waits' : 'changes wait'}`;
  if (plex.circuit === 'refused') {
    return `Plex refuses the token. Nothing is pushed until plexToken is renewed; ${changes}.`;
  }
  if (facts.problems.length > 0) {
    const names = [...new Set(facts.problems.map((problem) => problem.setting))].join(', ');
    return `Nothing is pushed until ${names} is put right; ${changes} and nothing is lost.`;
  }
  if (plex.circuit !== 'closed') {
    const next =
      plex.nextProbeAt === null
        ? 'it is being tried again now'
        : `next try in ${duration(plex.nextProbeAt - now)}`;
    const away = plex.since === null ? '' : ` for ${duration(now - plex.since)}`;
    return `Plex has been away${away} (${(plex.cause ?? 'no answer').replace(/\.$/, '')}). ${changes}, nothing is lost; ${next}.`;
  }
  if (waiting > 0)
    return facts.workerAlive ? `${changes} to be pushed.` : `${changes}; no worker runs.`;
  const failed = deadLetters.count > 0 ? ` ${deadLetters.count} failed and need a look.` : '';
  if (facts.fullSyncNeeded !== null)
    return `A full sync is needed: ${facts.fullSyncNeeded.reason}.${failed}`;
  if (facts.lastPushAt === null) return `Nothing waits; nothing was pushed yet.${failed}`;
  return `Nothing waits. The last change was pushed ${duration(now - facts.lastPushAt)} ago.${failed}`;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} hours`
    : `${Math.round(seconds / 86_400)} days`;
}
