// The one sentence on top of every status: never a good word that is not proven.
import type { Status } from '../../contract/status.ts';
import { duration, durationRange } from '../base/durationWords.ts';
import { looksForMissed } from './missedWords.ts';
import { readOnlyCause } from '../recover/refusal.ts';

type Facts = Omit<Status, 'sentence' | 'revision'>;

/** @param now Unix ms */
export function statusSentence(facts: Facts, now: number): string {
  const { queue } = facts;
  const waiting = queue.spooled + queue.pending + queue.inFlight + queue.toSync;
  const changes = whatWaits(waiting, facts.extras.waiting);
  const state = stateOf(facts, changes, waiting + facts.extras.waiting, now);
  return [...(state === null ? [] : [state]), ...attention(facts, now)].join(' ');
}

/** "3 changes and 1 picture or rating wait". */
function whatWaits(changes: number, extras: number): string {
  const parts = [
    ...(changes > 0 || extras === 0
      ? [`${number(changes)} ${changes === 1 ? 'change' : 'changes'}`]
      : []),
    ...(extras > 0
      ? [`${number(extras)} ${extras === 1 ? 'picture or rating' : 'pictures or ratings'}`]
      : []),
  ];
  return `${parts.join(' and ')} ${changes + extras === 1 ? 'waits' : 'wait'}`;
}

/** null where a good word would not be proven. */
function stateOf(facts: Facts, changes: string, waiting: number, now: number): string | null {
  const { plex } = facts;
  if (facts.paused !== null) return pausedFor(now - facts.paused.since, facts, changes, now);
  if (plex.circuit === 'refused') {
    return plex.cause === readOnlyCause
      ? `${readOnlyCause} Nothing is pushed until plexToken is the owner’s; ${changes}.`
      : `Plex refuses the token. Nothing is pushed until plexToken is renewed; ${changes}.`;
  }
  if (facts.problems.length > 0) {
    return `Nothing is pushed until ${settingsOf(facts)} is put right; ${changes} and nothing is lost.`;
  }
  if (plex.circuit !== 'closed') {
    const away = plex.since === null ? '' : ` for ${duration(now - plex.since)}`;
    const cause = (plex.cause ?? 'no answer').replace(/\.$/, '');
    const state = plex.code === 'plex-maintenance' ? 'has not been ready' : 'has been away';
    return `Plex ${state}${away} (${cause}). ${changes}, nothing is lost; ${nextTry(facts, now)}.`;
  }
  if (waiting > 0 && facts.stashAway !== null) {
    const { since, cause } = facts.stashAway;
    const away = `Stash has not answered for ${duration(now - since)} (${cause.replace(/\.$/, '')})`;
    const next = facts.workerAlive ? 'it is tried every minute at least' : noWorker;
    return `${away}. ${changes}, nothing is lost; ${next}.`;
  }
  if (waiting > 0) {
    return facts.workerAlive
      ? `${changes} to be pushed${timeLeft(facts)}.`
      : `${changes}; ${noWorker}.`;
  }
  if (facts.fullSyncNeeded !== null) return null;
  return atRest(facts, now);
}

/** With the last proof and its age: what was true an hour ago is only that. */
function atRest({ lastPushAt, plex, scenes, ...facts }: Facts, now: number): string {
  if (lastPushAt === null) return 'Nothing waits; nothing was pushed yet.';
  const isClean =
    facts.deadLetters.count + facts.extras.givenUp + (scenes.withoutItem['review'] ?? 0) === 0 &&
    facts.reconcile.gapsWaiting === 0 &&
    facts.missedSince === null &&
    facts.stashAway === null;
  const count = `${number(scenes.matched)} ${scenes.matched === 1 ? 'scene' : 'scenes'}`;
  const pushed = `the last change was pushed ${duration(now - lastPushAt)} ago`;
  const answered =
    plex.answeredAt === null ? '' : `, Plex answered ${duration(now - plex.answeredAt)} ago`;
  return `${isClean ? 'In sync' : 'Nothing waits'}. ${count}; ${pushed}${answered}.`;
}

const number = (value: number): string => value.toLocaleString('en-US');

function pausedFor(ms: number, facts: Facts, changes: string, now: number): string {
  const { release } = facts;
  const locks = release === null ? '' : ` ${released(release, facts, now)}`;
  if (facts.paused?.setup === true) {
    return `PlexSync is being set up: until that is finished nothing is written to Plex but a scene that you try. ${changes}, nothing is lost.${locks}`;
  }
  return `PlexSync has been paused for ${duration(ms)}: nothing is pushed until it is resumed. ${changes}, nothing is lost.${locks}`;
}

function released(release: NonNullable<Facts['release']>, facts: Facts, now: number): string {
  const { looked, total, failed } = release;
  const rest = failed === 0 ? '' : `; ${failed} items could not be unlocked`;
  return release.doneAt === null
    ? `Its locks are being released: ${looked} of ${Math.max(looked, total)} items were looked at${rest}${hindrance(facts, now)}.`
    : `${release.released} of its locks are released${rest}.`;
}

/** What keeps a release of locks from going on; '' where nothing does. */
function hindrance(facts: Facts, now: number): string {
  const { plex, problems } = facts;
  if (plex.circuit === 'refused') {
    const why = plex.cause === readOnlyCause ? 'the token may not write' : 'Plex refuses the token';
    return `; ${why}, so plexToken has to be renewed`;
  }
  if (problems.length > 0) return `; ${settingsOf(facts)} has to be put right before it goes on`;
  if (plex.circuit !== 'closed') return `; Plex is away, ${nextTry(facts, now)}`;
  return facts.workerAlive ? '' : `; ${noWorker}`;
}

function settingsOf({ problems }: Facts): string {
  return [...new Set(problems.map(({ setting }) => setting))].join(', ');
}

/** Only where it is long enough to be worth a word. */
function timeLeft({ estimate }: Facts): string {
  const mostMs = estimate.mostMs + estimate.extras.mostMs;
  if (mostMs < 5_000) return '';
  const range = durationRange(estimate.leastMs + estimate.extras.leastMs, mostMs);
  return `, which takes about ${range}${estimate.more ? ' and more' : ''}`;
}

export const noWorker = 'the next save or task in Stash starts a worker';

function nextTry({ plex, workerAlive }: Facts, now: number): string {
  if (!workerAlive) return noWorker;
  if (plex.nextProbeAt === null) return 'it is being tried again now';
  return `next try in ${duration(plex.nextProbeAt - now)}`;
}

/** What a person should know besides, whatever the state. */
function attention(facts: Facts, now: number): readonly string[] {
  const { deadLetters, fullSyncNeeded, missedSince, reconcile } = facts;
  const { gapsWaiting } = reconcile;
  const sentences: string[] = [];
  if (deadLetters.count > 0)
    sentences.push(
      `${number(deadLetters.count)} failed and ${deadLetters.count === 1 ? 'needs' : 'need'} a look.`,
    );
  if (gapsWaiting > 0) {
    const gaps = `${number(gapsWaiting)} ${gapsWaiting === 1 ? 'gap waits' : 'gaps wait'}`;
    sentences.push(`${gaps} for your word.`);
  }
  if (missedSince !== null) {
    const what = `Saves of the last ${duration(now - missedSince.since)} may have been missed (${missedSince.reason})`;
    sentences.push(`${what}; ${searched(reconcile, missedSince.since)}.`);
  }
  if (fullSyncNeeded !== null) {
    const way = 'The task Sync all scenes does it';
    sentences.push(`A full sync is needed: ${fullSyncNeeded.reason}. ${way}.`);
  }
  return sentences;
}

function searched({ underWay, catchesUp }: Facts['reconcile'], since: number): string {
  if (underWay !== null && looksForMissed(underWay, since)) return 'they are being looked for';
  return catchesUp ? 'they are looked for by themselves' : 'the task Reconcile Library finds them';
}
