// Step "read Stash": one request for the batch. Data is always fetched now, never carried in a job.
import { PlexSyncError } from '../contract/errors.ts';
import { plexPathKey, nameKey } from '../domain/pathMapping.ts';
import type { Scene } from '../domain/scene.ts';
import { bury, forgetDeadLetter } from '../store/deadLetter.ts';
import { finish, type QueueRow } from '../store/queue.ts';
import { forgetScene, sceneState } from '../store/sceneState.ts';
import { transaction } from '../store/sql.ts';
import type { DrainContext } from './context.ts';
import type { SceneJob, Suspect } from './job.ts';

export interface ScenesRead {
  readonly jobs: readonly SceneJob[];
  /** Scenes that Stash could not read although it could read others: their own fault. */
  readonly failed: readonly Suspect[];
}

/**
 * The rows whose scenes are there and valid. Scenes that are gone are finished and forgotten;
 * invalid ones become dead letters with their field named.
 * @throws PlexSyncError of Stash's when the read as a whole failed: nothing was changed then
 */
export async function readScenes(
  context: DrainContext,
  claimed: readonly QueueRow[],
): Promise<ScenesRead> {
  const { db, clock, log, stash, settings } = context;
  const reads = await stash.scenes(claimed.map((row) => row.entityId));
  const byId = new Map(
    reads.map((read) => [read.kind === 'scene' ? read.scene.id : read.id, read]),
  );
  const jobs: SceneJob[] = [];
  const failed: Suspect[] = [];
  const now = clock.now();
  transaction(db, () => {
    for (const row of claimed) {
      const read = byId.get(row.entityId);
      // An id that the answer does not mention proves nothing: the client reports gone ones itself.
      if (read === undefined) throw new TypeError(`no answer for scene ${row.entityId}`);
      if (read.kind === 'scene') {
        const files = fileKeys(read.scene, settings.pathRules);
        jobs.push({ row, scene: read.scene, files, state: sceneState(db, read.scene.id) });
      } else if (read.kind === 'gone') {
        forgetScene(db, row.entityId);
        forgetDeadLetter(db, row.key);
        finish(db, row, now);
        log.write('info', 'scene-gone', 'The scene is gone from Stash; Plex keeps what it has', {
          cid: row.correlation,
          key: row.key,
        });
      } else if (read.kind === 'failed') {
        failed.push({ row, error: new PlexSyncError('stash-query-failed', read.message) });
      } else {
        const error = { code: 'scene-invalid', message: read.message, field: read.field } as const;
        bury(db, row, error, row.attempts + 1, now);
        log.write('error', 'dead-letter', read.message, {
          cid: row.correlation,
          key: row.key,
          code: error.code,
        });
      }
    }
  });
  return { jobs, failed };
}

function fileKeys(scene: Scene, rules: DrainContext['settings']['pathRules']): SceneJob['files'] {
  return scene.files.map((file) => ({
    plexPath: plexPathKey(file.path, rules),
    name: nameKey(file.path),
    size: file.size,
  }));
}
