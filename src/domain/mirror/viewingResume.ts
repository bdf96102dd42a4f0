// Where somebody stopped watching, both ways. Pure.
import type { ViewingRule } from '../../contract/viewingSettings.ts';
import {
  type Both,
  type Conflict,
  type Known,
  type Note,
  type ResumeBase,
  type Step,
  winnerOf,
} from './viewing.ts';

/** Players round: less than this is no difference. */
const sameWithinSeconds = 2;
/** Who has watched so lately may be at it still. */
const playingMs = 60_000;
/**
 * Plex takes what was watched beyond that share as watched to its end (its setting "video played
 * threshold", 90 % unless changed).
 */
const watchedShare = 0.9;

/** @param now Unix ms */
export function resumeStep(
  both: Both,
  known: Known,
  rule: ViewingRule,
  now: number,
): Step<ResumeBase> {
  const { plex, stash } = both;
  const has = { plex: plex.viewOffsetMs / 1000, stash: stash.resumeSeconds };
  const base = known.resume;
  const plexChanged = base === null ? has.plex > 0 : !isSame(has.plex, base.plex);
  const stashChanged = base === null ? has.stash > 0 : !isSame(has.stash, base.stash);
  if (base !== null && !plexChanged && !stashChanged) return { kind: 'none' };
  if (isSame(has.plex, has.stash)) return { kind: 'settle', base: has, note: null };
  if (isAtIt(plex.lastViewedAt, now) || isAtIt(stash.lastPlayedAt, now)) return { kind: 'wait' };
  const conflict = plexChanged && stashChanged ? conflictOf(both, has, rule) : null;
  const isFromPlex = conflict === null ? plexChanged : conflict.winner === 'plex';
  const why = conflict !== null ? 'conflict' : base === null ? 'first' : 'changed';
  return isFromPlex ? toStash(has, why, conflict) : toPlex(both, has, why, conflict);
}

function toStash(has: ResumeBase, why: Note['why'], conflict: Conflict | null): Step<ResumeBase> {
  const before = secondsText(has.stash);
  const after = secondsText(has.plex);
  return {
    kind: 'write',
    write: { side: 'stash', kind: 'resume', seconds: has.plex },
    note: { field: 'resume', side: 'stash', before, after, why, conflict },
    base: { plex: has.plex, stash: has.plex },
    kept: null,
  };
}

function toPlex(
  both: Both,
  has: ResumeBase,
  why: Note['why'],
  conflict: Conflict | null,
): Step<ResumeBase> {
  const ms = Math.round(has.stash * 1000);
  const before = secondsText(has.plex);
  const note: Note = {
    field: 'resume',
    side: 'plex',
    before,
    after: secondsText(has.stash),
    why,
    conflict,
  };
  if (!canResume(both, ms)) {
    const left: Note = { ...note, after: before, why: conflict === null ? 'kept' : 'conflict' };
    return { kind: 'settle', base: has, note: left };
  }
  return {
    kind: 'write',
    write: { side: 'plex', kind: 'offset', ms },
    note,
    base: { plex: has.stash, stash: has.stash },
    kept: null,
  };
}

/** Whether somebody may be watching still. @param at when it was watched last, @param now Unix ms */
export function isAtIt(at: number | null, now: number): boolean {
  return at !== null && now - at >= 0 && now - at < playingMs;
}

/** Milliseconds; null where neither side knows it. */
export function durationOf({ plex, stash }: Both): number | null {
  if (plex.durationMs !== null && plex.durationMs > 0) return plex.durationMs;
  const seconds = stash.durationSeconds;
  return seconds === null || seconds <= 0 ? null : Math.round(seconds * 1000);
}

/** Whether Plex would keep it, and not count the item as watched. */
export function canResume(both: Both, ms: number): boolean {
  const duration = durationOf(both);
  return duration !== null && ms < duration * watchedShare;
}

/** Of two resume points in seconds. */
export function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) < sameWithinSeconds;
}

function conflictOf({ plex, stash }: Both, has: ResumeBase, rule: ViewingRule): Conflict {
  const times = { plexAt: plex.lastViewedAt, stashAt: stash.lastPlayedAt };
  const winner = winnerOf(rule, times, 'plex');
  return { plex: secondsText(has.plex), stash: secondsText(has.stash), ...times, rule, winner };
}

/** In seconds, '' for none. */
export function secondsText(seconds: number): string {
  return seconds === 0 ? '' : String(Math.round(seconds * 1000) / 1000);
}
