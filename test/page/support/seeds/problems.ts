// What only a person can help: changes, pictures and ratings that were given up, scenes that are
// unsure, warnings.
import type { ErrorCode } from '../../../../src/contract/errors.ts';
import type { Extra } from '../../../../src/contract/fieldPolicies.ts';
import type { ReviewReason } from '../../../../src/domain/match/match.ts';
import { agentWarning } from '../../../../src/domain/match/libraryAgent.ts';
import { bury } from '../../../../src/store/queue/deadLetter.ts';
import { recordExtraFailure, wantExtra } from '../../../../src/store/queue/extra.ts';
import { raise } from '../../../../src/store/queue/queue.ts';
import { claim } from '../../../../src/store/queue/queueClaim.ts';
import { putReview } from '../../../../src/store/match/review.ts';
import { recordNoItem } from '../../../../src/store/mirror/sceneState.ts';
import { transaction } from '../../../../src/store/file/sql.ts';
import { warnings, writeState } from '../../../../src/store/file/state.ts';
import type { PageWorld } from '../pageWorld.ts';
import type { SeededScene } from './scenes.ts';

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
  /** Unix ms. */
  readonly at?: number;
}

/** Changes of scenes that failed for the same cause as often as they are tried. */
export function giveUpScenes(
  world: Pick<PageWorld, 'seed'>,
  scenes: readonly Pick<SeededScene, 'id'>[],
  { code, message, field, at = Date.now() - 600_000 }: Failure,
): void {
  world.seed((db) =>
    transaction(db, () => {
      for (const { id } of scenes) {
        const about = { entity: 'scene', source: 'Scene.Update.Post' } as const;
        const began = at - 60_000;
        raise(db, {
          ...about,
          entityId: id,
          correlation: `g${id}`,
          at: began - 60_000,
          previousAt: null,
        });
        for (const claimed of claim(db, at, 1)) {
          const error = { code, message, field: field ?? null };
          bury(db, { ...claimed, firstErrorAt: began }, error, 6, at);
        }
      }
    }),
  );
}

export function giveUpExtra(
  world: Pick<PageWorld, 'seed'>,
  { id }: Pick<SeededScene, 'id'>,
  kind: Extra,
  { code, message, at = Date.now() - 600_000 }: Failure,
): void {
  world.seed((db) => {
    const wanted = { sceneId: id, kind, what: `cover ${id}`, correlation: `x${id}` };
    wantExtra(db, wanted, at);
    recordExtraFailure(db, wanted, { attempts: 5, dueAt: null }, { code, message }, at);
  });
}

export interface Unsure {
  readonly scene: SeededScene;
  readonly reason: ReviewReason;
  readonly candidates: readonly {
    readonly of: SeededScene;
    readonly score: number;
    readonly why: string;
  }[];
}

/** Scenes in review. Candidates are the items of others. */
export function addUnsure(
  world: Pick<PageWorld, 'seed' | 'section'>,
  all: readonly Unsure[],
): void {
  world.seed((db) =>
    transaction(db, () => {
      for (const [index, { scene, reason, candidates }] of all.entries()) {
        const { id: sceneId, title, path } = scene;
        recordNoItem(db, sceneId, 'review', false, Date.now());
        const offered = candidates.map(({ of, score, why }) => ({
          how: 'name-size' as const,
          ratingKey: of.item,
          sectionId: world.section,
          title: of.title,
          file: of.path,
          score,
          why,
        }));
        const since = Date.now() - (all.length - index) * 3 * 3_600_000;
        putReview(db, { sceneId, reason, title, path, candidates: offered }, since);
      }
    }),
  );
}

export function warn(world: Pick<PageWorld, 'seed'>): void {
  const section = { id: '1', title: 'Videos', type: 'movie', agent: 'tv.plex.agents.movie' };
  const said = agentWarning({ ...section, locations: [] });
  world.seed((db) => writeState(db, warnings, [...said]));
}

/** Two scenes of which PlexSync itself finds that it has to ask. The items have to be there when it looks. */
export function addUndecided(world: PageWorld): readonly number[] {
  const folder = '/data/library/winter letters';
  const scene = (name: string, size: number, items: readonly string[]): number => {
    const title = name.replace('.mp4', '');
    for (const path of items) {
      const files = [{ path, size, durationMs: 3_120_000 }];
      world.plex.library.addItem(world.section, { title, files });
    }
    const file = { path: `${folder}/${name}`, size, durationSeconds: 3_120 };
    return world.stash.store.addScene({ title, files: [file] });
  };
  return [
    scene('winter letters.mp4', 1_910_000_123, [
      '/data/films/winter letters.mp4',
      '/data/archive/winter letters.mp4',
    ]),
    scene('spring letters.mp4', 1_730_000_321, ['/data/films/cut 0412.mp4']),
  ];
}

/** Of each kind some. @param scenes 6 or more */
export function fillProblems(world: PageWorld, scenes: readonly SeededScene[]): void {
  warn(world);
  giveUpScenes(world, scenes.slice(0, 3), {
    code: 'plex-server-error',
    message: 'Plex answered 500 to PUT /library/sections/1/all',
  });
  giveUpScenes(world, scenes.slice(3, 4), {
    code: 'plex-not-confirmed',
    message: 'Plex shows another value than what was written.',
    field: 'contentRating',
    at: Date.now() - 5 * 3_600_000,
  });
  for (const scene of scenes.slice(4, 6)) {
    giveUpExtra(world, scene, 'poster', {
      code: 'image-too-large',
      message: 'The cover has 14.2 MB.',
    });
  }
}
