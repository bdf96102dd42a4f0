// What becomes of the gaps of one scene: whether its push is queued, waits for a person's word, or
// neither. Pure.
import type { GapState } from '../../contract/gaps.ts';

export interface Allotment {
  readonly dry: boolean;
  /** Gaps that are queued without a person's word; null = all. */
  readonly limit: number | null;
  /** Gaps that this run has queued already. */
  readonly queued: number;
}

/**
 * A scene is pushed as a whole or not at all.
 * @param toClose how many gaps of the scene its push closes and nobody ignores
 */
export function allot(
  toClose: number,
  { dry, limit, queued }: Allotment,
): Extract<GapState, 'found' | 'queued' | 'waiting' | 'told'> {
  if (toClose === 0) return 'told';
  if (dry) return 'found';
  return limit === null || queued + toClose <= limit ? 'queued' : 'waiting';
}
