// A scene that is proven gone from Stash is forgotten, but for what it put into its item.
import { forgetDeadLetter } from '../../store/queue/deadLetter.ts';
import { forgetExtras } from '../../store/queue/extra.ts';
import { unpin } from '../../store/match/pin.ts';
import { queueKey } from '../../store/queue/queue.ts';
import { dropReview } from '../../store/match/review.ts';
import { forgetScene } from '../../store/mirror/sceneState.ts';
import { dropSceneTitle } from '../../store/mirror/sceneTitle.ts';
import type { DrainContext } from '../base/context.ts';

/** Its files are left: they tell who inherits the item, when the scene's own row comes. */
export function forgetAll({ db }: Pick<DrainContext, 'db'>, sceneId: number): void {
  forgetScene(db, sceneId);
  dropSceneTitle(db, sceneId);
  dropReview(db, sceneId);
  unpin(db, sceneId);
  forgetExtras(db, sceneId);
  forgetDeadLetter(db, queueKey('scene', sceneId));
}
