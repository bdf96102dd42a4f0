// Step "read Stash": one request for the batch. Data is always fetched now, never carried in a job.
import { PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import type { Scene } from '../../domain/base/scene.ts';
import { type Faces, openFaces, sharedOf } from '../../domain/gaps/shared.ts';
import { bury } from '../../store/queue/deadLetter.ts';
import {
  doubtFace,
  type EntityOfScene,
  faceKey,
  noteSeen,
  recordEntities,
} from '../../store/queue/entity.ts';
import { pinOf } from '../../store/match/pin.ts';
import type { QueueRow } from '../../store/queue/queue.ts';
import { putSceneFiles } from '../../store/match/sceneFile.ts';
import { putSceneTitle } from '../../store/mirror/sceneTitle.ts';
import { sceneState } from '../../store/mirror/sceneState.ts';
import { noteStashTimes } from '../../store/run/stashNewest.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import { named } from '../base/named.ts';
import type { SceneJob, Suspect } from '../base/job.ts';
import { fileKeys, sceneText } from './sceneKeys.ts';

export interface ScenesRead {
  readonly jobs: readonly SceneJob[];
  /** Rows of scenes that are proven gone. */
  readonly gone: readonly QueueRow[];
  /** Scenes that Stash could not read although it could read others: their own fault. */
  readonly failed: readonly Suspect[];
}

/**
 * The rows whose scenes are there and valid, and those whose scenes are gone; invalid ones become
 * dead letters with their field named.
 * @throws PlexSyncError of Stash's when the read as a whole failed: nothing was changed then
 */
export async function readScenes(
  context: DrainContext,
  claimed: readonly QueueRow[],
): Promise<ScenesRead> {
  const { db, clock, log, stash, rules, settings } = context;
  const faces = openFaces(settings);
  const ids = claimed.map((row) => row.entityId);
  const reads = await stash.scenes(ids, faces.tagParents);
  const byId = new Map(
    reads.map((read) => [read.kind === 'scene' ? read.scene.id : read.id, read]),
  );
  const jobs: SceneJob[] = [];
  const gone: QueueRow[] = [];
  const failed: Suspect[] = [];
  const now = clock.now();
  transaction(db, () => {
    noteStashTimes(
      db,
      reads.flatMap((read) =>
        read.kind === 'scene' ? [{ id: read.scene.id, at: Date.parse(read.scene.updatedAt) }] : [],
      ),
      now,
    );
    for (const row of claimed) {
      const read = byId.get(row.entityId);
      // An id that the answer does not mention proves nothing: the client reports gone ones itself.
      if (read === undefined) throw new TypeError(`no answer for scene ${row.entityId}`);
      if (read.kind === 'scene') {
        const scene = faces.trimmed(read.scene);
        putSceneFiles(db, scene.id, scene.files);
        putSceneTitle(db, scene.id, scene.title ?? '');
        noteEntities(context, faces, scene);
        try {
          const files = fileKeys(scene.files, rules);
          const pin = pinOf(db, scene.id);
          const state = sceneState(db, scene.id);
          jobs.push({ row, scene, files, text: sceneText(scene), pin, state });
        } catch (error) {
          // A defect of ours that one scene brings to light must not hold up the others.
          failed.push({ row, error: toPlexSyncError(error) });
        }
      } else if (read.kind === 'gone') {
        gone.push(row);
      } else if (read.kind === 'failed') {
        failed.push({ row, error: new PlexSyncError('stash-query-failed', read.message) });
      } else {
        const error = { code: 'scene-invalid', message: read.message, field: read.field } as const;
        // An edit came meanwhile, which may have mended it.
        if (!bury(db, row, error, row.attempts + 1, now)) continue;
        log.write('error', 'dead-letter', read.message, {
          ...named(row),
          code: error.code,
        });
      }
    }
  });
  return { jobs, gone, failed };
}

/** Keeps whose change concerns the scene, and notices a face that was not carried to all yet. */
function noteEntities({ db }: DrainContext, faces: Faces, scene: Scene): void {
  const shared = sharedOf(scene);
  for (const one of shared) {
    doubtFace(db, faceKey(one), faces.of(one));
    if (one.entity === 'parent-studio' || one.entity === 'parent-tag') noteSeen(db, faceKey(one));
  }
  recordEntities(db, scene.id, shared);
}

/** @param scene as it was read here: without parents that no setting looks at */
export function entitiesOf(scene: Scene): readonly EntityOfScene[] {
  return sharedOf(scene);
}
