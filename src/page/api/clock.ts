// The time by the clock of Stash's machine, which all times in answers are of. A browser's own may
// be minutes away from it, and "pushed in 3 minutes" would puzzle.

/** Differences below a few seconds are the way of the answer. */
const tolerableMs = 5_000;
let behindMs = 0;

/** @param dateHeader of an answer that has just come: whole seconds */
export function learnTime(dateHeader: string | null): void {
  const theirs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(theirs)) return;
  const difference = theirs - Date.now();
  behindMs = Math.abs(difference) < tolerableMs ? 0 : difference;
}

/** Unix ms. */
export const stashNow = (): number => Date.now() + behindMs;
