// A day of work: what came of it hour by hour, and what was changed in Plex last.
import { type Change, recordChanges } from '../../../../src/store/mirror/change.ts';
import { bury } from '../../../../src/store/queue/deadLetter.ts';
import { noteOutcome } from '../../../../src/store/queue/outcome.ts';
import { raiseScene } from '../../../../src/store/queue/queue.ts';
import { claim } from '../../../../src/store/queue/queueClaim.ts';
import { transaction } from '../../../../src/store/file/sql.ts';
import { recordNoItem } from '../../../../src/store/mirror/sceneState.ts';
import type { PageWorld } from '../pageWorld.ts';
import type { SeededScene } from './scenes.ts';

const hourMs = 3_600_000;
const perHour = [3, 1, 0, 0, 0, 2, 8, 14, 22, 9, 4, 6, 58, 12, 3, 0, 1, 5, 17, 30, 12, 4, 2, 6];

export function fillDay(world: PageWorld): void {
  const now = Date.now();
  world.seed((db) =>
    transaction(db, () => {
      for (const [index, count] of perHour.entries()) {
        const at = now - (23 - index) * hourMs - 120_000;
        for (let number = 0; number < count; number += 1) noteOutcome(db, 'pushed', at);
        if (count === 58) for (const _ of [1, 2, 3]) noteOutcome(db, 'failed', at);
      }
    }),
  );
}

export function fillHistory(world: PageWorld, scenes: readonly SeededScene[]): void {
  const now = Date.now();
  const changes = scenes.flatMap(({ id, title, item }, index): readonly Change[] => {
    const at = now - (scenes.length - index) * 11 * 60_000;
    const of = { sceneId: id, ratingKey: item, sectionId: '1', run: `c${id}`, at };
    const locks = { lockedBefore: false, lockedAfter: true };
    return [
      { ...of, ...locks, field: 'title', before: title.toLowerCase(), after: title },
      ...(index % 2 === 0
        ? [{ ...of, ...locks, field: 'genre', before: [], after: ['Noir', 'Rail'] } as const]
        : []),
    ];
  });
  world.seed((db) => transaction(db, () => recordChanges(db, changes, now)));
}

/** Scenes that have no item, for some of the reasons there are. */
export function addWithoutItem(world: PageWorld): void {
  const now = Date.now();
  world.seed((db) =>
    transaction(db, () => {
      for (let id = 5_001; id <= 5_003; id += 1) recordNoItem(db, id, 'waiting', true, now);
      for (let id = 6_001; id <= 6_012; id += 1) recordNoItem(db, id, 'outside', false, now);
    }),
  );
}

/** Given up, each by the same failure of Plex's. */
export function giveUp(world: PageWorld, scenes: readonly SeededScene[]): void {
  const now = Date.now();
  world.seed((db) =>
    transaction(db, () => {
      for (const { id } of scenes) raiseScene(db, id, now - hourMs, 'retry', `d${id}`, 0);
      for (const claimed of claim(db, now, scenes.length)) {
        const error = { code: 'plex-server-error', message: 'Plex answered 500.', field: null };
        bury(db, claimed, { ...error, code: 'plex-server-error' }, 6, now - 600_000);
      }
    }),
  );
}
