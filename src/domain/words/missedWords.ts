// Whether the comparison under way looks for saves that may have been missed. Pure.
import type { RunView } from '../../contract/reconcile.ts';

/**
 * A dry run and one of a part end no mark, nor does one over a time that a person asked for: it looks for
 * the scenes alone.
 * @param since from then on saves may have been missed, Unix ms
 */
export function looksForMissed(
  { origin, dry, since: from, until, library, kinds }: RunView,
  since: number,
): boolean {
  if (dry || until !== null || library !== null || kinds !== null) return false;
  return from === null || (origin !== 'person' && from <= since);
}
