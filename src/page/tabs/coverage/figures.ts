// Sums over what was counted. Pure.

/** @param isCounted leaves out what it says no to */
export function sumOf(
  counts: Readonly<Record<string, number>>,
  isCounted: (name: string) => boolean = () => true,
): number {
  return Object.entries(counts).reduce(
    (sum, [name, count]) => (isCounted(name) ? sum + count : sum),
    0,
  );
}

/** All groups of the coverage are of scenes, but for one. */
export const isScene = (group: string): boolean => group !== 'only-in-plex';
