/** Decides which fault a request meets. Counted faults are counted down here. */
import { type Answer, failure } from './answer.ts';
import type { ItemSet, PlainFault, PlexSwitches, Poison } from './switches.ts';

export type Strike =
  | { readonly kind: 'hang' }
  | { readonly kind: 'answer'; readonly answer: Answer };
export type BodyFault = 'stall' | 'cut' | 'close';

/** A fault of the whole server, before anything is read or written. `/identity` knows no token. */
export function serverFault(
  switches: PlexSwitches,
  isWrite: boolean,
  needsToken: boolean,
): Strike | undefined {
  if (strikes(switches.hang, isWrite)) return { kind: 'hang' };
  if (strikes(switches.maintenance, isWrite)) return answered({ kind: 'maintenance' });
  const { failEverything, rateLimit } = switches;
  if (failEverything && strikes(failEverything, isWrite)) {
    return answered(failure(failEverything.status));
  }
  if (rateLimit && strikes(rateLimit, isWrite)) {
    const { retryAfterSeconds } = rateLimit;
    const headers =
      retryAfterSeconds === undefined ? {} : { 'Retry-After': `${retryAfterSeconds}` };
    return answered({ kind: 'error', status: 429, headers });
  }
  if (needsToken && strikes(switches.unauthorized, isWrite)) return answered(failure(401));
  return undefined;
}

/** A fault of the way back, after the request was carried out. */
export function bodyFault(switches: PlexSwitches, isWrite: boolean): BodyFault | undefined {
  if (strikes(switches.stallBody, isWrite)) return 'stall';
  const { truncateBody } = switches;
  return truncateBody && strikes(truncateBody, isWrite) ? truncateBody.how : undefined;
}

/** What the first poisoned of these items does to a write. */
export function poisonOf(
  switches: PlexSwitches,
  ratingKeys: readonly string[],
): Poison | undefined {
  const poisoned = ratingKeys.find((ratingKey) => switches.poison.has(ratingKey));
  return poisoned === undefined ? undefined : switches.poison.get(poisoned);
}

/** Whether a write of these items is to be applied and left unanswered. */
export function losesAnswer(switches: PlexSwitches, ratingKeys: readonly string[]): boolean {
  const fault = switches.applyThenHang;
  if (fault === false) return false;
  const counted = typeof fault === 'object' && 'items' in fault ? fault : undefined;
  const items = typeof fault === 'object' && 'items' in fault ? fault.items : fault;
  if (!includesAny(items, ratingKeys) || counted?.count === 0) return false;
  if (counted) counted.count -= 1;
  return true;
}

function includesAny(items: ItemSet, ratingKeys: readonly string[]): boolean {
  return items === 'all' || ratingKeys.some((ratingKey) => items.has(ratingKey));
}

/** Whether a fault hits this request; counts it down if it is counted. */
export function strikes(fault: PlainFault, isWrite: boolean): boolean {
  if (typeof fault === 'boolean') return fault;
  const { on = 'all' } = fault;
  if (on === (isWrite ? 'reads' : 'writes') || fault.count === 0) return false;
  if (fault.count !== undefined) fault.count -= 1;
  return true;
}

function answered(answer: Answer): Strike {
  return { kind: 'answer', answer };
}
