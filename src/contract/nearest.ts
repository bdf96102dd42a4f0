// Which of the known names a mistyped one was meant to be.

/** The nearest name, whatever the case of its letters, or null if none is near. */
export function nearest(typed: string, names: readonly string[]): string | null {
  const word = typed.slice(0, 40).toLowerCase();
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    const known = name.toLowerCase();
    const distance = known.startsWith(word) ? 0 : edits(word, known);
    if (best === null || distance < best.distance) best = { name, distance };
  }
  if (best === null || best.distance > Math.max(2, word.length / 2)) return null;
  return best.name;
}

/** Letters to insert, remove or replace (Levenshtein). */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const kept = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
