// When an event's row becomes due: a lone edit at once, a burst once it is over.

export const quietMs = 1_000;
export const longestHoldMs = 5_000;

/**
 * A lone event (no other within the last second) is due at once; in a burst a row is due a second
 * after its own last event, at most five after its first, so that a bulk edit is pushed in groups
 * and a form saved twice is pushed once.
 * @param eventAt time of this event, Unix ms
 * @param previousEventAt time of the event before it, of any entity, or null
 * @param rowFirstEventAt first event of this row still unpushed, or null for a new row
 */
export function dueAt(
  eventAt: number,
  previousEventAt: number | null,
  rowFirstEventAt: number | null,
): number {
  const lone =
    rowFirstEventAt === null && (previousEventAt === null || eventAt - previousEventAt >= quietMs);
  if (lone) return eventAt;
  return Math.min(eventAt + quietMs, (rowFirstEventAt ?? eventAt) + longestHoldMs);
}
