// What was there once stays while the tab is open: a list that was worked off does not vanish under
// the hand, and what was chosen can be undone.
import { useRef } from 'react';

export function useSticky(condition: boolean): boolean {
  const seen = useRef(false);
  seen.current ||= condition;
  return seen.current;
}

/** New ones go to the end, and none that is gone leaves its place. */
export function useSteadyOrder(names: readonly string[]): readonly string[] {
  const known = useRef<readonly string[]>([]);
  known.current = [...new Set([...known.current, ...names])];
  return known.current;
}
