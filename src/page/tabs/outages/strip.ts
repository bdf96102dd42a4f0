// Where each outage stands on a line of time from the oldest to now. Pure.
import type { OutagesAnswer } from '../../../contract/outages.ts';

export type Outage = OutagesAnswer['outages'][number];

export interface Segment {
  readonly outage: Outage;
  /** Percent of the line. */
  readonly left: number;
  readonly width: number;
}

/** The shortest can be seen, too. */
const leastPercent = 0.5;

/** @param since Unix ms @param now Unix ms, later */
export function segments(outages: readonly Outage[], since: number, now: number): Segment[] {
  const span = Math.max(1, now - since);
  return outages.map((outage) => {
    const width = Math.max(leastPercent, (outage.durationMs / span) * 100);
    const left = ((outage.beganAt - since) / span) * 100;
    return { outage, left: Math.max(0, Math.min(left, 100 - width)), width: Math.min(100, width) };
  });
}
