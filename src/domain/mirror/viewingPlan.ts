// The plan for one scene and its item: every field's step, what is to be written in which order, and what
// is known afterwards. Pure.
import type { ViewingField, ViewingRule } from '../../contract/viewingSettings.ts';
import type { Both, Known, Note, PlexViewed, Step, Write } from './viewing.ts';
import { canResume, isAtIt, isSame, resumeStep, secondsText } from './viewingResume.ts';
import { ratingStepOf } from './viewingRating.ts';
import { watchedStep } from './viewingWatched.ts';

export interface Planned {
  readonly write: Write;
  /** null where it only puts right what another write of ours undid. */
  readonly note: Note | null;
}

export interface Plan {
  /** Before anything is written: what needs no write is known already, and what is ours. */
  readonly before: Known;
  readonly writes: readonly Planned[];
  /** What was left as a person wants it, though the other side is otherwise. */
  readonly kept: readonly Note[];
  /** Of a resume point that a mark may clear, and that cannot be put back; null where there is none. */
  readonly clears: Note | null;
  /** Once all is written; of a mark, `own.mark` is what Plex then shows. */
  readonly after: Known;
  /** Some of it is to be looked at again. */
  readonly waits: boolean;
}

/** Two clocks: a mark of another time is not taken for PlexSync's own, which it may take away again. */
const markTimeWithinMs = 60_000;

/**
 * @param known what was known of this very item
 * @param now Unix ms
 */
export function planViewing(
  read: Both,
  known: Known,
  fields: readonly ViewingField[],
  rule: ViewingRule,
  now: number,
): Plan {
  const judged = judgeMarking(read, known);
  const { both } = judged;
  const has = (field: ViewingField): boolean => fields.includes(field);
  const wanted = has('watched') ? watchedStep(both, judged.known, rule) : left;
  // A mark in the middle of a viewing would take away where it is.
  const isMark = wanted.kind === 'write' && wanted.write.kind === 'mark';
  const watched = isMark && isAtIt(both.plex.lastViewedAt, now) ? waiting : wanted;
  const resume = has('resume') ? resumeStep(both, judged.known, rule, now) : left;
  const rating = has('rating') ? ratingStepOf(both, judged.known, rule) : left;
  const steps = [watched, resume, rating];
  const writes: Planned[] = steps.flatMap((step) =>
    step.kind === 'write' ? [{ write: step.write, note: step.note }] : [],
  );
  const setsOffset = writes.some(({ write }) => write.kind === 'offset');
  const marks = writes.find(({ write }) => write.kind === 'mark');
  const offsetMs = offsetAfter(both, writes);
  if (judged.restoresMs > 0 && marks === undefined && !setsOffset) {
    writes.push({ write: { side: 'plex', kind: 'offset', ms: judged.restoresMs }, note: null });
  }
  // Plex forgets where somebody stopped when an item is marked.
  if (marks !== undefined && !setsOffset && offsetMs > 0 && canResume(both, offsetMs)) {
    const at = writes.indexOf(marks) + 1;
    writes.splice(at, 0, { write: { side: 'plex', kind: 'offset', ms: offsetMs }, note: null });
  }
  const settled = {
    watched: watched.kind === 'settle' ? watched.base : judged.known.watched,
    resume: resume.kind === 'settle' ? resume.base : judged.known.resume,
    rating: rating.kind === 'settle' ? rating.base : judged.known.rating,
  };
  const own = ownAfter(judged.known, watched, both);
  const goes = new Set(
    writes.flatMap(({ write }) => (write.kind === 'delete-plays' ? write.times : [])),
  );
  const marking =
    marks?.write.kind === 'mark'
      ? { to: marks.write.to, at: now, offsetMs, viewedAt: both.plex.lastViewedAt }
      : null;
  return {
    before: {
      ...settled,
      own,
      marking: marking ?? (judged.restoresMs > 0 ? judged.known.marking : null),
      adding: addingOf(watched, both),
    },
    writes,
    kept: steps.flatMap((step) => keptOf(step)),
    clears:
      marks !== undefined && offsetMs > 0 && !canResume(both, offsetMs) ? cleared(both) : null,
    after: {
      watched: watched.kind === 'write' ? watched.base : settled.watched,
      resume: resume.kind === 'write' ? resume.base : settled.resume,
      rating: rating.kind === 'write' ? rating.base : settled.rating,
      own: { ...own, plays: own.plays.filter((at) => !goes.has(at)) },
      marking: null,
      adding: null,
    },
    waits: watched.kind === 'wait' || resume.kind === 'wait',
  };
}

const left = { kind: 'none' } as const;
const waiting = { kind: 'wait' } as const;

function keptOf(step: Step<unknown>): readonly Note[] {
  if (step.kind === 'settle') return step.note === null ? [] : [step.note];
  return step.kind === 'write' && step.kept !== null ? [step.kept] : [];
}

function cleared({ plex }: Both): Note {
  const before = secondsText(plex.viewOffsetMs / 1000);
  return { field: 'resume', side: 'plex', before, after: '', why: 'changed', conflict: null };
}

/** Where the item is resumed once all is written, ms. */
function offsetAfter({ plex }: Both, writes: readonly Planned[]): number {
  for (const { write } of writes) if (write.kind === 'offset') return write.ms;
  return plex.viewOffsetMs;
}

/** What PlexSync adds is its own before it is added: whoever dies after it must not take it for a person's. */
function ownAfter(
  { own }: Known,
  step: ReturnType<typeof watchedStep>,
  { plex }: Both,
): Known['own'] {
  const isTheMark =
    own.mark !== null && plex.viewCount === 1 && (plex.lastViewedAt ?? 0) === own.mark;
  const mark = isTheMark ? own.mark : null;
  if (step.kind !== 'write') return { ...own, mark };
  const { write } = step;
  if (write.kind === 'add-play') {
    return { plays: [...own.plays.filter((at) => at !== write.at), write.at], mark };
  }
  // Taken out of it once they are gone, or a death in between would leave them for ever.
  return { ...own, mark };
}

function addingOf(step: ReturnType<typeof watchedStep>, { plex }: Both): Known['adding'] {
  if (step.kind !== 'write' || step.write.kind !== 'add-play') return null;
  return { at: step.write.at, viewCount: plex.viewCount };
}

interface Judged {
  readonly both: Both;
  readonly known: Known;
  /** A resume point that a mark of ours has cleared, ms; 0 = none. */
  readonly restoresMs: number;
}

/** After a death between a mark and its note: whether what Plex shows is that mark. */
function judgeMarking(both: Both, known: Known): Judged {
  const { marking } = known;
  if (marking === null) return { both, known, restoresMs: 0 };
  const { plex, stash } = both;
  const { lastViewedAt } = plex;
  const isNear =
    lastViewedAt === null ||
    lastViewedAt === marking.viewedAt ||
    Math.abs(lastViewedAt - marking.at) <= markTimeWithinMs;
  const has = plex.viewCount === (marking.to === 'watched' ? 1 : 0);
  if (!has) return { both, known: { ...known, marking: null }, restoresMs: 0 };
  const isCleared = plex.viewOffsetMs === 0 && marking.offsetMs > 0;
  const restores = isCleared && canResume(both, marking.offsetMs);
  const before = known.watched ?? { plex: 0, stash: stash.plays.length };
  return {
    // As if it had never been cleared.
    both: restores ? { stash, plex: { ...plex, viewOffsetMs: marking.offsetMs } } : both,
    known: {
      ...known,
      watched: { ...before, plex: plex.viewCount },
      resume: isCleared && !restores ? withPlex(known.resume, 0) : known.resume,
      own: { ...known.own, mark: marking.to === 'watched' && isNear ? (lastViewedAt ?? 0) : null },
      marking: restores ? marking : null,
    },
    restoresMs: restores ? marking.offsetMs : 0,
  };
}

/**
 * What is known once all is written.
 * @param shown the item as Plex has it after the last write to it
 */
export function knownAfter({ after, writes }: Plan, shown: PlexViewed): Known {
  const touches = writes.some(({ write }) => write.kind === 'mark' || write.kind === 'offset');
  if (!touches) return after;
  const marked = writes.some(({ write }) => write.kind === 'mark' && write.to === 'watched');
  const isOurs = (marked || after.own.mark !== null) && shown.viewCount === 1;
  const seconds = shown.viewOffsetMs / 1000;
  const isAsWanted = after.resume === null || isSame(after.resume.plex, seconds);
  return {
    ...after,
    // A point near the end may have counted as a view: of our own doing, and nobody's.
    watched: after.watched === null ? null : { ...after.watched, plex: shown.viewCount },
    own: { ...after.own, mark: isOurs ? (shown.lastViewedAt ?? 0) : null },
    // It takes no point that is too near to either end, and may not forget one.
    resume: isAsWanted ? after.resume : withPlex(after.resume, seconds),
  };
}

function withPlex(base: Known['resume'], seconds: number): Known['resume'] {
  return base === null ? null : { ...base, plex: seconds };
}

/** Whether a plan has anything to keep that is not known yet. */
export function isNews(plan: Plan, known: Known): boolean {
  return plan.writes.length > 0 || JSON.stringify(plan.before) !== JSON.stringify(known);
}
