// Scenes and items for tests of matching: which file each side has, and what came of it.
import { reviewCount, reviews } from '../../src/store/match/review.ts';
import { pinOf } from '../../src/store/match/pin.ts';
import { readState, survey } from '../../src/store/file/state.ts';
import { until } from './wait.ts';
import type { World } from './world.ts';

export interface FileOnDisk {
  readonly path: string;
  /** Bytes. */
  readonly size?: number;
  readonly seconds?: number;
}

export interface MatchingWorld {
  /** A scene of these files in Stash; the first one is its primary one. */
  readonly scene: (...files: readonly FileOnDisk[]) => number;
  /** An item of these files in Plex, as its scanner would name it; several are versions. */
  readonly item: (...files: readonly FileOnDisk[]) => string;
  readonly title: (ratingKey: string) => string | undefined;
  /** Why the scene has no item; null if it has one; undefined if it was never seen. */
  readonly reason: (sceneId: number) => string | null | undefined;
  readonly itemOfScene: (sceneId: number) => string | null;
  /** Rating keys of the candidates that a person is asked to choose from. */
  readonly reviewed: (sceneId: number) => readonly string[];
  readonly pin: (sceneId: number, ratingKey: string) => Promise<unknown>;
  readonly never: (sceneId: number) => Promise<unknown>;
  /** What is chosen for the scene: a rating key, 'never', or null for nothing. */
  readonly choice: (sceneId: number) => string | null;
  /** The list that a person gets to choose from: why each scene is on it, by scene. */
  readonly reviewList: () => ReadonlyMap<number, string>;
  /** How many scenes the status says are in review. */
  readonly reviewsCounted: () => number;
  /** Resolves when PlexSync knows which files Stash has. */
  readonly filesLearnt: () => Promise<void>;
}

export const defaults = { size: 1_000_000, seconds: 60 };

export function matchingWorld(world: World, section = world.section): MatchingWorld {
  const stateOf = (sceneId: number) =>
    world.withStore((db) =>
      db.prepare('SELECT * FROM scene_state WHERE scene_id = ?').get(sceneId),
    );
  const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    scene: (...files) =>
      world.stash.store.addScene({
        files: files.map(({ path, size = defaults.size, seconds = defaults.seconds }) => ({
          path,
          size,
          durationSeconds: seconds,
        })),
      }),
    item: (...files) =>
      world.plex.library.addItem(section, {
        title: 'scanned',
        files: files.map(({ path, size = defaults.size, seconds = defaults.seconds }) => ({
          path,
          size,
          durationMs: seconds * 1_000,
        })),
      }),
    title: (ratingKey) => world.plex.library.item(ratingKey)?.title,
    reason: (sceneId) => {
      const state = stateOf(sceneId);
      return state === undefined ? undefined : asText(state['no_item_reason']);
    },
    itemOfScene: (sceneId) => {
      const state = stateOf(sceneId);
      return state?.['no_item_reason'] === null ? asText(state['rating_key']) : null;
    },
    reviewed: (sceneId) =>
      world.withStore((db) =>
        db
          .prepare('SELECT rating_key FROM review_candidate WHERE scene_id = ? ORDER BY 1')
          .all(sceneId)
          .map((row) => String(row['rating_key'])),
      ),
    pin: (sceneId, ratingKey) => world.choose('pin', { scene: sceneId, item: ratingKey }),
    never: (sceneId) => world.choose('never', { scene: sceneId }),
    choice: (sceneId) => {
      const pin = world.withStore((db) => pinOf(db, sceneId));
      return pin?.kind === 'item' ? pin.ratingKey : (pin?.kind ?? null);
    },
    reviewList: () => {
      const [total, listed] = world.withStore((db) => [reviewCount(db), reviews(db, 0, 500)]);
      if (total !== listed.length) throw new Error(`${listed.length} of ${total} reviews`);
      return new Map(listed.map(({ sceneId, reason }) => [sceneId, reason]));
    },
    reviewsCounted: () => world.status().scenes.withoutItem['review'] ?? 0,
    filesLearnt: async () => {
      await until('PlexSync knows the files of Stash', () =>
        world.withStore((db) => (readState(db, survey)?.doneAt ?? null) !== null),
      );
    },
  };
}
