// What came of the work in a time, as share and pace.
import type { Status } from '../../contract/status.ts';

type Rate = Status['rates']['hour'];
type Ended = Omit<Rate, 'successShare' | 'scenesPerMinute'>;

/** @param minutes in which it came to that */
export function rateOf(ended: Ended, minutes: number): Rate {
  const good = ended.pushed + ended.unchanged + ended.withdrawn;
  const judged = good + ended.failed;
  return {
    ...ended,
    successShare: judged === 0 ? null : good / judged,
    scenesPerMinute: (good + ended.withoutItem) / minutes,
  };
}
