// Which scenes were changed last in Stash, as PlexSync has read them, by which a database that was put
// back is known.
import * as v from 'valibot';
import {
  newestOf,
  type SceneTime,
  type Sign,
  signIn,
  unknownScene,
} from '../../domain/gaps/restored.ts';
import { catchUpState, wishOf } from './catchUp.ts';
import type { Database } from '../file/database.ts';
import { readState, type Singleton, writeState } from '../file/state.ts';

const stashNewestSchema = v.union([
  v.object({
    /** The latest first. */
    scenes: v.array(v.object({ id: v.number(), at: v.number() })),
    /** That it may have been put back, which nobody has asked Stash about yet. */
    sign: v.exactOptional(v.object({ before: v.number(), notBefore: v.number() })),
    /** It was put back to that time, Unix ms, and no run over what was pushed since has ended yet. */
    restoredTo: v.exactOptional(v.number()),
  }),
  // As earlier versions kept it: the time alone.
  v.pipe(
    v.number(),
    v.transform((at): { scenes: SceneTime[]; sign?: Sign; restoredTo?: number } => ({
      scenes: [{ id: unknownScene, at }],
    })),
  ),
]);
export const stashNewest: Singleton<v.InferOutput<typeof stashNewestSchema>> = {
  name: 'stash-newest',
  schema: stashNewestSchema,
};

/**
 * Notes when scenes that were read have changed. While it is still to be asked whether the database was
 * put back, what is known stays: saves made since must not push it out. Call within a transaction.
 * @param now Unix ms
 */
export function noteStashTimes(db: Database, read: readonly SceneTime[], now: number): void {
  const known = readState(db, stashNewest);
  if (known?.sign !== undefined) return;
  const scenes = known?.scenes ?? [];
  const sign = signIn(scenes, read);
  if (known !== null && sign !== null) {
    writeState(db, stashNewest, { ...known, sign });
    return;
  }
  const { startedAt, missedSince } = wishOf(db);
  if (known?.restoredTo !== undefined || startedAt !== null || missedSince !== null) return;
  const newest = newestOf(scenes, read, now);
  if (JSON.stringify(newest) !== JSON.stringify(scenes)) keepNewest(db, newest, now);
}

/**
 * Whether a reading is to be followed up: a run that catches up asks anyway. Where none will be, what was
 * found already is, too.
 */
export function isSignOpen(db: Database): boolean {
  if (!catchUpState(db).isOn) return isRestoreOpen(db);
  return readState(db, stashNewest)?.sign !== undefined && wishOf(db).missedSince === null;
}

/** Whether it may have been put back, or was, and what was pushed since has not been compared. */
export function isRestoreOpen(db: Database): boolean {
  const known = readState(db, stashNewest);
  return known?.sign !== undefined || known?.restoredTo !== undefined;
}

/** What Stash has told of all: from now on this is compared with. @param now Unix ms */
export function keepNewest(
  db: Database,
  scenes: readonly SceneTime[],
  now: number,
  restoredTo: number | null = null,
): void {
  const newest = [...newestOf([], scenes, now)];
  const kept = restoredTo === null ? {} : { restoredTo };
  writeState(db, stashNewest, { scenes: newest, ...kept });
}

/** A person deleted the scene: that it is gone is no sign of anything. Call within a transaction. */
export function forgetStashTime(db: Database, sceneId: number): void {
  const known = readState(db, stashNewest);
  if (known?.scenes.some(({ id }) => id === sceneId) !== true) return;
  const scenes = known.scenes.filter(({ id }) => id !== sceneId);
  writeState(db, stashNewest, { ...known, scenes });
}

/** After the clock was put back: no scene is known by a time that lies ahead. @param now Unix ms */
export function putStashTimesRight(db: Database, now: number): void {
  const known = readState(db, stashNewest);
  if (known === null) return;
  const scenes = [...newestOf([], known.scenes, now)];
  writeState(db, stashNewest, { ...known, scenes });
}
