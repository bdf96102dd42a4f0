// An item that its scene gives up, or a choice between items that is made, may settle the question of
// other scenes: those are matched anew.
import { scenesThatCouldHave } from '../../store/match/freed.ts';
import { raiseScene } from '../../store/queue/queue.ts';
import type { DrainContext } from '../base/context.ts';

/** Call within a transaction. @param ratingKeys items that `sceneId` has no claim to any more */
export function freeItems(
  { db, clock }: Pick<DrainContext, 'db' | 'clock'>,
  ratingKeys: readonly string[],
  sceneId: number,
  correlation: string,
): void {
  if (ratingKeys.length === 0) return;
  for (const id of scenesThatCouldHave(db, ratingKeys)) {
    if (id !== sceneId) raiseScene(db, id, clock.now(), 'item-free', correlation);
  }
}
