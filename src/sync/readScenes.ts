// Step "read Stash": one request for the batch. Data is always fetched now, never carried in a job.
import { PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import type { Scene } from '../domain/scene.ts';
import { bury } from '../store/deadLetter.ts';
import { doubtFace, type EntityOfScene, recordEntities } from '../store/entity.ts';
import { pinOf } from '../store/pin.ts';
import { type QueueRow, queueKey } from '../store/queue.ts';
import { putSceneFiles } from '../store/sceneFile.ts';
import { sceneState } from '../store/sceneState.ts';
import { transaction } from '../store/sql.ts';
import type { DrainContext } from './context.ts';
import { faceOf } from './fanOut.ts';
import type { SceneJob, Suspect } from './job.ts';
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
  const { db, clock, log, stash, rules } = context;
  const reads = await stash.scenes(claimed.map((row) => row.entityId));
  const byId = new Map(
    reads.map((read) => [read.kind === 'scene' ? read.scene.id : read.id, read]),
  );
  const jobs: SceneJob[] = [];
  const gone: QueueRow[] = [];
  const failed: Suspect[] = [];
  const now = clock.now();
  transaction(db, () => {
    for (const row of claimed) {
      const read = byId.get(row.entityId);
      // An id that the answer does not mention proves nothing: the client reports gone ones itself.
      if (read === undefined) throw new TypeError(`no answer for scene ${row.entityId}`);
      if (read.kind === 'scene') {
        const { scene } = read;
        putSceneFiles(db, scene.id, scene.files);
        noteEntities(context, scene);
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
          cid: row.correlation,
          key: row.key,
          code: error.code,
        });
      }
    }
  });
  return { jobs, gone, failed };
}

/** Keeps whose rename concerns the scene, and notices a name that was not carried to all yet. */
function noteEntities({ db }: DrainContext, scene: Scene): void {
  for (const { entity, id, name } of entitiesOf(scene)) {
    doubtFace(db, queueKey(entity, id), faceOf({ name }));
  }
  recordEntities(db, scene.id, entitiesOf(scene));
}

export function entitiesOf(scene: Scene): readonly (EntityOfScene & { readonly name: string })[] {
  return [
    ...scene.performers.map(({ id, name }) => ({ entity: 'performer' as const, id, name })),
    ...(scene.studio === null ? [] : [{ entity: 'studio' as const, ...scene.studio }]),
    ...scene.tags.map(({ id, name }) => ({ entity: 'tag' as const, id, name })),
    ...scene.groups.map(({ id, name }) => ({ entity: 'group' as const, id, name })),
  ];
}
