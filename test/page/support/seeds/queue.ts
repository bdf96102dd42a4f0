// Changes that wait, in each of the ways in which they can.
import { raise, raiseScene } from '../../../../src/store/queue/queue.ts';
import { retryAt } from '../../../../src/store/queue/queueSettle.ts';
import { transaction } from '../../../../src/store/file/sql.ts';
import { paused } from '../../../../src/store/queue/control.ts';
import { writeState } from '../../../../src/store/file/state.ts';
import type { PageWorld } from '../pageWorld.ts';
import type { SeededScene } from './scenes.ts';

/** Nothing is pushed: what waits stays as it is. */
export function pause(world: PageWorld, since = Date.now() - 120_000): void {
  world.seed((db) => writeState(db, paused, { since }));
}

/** One change per scene; each fourth has failed before. */
export function fillQueue(world: PageWorld, scenes: readonly SeededScene[]): void {
  const now = Date.now();
  world.seed((db) =>
    transaction(db, () => {
      for (const [index, { id }] of scenes.entries()) {
        const at = now - (scenes.length - index) * 45_000;
        const about = { correlation: `c${id}`, at, previousAt: null };
        if (index % 5 === 4) raiseScene(db, id, at, 'index', `c${id}`);
        else raise(db, { ...about, entity: 'scene', entityId: id, source: 'Scene.Update.Post' });
        if (index % 4 === 3) {
          retryAt(db, `scene:${id}`, {
            dueAt: now + 60_000 * (index + 1),
            attempts: 1 + (index % 3),
            errorCode: index % 8 === 3 ? 'plex-server-error' : 'plex-header-timeout',
            now: at,
          });
        }
      }
      raise(db, {
        entity: 'performer',
        entityId: 5,
        source: 'Performer.Update.Post',
        correlation: 'p5',
        at: now - 5_000,
        previousAt: null,
      });
    }),
  );
}

/** Very many, of scenes that were never read. */
export function fillLongQueue(world: PageWorld, count: number): void {
  const now = Date.now();
  world.seed((db) =>
    transaction(db, () => {
      for (let id = 100_001; id <= 100_000 + count; id += 1) {
        raiseScene(db, id, now - count + id - 100_000, 'sync-all', `s${id}`);
      }
    }),
  );
}
