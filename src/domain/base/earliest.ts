// The first of some times, any of which may not come.

export function earliest(...times: readonly (number | null)[]): number | null {
  const coming = times.filter((time) => time !== null);
  return coming.length === 0 ? null : Math.min(...coming);
}
