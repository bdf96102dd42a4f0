// Order statistics, and chance for interleaving.

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Linear between the two nearest; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** `random` is uniform in [0, 1). */
export function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const pairs = values.map((value) => ({ value, rank: random() }));
  return pairs.sort((a, b) => a.rank - b.rank).map(({ value }) => value);
}
