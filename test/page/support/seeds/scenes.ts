// Scenes with titles and covers for the tests and pictures of the page, and what PlexSync knows of
// them. All names are made up.
import { transaction } from '../../../../src/store/file/sql.ts';
import { nothingBefore, nothingPushed } from '../../../../src/domain/mirror/values.ts';
import { putSceneFiles } from '../../../../src/store/match/sceneFile.ts';
import { recordIntent, recordPushed } from '../../../../src/store/mirror/sceneState.ts';
import { putSceneTitle } from '../../../../src/store/mirror/sceneTitle.ts';
import type { PageWorld } from '../pageWorld.ts';

export interface SeededScene {
  readonly id: number;
  readonly title: string;
  readonly path: string;
  readonly item: string;
}

const first = ['Blue', 'Night', 'Quiet', 'Golden', 'Distant', 'Broken', 'Summer', 'Northern'];
const second = ['Harbour', 'Train', 'Garden', 'Letters', 'Shore', 'Mirror', 'Station'];

/** A drawing in the colours of its number. */
function cover(number: number): Buffer {
  const [sky, ground] = [(number * 47) % 360, (number * 47 + 60) % 360];
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90"><rect width="160" height="90" fill="hsl(${sky},35%,35%)"/><rect y="${40 + (number % 5) * 7}" width="160" height="60" fill="hsl(${ground},35%,22%)"/></svg>`,
  );
}

/** Scenes that are known with their item in Plex, and were pushed. @param count 56 at most differ in name */
export function addScenes(world: PageWorld, count: number): readonly SeededScene[] {
  const section = world.section;
  const scenes = Array.from({ length: count }, (_, index): SeededScene => {
    const name = `${first[index % first.length] ?? ''} ${second[index % second.length] ?? ''}`;
    const title = index % 3 === 1 ? `${name} (${2001 + (index % 20)})` : name;
    const path = `/data/library/${name.toLowerCase()}/${name.toLowerCase()} ${index + 1}.mp4`;
    const file = { path, size: 1_400_000_000 + index };
    const id = world.stash.store.addScene({
      title,
      files: [{ ...file, durationSeconds: 2_530 }],
      cover: { bytes: cover(index), contentType: 'image/svg+xml' },
    });
    const item = world.plex.library.addItem(section, {
      title,
      files: [{ ...file, durationMs: 2_530_000 }],
    });
    return { id, title, path, item };
  });
  world.seed((db) =>
    transaction(db, () => {
      for (const { id, title, path, item } of scenes) {
        putSceneTitle(db, id, title);
        putSceneFiles(db, id, [{ path, size: 1_400_000_000, durationSeconds: 2_530 }]);
        const evidence = { how: 'path', score: 100, why: 'the same path' } as const;
        const values = { pushed: nothingPushed, intent: nothingPushed, before: nothingBefore };
        recordIntent(
          db,
          id,
          { ratingKey: item, sectionId: section, evidence, movedSince: null },
          values,
        );
        recordPushed(db, id, nothingPushed, Date.now() - 3_600_000);
      }
    }),
  );
  return scenes;
}
