// The three-way decision about one value of an item.
import type { FieldRule } from './desired.ts';
import { scalarKey } from '../base/text.ts';

export interface ScalarFacts {
  readonly wanted: string;
  readonly current: string;
  /** undefined = never pushed. */
  readonly pushed: string | undefined;
  readonly intent: string | undefined;
  readonly locked: boolean;
  /** Whether Plex shows nothing of anybody's there. */
  readonly isEmpty: boolean;
  readonly mayBeCleared: boolean;
}

export interface ScalarVerdict {
  readonly kind: 'equal' | 'kept' | 'write' | 'nothing';
  /** The present value of Plex where it is known to be ours. */
  readonly ours: string | undefined;
}

/** What is to be done about a value by a rule that is not `off`. */
export function decideScalar(facts: ScalarFacts, rule: Exclude<FieldRule, 'off'>): ScalarVerdict {
  const { wanted, current, pushed, intent, locked } = facts;
  const isOurs = sameScalar(current, pushed) || sameScalar(current, intent);
  if (rule === 'untouched') return { kind: 'nothing', ours: isOurs ? current : undefined };
  if (sameScalar(current, wanted)) {
    // Nothing on both sides is no work of ours: a value typed later must count as first contact.
    const known = wanted !== '' || pushed !== undefined;
    return { kind: 'equal', ours: known ? wanted : undefined };
  }
  if (rule === 'fill' && !(facts.isEmpty && (pushed ?? '') === '')) {
    const isKept = locked && !isOurs;
    return { kind: isKept ? 'kept' : 'nothing', ours: isOurs ? current : undefined };
  }
  if (isOurs) {
    const write = wanted !== '' || facts.mayBeCleared;
    return { kind: write ? 'write' : 'nothing', ours: current };
  }
  if (locked) return { kind: 'kept', ours: undefined };
  return { kind: wanted === '' ? 'nothing' : 'write', ours: undefined };
}

/** Whether both are the same text to a person; never for one that is not known. */
export function sameScalar(value: string, other: string | undefined): boolean {
  return other !== undefined && scalarKey(value) === scalarKey(other);
}
