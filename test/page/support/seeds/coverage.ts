// A library in every state for the tab Coverage: each group has scenes, comparisons were made, and
// what they found stands there. PlexSync is paused, so that it stays so.
import * as control from '../../../../src/store/queue/control.ts';
import type { FoundGap } from '../../../../src/store/mirror/gap.ts';
import type { Database } from '../../../../src/store/file/database.ts';
import { beginRun, endRun, type NewRun } from '../../../../src/store/run/run.ts';
import { keepPage, type LookedAt } from '../../../../src/store/run/runPage.ts';
import { putSceneTitle } from '../../../../src/store/mirror/sceneTitle.ts';
import { run, transaction } from '../../../../src/store/file/sql.ts';
import { writeState } from '../../../../src/store/file/state.ts';
import type { PageWorld } from '../pageWorld.ts';

export const hostile = '<img src=x onerror="document.title=1"> & <b>Rain</b>';

const titles = ['Blue Harbour', 'Night Train', hostile, 'The Long Field', 'Winter Light'];
export const inSync = 1_200;
const others = {
  waiting: 38,
  outside: 41,
  review: 9,
  'no-file': 2,
  gated: 17,
  excluded: 3,
} as const;
export const differing = 60;

export function fillCoverage(world: PageWorld): void {
  const { stash } = world;
  world.seed((db) => {
    transaction(db, () => {
      const now = Date.now();
      writeState(db, control.paused, { since: now });
      for (let id = 1; id <= inSync + differing; id += 1) putScene(db, id, now);
      let id = inSync + differing;
      for (const [reason, count] of Object.entries(others)) {
        for (let made = 0; made < count; made += 1) putScene(db, (id += 1), now, reason);
      }
      for (let made = 1; made <= 3; made += 1) putFailed(db, (id += 1), now);
      for (let made = 1; made <= 12; made += 1) putOnlyInPlex(db, 900_000 + made);
    });
    putRuns(db);
  });
  for (const title of titles) stash.store.addScene({ title, files: [] });
}

function putScene(db: Database, id: number, now: number, reason: string | null = null): void {
  run(
    db,
    `INSERT INTO scene_state (scene_id, rating_key, section_id, no_item_reason, pushed, intent, pushed_at)
     VALUES (?, ?, '1', ?, '{}', '{}', ?)`,
    id,
    reason === null ? String(100_000 + id) : null,
    reason,
    reason === null ? now - id * 60_000 : null,
  );
  putSceneTitle(db, id, titleOf(id));
  run(
    db,
    'INSERT INTO scene_file (scene_id, path, name, size, duration_ms) VALUES (?, ?, ?, 1000000, 60000)',
    id,
    pathOf(id),
    `clip ${id}.mp4`,
  );
}

const titleOf = (id: number): string => `${titles[id % titles.length] ?? ''} ${id}`;
const pathOf = (id: number): string =>
  `/data/videos/a long folder of the library/${id}/clip ${id}.mp4`;

function putFailed(db: Database, id: number, now: number): void {
  run(
    db,
    `INSERT INTO dead_letter (key, entity, entity_id, error_code, message, attempts,
       first_error_at, last_error_at, correlation)
     VALUES (?, 'scene', ?, 'plex-server-error', 'Plex answered 500.', 5, ?, ?, 'c')`,
    `scene:${id}`,
    id,
    now - 3_600_000,
    now - 600_000,
  );
  putSceneTitle(db, id, titleOf(id));
}

function putOnlyInPlex(db: Database, item: number): void {
  const path = `/media/videos/only here ${item}.mp4`;
  run(
    db,
    `INSERT INTO plex_part (rating_key, path_key, section_id, path, name, title, title_key, date,
       studio_key, added_at, updated_at, walk, changed) VALUES (?, ?, '1', ?, 'n', ?, '', '', '', 1, 1, 1, 1)`,
    String(item),
    path,
    path,
    `Only here ${item}`,
  );
}

const whole: NewRun = {
  origin: 'person',
  scope: { since: null, until: null, library: null, kinds: null },
  dry: true,
  limit: null,
};

function putRuns(db: Database): void {
  const now = Date.now();
  const made: readonly (readonly [NewRun, number, 'ended' | 'stopped'])[] = [
    [{ ...whole, dry: false, origin: 'schedule', limit: 20 }, 26 * 3_600_000, 'ended'],
    [{ ...whole, scope: { ...whole.scope, since: now - 9e8 } }, 5 * 3_600_000, 'stopped'],
    [whole, 600_000, 'ended'],
  ];
  for (const [at, [wanted, agoMs, state]] of made.entries()) {
    const begunAt = now - agoMs;
    const begun = beginRun(db, wanted, begunAt);
    if (begun === null) throw new Error('a run is under way');
    const next = { phase: 'scenes', after: inSync + differing, left: 0 } as const;
    const looked = at === 0 ? waiting() : at === 2 ? found() : [];
    const read = { unread: at, stashRequests: 26, plexRequests: 27, next };
    if (!keepPage(db, begun, { ...read, looked }, begunAt)) throw new Error('it was not kept');
    endRun(db, begun.id, state, begunAt + 40_000);
  }
}

const sides = (stash: string, plex: string): Pick<FoundGap, 'stash' | 'plex' | 'toCome'> => ({
  stash,
  plex,
  toCome: stash,
});

/** By a run by itself that found more than it may push. */
function waiting(): readonly LookedAt[] {
  return Array.from({ length: 30 }, (_, at) => ({
    sceneId: inSync + 1 + at,
    ratingKey: String(100_000 + inSync + 1 + at),
    gaps: [
      {
        kind: 'stale',
        field: 'studio',
        confidence: 'possibly',
        ...sides('North Pier', 'Unknown'),
        reason: 'Plex has something else than Stash.',
      },
    ],
  }));
}

/** By a dry run. */
function found(): readonly LookedAt[] {
  return Array.from({ length: differing - 30 }, (_, at): LookedAt => {
    const sceneId = inSync + 31 + at;
    const gaps: FoundGap[] = [
      {
        kind: 'stale',
        field: 'title',
        confidence: 'definitely',
        ...sides(titleOf(sceneId), `scanned ${sceneId}`),
        reason: 'Stash has changed since the last push.',
      },
    ];
    if (at % 2 === 0) {
      gaps.push({
        kind: 'empty',
        field: 'summary',
        confidence: 'definitely',
        ...sides('A long night on the last train, told by those who were on it. '.repeat(8), ''),
        reason: 'Plex has nothing there, Stash has.',
      });
    }
    if (at % 3 === 0) {
      gaps.push({
        kind: 'edited',
        field: 'genre',
        confidence: 'possibly',
        stash: ['Noir', 'Rail'],
        plex: ['Noir', 'Rail', 'Favourite'],
        toCome: null,
        reason: 'Favourite was added in Plex: kept.',
      });
    }
    return { sceneId, ratingKey: String(100_000 + sceneId), gaps };
  });
}
