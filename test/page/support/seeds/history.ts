// What PlexSync changed in Plex, of each kind some.
import {
  type Change,
  type FieldValue,
  recordChanges,
} from '../../../../src/store/mirror/change.ts';
import { transaction } from '../../../../src/store/file/sql.ts';
import type { PageWorld } from '../pageWorld.ts';
import type { SeededScene } from './scenes.ts';

/** [field, before, after] */
export type Written = readonly [Change['field'], FieldValue, FieldValue];

/** One push. @param at Unix ms */
export function addPush(
  world: Pick<PageWorld, 'seed' | 'section'>,
  { id, item }: Pick<SeededScene, 'id' | 'item'>,
  at: number,
  written: readonly Written[],
): void {
  const changes = written.map(
    ([field, before, after]): Change => ({
      sceneId: id,
      ratingKey: item,
      sectionId: world.section,
      field,
      before,
      after,
      lockedBefore: JSON.stringify(before) === JSON.stringify(after),
      lockedAfter: JSON.stringify(before) !== JSON.stringify(after),
      run: `h${id}-${at}`,
      at,
    }),
  );
  world.seed((db) => transaction(db, () => recordChanges(db, changes, Date.now())));
}

const summary =
  'A long night on the last train of the year. Nobody knows who is in the second carriage, and nobody asks. When the lights go out between two stations, the conductor counts his passengers, and there is one too many; he counts them again in the morning, and there is one too few.';

/** @param scenes 4 or more */
export function fillPushes(world: PageWorld, scenes: readonly SeededScene[]): void {
  const tags = ['Drama', 'Noir', 'Rail', 'Night', 'Winter', 'Long take'];
  for (const [index, scene] of scenes.entries()) {
    const at = Date.now() - (scenes.length - index) * 47 * 60_000;
    const kinds: readonly (readonly Written[])[] = [
      [
        ['title', scene.title.toLowerCase(), scene.title],
        ['genre', ['Drama', 'Favourite'], [...tags, 'Favourite']],
      ],
      [
        ['summary', '', summary],
        ['studio', 'Northern Pictures', 'Northern Pictures International'],
        ['originallyAvailableAt', '2019-01-01', '2019-11-02'],
      ],
      [['thumb', '', 'upload://posters/8c5a1f0d3b6e4a7f9c2d1e0b5a4f3c2d1e0b9a8f']],
      [
        ['actor', ['Ada Example', 'Bo Sample'], ['Ada Example', 'Cy Instance']],
        ['title', scene.title, scene.title],
      ],
    ];
    addPush(world, scene, at, kinds[index % kinds.length] ?? []);
  }
}
