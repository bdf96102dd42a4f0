// What came of the work: counted per minute for a day, and in all since the data file was begun.
import * as v from 'valibot';
import type { Database } from '../file/database.ts';
import { integer, type Row, row, rows, run, text } from '../file/sql.ts';

/**
 * pushed, unchanged, withdrawn: a row ended as it should. without-item: it ended, but there is no
 * item in Plex to write to. failed: an attempt that failed by the item's own fault. dead-letter: of
 * those, the last one. picture: one was sent.
 */
export const outcomeKinds = [
  'pushed',
  'unchanged',
  'withdrawn',
  'without-item',
  'failed',
  'dead-letter',
  'picture',
] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];
export type Outcomes = Readonly<Record<OutcomeKind, number>>;

const kindSchema = v.picklist(outcomeKinds);
const minuteMs = 60_000;
const minutesPerHour = 60;
const keptMinutes = 24 * minutesPerHour;
/** All since the data file was begun. */
const ever = 0;

/** Call in the transaction that ends the row: what is counted is what happened. */
export function noteOutcome(db: Database, kind: OutcomeKind, now: number): void {
  const minute = Math.floor(now / minuteMs);
  for (const at of [minute, ever]) {
    run(
      db,
      `INSERT INTO outcome (minute, kind, count, last_at) VALUES (?, ?, 1, ?)
       ON CONFLICT (minute, kind) DO UPDATE SET count = count + 1,
         last_at = max(last_at, excluded.last_at)`,
      at,
      kind,
      now,
    );
  }
}

/** Forgets what is older than a day, a few minutes at a time. */
export function forgetOldOutcomes(db: Database, now: number): void {
  const kept = Math.floor(now / minuteMs) - keptMinutes;
  run(db, 'DELETE FROM outcome WHERE minute > ? AND minute <= ?', ever, kept);
}

/**
 * What came of the work in this minute and those before it.
 * @param minutes 1,440 at most: no more is kept
 */
export function outcomesOfLast(db: Database, minutes: number, now: number): Outcomes {
  const last = Math.floor(now / minuteMs);
  return outcomesIn(
    rows(
      db,
      `SELECT kind, sum(count) AS n FROM outcome WHERE minute > ? AND minute > ? AND minute <= ?
       GROUP BY kind`,
      ever,
      last - minutes,
      last,
    ),
  );
}

/**
 * The last day in hours, the oldest first; the last of them ends with this minute.
 * @returns when each began, Unix ms, and what came of the work in it
 */
export function outcomesByHour(
  db: Database,
  now: number,
): readonly { readonly at: number; readonly outcomes: Outcomes }[] {
  const last = Math.floor(now / minuteMs);
  const found = rows(
    db,
    `SELECT CAST((? - minute) / ? AS INTEGER) AS ago, kind, sum(count) AS n FROM outcome
     WHERE minute > ? AND minute > ? AND minute <= ? GROUP BY ago, kind`,
    last,
    minutesPerHour,
    ever,
    last - keptMinutes,
    last,
  );
  return Array.from({ length: keptMinutes / minutesPerHour }, (_, index) => {
    const ago = keptMinutes / minutesPerHour - 1 - index;
    return {
      at: (last - ago * minutesPerHour - (minutesPerHour - 1)) * minuteMs,
      outcomes: outcomesIn(found.filter((each) => integer(each, 'ago') === ago)),
    };
  });
}

/** What came of the work since the data file was begun. */
export function outcomesEver(db: Database): Outcomes {
  return outcomesIn(rows(db, 'SELECT kind, count AS n FROM outcome WHERE minute = ?', ever));
}

/** When it last came to this, Unix ms; null if it never did. */
export function lastOutcomeAt(db: Database, kind: OutcomeKind): number | null {
  const found = row(db, 'SELECT last_at FROM outcome WHERE minute = ? AND kind = ?', ever, kind);
  return found === undefined ? null : integer(found, 'last_at');
}

/** The clock was ahead and was put right: what was counted in minutes to come is in none. */
export function putOutcomesRight(db: Database, now: number): void {
  run(db, 'DELETE FROM outcome WHERE minute > ?', Math.floor(now / minuteMs));
  run(db, 'UPDATE outcome SET last_at = min(last_at, ?)', now);
}

function outcomesIn(found: readonly Row[]): Outcomes {
  const none: Record<OutcomeKind, number> = {
    pushed: 0,
    unchanged: 0,
    withdrawn: 0,
    'without-item': 0,
    failed: 0,
    'dead-letter': 0,
    picture: 0,
  };
  for (const each of found) {
    // A later version may have counted more.
    const kind = v.safeParse(kindSchema, text(each, 'kind'));
    if (kind.success) none[kind.output] = integer(each, 'n');
  }
  return none;
}
