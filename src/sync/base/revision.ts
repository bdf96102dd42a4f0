// Tells one status from another: by what it says, not by the time at which it is asked.
import { createHash } from 'node:crypto';
import type { Status } from '../../contract/status.ts';

/**
 * The same for two statuses that tell a caller the same. What slides with the clock (the sentence's
 * "ago", the rates of the last hour) is left out: its cause, such as a row that ended, is in.
 */
export function revisionOf(facts: Omit<Status, 'sentence' | 'revision'>): string {
  const { rates: _, dataFileBytes: __, ...told } = facts;
  return createHash('sha1').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}
