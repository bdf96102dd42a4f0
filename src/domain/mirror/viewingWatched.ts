// Whether a scene was watched, both ways. Of plays only those are taken back that PlexSync added, and of
// marks only its own: everything else is a person's, and stays. Pure.
import type { ViewingRule } from '../../contract/viewingSettings.ts';
import {
  type Both,
  type Conflict,
  type Known,
  type Note,
  type Step,
  type WatchedBase,
  winnerOf,
} from './viewing.ts';

type WatchedStep = Step<WatchedBase>;

/** @param known with a mark of which nobody knew whether it arrived already judged */
export function watchedStep(both: Both, known: Known, rule: ViewingRule): WatchedStep {
  const now = { plex: both.plex.viewCount, stash: both.stash.plays.length };
  const base = known.watched;
  if (base === null) {
    if (now.plex > 0 && now.stash === 0) return addPlay(both, known, now, 'first', null);
    if (now.plex === 0 && now.stash > 0) return mark(now, 'first', null);
    return { kind: 'settle', base: now, note: null };
  }
  if (now.plex === base.plex && now.stash === base.stash) return { kind: 'none' };
  const plexRose = now.plex > base.plex;
  const stashRose = now.stash > base.stash;
  const plexFell = base.plex > 0 && now.plex === 0;
  const stashFell = base.stash > 0 && now.stash === 0;
  const settled: WatchedStep = { kind: 'settle', base: now, note: null };
  if (plexRose && stashFell) {
    const conflict = conflictOf(both, rule);
    if (conflict.winner === 'plex') return addPlay(both, known, now, 'conflict', conflict);
    return { ...settled, note: keptMark(both, conflict) };
  }
  if (plexFell && stashRose) {
    const conflict = conflictOf(both, rule);
    if (conflict.winner === 'stash') return mark(now, 'conflict', conflict);
    return takeBack(both, known, now, conflict);
  }
  if (plexFell && !stashFell) return takeBack(both, known, now, null);
  if (plexRose) {
    const isSame = stashRose && base.plex === 0 && base.stash === 0;
    return isSame ? settled : addPlay(both, known, now, 'changed', null);
  }
  if (stashRose && now.plex === 0) return mark(now, 'changed', null);
  if (stashFell && now.plex > 0) return unmark(both, known, now);
  return settled;
}

function addPlay(
  { plex, stash }: Both,
  { adding }: Known,
  now: WatchedBase,
  why: Note['why'],
  conflict: Conflict | null,
): WatchedStep {
  const at = adding?.viewCount === plex.viewCount ? adding.at : plex.lastViewedAt;
  if (at === null) return { kind: 'settle', base: now, note: null };
  const second = secondOf(at);
  // Added before a death that kept it from being noted.
  if (stash.plays.some((play) => secondOf(play) === second)) {
    return { kind: 'settle', base: now, note: null };
  }
  return {
    kind: 'write',
    write: { side: 'stash', kind: 'add-play', at: second },
    note: { field: 'watched', side: 'stash', before: '', after: iso(second), why, conflict },
    base: { plex: now.plex, stash: now.stash + 1 },
    kept: null,
  };
}

function mark(now: WatchedBase, why: Note['why'], conflict: Conflict | null): WatchedStep {
  return {
    kind: 'write',
    write: { side: 'plex', kind: 'mark', to: 'watched' },
    note: { field: 'watched', side: 'plex', before: '', after: 'watched', why, conflict },
    base: { plex: 1, stash: now.stash },
    kept: null,
  };
}

/** Stash has no play any more. */
function unmark(both: Both, { own }: Known, now: WatchedBase): WatchedStep {
  const { viewCount, lastViewedAt } = both.plex;
  const isOurs = own.mark !== null && viewCount === 1 && (lastViewedAt ?? 0) === own.mark;
  if (!isOurs) return { kind: 'settle', base: now, note: keptMark(both, null) };
  return {
    kind: 'write',
    write: { side: 'plex', kind: 'mark', to: 'unwatched' },
    note: {
      field: 'watched',
      side: 'plex',
      before: 'watched',
      after: '',
      why: 'changed',
      conflict: null,
    },
    base: { plex: 0, stash: 0 },
    kept: null,
  };
}

/** Plex has it as unwatched. */
function takeBack(
  { stash }: Both,
  { own }: Known,
  now: WatchedBase,
  conflict: Conflict | null,
): WatchedStep {
  const ours = new Set(own.plays);
  const times = [...new Set(stash.plays.filter((play) => ours.has(secondOf(play))))];
  // Of two plays in one second one may be a person's, and Stash takes away one for each time.
  const rest = stash.plays.length - times.length;
  const why = conflict === null ? 'changed' : 'conflict';
  const kept: Note | null =
    rest === 0
      ? null
      : {
          field: 'watched',
          side: 'stash',
          before: playsText(rest),
          after: playsText(rest),
          why: conflict === null || times.length > 0 ? 'kept' : 'conflict',
          conflict: times.length > 0 ? null : conflict,
        };
  if (times.length === 0) return { kind: 'settle', base: now, note: kept };
  return {
    kind: 'write',
    write: { side: 'stash', kind: 'delete-plays', times },
    note: {
      field: 'watched',
      side: 'stash',
      before: times.map(iso).join(', '),
      after: '',
      why,
      conflict,
    },
    base: { plex: now.plex, stash: rest },
    kept,
  };
}

function keptMark({ plex }: Both, conflict: Conflict | null): Note {
  const text = viewsText(plex.viewCount);
  const why = conflict === null ? 'kept' : 'conflict';
  return { field: 'watched', side: 'plex', before: text, after: text, why, conflict };
}

function conflictOf({ plex, stash }: Both, rule: ViewingRule): Conflict {
  const times = { plexAt: plex.lastViewedAt, stashAt: stash.lastPlayedAt };
  // A mark that was taken away, and plays that were, leave no time.
  const told = plex.viewCount === 0 ? { ...times, plexAt: null } : { ...times, stashAt: null };
  return {
    plex: viewsText(plex.viewCount),
    stash: playsText(stash.plays.length),
    ...told,
    rule,
    winner: winnerOf(rule, told, 'plex'),
  };
}

function viewsText(count: number): string {
  return count === 1 ? '1 view' : `${count} views`;
}

function playsText(count: number): string {
  return count === 1 ? '1 play' : `${count} plays`;
}

/** Both servers keep whole seconds. */
export function secondOf(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
