// How many files may contradict a rule that is used all the same.

/** Below it, any file that contradicts a rule may be one of many to come. */
const enoughToTolerate = 100;

/**
 * Whole percent of what a rule explains that may contradict it. Some always does: copies that were
 * moved, and files that by chance have the name and size of others. It does no harm: where a rule
 * leads astray, Plex has no file, or one of another size and length, and the file is found by name
 * and size (match.ts). But a part of the library that lies elsewhere and is too mixed to have a rule
 * of its own looks the same, and is rarely so small.
 */
const mostPercent = 1;

export function isTolerated(contradicts: number, explains: number): boolean {
  return (
    contradicts === 0 ||
    (explains >= enoughToTolerate && percent(contradicts, explains) <= mostPercent)
  );
}

/** Rounded, as a person is told. */
export function percent(contradicts: number, explains: number): number {
  return Math.round((100 * contradicts) / explains);
}
